// The arguments of a call into Python, made from Values on the stack where they are few. The GIL is
// held while it lives.
#pragma once

#include "core/convert.h"
#include "core/core.h"
#include "core/ref.h"
#include "core/small_array.h"

namespace vh {

class Arguments {
 public:
  explicit Arguments(std::size_t room) : stack_(room + 1) {
    stack_.emplace(nullptr);  // the callee's to use
  }
  ~Arguments() {
    for (PyObject* object : stack_.all()) Py_XDECREF(object);
  }
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  // False with a Python error set.
  bool add(const Value& value) {
    PyObject* object = to_object(value).release();
    if (object) stack_.emplace(object);
    return object != nullptr;
  }

  Owned call(PyObject* callee) {
    const std::size_t count = stack_.all().size() - 1;
    return Owned(
        PyObject_Vectorcall(callee, &stack_[1], count | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr));
  }

 private:
  SmallArray<PyObject*, kMaxHookArguments + 1> stack_;
};

}  // namespace vh
