// Which script is running on a thread, and how deep hooks are nested in each other.
#pragma once

#include "core/attach.h"
#include "core/watchdog.h"

namespace vh {

class Script;

// The innermost script on the calling thread; null when none is (a thread that a script started).
inline Script* running_script() {
  return t_data.running;
}

// Whether scripts are nested in each other as deep as they may be on this thread: a hook that calls
// the hub that dispatches a hook … is not, when it is the hundredth or when less than a quarter of
// the thread's stack is left. Each interpreter bounds its own recursion only.
bool nested_too_deep();

// Enters a script: its interpreter, and the books about who is running and for how long. In a child
// that the script made by fork() the way back leads out of the process: a child never returns into
// the hub.
class Running {
 public:
  // For a look, without any code of the script's.
  explicit Running(Script& script);
  // For an activity of the script's, of at most `limit` milliseconds (0: of any time).
  Running(Script& script, int activity, int limit);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  // What is to be said when the interpreter has been left.
  struct Aftermath {
    ~Aftermath();
    Script& script;
    int activity, limit;
    watchdog::Overrun overrun;
  };
  struct Books {
    explicit Books(Script& entered) : script(entered), outer(t_data.running) {
      t_data.running = &script;
      ++t_data.nesting;
    }
    ~Books() {
      --t_data.nesting;
      t_data.running = outer;
    }
    Books(const Books&) = delete;
    Books& operator=(const Books&) = delete;
    Script& script;
    Script* outer;
  };
  Aftermath aftermath_;
  Books books_;
  Attach attach_;
};

}  // namespace vh
