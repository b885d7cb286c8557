// What the fuzzers that need Python share.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/attach.h"
#include "core/core.h"

inline void require(bool holds) {
  if (!holds) std::abort();
}

// Python objects that are equal, and no exception.
inline void require_equal(PyObject* object, PyObject* other) {
  require(object && other && !PyErr_Occurred());
  const int equal = PyObject_RichCompareBool(object, other, Py_EQ);
  // Python compares deep ones by recursion, and gives up.
  require(equal == 1 || PyErr_ExceptionMatches(PyExc_RecursionError));
  PyErr_Clear();
}

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  std::string error;
  if (vh_core_v1()->start("", error)) return 0;
  std::fprintf(stderr, "%s\n", error.c_str());
  std::abort();
}
