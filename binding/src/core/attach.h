// The guards through which all code enters and leaves Python.
//
// The rules: the GIL is held while Python runs and not otherwise. Never take a lock of ours and
// then wait for the GIL; with the GIL held, our locks may be taken for a few instructions. A
// function that needs the GIL says so in its header; one that must not have it is called through
// Detach.
#pragma once

#include <optional>

#include "core/fairness.h"
#include "core/interpreter.h"
#include "core/ref.h"
#include "core/thread_states.h"
#include "core/turns.h"

namespace vh {

// Enters an interpreter on the calling thread, which is in none.
//
// A thread that is not the interpreter's owner leaves it by way of the main one: CPython keeps in
// each thread a pointer to the state that was used there last, and the owner may delete this one.
// So does every thread of a program that uses Python itself: PyGILState takes it from there.
class Attach {
 public:
  explicit Attach(const Interpreter& interpreter)
      : visits_((fairness::give_way(),
                 !interpreter.is_main() && (Interpreter::joined() ||
                                            interpreter.owner() != thread_states::this_thread()))) {
    turns::enter();
    fairness::take(interpreter.here());
  }
  ~Attach() {
    if (visits_) PyThreadState_Swap(Interpreter::main().here());
    PyEval_SaveThread();
    turns::leave();
  }
  Attach(const Attach&) = delete;
  Attach& operator=(const Attach&) = delete;

 private:
  const bool visits_;  // first: who gives way does not want the GIL yet
  fairness::Wanting wanting_;
};

// Leaves the interpreter for a while: lets go of the GIL, and takes it again in the same
// interpreter.
class Detach {
 public:
  explicit Detach(Interpreter& interpreter)
      : state_((interpreter.keep_fair(), PyEval_SaveThread())), in_turn_(turns::leave()) {
    fairness::leave();
    if (state_ != interpreter.owners_state()) lend_.emplace(interpreter.id(), state_);
  }
  ~Detach() {
    if (in_turn_) turns::enter();
    fairness::take_back(state_);
  }
  Detach(const Detach&) = delete;
  Detach& operator=(const Detach&) = delete;

 private:
  PyThreadState* state_;
  const bool in_turn_;
  std::optional<thread_states::Lend> lend_;
};

// For a caller of ours that may hold the GIL, in whatever interpreter: it is let go meanwhile, and
// the caller's state is used where that interpreter is entered again.
class StepOut {
 public:
  StepOut() {
    if (PyThreadState* state = PyThreadState_GetUnchecked()) held_.emplace(state);
  }

 private:
  struct Held {
    explicit Held(PyThreadState* held)
        : state(PyEval_SaveThread()),
          lend(PyInterpreterState_GetID(PyThreadState_GetInterpreter(held)), held) {}
    ~Held() { fairness::take(state); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    PyThreadState* state;
    thread_states::Lend lend;
  };
  std::optional<Held> held_;
};

}  // namespace vh
