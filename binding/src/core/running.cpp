#include "core/running.h"

#include <pthread.h>

#include "core/runtime.h"
#include "core/script.h"

namespace vh {
namespace {

constexpr int kMaxNesting = 100;

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

Running::Running(Script& script) : books_(script), attach_(*script.interpreter) {}

Running::~Running() {
  books_.script.interpreter->keep_fair();
  if (runtime::is_forked_child()) runtime::end_forked_child({});
}

}  // namespace vh
