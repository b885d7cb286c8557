// Threads for the suites that use the C API from several of them.
#pragma once

#include <atomic>
#include <functional>
#include <latch>
#include <thread>

#include "c_api.h"

namespace vh::test {

inline constexpr int kThreads = 4;

// Runs `work` on several threads, which begin together.
inline void on_threads(const std::function<void(int)>& work) {
  std::latch ready(kThreads);
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      ready.arrive_and_wait();
      work(i);
    });
}

inline void on_a_thread(const std::function<void()>& work) {
  std::jthread thread(work);
}

// A callback that counts its calls.
inline std::atomic<int> g_calls;
inline w_Targs* count(int, w_Targs*) {
  return w_pack("l", long{++g_calls});
}

}  // namespace vh::test
