// The GIL's fairness between interpreters that share it.
//
// CPython 3.12 asks the thread that holds the GIL to let go of it only in the name of a waiter in
// the same interpreter: a script's thread that computes without pause would keep every other
// interpreter, and so the hub's thread, waiting for ever. The cure: an interpreter with threads of
// its own gets a helper thread, which waits for the GIL there, in the name of whoever waits
// elsewhere. From 3.13 on CPython asks rightly, and none of this is compiled.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/ref.h"

namespace vh::fairness {

inline constexpr bool kNeeded = PY_VERSION_HEX < 0x030D0000;

// How many helpers there are, and how many threads want the GIL while there are any.
inline std::atomic<int> g_helpers{0};
inline std::atomic<int> g_wanting{0};

// While it lives, the calling thread wants the GIL, or has it and may want it again: CPython lets
// go of it by itself, to read a file for instance.
class Wanting {
 public:
  Wanting() : counted_(kNeeded && g_helpers.load(std::memory_order_relaxed) > 0) {
    if (counted_) ++g_wanting;
  }
  ~Wanting() {
    if (counted_) --g_wanting;
  }
  Wanting(const Wanting&) = delete;
  Wanting& operator=(const Wanting&) = delete;

 private:
  bool counted_;
};

// A helper for one interpreter. Made with the GIL or without; ended without it, before the
// interpreter ends.
class Helper {
 public:
  explicit Helper(PyInterpreterState* interpreter);
  ~Helper();
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;

 private:
  void run(PyInterpreterState* interpreter);

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace vh::fairness
