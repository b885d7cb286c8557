#include "core/running.h"

#include <pthread.h>

#include "core/runtime.h"
#include "core/script.h"

namespace vh {
namespace {

thread_local Script* t_running = nullptr;
thread_local int t_nesting = 0;

constexpr int kMaxNesting = 100;

// The address that the calling thread's stack, which grows down, should not reach.
const char* stack_floor() {
  pthread_attr_t attributes;
  void* lowest = nullptr;
  std::size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return nullptr;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  return static_cast<const char*>(lowest) + size / 4;
}

}  // namespace

Script* running_script() {
  return t_running;
}

bool nested_too_deep() {
  thread_local const char* const floor = stack_floor();
  const char here = 0;
  return t_nesting >= kMaxNesting || &here < floor;
}

Running::Books::Books(Script& entered) : script(entered), outer(t_running) {
  t_running = &script;
  ++t_nesting;
}

Running::Books::~Books() {
  --t_nesting;
  t_running = outer;
}

Running::Running(Script& script) : books_(script), attach_(*script.interpreter) {}

Running::~Running() {
  books_.script.interpreter->keep_fair();
  if (runtime::is_forked_child()) runtime::end_forked_child({});
}

}  // namespace vh
