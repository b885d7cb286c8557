#include "core/vh_module.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/constants.h"
#include "core/encoding.h"
#include "core/frames.h"
#include "core/my_info.h"
#include "core/running.h"
#include "core/script.h"
#include "core/vh_call.h"
#include "core/vh_functions.h"

namespace vh::vh_module {
namespace {

// Where an interpreter's dict, which Python code does not see, says whose it is, and has an
// exception to raise for those who know no module.
constexpr const char* kScriptKey = "vh.script";
constexpr const char* kTimeoutKey = "vh.HookTimeout";

// At least as many as there are functions: each has an entry of its own.
constexpr std::size_t kEntryCount = 80;

template <std::size_t I>
PyObject* entry(PyObject* module, PyObject* const* args, Py_ssize_t count,
                PyObject* keyword_names) {
  static const Function& function = all_functions()[I];
  return call_vh(module, function, args, count, keyword_names).release();
}

using Entry = PyObject* (*)(PyObject*, PyObject* const*, Py_ssize_t, PyObject*);

template <std::size_t... I>
constexpr std::array<Entry, sizeof...(I)> entries(std::index_sequence<I...>) {
  return {entry<I>...};
}
constexpr auto kEntries = entries(std::make_index_sequence<kEntryCount>());

// "pm(message, nick, from_nick=None)\n--\n\nA private message.": what inspect.signature reads.
std::string documentation(const Function& function) {
  std::string text = std::string(function.name) + "(";
  for (const Parameter& parameter : function.parameters) {
    if (&parameter != &function.parameters.front()) text += ", ";
    if (parameter.take == Take::Any) text += "*";
    text += parameter.name;
    if (parameter.default_value)
      text += std::string("=") + (parameter.take == Take::Text && *parameter.default_value == '0'
                                      ? "0"
                                      : parameter.default_value);
  }
  return text + ")\n--\n\n" + function.doc;
}

PyMethodDef* methods() {
  struct Table {
    std::vector<std::string> docs;
    std::vector<PyMethodDef> defs;
  };
  static Table& table = *[] {  // never destroyed: scripts outlive static objects
    auto* table = new Table;
    for (const auto& function : all_functions()) table->docs.push_back(documentation(function));
    for (std::size_t i = 0; i < table->docs.size(); ++i)
      table->defs.push_back(
          {all_functions()[i].name,
           reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(kEntries.at(i))),
           METH_FASTCALL | METH_KEYWORDS, table->docs[i].c_str()});
    table->defs.push_back({nullptr, nullptr, 0, nullptr});
    return table;
  }();
  return table.defs.data();
}

// What differs from script to script. Null for another name, or with a Python error set.
Owned attribute(const Script& script, std::string_view name) {
  if (name == "myid") return Owned(PyLong_FromLongLong(script.id));
  if (name == "botname") return to_str(script.options.bot_name);
  if (name == "opchatname") return to_str(script.options.op_chat_name);
  if (name == "name") return to_str(script.stem);
  if (name == "path") return to_str(script.path);
  if (name == "config_name") return to_str(script.options.config_name);
  if (name == "basedir") return to_str(script.options.base_dir);
  if (name == "starttime") return Owned(PyFloat_FromDouble(script.options.start_time));
  return Owned();
}

constexpr const char* kAttributes[] = {"myid", "botname",     "opchatname", "name",
                                       "path", "config_name", "basedir",    "starttime"};

// The main interpreter's module is of a class of its own, whose attributes are the running
// script's. Any other module is a plain one with the attributes set: CPython reads those faster.
PyObject* get_attribute(PyObject* self, PyObject* name) {
  if (PyUnicode_Check(name)) {
    const std::string text = to_utf8(name);
    if (std::ranges::find(kAttributes, text) != std::end(kAttributes))
      if (Script* speaking = script(self)) return attribute(*speaking, text).release();
  }
  return PyModule_Type.tp_getattro(self, name);
}

// A script that overwrites such an attribute would change it for the others.
int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
  if (PyUnicode_Check(name) &&
      std::ranges::find(kAttributes, to_utf8(name)) != std::end(kAttributes))
    return 0;
  return PyModule_Type.tp_setattro(self, name, value);
}

PyObject* list_attributes(PyObject* self, PyObject*) {
  Owned names(PyDict_Keys(PyModule_GetDict(self)));
  for (const char* name : kAttributes)
    if (!names || PyList_Append(names.get(), to_str(name).get()) < 0) return nullptr;
  return names.release();
}

PyMethodDef kMainMethods[] = {
    {"__dir__", list_attributes, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot kMainSlots[] = {
    {Py_tp_base, nullptr},  // filled in below: PyModule_Type's address is no constant
    {Py_tp_methods, kMainMethods},
    {Py_tp_getattro, reinterpret_cast<void*>(get_attribute)},
    {Py_tp_setattro, reinterpret_cast<void*>(set_attribute)},
    {0, nullptr},
};
PyType_Spec kMainSpec = {"vh.module", 0, 0, Py_TPFLAGS_DEFAULT, kMainSlots};

// Not by PyModule_Add…: they intern the name, and what a sub-interpreter interned CPython keeps
// when it ends.
bool set(PyObject* module, const char* name, Owned value) {
  Owned key(PyUnicode_FromString(name));
  return key && value && PyDict_SetItem(PyModule_GetDict(module), key.get(), value.get()) == 0;
}

bool make_main_module(PyObject* module) {
  kMainSlots[0].pfunc = &PyModule_Type;
  Owned type(PyType_FromSpec(&kMainSpec));
  return type && PyObject_SetAttrString(module, "__class__", type.get()) == 0;
}

// In a script's own interpreter every vh module is that script's, also one that it imports anew.
bool become_script(PyObject* module) {
  PyObject* dict = PyInterpreterState_GetDict(PyInterpreterState_Get());
  PyObject* pointer = dict ? PyDict_GetItemString(dict, kScriptKey) : nullptr;
  if (!pointer) return true;
  Script& script = *static_cast<Script*>(PyLong_AsVoidPtr(pointer));
  state(module).script = &script;
  for (const char* name : kAttributes)
    if (!set(module, name, attribute(script, name))) return false;
  return true;
}

int execute(PyObject* module) {
  State& s = state(module);
  s.hub_error = PyErr_NewExceptionWithDoc(
      "vh.HubError", "The hub could not do what was asked of it.", nullptr, nullptr);
  s.hook_timeout = PyErr_NewExceptionWithDoc("vh.HookTimeout", "A hook took too long.",
                                             PyExc_BaseException, nullptr);
  s.my_info = make_my_info_class().release();
  if (!s.hub_error || !s.hook_timeout || !s.my_info) return -1;
  PyObject* dict = PyInterpreterState_GetDict(PyInterpreterState_Get());
  Owned timeout_key(PyUnicode_FromString(kTimeoutKey));
  if (!dict || !timeout_key || !PyDict_SetDefault(dict, timeout_key.get(), s.hook_timeout))
    return -1;
  bool good = set(module, "HubError", Owned::borrow(s.hub_error)) &&
              set(module, "HookTimeout", Owned::borrow(s.hook_timeout)) &&
              set(module, "MyINFO", Owned::borrow(s.my_info));
  for (const ConstantInfo& constant : all_constants())
    good = good && set(module, constant.name, Owned(PyLong_FromLong(constant.value)));
  Owned name(PyUnicode_FromString("vh"));
  for (PyMethodDef* method = methods(); good && method->ml_name; ++method)
    good = set(module, method->ml_name, Owned(PyCFunction_NewEx(method, module, name.get())));
  if (!good) return -1;

  const bool is_main = PyInterpreterState_Get() == PyInterpreterState_Main();
  if (!(is_main ? make_main_module(module) : become_script(module))) return -1;

  // For `from vh import *`: of the dict's names those that are ours, and those that get_attribute()
  // serves.
  Owned all(PyList_New(0));
  PyObject *key = nullptr, *value = nullptr;
  for (Py_ssize_t at = 0; all && PyDict_Next(PyModule_GetDict(module), &at, &key, &value);)
    if (PyUnicode_READ_CHAR(key, 0) != '_' && PyList_Append(all.get(), key) < 0) return -1;
  for (const char* attribute : kAttributes)
    if (!all || (!PyDict_GetItemString(PyModule_GetDict(module), attribute) &&
                 PyList_Append(all.get(), to_str(attribute).get()) < 0))
      return -1;
  return set(module, "__all__", std::move(all)) ? 0 : -1;
}

int traverse(PyObject* module, visitproc visit, void* arg) {
  const State& s = state(module);
  Py_VISIT(s.hub_error);
  Py_VISIT(s.hook_timeout);
  Py_VISIT(s.my_info);
  return 0;
}

int clear(PyObject* module) {
  State& s = state(module);
  Py_CLEAR(s.hub_error);
  Py_CLEAR(s.hook_timeout);
  Py_CLEAR(s.my_info);
  return 0;
}

PyModuleDef_Slot kSlots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(execute)},
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {0, nullptr},
};

PyModuleDef kModule = {
    PyModuleDef_HEAD_INIT,
    "vh",
    "The hub, as its scripts see it.",
    sizeof(State),
    nullptr,
    kSlots,
    traverse,
    clear,
    nullptr,
};

// Where `import vh` cannot find the module: only who starts CPython can see to that.
Owned make_module() {
  Owned machinery(PyImport_ImportModule("importlib.machinery"));
  Owned spec(machinery ? PyObject_CallMethod(machinery.get(), "ModuleSpec", "sO", "vh", Py_None)
                       : nullptr);
  Owned module(spec ? PyModule_FromDefAndSpec(&kModule, spec.get()) : nullptr);
  if (!module || PyModule_ExecDef(module.get(), &kModule) < 0 ||
      PyDict_SetItemString(PyImport_GetModuleDict(), "vh", module.get()) < 0)
    return Owned();
  return module;
}

}  // namespace

State& state(PyObject* module) {
  return *static_cast<State*>(PyModule_GetState(module));
}

Script* script(PyObject* module) {
  if (Script* own = state(module).script) return own;
  Script* running = running_script();
  if (running && running->interpreter->is_main()) return running;
  // A thread that no script has started is told by the files of its frames.
  return t_data.starter ? t_data.starter : frames::script();
}

PyObject* hook_timeout() {
  PyObject* dict = PyInterpreterState_GetDict(PyInterpreterState_Get());
  PyObject* timeout = dict ? PyDict_GetItemString(dict, kTimeoutKey) : nullptr;
  return timeout ? timeout : PyExc_SystemExit;
}

Owned prepare(Script& script) {
  if (!script.interpreter->is_main()) {
    Owned pointer(PyLong_FromVoidPtr(&script));
    PyObject* dict = PyInterpreterState_GetDict(script.interpreter->state());
    if (!pointer || !dict || PyDict_SetItemString(dict, kScriptKey, pointer.get()) < 0)
      return Owned();
  }
  PyObject* loaded = PyDict_GetItemString(PyImport_GetModuleDict(), "vh");
  if (loaded && PyModule_Check(loaded) && PyModule_GetDef(loaded) == &kModule)
    return Owned::borrow(loaded);
  return Interpreter::joined() ? make_module() : Owned(PyImport_ImportModule("vh"));
}

void raise_hub_error(PyObject* module, std::string_view message) {
  Owned text = to_str(message);
  if (text) PyErr_SetObject(state(module).hub_error, text.get());
}

}  // namespace vh::vh_module

extern "C" PyObject* create_vh_module() {
  return PyModuleDef_Init(&vh::vh_module::kModule);
}
