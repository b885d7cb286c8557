// Finds the core: opens libpython and the wrapper library made for it.
#pragma once

#include <string>

#include "core/core.h"

namespace vh::js {

// The wrapper library.
struct Library {
  Core* core = nullptr;  // null: it is not open
  decltype(&w_PluginApi) plugin_api = nullptr;
};

// The library, opened and started on the first call; a process has one, whatever later calls ask
// for. `core` null: `error` says why. libpython goes into the global namespace, where extension
// modules look for it; opened by its path, it also serves a wrapper that was built on another
// machine and knows it by its soname only. A plugin that was loaded before may have brought the
// library along.
Library open_library(const std::string& libpython, const std::string& wrapper,
                     const std::string& executable, std::string& error);

}  // namespace vh::js
