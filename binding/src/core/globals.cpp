#include "core/globals.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/encoding.h"
#include "core/hooks.h"
#include "core/running.h"
#include "core/script.h"

namespace vh::globals {
namespace {

// A watched dict and whose it is. Touched with the GIL of its interpreter held.
struct Space {
  std::vector<Script*> scripts;                        // one, or all that share the dict
  std::map<std::string, Script*> binders;              // shared: who bound a name last
  std::map<Script*, std::set<std::string>> will_bind;  // shared: what each script's code binds
  bool shared() const { return scripts.front()->options.home == Home::MainShared; }
};

// Watchers are called in every interpreter; the lock is held for a look-up only.
struct Spaces {
  std::mutex mutex;
  std::unordered_map<PyObject*, Space> by_dict;
  std::map<InterpreterId, int> watchers;
};
Spaces& spaces() {
  static Spaces& spaces = *new Spaces;
  return spaces;
}

Space* find(PyObject* dict) {
  const std::lock_guard lock(spaces().mutex);
  const auto space = spaces().by_dict.find(dict);
  return space == spaces().by_dict.end() ? nullptr : &space->second;
}

// The function under functools.wraps and the like.
PyObject* unwrap(PyObject* function) {
  for (int i = 0; i < 32 && PyFunction_Check(function); ++i) {
    PyObject* dict = reinterpret_cast<PyFunctionObject*>(function)->func_dict;
    PyObject* wrapped = dict ? PyDict_GetItemString(dict, "__wrapped__") : nullptr;
    if (!wrapped) break;
    function = wrapped;
  }
  return function;
}

// The script whose file the code of `function` comes from; else the one that is running.
Script* owner_of(const Space& space, PyObject* function) {
  if (!space.shared()) return space.scripts.front();
  if (function) function = unwrap(function);
  if (function && PyFunction_Check(function)) {
    const auto* code = reinterpret_cast<PyCodeObject*>(PyFunction_GET_CODE(function));
    const std::string file = to_utf8(code->co_filename);
    for (Script* script : space.scripts)
      if (script->path == file &&
          (script == running_script() || !running_script() || running_script()->path != file))
        return script;
  }
  Script* running = running_script();
  return std::ranges::find(space.scripts, running) == space.scripts.end() ? nullptr : running;
}

void bind_to(Script& script, std::string_view name, PyObject* value) {
  const int hook = hook_number(name);
  if (hook != kNoHook)
    script.hooks.bind(hook, value);
  else if (name == "UnLoad")
    std::exchange(script.unload_function, value ? Owned::borrow(value) : Owned());
}

PyObject* bound_to(const Script& script, std::string_view name) {
  const int hook = hook_number(name);
  return hook != kNoHook    ? script.hooks.bound(hook)
         : name == "UnLoad" ? script.unload_function.get()
                            : nullptr;
}

void bound(Space& space, PyObject* dict, PyObject* key, PyObject* value) {
  if (!PyUnicode_Check(key)) return;
  const bool maybe_hook =
      PyUnicode_GET_LENGTH(key) > 2 &&
      (PyUnicode_READ_CHAR(key, 0) == 'O' || PyUnicode_READ_CHAR(key, 0) == 'U') &&
      PyUnicode_READ_CHAR(key, 1) == 'n';
  if (!maybe_hook && !space.shared()) return;
  const std::string name = to_utf8(key);
  if (space.shared()) {
    if (!value)
      space.binders.erase(name);
    else if (running_script())
      space.binders[name] = running_script();
  }
  if (!maybe_hook) return;
  if (value) {
    if (Script* owner = owner_of(space, value)) bind_to(*owner, name, value);
    return;
  }
  PyObject* old = PyDict_GetItemWithError(dict, key);
  for (Script* script : space.scripts)
    if (!space.shared() || bound_to(*script, name) == old) bind_to(*script, name, nullptr);
}

// Called before the change is made. Must not run Python code, nor fail.
int on_change(PyDict_WatchEvent event, PyObject* dict, PyObject* key, PyObject* value) {
  Space* space = find(dict);
  if (!space) return 0;
  switch (event) {
    case PyDict_EVENT_ADDED:
    case PyDict_EVENT_MODIFIED:
      bound(*space, dict, key, value);
      break;
    case PyDict_EVENT_DELETED:
      bound(*space, dict, key, nullptr);
      break;
    case PyDict_EVENT_CLONED: {  // `key` is the dict whose items come in
      PyObject *name = nullptr, *item = nullptr;
      for (Py_ssize_t at = 0; PyDict_Next(key, &at, &name, &item);) bound(*space, dict, name, item);
      break;
    }
    case PyDict_EVENT_CLEARED:
      for (Script* script : space->scripts) {
        script->hooks.clear();
        script->unload_function = Owned();
      }
      break;
    case PyDict_EVENT_DEALLOCATED:
      break;
  }
  return 0;
}

// The watcher's number in the script's interpreter; made once in each. -1 with a Python error set.
int watcher(const Script& script) {
  const InterpreterId id = script.interpreter->id();
  {
    const std::lock_guard lock(spaces().mutex);
    const auto known = spaces().watchers.find(id);
    if (known != spaces().watchers.end()) return known->second;
  }
  const int number = PyDict_AddWatcher(&on_change);
  const std::lock_guard lock(spaces().mutex);
  if (number >= 0) spaces().watchers[id] = number;
  return number;
}

// Which names code binds in its globals. Runs in the main interpreter, where alone globals are
// shared.
constexpr const char* kBinds = R"(
import dis
def binds(code, top=True):
    opnames = ("STORE_NAME", "STORE_GLOBAL") if top else ("STORE_GLOBAL",)
    names = {i.argval for i in dis.get_instructions(code) if i.opname in opnames}
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            names |= binds(constant, False)
    return names
)";

Owned names_bound_by(PyObject* code) {
  Owned scope(PyDict_New());
  if (!scope || PyDict_SetItemString(scope.get(), "__builtins__", PyEval_GetBuiltins()) < 0)
    return Owned();
  Owned defined(PyRun_String(kBinds, Py_file_input, scope.get(), scope.get()));
  PyObject* binds = defined ? PyDict_GetItemString(scope.get(), "binds") : nullptr;
  return binds ? Owned(PyObject_CallOneArg(binds, code)) : Owned();
}

}  // namespace

bool watch(Script& script, PyObject* dict) {
  const int number = watcher(script);
  if (number < 0) return false;
  {
    const std::lock_guard lock(spaces().mutex);
    spaces().by_dict[dict].scripts.push_back(&script);
  }
  return PyDict_Watch(number, dict) == 0;
}

void unwatch(Script& script, PyObject* dict) {
  Space* space = find(dict);
  if (!space) return;
  script.hooks.clear();
  script.unload_function = Owned();
  if (space->shared()) {
    std::set<std::string> names = space->will_bind[&script];
    for (const auto& [name, binder] : space->binders) {
      if (binder == &script)
        names.insert(name);
      else
        names.erase(name);
    }
    for (const auto& [other, kept] : space->will_bind)
      if (other != &script)
        for (const std::string& name : kept) names.erase(name);
    for (const std::string& name : names)
      if (PyDict_DelItemString(dict, name.c_str()) < 0) PyErr_Clear();
    space->will_bind.erase(&script);
    std::erase_if(space->binders, [&](const auto& entry) { return entry.second == &script; });
  }
  const int number = watcher(script);
  const std::lock_guard lock(spaces().mutex);
  std::erase(space->scripts, &script);
  if (!space->scripts.empty()) return;
  spaces().by_dict.erase(dict);
  if (PyDict_Unwatch(number, dict) < 0) PyErr_Clear();
  if (!script.interpreter->is_main()) spaces().watchers.erase(script.interpreter->id());
}

void will_bind(Script& script, PyObject* code) {
  Space* space = find(script.module ? PyModule_GetDict(script.module.get()) : nullptr);
  Owned names = names_bound_by(code);
  Owned iterator(names ? PyObject_GetIter(names.get()) : nullptr);
  while (iterator) {
    Owned name(PyIter_Next(iterator.get()));
    if (!name) break;
    if (space) space->will_bind[&script].insert(to_utf8(name.get()));
  }
  PyErr_Clear();
}

bool belongs_to(const Script& script, PyObject* function) {
  const Space* space = find(PyModule_GetDict(script.module.get()));
  return space && owner_of(*space, function) == &script;
}

std::set<std::string> misspelt_hooks(Script& script, PyObject* dict) {
  std::set<std::string> names;
  const Space* space = find(dict);
  PyObject *key = nullptr, *value = nullptr;
  for (Py_ssize_t at = 0; space && PyDict_Next(dict, &at, &key, &value);) {
    if (!PyUnicode_Check(key) || !PyFunction_Check(value)) continue;
    const std::string name = to_utf8(key);
    if (name.starts_with("On") && hook_number(name) == kNoHook &&
        owner_of(*space, value) == &script)
      names.insert(name);
  }
  return names;
}

}  // namespace vh::globals
