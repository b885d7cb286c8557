// The least that each thing can cost: CPython and Node-API with nothing in between.
#include "floor.h"

namespace bare {
namespace {

constexpr const char* kScript = R"(
import json

def hook(nick, msg):
    return 1

def ask(call, count):
    for _ in range(count):
        call("alice")

def add(call, count):
    for _ in range(count):
        call("add", 1, 2)

def echo(text):
    return json.dumps(json.loads(text))
)";

PyObject* g_globals;

void start() {
  g_main = PyThreadState_New(PyInterpreterState_Main());
  PyEval_RestoreThread(g_main);
  g_script = Py_NewInterpreter();
  PyRun_SimpleString(kScript);
  g_globals = PyModule_GetDict(PyImport_AddModule("__main__"));
  PyEval_SaveThread();
}

napi_value initialize(napi_env env, napi_value exports) {
  g_env = env;
  start();
  export_to_python(exports);
  export_to_javascript(exports);
  export_interpreters(exports);
  export_threads(exports);
  return exports;
}

}  // namespace

napi_env g_env;
PyThreadState* g_main;
PyThreadState* g_script;

PyObject* global(const char* name) {
  return PyDict_GetItemString(g_globals, name);
}

std::int64_t read_number(napi_value value) {
  std::int64_t number = 0;
  napi_get_value_int64(g_env, value, &number);
  return number;
}

napi_value make_number(std::int64_t value) {
  napi_value number = nullptr;
  napi_create_int64(g_env, value, &number);
  return number;
}

void export_function(napi_value exports, const char* name, napi_callback function) {
  napi_value value = nullptr;
  napi_create_function(g_env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
  napi_set_named_property(g_env, exports, name, value);
}

}  // namespace bare

NAPI_MODULE(floor, bare::initialize)
