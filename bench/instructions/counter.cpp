// For JavaScript: begins a count of instructions, and ends it under a name.
#include <node_api.h>
#include <valgrind/callgrind.h>

#include <cstddef>

namespace {

napi_value begin(napi_env, napi_callback_info) {
  CALLGRIND_START_INSTRUMENTATION;
  return nullptr;
}

// (name)
napi_value end(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  std::size_t count = 1;
  napi_get_cb_info(env, info, &count, argv, nullptr, nullptr);
  char name[64];
  napi_get_value_string_utf8(env, argv[0], name, sizeof name, nullptr);
  CALLGRIND_DUMP_STATS_AT(name);
  CALLGRIND_STOP_INSTRUMENTATION;
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"begin", nullptr, begin, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"end", nullptr, end, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, 2, functions);
  return exports;
}
