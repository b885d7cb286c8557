// One PyThreadState for each (OS thread, interpreter), made when it is first needed.
//
// PyGILState cannot do this: it knows only the main interpreter. States that Python itself made,
// for its own threads, are used while such a thread is out in the hub, and stay Python's.
#pragma once

#include <cstdint>

#include "core/ref.h"
#include "core/thread_data.h"

namespace vh {

using InterpreterId = std::int64_t;  // CPython's own; never used twice

namespace thread_states {

ThreadId first_seen();  // gives the calling thread its number
inline ThreadId this_thread() {
  return t_data.id ? t_data.id : first_seen();
}

// Whether a thread lives no more.
bool has_ended(ThreadId thread);

// The calling thread's state in an interpreter. The GIL need not be held.
PyThreadState* get(InterpreterId id, PyInterpreterState* interpreter);

// The calling thread has this state, made by CPython with the interpreter: it is ours from now on.
// It stays when the thread ends: an interpreter that has lost its first state takes no other.
void adopt(InterpreterId id, PyThreadState* state);

// The same for the main interpreter, which does not end.
void adopt_main(InterpreterId id, PyThreadState* state);

// Forgets what of the calling thread's another has deleted.
void purge();

// Deletes the states that other threads left in an interpreter, which none of them is in any more.
// The GIL is held, in that interpreter. CPython keeps in each thread a pointer to the state that
// was used there last, so such threads have to leave an interpreter that is not theirs by way of
// the main one (attach.h).
void reclaim(InterpreterId id);

// The interpreter has ended, and its states with it.
void forget(InterpreterId id);

// While it lives, a state that Python made for the calling thread is found by get().
class Lend {
 public:
  Lend(InterpreterId id, PyThreadState* state);
  ~Lend();
  Lend(const Lend&) = delete;
  Lend& operator=(const Lend&) = delete;

 private:
  InterpreterId id_;
  PyThreadState* state_;
  bool lent_;
};

}  // namespace thread_states
}  // namespace vh
