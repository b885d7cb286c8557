// The GIL's fairness between interpreters that share it.
//
// CPython alone would let a script's thread that computes without pause keep the hub's thread for
// its switch interval each time that thread comes back to Python; and 3.12 asks a thread to let go
// of the GIL only in the name of a waiter in the same interpreter, so there it would keep it for
// ever. The cure, as long as interpreters have threads of their own: who wants the GIL for the hub
// posts a pending call to each of them. It runs on whichever thread computes there, and rests until
// the hub is out of Python again, but not for long.
#pragma once

#include <atomic>

#include "core/ref.h"
#include "core/thread_data.h"

namespace vh::fairness {

// How many interpreters have threads of their own.
inline std::atomic<int> g_threaded{0};

void begin_wanting();
void end_wanting();
void take_from_others(PyThreadState* state);
void come_back();

// While it lives, the calling thread wants the GIL, or has it and may want it again: CPython lets
// go of it by itself, to read a file for instance.
class Wanting {
 public:
  Wanting() : counted_(g_threaded.load(std::memory_order_relaxed) > 0) {
    if (counted_) begin_wanting();
  }
  ~Wanting() {
    if (counted_) end_wanting();
  }
  Wanting(const Wanting&) = delete;
  Wanting& operator=(const Wanting&) = delete;

 private:
  bool counted_;
};

// PyEval_RestoreThread, by which all our code takes the GIL.
inline void take(PyThreadState* state) {
  if (g_threaded.load(std::memory_order_relaxed) > 0)
    take_from_others(state);
  else
    PyEval_RestoreThread(state);
}

// The same after a call of the hub: threads of scripts are let alone for a moment.
inline void take_back(PyThreadState* state) {
  take(state);
  if (!t_data.running) come_back();
}

// An interpreter among those that share the GIL. Ends before the interpreter does.
class Member {
 public:
  explicit Member(PyInterpreterState* interpreter);
  ~Member();
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  // Whether it has threads of its own. The GIL is held, in it.
  void set_threaded(bool threaded) {
    if (threaded != threaded_) change(threaded);
  }

 private:
  void change(bool threaded);

  PyInterpreterState* interpreter_;
  bool threaded_ = false;
};

}  // namespace vh::fairness
