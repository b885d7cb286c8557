// The exception that another thread has asked CPython to raise in this one.
#pragma once

#include "core/ref.h"
#include "core/waits.h"

namespace vh {

// What is raised in a thread that is interrupted: vh.HookTimeout, or SystemExit. Borrowed.
PyObject* interruption(waits::Why why);

// Takes back what has not been raised yet in the calling thread. The GIL is held; no exception is
// set. Not by PyThreadState_SetAsyncExc: in 3.12 that leaves the interpreter's threads looking for
// it at every jump, until one is raised.
void take_back_async_exception();

}  // namespace vh
