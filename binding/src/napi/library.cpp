#include "napi/library.h"

#include <dlfcn.h>

#include <mutex>

namespace vh::js {

Core* open_core(const std::string& libpython, const std::string& wrapper,
                const std::string& executable, std::string& error) {
  static std::mutex mutex;
  static Core* core = nullptr;
  const std::lock_guard lock(mutex);
  if (core) return core;
  void* library = nullptr;
  if (dlopen(libpython.c_str(), RTLD_NOW | RTLD_GLOBAL))
    library = dlopen(wrapper.c_str(), RTLD_NOW | RTLD_LOCAL);
  auto* accessor = library ? reinterpret_cast<Core* (*)()>(dlsym(library, "vh_core_v1")) : nullptr;
  if (!accessor) {
    const char* reason = dlerror();
    error = reason ? reason : "unknown";
    return nullptr;
  }
  if (!accessor()->start(executable, error)) return nullptr;
  return core = accessor();
}

}  // namespace vh::js
