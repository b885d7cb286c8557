#include "core/watchdog.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include "core/async_exception.h"
#include "core/hooks.h"
#include "core/monitor.h"
#include "core/script.h"
#include "core/thread_data.h"
#include "core/watch.h"

namespace vh {

const char* activity::name(int activity) {
  switch (activity) {
    case kCall:
      return "a call";
    case kLoad:
      return "loading";
    case kReport:
      return "reporting an exception";
    case kUnLoad:
    case kEnd:
      return "UnLoad";
    default:
      return all_hooks()[static_cast<std::size_t>(activity)].name;
  }
}

namespace watchdog {

Shared& shared() {
  static Shared& shared = *new Shared;
  return shared;
}

namespace {

// Gives the calling thread a watch, and the process its monitor.
Watch* begin() {
  const std::lock_guard lock(shared().mutex);
  Watch* mine = nullptr;
  for (const auto& watch : shared().watches)
    if (watch->thread == 0) mine = watch.get();
  if (!mine) mine = shared().watches.emplace_back(std::make_unique<Watch>()).get();
  mine->thread = PyThread_get_thread_ident();
  if (!std::exchange(shared().running, true)) {
    try {
      std::thread(monitor).detach();
    } catch (const std::system_error&) {
      shared().running = false;
    }
  }
  return mine;
}

}  // namespace

void enrol(const std::shared_ptr<Script>& script) {
  const std::lock_guard lock(shared().mutex);
  shared().scripts[script->id] = script;
}

void forget(const Script& script) {
  const std::lock_guard lock(shared().mutex);
  const auto known = shared().scripts.find(script.id);
  if (known != shared().scripts.end() && known->second.expired()) shared().scripts.erase(known);
}

void enter(const Script& script, int activity, int limit) {
  if (!t_data.watch) t_data.watch = begin();
  Watch& watch = *t_data.watch;
  const int depth = watch.depth.load(std::memory_order_relaxed);
  if (depth < kLevels) {
    Level& level = watch.levels[static_cast<std::size_t>(depth)];
    // An interruption that has not come yet was not meant for what is nested in it.
    if (depth > 0 && activity != activity::kEnd) {
      const Level& outer = watch.levels[static_cast<std::size_t>(depth - 1)];
      if (outer.fired.load(std::memory_order_relaxed) ==
          outer.visit.load(std::memory_order_relaxed))
        take_back_async_exception();
    }
    level.visit.store(0, std::memory_order_release);
    level.script.store(script.id, std::memory_order_relaxed);
    level.activity.store(activity, std::memory_order_relaxed);
    level.limit.store(limit, std::memory_order_relaxed);
    level.slow.store(activity >= 0 ? script.options.limits.slow : 0, std::memory_order_relaxed);
    level.visit.store(++watch.last, std::memory_order_release);
  }
  watch.depth.store(depth + 1, std::memory_order_release);
  if (g_idle.load(std::memory_order_relaxed)) {
    g_idle = false;
    {
      const std::lock_guard lock(shared().mutex);
      shared().woken = true;
    }
    shared().wake.notify_one();
  }
}

Overrun leave() {
  Watch& watch = *t_data.watch;
  const int depth = watch.depth.load(std::memory_order_relaxed) - 1;
  watch.depth.store(depth, std::memory_order_release);
  Overrun overrun;
  if (depth >= kLevels) return overrun;
  const Level& level = watch.levels[static_cast<std::size_t>(depth)];
  const Visit visit = level.visit.load(std::memory_order_relaxed);
  if (level.noticed.load(std::memory_order_relaxed) != visit) return overrun;
  const Clock::time_point since{Clock::duration(level.since)};
  overrun.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - since).count();
  overrun.timed_out = level.fired == visit;
  overrun.swallowed = overrun.timed_out && level.told != visit;
  if (overrun.timed_out) take_back_async_exception();
  return overrun;
}

void settle() {
  const std::lock_guard lock(t_data.watch->mutex);
}

std::string say_timeout(int activity, int limit) {
  return std::string(activity::name(activity)) + " took longer than " + std::to_string(limit) +
         " ms";
}

std::optional<std::string> timed_out() {
  Watch* watch = t_data.watch;
  const int depth = watch ? watch->depth.load(std::memory_order_relaxed) : 0;
  if (depth == 0 || depth > kLevels) return std::nullopt;
  Level& level = watch->levels[static_cast<std::size_t>(depth - 1)];
  if (level.fired.load() != level.visit.load()) return std::nullopt;
  level.told = level.visit.load();
  return say_timeout(level.activity, level.limit);
}

std::optional<std::string> late() {
  Watch* watch = t_data.watch;
  const int depth = watch ? std::min(watch->depth.load(std::memory_order_relaxed), kLevels) : 0;
  for (int i = 0; i < depth; ++i) {
    Level& level = watch->levels[static_cast<std::size_t>(i)];
    const Visit visit = level.visit.load(std::memory_order_relaxed);
    if (level.late.load(std::memory_order_relaxed) != visit) continue;
    if (i + 1 == depth) {
      level.late = 0;  // once: it may be cleaning up
      level.fired = visit;
    }
    return say_timeout(level.activity, level.limit);
  }
  return std::nullopt;
}

void thread_ended() {
  if (!t_data.watch) return;
  t_data.watch->thread = 0;
  t_data.watch = nullptr;
}

void when_a_second_passed(void (*work)()) {
  shared().each_second = work;
}

}  // namespace watchdog
}  // namespace vh
