// JavaScript calls Python.
#include <string>

#include "floor.h"

namespace bare {
namespace {

constexpr std::size_t kBuffer = 256;

PyObject* read_str(napi_value value) {
  char text[kBuffer];
  std::size_t length = 0;
  napi_get_value_string_utf8(g_env, value, text, kBuffer, &length);
  return PyUnicode_DecodeUTF8(text, static_cast<Py_ssize_t>(length), nullptr);
}

// (nick, msg): the bare call of an addon.
napi_value nothing(napi_env env, napi_callback_info info) {
  const Arguments<2> args(env, info);
  return nullptr;
}

// (nick, msg) -> int: the minimal embedded call.
napi_value hook(napi_env env, napi_callback_info info) {
  const Arguments<2> argv(env, info);
  PyEval_RestoreThread(g_script);
  static PyObject* const function = global("hook");
  PyObject* args[] = {nullptr, read_str(argv[0]), read_str(argv[1])};
  PyObject* result =
      PyObject_Vectorcall(function, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
  const long answer = PyLong_AsLong(result);
  Py_DECREF(args[1]);
  Py_DECREF(args[2]);
  Py_DECREF(result);
  PyEval_SaveThread();
  return make_number(answer);
}

// (count, nick, msg): the bare vectorcall, so many times.
napi_value vectorcall(napi_env env, napi_callback_info info) {
  const Arguments<3> argv(env, info);
  const std::int64_t count = read_number(argv[0]);
  PyEval_RestoreThread(g_script);
  static PyObject* const function = global("hook");
  PyObject* args[] = {nullptr, read_str(argv[1]), read_str(argv[2])};
  for (std::int64_t i = 0; i < count; ++i)
    Py_DECREF(PyObject_Vectorcall(function, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr));
  Py_DECREF(args[1]);
  Py_DECREF(args[2]);
  PyEval_SaveThread();
  return nullptr;
}

// (text) -> text: JSON through Python's json, there and back.
napi_value echo(napi_env env, napi_callback_info info) {
  static std::string text;
  const Arguments<1> argv(env, info);
  std::size_t length = 0;
  napi_get_value_string_utf8(env, argv[0], nullptr, 0, &length);
  text.resize(length);
  napi_get_value_string_utf8(env, argv[0], text.data(), length + 1, &length);
  PyEval_RestoreThread(g_script);
  static PyObject* const function = global("echo");
  PyObject* argument = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(length), nullptr);
  PyObject* result = PyObject_CallOneArg(function, argument);
  Py_ssize_t size = 0;
  const char* answer = PyUnicode_AsUTF8AndSize(result, &size);
  napi_value value = nullptr;
  napi_create_string_utf8(env, answer, static_cast<std::size_t>(size), &value);
  Py_DECREF(argument);
  Py_DECREF(result);
  PyEval_SaveThread();
  return value;
}

}  // namespace

void export_to_python(napi_value exports) {
  export_function(exports, "nothing", nothing);
  export_function(exports, "hook", hook);
  export_function(exports, "vectorcall", vectorcall);
  export_function(exports, "echo", echo);
}

}  // namespace bare
