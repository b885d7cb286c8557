// The C++ plugins of a host: shared objects with the entries of vh_plugin.h.
#pragma once

#include <string>
#include <vector>

#include "vh_plugin.h"

namespace vh::js {

class Plugins {
 public:
  // Opens a plugin and calls its vh_plugin_init. False: `error` says why.
  bool load(const std::string& path, const vh_plugin_api* api, std::string& error);

  // Calls vh_plugin_exit of those that define it, the last loaded first. They stay in memory:
  // threads of theirs may live on.
  void exit();

 private:
  std::vector<void*> loaded_;
};

}  // namespace vh::js
