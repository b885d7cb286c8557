// Owned references to Python objects.
//
// An Owned holds one reference and gives it back; a plain PyObject* is always borrowed. Both are
// used only with the GIL held, in the interpreter the object belongs to; an Owned that outlives its
// interpreter must be release()d.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <utility>

#if PY_VERSION_HEX < 0x030D0000
// 3.12 has it under this name.
#define PyThreadState_GetUnchecked _PyThreadState_UncheckedGet
#endif

namespace vh {

class Owned {
 public:
  Owned() = default;
  // Takes over a new reference, as most C API functions return one; null means a Python error is
  // set.
  explicit Owned(PyObject* fresh) : object_(fresh) {}
  static Owned borrow(PyObject* borrowed) { return Owned(Py_XNewRef(borrowed)); }

  Owned(Owned&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    if (this != &other) {
      PyObject* old = std::exchange(object_, std::exchange(other.object_, nullptr));
      Py_XDECREF(old);
    }
    return *this;
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { Py_XDECREF(object_); }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  PyObject* object_ = nullptr;
};

}  // namespace vh
