// Functions that scripts call by name: registered for one script, or for all of a host's. One table
// for the process, so that every face can register for any script.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/core.h"
#include "core/snapshot.h"

namespace vh::dynamic_functions {

// For whom a function is: a script, from when its id is reserved on, or everyone(): all scripts of
// a host.
using Audience = std::int64_t;

// A fresh number, which is no script's.
Audience everyone();

// All of these: any thread. A name registered again is replaced.
void add(Audience audience, std::string_view name, std::shared_ptr<Callable> function);
bool remove(Audience audience, std::string_view name);
// Removes it unless it travels by this dialect.
void remove_unless(Audience audience, std::string_view name, Dialect dialect);
void forget(Audience audience);

struct Named {
  std::string name;
  std::shared_ptr<Callable> function;
};
using Functions = std::vector<Named>;  // by the lengths of their names, most of which differ
using ByAudience = std::map<Audience, std::shared_ptr<const Functions>>;

// The script's own function of that name, else the one for everyone, kept while this lives; null
// when there is none. Without a lock.
class Found {
 public:
  Found(Audience script, Audience everyone, std::string_view name);

  explicit operator bool() const { return function_ != nullptr; }
  Callable* operator->() const { return function_; }

 private:
  Snapshot<ByAudience>::Reader functions_;
  Callable* function_ = nullptr;
};

}  // namespace vh::dynamic_functions
