#include "core/dynamic_functions.h"

namespace vh {

// What a registration replaces or removes is destroyed without the lock: it is a face's object and
// may do anything.

void DynamicFunctions::add(ScriptId script, std::string_view name,
                           std::shared_ptr<Callable> function) {
  const std::lock_guard lock(mutex_);
  functions_[script][std::string(name)].swap(function);
}

bool DynamicFunctions::remove(ScriptId script, std::string_view name) {
  std::shared_ptr<Callable> gone;
  const std::lock_guard lock(mutex_);
  const auto owner = functions_.find(script);
  if (owner == functions_.end()) return false;
  const auto function = owner->second.find(name);
  if (function == owner->second.end()) return false;
  gone = std::move(function->second);
  owner->second.erase(function);
  return true;
}

void DynamicFunctions::forget(ScriptId script) {
  ByName gone;
  const std::lock_guard lock(mutex_);
  const auto owner = functions_.find(script);
  if (owner == functions_.end()) return;
  gone = std::move(owner->second);
  functions_.erase(owner);
}

std::shared_ptr<Callable> DynamicFunctions::find(ScriptId script, std::string_view name) const {
  const std::lock_guard lock(mutex_);
  for (const ScriptId id : {script, ScriptId{-1}}) {
    const auto owner = functions_.find(id);
    if (owner == functions_.end()) continue;
    const auto function = owner->second.find(name);
    if (function != owner->second.end()) return function->second;
  }
  return nullptr;
}

}  // namespace vh
