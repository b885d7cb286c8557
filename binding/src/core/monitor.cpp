#include "core/monitor.h"

#include <algorithm>
#include <cstdio>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include "core/fairness.h"
#include "core/frames.h"
#include "core/host.h"
#include "core/script.h"
#include "core/script_threads.h"
#include "core/waits.h"
#include "core/watch.h"
#include "core/watchdog.h"

namespace vh::watchdog {
namespace {

using namespace std::chrono_literals;

constexpr Clock::duration kTick = 10ms;
// While no thread has been in a script for so long, the monitor looks less often, unless woken.
constexpr Clock::duration kIdleAfter = 10s, kIdleTick = 1s;
// An activity that goes on although it was interrupted is interrupted again: soon, then at leisure.
constexpr Clock::duration kAgain = 100ms, kAgainLater = 1s;
constexpr int kSoon = 60;
// It may be in the midst of taking a lock: then it is let go on, for so many looks.
constexpr int kAwkward = 50;
// It is reported as stuck when it does not react for so long, and then every so often.
constexpr Clock::duration kReaction = 250ms, kEvery = 10s;

// Raises vh.HookTimeout in what the thread is doing, if it still is, and ends the wait it may be
// in.
void interrupt(const std::shared_ptr<Script>& script, Watch& watch, int index, Visit visit,
               int attempt) {
  const Interpreter::Guest guest(*script->interpreter);
  if (!guest) return;
  const fairness::Wanting wanting;
  PyThreadState* state = PyThreadState_New(script->interpreter->state());
  fairness::take(state);
  if (watch.is_at(index, visit)) {
    Level& level = watch.levels[static_cast<std::size_t>(index)];
    const auto caution =
        attempt <= kAwkward ? script_threads::Caution::Locks : script_threads::Caution::None;
    const bool done = script_threads::interrupt(*script, watch.thread, waits::Why::Timeout,
                                                level.fired.load() != visit, caution);
    if (done) level.fired = visit;
    watch.awkward = !done;
    const std::string where = frames::where(*script, watch.thread);
    // Not awaited: the monitor may be held up by who reads what it says.
    const std::unique_lock lock(watch.mutex, std::try_to_lock);
    if (lock) watch.where = where;
  }
  PyThreadState_Clear(state);
  PyThreadState_DeleteCurrent();
}

// The monitor's own notes on a level.
struct Seen {
  Visit visit = 0;
  Clock::time_point since;
  Clock::duration others{};  // went to activities nested in it that were over their limits
  int interrupted = 0;
  Clock::time_point interrupt_at{}, report_at{};
};

class Monitor {
 public:
  [[noreturn]] void run() {
    auto last_busy = Clock::now(), last_second = last_busy;
    for (;;) {
      sleep();
      const auto now = Clock::now();
      if (look(now)) last_busy = now;
      g_idle = now - last_busy > kIdleAfter;
      if (now - last_second < 1s) continue;
      last_second = now;
      if (auto* work = shared().each_second.load()) work();
    }
  }

 private:
  static void sleep() {
    std::unique_lock lock(shared().mutex);
    shared().wake.wait_for(lock, g_idle ? kIdleTick : kTick,
                           [] { return std::exchange(shared().woken, false); });
  }

  // Whether any thread is in a script.
  bool look(Clock::time_point now) {
    std::vector<Watch*> watches;
    {
      const std::lock_guard lock(shared().mutex);
      for (const auto& watch : shared().watches) watches.push_back(watch.get());
    }
    bool busy = false;
    for (Watch* watch : watches) busy |= look(*watch, now);
    return busy;
  }

  bool look(Watch& watch, Clock::time_point now) {
    auto& seen = seen_[&watch];
    const auto depth =
        static_cast<std::size_t>(std::min(watch.depth.load(std::memory_order_acquire), kLevels));
    for (std::size_t i = 0; i < depth; ++i) {
      const Visit visit = watch.levels[i].visit.load(std::memory_order_acquire);
      if (i < seen.size() && seen[i].visit == visit) continue;
      forget(seen, i, now);
      seen.push_back({visit, now});
    }
    forget(seen, depth, now);
    for (std::size_t i = 0; i < depth; ++i) check(watch, seen, i, now);
    return depth > 0;
  }

  // What is over. Those around it are not to be blamed for the time of one that was over its limit.
  static void forget(std::vector<Seen>& seen, std::size_t from, Clock::time_point now) {
    while (seen.size() > from) {
      const Seen over = seen.back();
      seen.pop_back();
      if (over.interrupted)
        for (Seen& outer : seen) outer.others += now - over.since;
    }
  }

  static void check(Watch& watch, std::vector<Seen>& all, std::size_t index,
                    Clock::time_point now) {
    Seen& seen = all[index];
    Level& level = watch.levels[index];
    const auto slow = std::chrono::milliseconds(level.slow),
               limit = std::chrono::milliseconds(level.limit);
    const ScriptId id = level.script;
    const int activity = level.activity;
    if (level.visit.load(std::memory_order_acquire) != seen.visit) return;
    const auto elapsed = now - seen.since - seen.others;
    const bool is_slow = slow > 0ms && elapsed >= slow, is_over = limit > 0ms && elapsed >= limit;
    if (!is_slow && !is_over) return;
    level.since = seen.since.time_since_epoch().count();
    level.noticed = seen.visit;
    if (!is_over) return;
    // Only the innermost is interrupted: an outer one is not running. Unless what is nested is to
    // blame, it learns that it is late when it calls vh.
    const std::span<const Seen> inner = std::span<const Seen>(all).subspan(index + 1);
    if (!inner.empty()) {
      const auto blamed = std::ranges::find_if(inner, &Seen::interrupted);
      if (blamed == inner.end() || elapsed - (now - blamed->since) >= limit)
        level.late = seen.visit;
      return;
    }
    if (seen.interrupted == 0 && level.fired.load() == seen.visit) {
      seen.interrupted = 1;
      seen.interrupt_at = now + kAgain;
      seen.report_at = now + kReaction;
    }
    if (now >= seen.interrupt_at || watch.awkward.exchange(false)) {
      seen.interrupt_at = now + (++seen.interrupted < kSoon ? kAgain : kAgainLater);
      start_interrupting(watch, static_cast<int>(index), seen, id, activity);
      if (seen.interrupted == 1) seen.report_at = now + kReaction;
    } else if (now >= seen.report_at) {
      seen.report_at = now + kEvery;
      report(watch, static_cast<int>(index), seen.visit, id, activity, elapsed);
    }
  }

  static std::shared_ptr<Script> find(ScriptId id) {
    const std::lock_guard lock(shared().mutex);
    const auto known = shared().scripts.find(id);
    return known == shared().scripts.end() ? nullptr : known->second.lock();
  }

  static void start_interrupting(Watch& watch, int index, const Seen& seen, ScriptId id,
                                 int activity) {
    const bool ends = activity == activity::kEnd;  // its interpreter cannot be entered any more
    if (ends) waits::cancel(watch.thread, waits::Why::End);
    if (watch.interrupting.exchange(true)) return;
    try {
      std::thread([&watch, index, ends, visit = seen.visit, attempt = seen.interrupted,
                   script = find(id)]() mutable {
        if (script && ends)
          script->own_interpreter->interrupt_end();
        else if (script)
          interrupt(script, watch, index, visit, attempt);
        script.reset();
        watch.interrupting = false;
      }).detach();
    } catch (const std::system_error&) {
      watch.interrupting = false;  // the process may have no more threads: later, then
    }
  }

  // While the mutex is held, the thread does not get past leave(), and the host stays.
  static void report(Watch& watch, int index, Visit visit, ScriptId id, int activity,
                     Clock::duration elapsed) {
    const auto script = find(id);
    const std::lock_guard lock(watch.mutex);
    if (!script || !watch.is_at(index, visit)) return;
    const auto seconds = std::chrono::duration<double>(elapsed).count();
    char time[32];
    std::snprintf(time, sizeof time, "%.1f s", seconds);
    const bool entered = !watch.interrupting;
    script->host.hub().on_stuck(id, script->path,
                                std::string(activity::name(activity)) + " has taken " + time +
                                    " and goes on, though it was interrupted" +
                                    (!entered ? ": it is in a call that Python cannot enter"
                                     : watch.where.empty() ? ""
                                                           : ": it is at " + watch.where));
  }

  std::map<Watch*, std::vector<Seen>> seen_;
};

}  // namespace

void monitor() {
  (new Monitor)->run();
}

}  // namespace vh::watchdog
