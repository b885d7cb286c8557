// The guards through which all code enters and leaves Python.
//
// The rules: the GIL is held while Python runs and not otherwise. Never take a lock of ours and
// then wait for the GIL; with the GIL held, our locks may be taken for a few instructions. A
// function that needs the GIL says so in its header; one that must not have it is called through
// Detach.
#pragma once

#include "core/fairness.h"
#include "core/interpreter.h"
#include "core/ref.h"
#include "core/thread_states.h"

namespace vh {

// Enters an interpreter on the calling thread, which is in none.
class Attach {
 public:
  explicit Attach(const Interpreter& interpreter) {
    PyEval_RestoreThread(thread_states::get(interpreter.id(), interpreter.state()));
  }
  ~Attach() { PyEval_SaveThread(); }
  Attach(const Attach&) = delete;
  Attach& operator=(const Attach&) = delete;

 private:
  fairness::Wanting wanting_;
};

// Leaves the interpreter for a while: lets go of the GIL, and takes it again in the same
// interpreter.
class Detach {
 public:
  explicit Detach(Interpreter& interpreter)
      : state_((interpreter.keep_fair(), PyEval_SaveThread())), lend_(interpreter.id(), state_) {}
  ~Detach() { PyEval_RestoreThread(state_); }
  Detach(const Detach&) = delete;
  Detach& operator=(const Detach&) = delete;

 private:
  PyThreadState* state_;
  thread_states::Lend lend_;
};

}  // namespace vh
