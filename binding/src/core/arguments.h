// The arguments of a call into Python, made from Values on the stack where they are few. The GIL is
// held while it lives.
#pragma once

#include <array>
#include <memory>

#include "core/convert.h"
#include "core/ref.h"
#include "core/value.h"

namespace vh {

class Arguments {
 public:
  explicit Arguments(std::size_t room) {
    if (room <= kFew) return;
    many_.reset(new PyObject*[room + 1]);
    stack_ = many_.get();
  }
  ~Arguments() {
    for (std::size_t i = 1; i <= count_; ++i) Py_DECREF(stack_[i]);
  }
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  // False with a Python error set.
  bool add(const Value& value) {
    PyObject* object = to_object(value).release();
    if (object) stack_[++count_] = object;
    return object != nullptr;
  }

  Owned call(PyObject* callee) const {
    return Owned(
        PyObject_Vectorcall(callee, stack_ + 1, count_ | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr));
  }

 private:
  static constexpr std::size_t kFew = 6;

  std::array<PyObject*, kFew + 1> few_;  // the first is the callee's to use
  std::unique_ptr<PyObject*[]> many_;
  PyObject** stack_ = few_.data();
  std::size_t count_ = 0;
};

}  // namespace vh
