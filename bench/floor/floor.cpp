// The least that each thing can cost: CPython and Node-API with nothing in between. No errors are handled.
//
// vh-python has started Python before this is loaded.
#include <Python.h>
#include <node_api.h>

#include <cstdint>

namespace {

constexpr const char* kScript = R"(
def hook(nick, msg):
    return 1

def ask(call, count):
    for _ in range(count):
        call("alice")
)";

napi_env g_env;
PyThreadState* g_main;    // this thread in the main interpreter
PyThreadState* g_script;  // this thread in a sub-interpreter, where kScript lives
PyObject *g_hook, *g_ask, *g_call;
napi_value g_function;  // what g_call calls; valid while ask() runs

constexpr std::size_t kBuffer = 256;

PyObject* read_str(napi_value value) {
  char text[kBuffer];
  std::size_t length = 0;
  napi_get_value_string_utf8(g_env, value, text, kBuffer, &length);
  return PyUnicode_DecodeUTF8(text, static_cast<Py_ssize_t>(length), nullptr);
}

napi_value number(std::int64_t value) {
  napi_value result = nullptr;
  napi_create_int64(g_env, value, &result);
  return result;
}

// (nick, msg) -> int: JavaScript calls a Python function.
napi_value hook(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  std::size_t count = 2;
  napi_get_cb_info(env, info, &count, argv, nullptr, nullptr);
  PyEval_RestoreThread(g_script);
  PyObject* args[] = {nullptr, read_str(argv[0]), read_str(argv[1])};
  PyObject* result =
      PyObject_Vectorcall(g_hook, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
  const long answer = PyLong_AsLong(result);
  Py_DECREF(args[1]);
  Py_DECREF(args[2]);
  Py_DECREF(result);
  PyEval_SaveThread();
  return number(answer);
}

// Python calls a JavaScript function with a string, and gets an int.
PyObject* call(PyObject*, PyObject* const* args, Py_ssize_t) {
  Py_ssize_t length = 0;
  const char* text = PyUnicode_AsUTF8AndSize(args[0], &length);
  std::int64_t answer = 0;
  PyThreadState* state = PyEval_SaveThread();
  napi_handle_scope scope = nullptr;
  napi_value undefined = nullptr, argument = nullptr, result = nullptr;
  napi_open_handle_scope(g_env, &scope);
  napi_get_undefined(g_env, &undefined);
  napi_create_string_utf8(g_env, text, static_cast<std::size_t>(length), &argument);
  napi_call_function(g_env, undefined, g_function, 1, &argument, &result);
  napi_get_value_int64(g_env, result, &answer);
  napi_close_handle_scope(g_env, scope);
  PyEval_RestoreThread(state);
  return PyLong_FromLongLong(answer);
}

// (function, count): Python calls the function so many times.
napi_value ask(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  std::size_t count = 2;
  napi_get_cb_info(env, info, &count, argv, nullptr, nullptr);
  g_function = argv[0];
  std::int64_t times = 0;
  napi_get_value_int64(env, argv[1], &times);
  PyEval_RestoreThread(g_script);
  Py_XDECREF(PyObject_CallFunction(g_ask, "OL", g_call, static_cast<long long>(times)));
  PyEval_SaveThread();
  return nullptr;
}

// (count, source): makes so many sub-interpreters, runs the source in each, and ends it.
napi_value cycle(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  std::size_t count = 2;
  napi_get_cb_info(env, info, &count, argv, nullptr, nullptr);
  std::int64_t times = 0;
  napi_get_value_int64(env, argv[0], &times);
  char source[kBuffer];
  napi_get_value_string_utf8(env, argv[1], source, kBuffer, nullptr);
  PyEval_RestoreThread(g_main);
  for (std::int64_t i = 0; i < times; ++i) {
    PyThreadState* state = Py_NewInterpreter();
    PyRun_SimpleString(source);
    Py_EndInterpreter(state);
    PyThreadState_Swap(g_main);
  }
  PyEval_SaveThread();
  return nullptr;
}

void start() {
  static PyMethodDef method{"call", _PyCFunction_CAST(call), METH_FASTCALL, nullptr};
  g_main = PyThreadState_New(PyInterpreterState_Main());
  PyEval_RestoreThread(g_main);
  g_script = Py_NewInterpreter();
  PyRun_SimpleString(kScript);
  PyObject* globals = PyModule_GetDict(PyImport_AddModule("__main__"));
  g_hook = PyDict_GetItemString(globals, "hook");
  g_ask = PyDict_GetItemString(globals, "ask");
  g_call = PyCFunction_New(&method, nullptr);
  PyEval_SaveThread();
}

napi_value initialize(napi_env env, napi_value exports) {
  g_env = env;
  start();
  const napi_property_descriptor functions[] = {
      {"hook", nullptr, hook, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"ask", nullptr, ask, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"cycle", nullptr, cycle, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, 3, functions);
  return exports;
}

}  // namespace

NAPI_MODULE(floor, initialize)
