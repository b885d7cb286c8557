#include "core/environment.h"

#include <filesystem>
#include <string>

#include "core/encoding.h"
#include "core/script.h"

namespace vh {
namespace {

namespace fs = std::filesystem;

// The position after the last entry of the standard library.
Py_ssize_t after_standard_library(PyObject* paths) {
  Owned os(PyImport_ImportModule("os"));
  Owned file(os ? PyObject_GetAttrString(os.get(), "__file__") : nullptr);
  PyErr_Clear();
  const fs::path library = file ? fs::path(to_utf8(file.get())).parent_path() : fs::path();
  Py_ssize_t position = 0;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(paths); ++i) {
    PyObject* item = PyList_GET_ITEM(paths, i);
    if (!PyUnicode_Check(item)) continue;
    const fs::path path = to_utf8(item);
    if (path == library || path == library / "lib-dynload") position = i + 1;
  }
  return position;
}

// Puts a folder at a position, unless it is in the list already; the position after it.
Py_ssize_t insert(PyObject* paths, Py_ssize_t position, const std::string& folder) {
  Owned entry = to_str(folder);
  const int known = entry ? PySequence_Contains(paths, entry.get()) : -1;
  if (known > 0) return position;
  if (known < 0 || PyList_Insert(paths, position, entry.get()) < 0) return -1;
  return position + 1;
}

// addsitedir reads .pth files and appends; what it added belongs before the other site-packages.
constexpr const char* kAddVenv = R"(
import os, site, sys
version = "python%d.%d" % sys.version_info[:2]
folder = os.path.join(venv, "lib", version, "site-packages")
if not os.path.isfile(os.path.join(venv, "pyvenv.cfg")):
    raise FileNotFoundError(f"{venv} is no virtual environment: it has no pyvenv.cfg")
if not os.path.isdir(folder):
    raise FileNotFoundError(f"the virtual environment {venv} is not for {version}: there is no {folder}")
before = list(sys.path)
site.addsitedir(folder)
added = [path for path in sys.path if path not in before]
sys.path[:] = before[:position] + added + before[position:]
)";

bool add_venv(const std::string& venv, Py_ssize_t position) {
  Owned scope(Py_BuildValue("{s:N,s:n}", "venv", to_str(fs::absolute(venv).string()).release(),
                            "position", position));
  if (!scope || PyDict_SetItemString(scope.get(), "__builtins__", PyEval_GetBuiltins()) < 0)
    return false;
  return static_cast<bool>(Owned(PyRun_String(kAddVenv, Py_file_input, scope.get(), scope.get())));
}

}  // namespace

bool set_up_paths(const Script& script) {
  PyObject* paths = PySys_GetObject("path");
  if (!paths || !PyList_Check(paths))
    return true;  // a script in the main interpreter may have replaced it
  Py_ssize_t position =
      insert(paths, after_standard_library(paths), fs::path(script.path).parent_path().string());
  const std::string& base = script.options.base_dir;
  if (position >= 0 && !base.empty())
    position =
        insert(paths, position, (fs::absolute(base).lexically_normal() / "scripts").string());
  if (position < 0) return false;
  return script.options.venv.empty() || add_venv(script.options.venv, position);
}

}  // namespace vh
