// A call of a vh function: binds what the script gave to the parameters, has the hub or the core
// serve it, and makes the result what the table promises.
#pragma once

#include <span>

#include "core/ref.h"
#include "core/value.h"
#include "core/vh_functions.h"

namespace vh {

// The GIL is held. Null with a Python error set.
Owned call_vh(PyObject* module, const Function& function, PyObject* const* args, Py_ssize_t count,
              PyObject* keyword_names);

// A str argument, as a view in the hub's dialect. False with ValueError set. The GIL is held.
bool take_str(const char* function, const char* parameter, PyObject* str, Dialect dialect,
              Value& value);

// Asks the hub, and makes its answer what the function's row promises. The GIL is held.
Owned ask_hub(PyObject* module, Script& script, const Function& function,
              std::span<const Value> args);

}  // namespace vh
