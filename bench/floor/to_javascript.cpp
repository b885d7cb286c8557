// Python calls JavaScript: by a METH_FASTCALL that lets go of the GIL meanwhile.
#include "floor.h"

namespace bare {
namespace {

napi_value g_function;  // what Python calls; valid while run() is on the stack

// Calls JavaScript without the GIL, with what `make_arguments` puts into the array.
template <std::size_t Count, typename Make>
PyObject* call_javascript(Make make_arguments) {
  PyThreadState* state = PyEval_SaveThread();
  napi_handle_scope scope = nullptr;
  napi_value undefined = nullptr, arguments[Count], result = nullptr;
  napi_open_handle_scope(g_env, &scope);
  napi_get_undefined(g_env, &undefined);
  make_arguments(arguments);
  napi_call_function(g_env, undefined, g_function, Count, arguments, &result);
  const std::int64_t answer = read_number(result);
  napi_close_handle_scope(g_env, scope);
  PyEval_RestoreThread(state);
  return PyLong_FromLongLong(answer);
}

// (text) -> int
PyObject* call_with_text(PyObject*, PyObject* const* args, Py_ssize_t) {
  Py_ssize_t length = 0;
  const char* text = PyUnicode_AsUTF8AndSize(args[0], &length);
  return call_javascript<1>([&](napi_value* arguments) {
    napi_create_string_utf8(g_env, text, static_cast<std::size_t>(length), arguments);
  });
}

// (name, int, int) -> int; the function behind the name is known.
PyObject* call_with_ints(PyObject*, PyObject* const* args, Py_ssize_t) {
  Py_ssize_t length = 0;
  const char* name = PyUnicode_AsUTF8AndSize(args[0], &length);
  if (name[0] == '\0') return nullptr;
  const long long a = PyLong_AsLongLong(args[1]), b = PyLong_AsLongLong(args[2]);
  return call_javascript<2>([&](napi_value* arguments) {
    arguments[0] = make_number(a);
    arguments[1] = make_number(b);
  });
}

PyMethodDef g_methods[] = {
    {"call_with_text", _PyCFunction_CAST(call_with_text), METH_FASTCALL, nullptr},
    {"call_with_ints", _PyCFunction_CAST(call_with_ints), METH_FASTCALL, nullptr},
};

// (function, count): Python's `name` calls the function so many times, by way of the method.
void run(napi_env env, napi_callback_info info, const char* name, PyMethodDef* method) {
  const Arguments<2> argv(env, info);
  g_function = argv[0];
  const long long count = read_number(argv[1]);
  PyEval_RestoreThread(g_script);
  PyObject* callee = PyCFunction_New(method, nullptr);
  Py_XDECREF(PyObject_CallFunction(global(name), "NL", callee, count));
  PyEval_SaveThread();
}

napi_value ask(napi_env env, napi_callback_info info) {
  run(env, info, "ask", &g_methods[0]);
  return nullptr;
}

napi_value add(napi_env env, napi_callback_info info) {
  run(env, info, "add", &g_methods[1]);
  return nullptr;
}

}  // namespace

void export_to_javascript(napi_value exports) {
  export_function(exports, "ask", ask);
  export_function(exports, "add", add);
}

}  // namespace bare
