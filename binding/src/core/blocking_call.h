// One blocking call: how it is announced, woken, gone on with and given up. See libc_hooks.h.
#pragma once

#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <optional>

#include "core/name.h"
#include "core/ref.h"
#include "core/waiting_thread.h"

namespace vh::libc_hooks {

using waits::WaitingThread;

// How a function is woken and given up.
struct Way {
  // What waits is done before the call begins, too. Not where it may come to no wait at all: to
  // write to a file, with the file object locked.
  bool serves_first;
  // After it has been woken it begins anew. Not where that prolongs a timeout.
  bool again;
  bool returns_error = false;  // as its value, not in errno
  int given_up = ECANCELED;
};
constexpr Way kTransfer = {false, true};
constexpr Way kConnect = {false, false};  // once begun, it goes on by itself
constexpr Way kWait = {true, true};
constexpr Way kTimed = {true, false};
constexpr Way kSleep = {true, false, true};
constexpr Way kLock = {true, true, false, ETIMEDOUT};

// How often the thread is at others' service before it looks after itself: they may ask for it
// faster than it can serve.
constexpr int kMostFirst = 10;

template <Way way, typename Result, typename... Args>
Result wait(WaitingThread& thread, Result (*real)(Args...), Args... args) {
  for (int first = 0;;) {
    thread.begin();
    if (way.serves_first && first < kMostFirst && thread.is_wanted()) {
      ++first;
      if (thread.end()) thread.given_up();
      thread.serve();
      continue;
    }
    first = 0;
    const Result result = real(args...);
    const int error = way.returns_error ? static_cast<int>(result) : result == -1 ? errno : 0;
    const bool woken = thread.end();
    const auto order = woken ? thread.given_up() : std::nullopt;
    if (!way.returns_error && error != 0) errno = error;
    if (!woken || error != EINTR) return result;
    if (order) {
      if (WaitingThread::Method* method = WaitingThread::method()) method->given_up = order;
      if (way.returns_error) return way.given_up;
      errno = way.given_up;
      return -1;
    }
    if (thread.is_wanted()) thread.serve();
    if (!way.again) return result;
  }
}

inline bool holds_gil() {
  return PyThreadState_GetUnchecked() != nullptr;
}

// A function of the C library, and its counterpart here.
template <Name name, Way way, typename Signature>
struct Hooked;
template <Name name, Way way, typename Result, typename... Args>
struct Hooked<name, way, Result(Args...)> {
  static inline Result (*real)(Args...) = nullptr;

  static Result call(Args... args) {
    return holds_gil() ? real(args...) : wait<way>(WaitingThread::here(), real, args...);
  }
  // The same for CPython's own wait for a lock.
  static Result call_in_method(Args... args) {
    return !WaitingThread::method() || holds_gil()
               ? real(args...)
               : wait<way>(WaitingThread::here(), real, args...);
  }
};

// A function that writes: woken half way it says how far it has come, which few scripts look at.
template <Name name, typename... Args>
struct Writing {
  static inline ssize_t (*real)(int, const void*, std::size_t, Args...) = nullptr;

  static ssize_t call(int to, const void* data, std::size_t size, Args... args) {
    if (holds_gil()) return real(to, data, size, args...);
    WaitingThread& thread = WaitingThread::here();
    std::size_t written = 0;
    for (;;) {
      const void* const rest = static_cast<const char*>(data) + written;
      const ssize_t result = wait<kTransfer>(thread, real, to, rest, size - written, args...);
      if (result < 0) return written > 0 ? static_cast<ssize_t>(written) : result;
      written += static_cast<std::size_t>(result);
      if (written == size || !thread.was_woken()) return static_cast<ssize_t>(written);
      if (thread.is_wanted()) thread.serve();
    }
  }
};

}  // namespace vh::libc_hooks
