// A script's hooks: which it has, kept true while it runs, and how each is called.
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <span>
#include <vector>

#include "core/core.h"
#include "core/hooks.h"
#include "core/ref.h"

namespace vh {

// Counts what happens with the GIL held; read on any thread.
class Counter {
 public:
  void add(std::uint64_t more) { count_.store(value() + more, std::memory_order_relaxed); }
  std::uint64_t value() const { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> count_ = 0;
};

class ScriptHooks {
 public:
  // `counts`, one for each hook: how many scripts of the host have it.
  explicit ScriptHooks(std::uint32_t* counts) : counts_(counts) {}

  // A function was bound to a hook's name, or (null) the name was deleted. The GIL is held; any
  // thread.
  void bind(int hook, PyObject* function);
  PyObject* bound(int hook) const { return slots_[static_cast<std::size_t>(hook)].function.get(); }

  // Only between these two do the hooks count.
  void activate();
  void deactivate();
  // Lets go of the functions. The GIL is held.
  void clear();

  bool has(int hook) const {
    return has_[static_cast<std::size_t>(hook)].load(std::memory_order_relaxed);
  }

  // Calls a hook that the script has, with as many of the arguments as it takes. Null with a Python
  // error set. The GIL is held, in the script's interpreter.
  Owned call(int hook, std::span<const Value> args);

  std::uint64_t calls(int hook) const {
    return slots_[static_cast<std::size_t>(hook)].calls.value();
  }

  // True the first time it is asked about a hook.
  bool warn_once(int hook);

  std::vector<HookStats> stats() const;

 private:
  static constexpr std::size_t kSlots = 64;
  static constexpr std::size_t kUnknown = SIZE_MAX, kUnlimited = SIZE_MAX - 1;

  struct Slot {
    Owned function;
    std::size_t arity = kUnknown;  // how many arguments it takes
    const OtherOrder* order = nullptr;
    std::atomic<bool> warned = false;
    Counter calls, errors, timed, nanoseconds;
  };

  void look_at(int hook, Slot& slot);
  void count(int hook, int change);

  std::array<Slot, kSlots> slots_;
  std::array<std::atomic<bool>, kSlots> has_{};
  std::uint32_t* counts_;
  std::mutex mutex_;  // has_ and counts_ change together
  bool active_ = false;
};

}  // namespace vh
