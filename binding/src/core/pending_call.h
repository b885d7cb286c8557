// CPython's pending calls of any interpreter.
#pragma once

#include "core/ref.h"

// Private, but exported by every libpython we know, and the one way to make the thread that holds
// the GIL in another interpreter do something. It may be called without the GIL.
extern "C" int _PyEval_AddPendingCall(PyInterpreterState*, int (*)(void*), void*, int flags);
