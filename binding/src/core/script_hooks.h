// A script's hooks: which it has, kept true while it runs, and how each is called.
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <span>
#include <vector>

#include "core/core.h"
#include "core/hooks.h"
#include "core/ref.h"

namespace vh {

// What a script said of an event.
struct HookResult {
  enum class Said { Allow, Block, Substitute, Text, Nonsense, Raised };
  Said said = Said::Allow;
  std::vector<Value>
      values;            // Substitute: as many as the hook has arguments. Text: one. Owned texts.
  std::string nonsense;  // what was returned instead of a verdict
  std::optional<Failure> failure;  // Raised
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

  // Calls a hook that the script has; `out` is fresh. The GIL is held, in the script's interpreter.
  void call(int hook, std::span<const Value> args, HookResult& out);

  // True the first time it is asked about a hook.
  bool warn_once(int hook);

  std::vector<HookStats> stats() const;

 private:
  static constexpr std::size_t kSlots = 64;

  struct Slot {
    Owned function;
    int arity = -1;  // how many arguments it takes of the hook's; -1: not looked at yet
    const OtherOrder* order = nullptr;
    bool warned = false;
    std::uint64_t calls = 0, errors = 0, timed = 0, nanoseconds = 0;
  };

  void look_at(int hook, Slot& slot);
  void count(int hook, int change);

  std::array<Slot, kSlots> slots_;
  std::array<std::atomic<bool>, kSlots> has_{};
  std::uint32_t* counts_;
  bool active_ = false;
};

}  // namespace vh
