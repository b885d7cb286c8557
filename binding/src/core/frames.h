// What the frames of threads tell: whose code they run, and where. The GIL is held.
#pragma once

#include <string>

#include "core/ref.h"

namespace vh {

class Script;

namespace frames {

// In the main interpreter: the script whose file the innermost such frame of the calling thread
// comes from; null when there is none.
Script* script();

// Of a thread of the script's interpreter, by Python's number for it: the file and line of the
// innermost frame in the script's file if there is one, else of the innermost; "" when it is in no
// Python code.
std::string where(const Script& script, unsigned long thread);

// Whether such a thread is in Python code at all.
bool in_python(const Script& script, unsigned long thread);

// Whether it is in such that takes a lock and would keep it for ever, were it interrupted in its
// middle: of threading, queue, logging or an import.
bool takes_lock(const Script& script, unsigned long thread);

// Whether it is in such of the standard library, or of what is installed beside it.
bool in_library(const Script& script, unsigned long thread);

}  // namespace frames
}  // namespace vh
