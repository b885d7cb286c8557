// The least that each thing can cost: CPython with nothing in between, in an interpreter of its own. No errors are
// handled. Python has been started; its lock is not held.
#pragma once

namespace floor_ {

void set_up(const char* script);   // its functions, without its imports
void call_hook(long count);        // a Python function by vectorcall, two strings in, an int out
void call_released(long count);    // Python calls a METH_FASTCALL that lets go of the lock; one string in, an int out
void call_add(long count);         // the same with a name and two ints

}  // namespace floor_
