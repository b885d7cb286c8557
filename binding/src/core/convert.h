// Python objects to and from Values. The GIL is held.
#pragma once

#include <string_view>

#include "core/core.h"
#include "core/ref.h"
#include "core/value.h"

namespace vh {

// `value` is a view into `object` where it can be, which must then outlive it. False with
// TypeError, ValueError or OverflowError set, beginning with `where`. To C a text goes as UTF-8
// with a NUL at its end.
bool to_value(PyObject* object, std::string_view where, Dialect dialect, Value& value);

// What needs no name for where it stands: an int of 64 bits, a float. False: it is something else.
bool to_number(PyObject* object, Value& value);

// A str as UTF-8 with a NUL at its end and none before it. Null, or what is wrong with it: "a str
// with a NUL in it".
const char* to_c_text(PyObject* str, Value& value);

// Whether a str is no longer than JavaScript's strings can be.
bool fits(PyObject* str);

// Null with a Python error set.
Owned to_object(const Value& value);
Owned to_object(const Returned& returned);

}  // namespace vh
