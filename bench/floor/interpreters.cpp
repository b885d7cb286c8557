// Sub-interpreters that come and go, or stay.
#include "floor.h"

namespace bare {
namespace {

constexpr std::size_t kBuffer = 256;

// (count, source): makes so many, runs the source in each, and ends it.
napi_value cycle(napi_env env, napi_callback_info info) {
  const Arguments<2> argv(env, info);
  const std::int64_t count = read_number(argv[0]);
  char source[kBuffer];
  napi_get_value_string_utf8(env, argv[1], source, kBuffer, nullptr);
  PyEval_RestoreThread(g_main);
  for (std::int64_t i = 0; i < count; ++i) {
    PyThreadState* state = Py_NewInterpreter();
    PyRun_SimpleString(source);
    Py_EndInterpreter(state);
    PyThreadState_Swap(g_main);
  }
  PyEval_SaveThread();
  return nullptr;
}

// (count): makes so many, and keeps them.
napi_value keep(napi_env env, napi_callback_info info) {
  const Arguments<1> argv(env, info);
  const std::int64_t count = read_number(argv[0]);
  PyEval_RestoreThread(g_main);
  for (std::int64_t i = 0; i < count; ++i) {
    Py_NewInterpreter();
    PyThreadState_Swap(g_main);
  }
  PyEval_SaveThread();
  return nullptr;
}

}  // namespace

void export_interpreters(napi_value exports) {
  export_function(exports, "cycle", cycle);
  export_function(exports, "keep", keep);
}

}  // namespace bare
