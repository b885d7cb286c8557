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
#include <utility>

#include "core/ref.h"
#include "core/thread_data.h"

namespace vh::fairness {

// How many interpreters have threads of their own.
inline std::atomic<int> g_threaded{0};

void begin_wanting();
void end_wanting();
void take_from_others(PyThreadState* state);
void wait_for_served();
void count_off_served();

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

// Threads of scripts that have got what they asked the hub for, and have not asked again.
inline std::atomic<int> g_served{0};

// Before a hook takes the GIL: a thread that has been served goes on first, most likely to call
// again at once. If it met the hook at the GIL, one of the two would have to sleep and be woken,
// which takes longer than either is in Python.
inline void give_way() {
  if (g_served.load(std::memory_order_relaxed) > 0) wait_for_served();
}

// After a thread has let go of the GIL to call the hub.
inline void leave() {
  if (std::exchange(t_data.served, false)) count_off_served();
}

// The same as take() after a call of the hub.
inline void take_back(PyThreadState* state) {
  take(state);
  t_data.served = !t_data.running;
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
