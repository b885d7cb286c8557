// What the threads that enter scripts and the monitor tell each other.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/core.h"

namespace vh {

class Script;

namespace watchdog {

using Clock = std::chrono::steady_clock;

constexpr int kLevels = 120;  // more than hooks may be nested

using Visit = std::uint64_t;  // of a thread: 1, 2, 3 …

// One activity of those that are nested in each other on a thread. Written by that thread, except
// for what is said to be the monitor's.
struct Level {
  std::atomic<Visit> visit = 0;
  std::atomic<ScriptId> script = -1;
  std::atomic<int> activity = 0, limit = 0, slow = 0;
  std::atomic<Visit> told = 0;        // that it was interrupted
  std::atomic<Visit> fired = 0;       // interrupted; written with the GIL held
  std::atomic<Visit> noticed = 0;     // the monitor's: found to be slow, or over its limit
  std::atomic<Clock::rep> since = 0;  // the monitor's: when it saw that one first
  std::atomic<Visit> late = 0;        // the monitor's: over its limit, but others are nested in it
};

struct Watch {
  std::atomic<unsigned long> thread = 0;  // Python's number for it; 0: nobody's
  std::atomic<int> depth = 0;
  std::array<Level, kLevels> levels;
  Visit last = 0;

  std::atomic<bool> interrupting = false;  // a thread is trying to
  std::atomic<bool> awkward = false;       // it came at a bad moment: again, soon
  std::mutex mutex;                        // held while the monitor reports
  std::string where;                       // it was when it was interrupted last; under the mutex

  bool is_at(int level, Visit visit) const {
    return depth.load(std::memory_order_acquire) == level + 1 &&
           levels[static_cast<std::size_t>(level)].visit.load(std::memory_order_acquire) == visit;
  }
};

// Never destroyed: threads outlive main() at exit.
struct Shared {
  std::mutex mutex;
  std::vector<std::unique_ptr<Watch>> watches;  // never deleted, but used again
  std::map<ScriptId, std::weak_ptr<Script>> scripts;
  std::condition_variable wake;
  bool woken = false;
  bool running = false;
  std::atomic<void (*)()> each_second = nullptr;
};
Shared& shared();

// No thread has been in a script for long: the monitor sleeps, and has to be woken.
inline std::atomic<bool> g_idle{false};

}  // namespace watchdog
}  // namespace vh
