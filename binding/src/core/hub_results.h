// What a hub function returned, made into what the script was promised.
#pragma once

#include <string>

#include "core/ref.h"
#include "core/value.h"
#include "core/vh_functions.h"

namespace vh {

// Null: `error` says what the hub should have returned, or a Python error is set. The GIL is held.
Owned make_result(PyObject* module, const Function& function, const Value& result,
                  std::string& error);

}  // namespace vh
