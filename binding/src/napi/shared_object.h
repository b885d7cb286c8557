// Symbols of shared objects, and why one could not be opened.
#pragma once

#include <dlfcn.h>

#include <string>

namespace vh::js {

// Null when there is no such symbol, or no object.
template <typename Function>
Function symbol(void* object, const char* name) {
  return object ? reinterpret_cast<Function>(dlsym(object, name)) : nullptr;
}

inline std::string last_error() {
  const char* reason = dlerror();
  return reason ? reason : "unknown";
}

}  // namespace vh::js
