// The callbacks of a hub in C: which vh function each serves, and what its result becomes.
#pragma once

#include <string>
#include <vector>

#include "core/value.h"
#include "core/vh_functions.h"
#include "wrapper.h"

namespace vh::capi {

// Null for a number that is none.
const char* callback_name(int callback);

// The callbacks that serve the vh functions, by the functions' numbers; -1 where none does.
std::vector<int> callbacks_by_function();

// The callback's arguments in the order of the original.
void put_in_order(int callback, w_Targs* args);

// Makes a callback's result (null: it has nothing to say) what the function gives. The Value owns
// its text. False: `error` says what was expected.
bool read_result(const Function& function, const w_Targs* result, Value& out, std::string& error);

}  // namespace vh::capi
