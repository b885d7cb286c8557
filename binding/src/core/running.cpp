#include "core/running.h"

#include "core/runtime.h"
#include "core/script.h"

namespace vh {
namespace {

thread_local Script* t_running = nullptr;
thread_local int t_nesting = 0;

}  // namespace

Script* running_script() {
  return t_running;
}

int nesting() {
  return t_nesting;
}

Running::Books::Books(Script& entered) : script(entered), outer(t_running) {
  t_running = &script;
  ++t_nesting;
  ++script.frames;
}

Running::Books::~Books() {
  --script.frames;
  --t_nesting;
  t_running = outer;
}

Running::Running(Script& script) : books_(script), attach_(*script.interpreter) {}

Running::~Running() {
  books_.script.interpreter->keep_fair();
  if (runtime::is_forked_child()) runtime::end_forked_child({});
}

}  // namespace vh
