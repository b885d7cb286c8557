// Two threads that each write one thing and then read what the other wrote: at least one of them
// must see the other's. Both need a barrier between the write and the read. Where one of them does
// so with every hook and the other hardly ever, the first takes the light one, which costs nothing,
// and the second the heavy one, which makes every running thread of the process pass a barrier.
#pragma once

#include <atomic>

namespace vh::barrier {

// Whether the system has a barrier for other threads (Linux: membarrier, since 4.14). If not, both
// are of the usual kind.
extern const bool g_reaches_others;

// Not a fence, which ThreadSanitizer does not know: whoever passes later sees what others wrote
// before they passed.
inline std::atomic<unsigned> g_passed = 0;
inline void pass() {
  g_passed.fetch_add(1);
}

inline void light() {
  if (g_reaches_others)
    std::atomic_signal_fence(std::memory_order_seq_cst);
  else
    pass();
}

void heavy();

}  // namespace vh::barrier
