// CPython's pending calls of any interpreter.
#pragma once

#include "core/ref.h"

// Private, but exported by every libpython we know, and the one way to make the thread that holds
// the GIL in another interpreter do something. Without the GIL only on 3.12: see fairness.cpp.
extern "C" int _PyEval_AddPendingCall(PyInterpreterState*, int (*)(void*), void*, int flags);
