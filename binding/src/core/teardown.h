// The end of a script's stay in Python: its module goes, and its interpreter ends, on the thread
// that owns it. Any thread may ask; nobody visits the script any more.
#pragma once

#include <atomic>
#include <memory>

#include "core/core.h"

namespace vh {

class Script;

namespace teardown {

// Gone, or Kept by threads of its own that did not end in time. From a thread that is not the
// owner: Gone, and the interpreter ends at the owner's next tend().
Unloading end(const std::shared_ptr<Script>& script);

// How many scripts wait for their owners.
inline std::atomic<int> g_waiting{0};

// Ends what waits for the calling thread, or for one that has ended.
void tend_now();
inline void tend() {
  if (g_waiting.load(std::memory_order_relaxed) > 0) tend_now();
}

// The same, and tries again to end those that threads of their own kept.
void retry_kept();

}  // namespace teardown
}  // namespace vh
