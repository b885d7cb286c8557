#include "napi/library.h"

#include <dlfcn.h>

#include <mutex>

#include "napi/shared_object.h"

namespace vh::js {

Library open_library(const std::string& libpython, const std::string& wrapper,
                     const std::string& executable, std::string& error) {
  static std::mutex mutex;
  static Library opened;
  const std::lock_guard lock(mutex);
  if (opened.core) return opened;
  // Global, for plugins that were linked to nothing.
  constexpr int kMode = RTLD_NOW | RTLD_GLOBAL;
  void* library = dlopen("libvh_python_wrapper.so", kMode | RTLD_NOLOAD);
  if (!library && dlopen(libpython.c_str(), kMode)) library = dlopen(wrapper.c_str(), kMode);
  auto* accessor = symbol<decltype(&vh_core_v1)>(library, "vh_core_v1");
  auto* plugin_api = symbol<decltype(&w_PluginApi)>(library, "w_PluginApi");
  if (!accessor || !plugin_api) {
    error = last_error();
    return {};
  }
  if (!accessor()->start(executable, error)) return {};
  return opened = {accessor(), plugin_api};
}

}  // namespace vh::js
