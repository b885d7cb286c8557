#include "core/running.h"

#include <pthread.h>

#include "core/failure.h"
#include "core/hooks.h"
#include "core/host.h"
#include "core/runtime.h"
#include "core/script.h"

namespace vh {
namespace {

constexpr int kMaxNesting = 100;
constexpr int kNothing = kNoHook;  // no activity

// The address that the calling thread's stack, which grows down, should not reach;
// null when that cannot be told.
const char* find_stack_floor() {
  pthread_attr_t attributes;
  void* lowest = nullptr;
  std::size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return nullptr;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  return static_cast<const char*>(lowest) + size / 4;
}

}  // namespace

bool nested_too_deep() {
  if (!t_data.stack_floor) t_data.stack_floor = find_stack_floor();
  const char here = 0;
  return t_data.nesting >= kMaxNesting || &here < t_data.stack_floor;
}

Running::Running(Script& script)
    : aftermath_{script, kNothing, 0, {}}, books_(script), attach_(*script.interpreter) {}

Running::Running(Script& script, int activity, int limit)
    : aftermath_{script, activity, limit, {}}, books_(script), attach_(*script.interpreter) {
  watchdog::enter(script, activity, limit);
}

Running::~Running() {
  if (aftermath_.activity != kNothing) {
    aftermath_.overrun = watchdog::leave();
    books_.script.count_timeout(aftermath_.activity, aftermath_.overrun.timed_out);
  }
  books_.script.interpreter->keep_fair();
  if (runtime::is_forked_child()) runtime::end_forked_child({});
}

Running::Aftermath::~Aftermath() {
  if (overrun.milliseconds < 0) return;
  watchdog::settle();
  if (overrun.swallowed && (activity >= 0 || activity == vh::activity::kCall)) {
    script.host.hub().on_error(
        script.id, activity >= 0 ? activity : kNoHook,
        make_failure("vh.HookTimeout", watchdog::say_timeout(activity, limit)));
  }
  const int slow = script.options.limits.slow;
  if (activity >= 0 && slow > 0 && overrun.milliseconds >= slow)
    script.host.hub().on_slow(script.id, activity, overrun.milliseconds);
  if (overrun.timed_out && script.is_to_be_disabled()) script.host.disable(script);
}

}  // namespace vh
