// Functions that scripts call by name: registered for one script, or for all of a host's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/core.h"

namespace vh {

// Changed on the host's thread, looked up on any.
class DynamicFunctions {
 public:
  // For one script, or for all with `script` -1. A name registered again is replaced.
  void add(ScriptId script, std::string_view name, std::shared_ptr<Callable> function);
  bool remove(ScriptId script, std::string_view name);
  // Forgets what was registered for a script.
  void forget(ScriptId script);
  // The script's own function of that name, else the one for all; null when there is none.
  std::shared_ptr<Callable> find(ScriptId script, std::string_view name) const;

 private:
  using ByName = std::map<std::string, std::shared_ptr<Callable>, std::less<>>;

  mutable std::mutex mutex_;
  std::map<ScriptId, ByName> functions_;
};

}  // namespace vh
