// Turns at the GIL, for threads that call scripts at the same time.
//
// A hook is far shorter than the system calls by which a waiting thread is woken, and CPython wakes
// one each time the GIL is let go. So a thread that finds another one in Python, or about to come
// back there, first sleeps without asking for the GIL: until the other one is out, or for one turn
// at most. That is advice and no lock: who has waited so long goes on in any case, and nothing can
// wait for ever. Threads that scripts started take no part.
#pragma once

#include <atomic>

#include "core/thread_data.h"

namespace vh::turns {

inline std::atomic<bool> g_needed{false};  // more than one thread has called scripts
inline std::atomic<ThreadId> g_holder{0};  // whose turn it is
inline std::atomic<int> g_inside{0};       // threads in Python
inline std::atomic<int> g_waiting{0};

void wait();
void wake_one();

// Before the calling thread, which is out of Python, takes the GIL.
inline void enter() {
  if (!g_needed.load(std::memory_order_relaxed)) return;
  const bool free = g_inside.load(std::memory_order_relaxed) == 0 &&
                    g_waiting.load(std::memory_order_relaxed) == 0;
  if (free)
    g_holder.store(t_data.id, std::memory_order_relaxed);
  else if (g_holder.load(std::memory_order_relaxed) != t_data.id)
    wait();
  g_inside.fetch_add(1, std::memory_order_relaxed);
  t_data.in_turn = true;
}

// After it has let go of the GIL. True: come back by enter().
inline bool leave() {
  if (!t_data.in_turn) return false;
  t_data.in_turn = false;
  g_inside.fetch_sub(1, std::memory_order_relaxed);
  if (g_waiting.load(std::memory_order_relaxed) > 0) wake_one();
  return true;
}

}  // namespace vh::turns
