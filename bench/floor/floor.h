// What the floors share: one interpreter with the functions of kScript, and JavaScript's side of a
// call.
//
// vh-python has started Python before the addon is loaded. No errors are handled.
#pragma once
#include <Python.h>
#include <node_api.h>

#include <cstddef>
#include <cstdint>

namespace bare {

extern napi_env g_env;
extern PyThreadState* g_main;    // this thread in the main interpreter
extern PyThreadState* g_script;  // this thread in a sub-interpreter, where kScript lives

PyObject* global(const char* name);  // of kScript; with the GIL
std::int64_t read_number(napi_value value);
napi_value make_number(std::int64_t value);

template <std::size_t Count>
struct Arguments {
  napi_value values[Count];

  Arguments(napi_env env, napi_callback_info info) {
    std::size_t count = Count;
    napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  }
  napi_value operator[](std::size_t i) const { return values[i]; }
};

// Each adds its functions to the addon's exports.
void export_to_python(napi_value exports);
void export_to_javascript(napi_value exports);
void export_interpreters(napi_value exports);
void export_threads(napi_value exports);

void export_function(napi_value exports, const char* name, napi_callback function);

}  // namespace bare
