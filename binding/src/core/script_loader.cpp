#include "core/script_loader.h"

#include "core/encoding.h"
#include "core/environment.h"
#include "core/globals.h"
#include "core/output.h"
#include "core/script.h"
#include "core/script_threads.h"
#include "core/vh_module.h"

namespace vh {
namespace {

// The file's bytes: the compiler looks for the encoding itself.
Owned read_file(PyObject* path) {
  Owned io(PyImport_ImportModule("io"));
  Owned file(io ? PyObject_CallMethod(io.get(), "open_code", "O", path) : nullptr);
  if (!file) return Owned();
  Owned bytes(PyObject_CallMethod(file.get(), "read", nullptr));
  Owned pending(PyErr_GetRaisedException());
  Owned closed(PyObject_CallMethod(file.get(), "close", nullptr));
  if (pending) PyErr_SetRaisedException(pending.release());
  return bytes;
}

// What compile() does, which first makes all classes of the module ast: a sixth of what a trivial
// script costs.
Owned compile(PyObject* source, PyObject* path) {
  char* text = nullptr;
  if (PyBytes_AsStringAndSize(source, &text, nullptr) < 0) {
    if (!PyErr_ExceptionMatches(PyExc_ValueError)) return Owned();
    PyErr_SetString(PyExc_SyntaxError, "source code string cannot contain null bytes");
    return Owned();
  }
  return Owned(Py_CompileStringObject(text, path, Py_file_input, nullptr, -1));
}

// Finds a script's module by name what wants to (dataclasses, pickle), but a script hides no
// module: neither one that is loaded nor one of the standard library.
bool register_module(const Script& script, PyObject* name) {
  PyObject* modules = PyImport_GetModuleDict();
  PyObject* standard = PySys_GetObject("stdlib_module_names");
  if (PyDict_Contains(modules, name) || (standard && PySequence_Contains(standard, name)))
    return !PyErr_Occurred();
  return PyDict_SetItem(modules, name, script.module.get()) == 0;
}

// multiprocessing would have its children run the file of __main__, which they cannot: they have no
// vh.
bool hide_main_file(PyObject* dict) {
  Owned machinery(PyImport_ImportModule("importlib.machinery"));
  Owned spec(machinery
                 ? PyObject_CallMethod(machinery.get(), "ModuleSpec", "sO", "__main__", Py_None)
                 : nullptr);
  return spec && PyDict_SetItemString(dict, "__spec__", spec.get()) == 0;
}

Owned make_module(const Script& script, PyObject* name) {
  if (script.options.home == Home::MainShared) return Owned::borrow(PyImport_AddModule("__main__"));
  return Owned(PyModule_NewObject(name));
}

// Output belongs to the interpreter, so in the main one it is installed once.
bool has_output() {
  PyObject* out = PySys_GetObject("__stdout__");
  Owned raw(out && out != Py_None ? PyObject_GetAttrString(out, "buffer") : nullptr);
  PyErr_Clear();
  return raw && std::string_view(Py_TYPE(raw.get())->tp_name) == "vh._Output";
}

}  // namespace

bool load_module(Script& script) {
  Owned vh = vh_module::prepare(script);
  if (!vh) return false;
  if (!has_output() && !output::install(vh.get())) return false;
  if (!script_threads::watch() || !set_up_paths(script)) return false;

  Owned name = to_str(script.stem), path = to_str(script.path);
  Owned source = path ? read_file(path.get()) : Owned();
  Owned code = source ? compile(source.get(), path.get()) : Owned();
  if (!code || !name) return false;

  script.module = make_module(script, name.get());
  PyObject* dict = script.module ? PyModule_GetDict(script.module.get()) : nullptr;
  if (!dict || PyDict_SetItemString(dict, "__builtins__", PyEval_GetBuiltins()) < 0 ||
      PyDict_SetItemString(dict, "__name__", name.get()) < 0 ||
      PyDict_SetItemString(dict, "__file__", path.get()) < 0)
    return false;
  if (!register_module(script, name.get())) return false;
  if (!globals::watch(script, dict)) return false;
  if (script.options.home == Home::MainShared) {
    globals::will_bind(script, code.get());
    if (!hide_main_file(dict)) return false;
  }
  return static_cast<bool>(Owned(PyEval_EvalCode(code.get(), dict, dict)));
}

void unload_module(Script& script) {
  if (script.module) {
    globals::unwatch(script, PyModule_GetDict(script.module.get()));
    PyObject* modules = PyImport_GetModuleDict();
    Owned name = to_str(script.stem);
    if (name && PyDict_GetItemWithError(modules, name.get()) == script.module.get())
      PyDict_DelItem(modules, name.get());
    PyErr_Clear();
    script.module = Owned();
  }
  output::flush();
}

}  // namespace vh
