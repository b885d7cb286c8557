#include "floor.h"

#include <Python.h>

#include <fstream>
#include <sstream>
#include <string>

namespace floor_ {
namespace {

PyThreadState* g_script;
PyObject *g_hook, *g_ask, *g_add, *g_released, *g_sum;
volatile long g_sink;

PyObject* released(PyObject*, PyObject* const* args, Py_ssize_t) {
  Py_ssize_t length = 0;
  const char* text = PyUnicode_AsUTF8AndSize(args[0], &length);
  long result = 0;
  Py_BEGIN_ALLOW_THREADS
  result = length + text[0];
  g_sink = result;
  Py_END_ALLOW_THREADS
  return PyLong_FromLong(result);
}

PyObject* sum(PyObject*, PyObject* const* args, Py_ssize_t) {
  const long a = PyLong_AsLong(args[1]), b = PyLong_AsLong(args[2]);
  long result = 0;
  Py_BEGIN_ALLOW_THREADS
  result = a + b;
  g_sink = result;
  Py_END_ALLOW_THREADS
  return PyLong_FromLong(result);
}

PyMethodDef g_methods[] = {
    {"released", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(released)), METH_FASTCALL, nullptr},
    {"sum", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(sum)), METH_FASTCALL, nullptr},
};

void run(PyObject* function, PyObject* callee, long count) {
  PyEval_RestoreThread(g_script);
  Py_XDECREF(PyObject_CallFunction(function, "Ol", callee, count));
  PyEval_SaveThread();
}

}  // namespace

void set_up(const char* script) {
  std::stringstream text;
  text << std::ifstream(script).rdbuf();
  const std::string source = text.str().substr(text.str().find("def OnParsed"));
  PyGILState_STATE state = PyGILState_Ensure();
  PyThreadState* before = PyThreadState_Get();
  g_script = Py_NewInterpreter();
  PyObject* dict = PyModule_GetDict(PyImport_AddModule("__main__"));
  PyDict_SetItemString(dict, "__builtins__", PyEval_GetBuiltins());
  Py_XDECREF(PyRun_String(source.c_str(), Py_file_input, dict, dict));
  g_hook = PyDict_GetItemString(dict, "OnParsedMsgChat");
  g_ask = PyDict_GetItemString(dict, "floor_ask");
  g_add = PyDict_GetItemString(dict, "floor_add");
  g_released = PyCFunction_New(&g_methods[0], nullptr);
  g_sum = PyCFunction_New(&g_methods[1], nullptr);
  PyThreadState_Swap(before);
  PyGILState_Release(state);
}

void call_hook(long count) {
  const char nick[] = "SomeNick", message[] = "hello world, this is a chat message";
  for (long i = 0; i < count; ++i) {
    PyEval_RestoreThread(g_script);
    PyObject* args[] = {nullptr, PyUnicode_DecodeUTF8(nick, sizeof nick - 1, nullptr),
                        PyUnicode_DecodeUTF8(message, sizeof message - 1, nullptr)};
    PyObject* result = PyObject_Vectorcall(g_hook, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
    g_sink = PyLong_AsLong(result);
    Py_DECREF(args[1]);
    Py_DECREF(args[2]);
    Py_DECREF(result);
    PyEval_SaveThread();
  }
}

void call_released(long count) {
  run(g_ask, g_released, count);
}

void call_add(long count) {
  run(g_add, g_sum, count);
}

}  // namespace floor_
