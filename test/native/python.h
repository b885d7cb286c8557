// Python for a test: started, and entered in the main interpreter while this lives.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "core/attach.h"
#include "core/encoding.h"
#include "core/ref.h"
#include "core/runtime.h"

namespace vh::test {

class Python {
 public:
  Python() : started_(start()), attach_(Interpreter::main()) {}

  // The value of an expression.
  Owned eval(const std::string& expression) const {
    Owned globals(PyDict_New());
    PyDict_SetItemString(globals.get(), "__builtins__", PyEval_GetBuiltins());
    Owned value(PyRun_String(expression.c_str(), Py_eval_input, globals.get(), globals.get()));
    REQUIRE_MESSAGE(value, expression);
    return value;
  }

  // "TypeError: why", of the error that is set, which it clears; "" when none is.
  std::string error() const {
    Owned raised(PyErr_GetRaisedException());
    if (!raised) return "";
    Owned text(PyObject_Str(raised.get()));
    return std::string(Py_TYPE(raised.get())->tp_name) + ": " + to_utf8(text.get());
  }

  bool equal(const Owned& a, const Owned& b) const {
    return a && b && Py_TYPE(a.get()) == Py_TYPE(b.get()) &&
           PyObject_RichCompareBool(a.get(), b.get(), Py_EQ) == 1;
  }

 private:
  static bool start() {
    std::string error;
    REQUIRE_MESSAGE(runtime::start("", error), error);
    return true;
  }

  bool started_;
  Attach attach_;
};

}  // namespace vh::test
