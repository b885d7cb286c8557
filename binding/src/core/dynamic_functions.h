// Functions that scripts call by name: registered for one script, or for all of a host's. One table
// for the process, so that every face can register for any script.
#pragma once

#include <memory>
#include <string_view>

#include "core/core.h"

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

// The script's own function of that name, else the one for everyone; null when there is none.
std::shared_ptr<Callable> find(Audience script, Audience everyone, std::string_view name);

}  // namespace vh::dynamic_functions
