// The end of one script's stay in Python, in stages, each with its time:
//
//   unload     UnLoad() has been called
//   exit       the module goes; what threading's users registered for the end: executors tell their
//              threads to stop
//   wait       threads that are ending by themselves are waited for
//   interrupt  SystemExit is raised in those that are left, and ends the waits they sit in; again
//              and again
//   end        exit functions, and the interpreter's own end
//
// A step takes a moment, so that its driver may do other things between them. All on the thread
// that owns the script's interpreter, without the GIL; nobody visits the script any more.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "core/core.h"

namespace vh {

class Script;

class Ending {
 public:
  // `unload`: what UnLoad() took.
  Ending(std::shared_ptr<Script> script, std::chrono::steady_clock::duration unload);

  // Whether a step is under way: code of the script that it runs may lead to another driver.
  bool busy() const { return stepping_; }
  // Goes on. True when that is all for now: the script has ended, or its time is up and threads of
  // it live on. Then it may be called again, much later.
  bool step();

  const EndReport& report() const { return report_; }
  const std::shared_ptr<Script>& script() const { return script_; }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Stage { Begin, Wait, Interrupt, End, Over };

  Clock::duration limit() const;
  bool is_out_of_time() const;
  int part() const;
  void is_over(const char* stage);
  bool go_on();
  void leave_world();
  void tell_executors();
  bool threads_have_ended();
  bool end();

  const std::shared_ptr<Script> script_;
  EndReport report_;
  Stage stage_ = Stage::Begin;
  bool stepping_ = false;
  bool exited_ = false;                // exit functions have run
  int interruptions_ = 0;              // of all its threads
  std::vector<unsigned long> spared_;  // of them: still to be interrupted
  int looks_ = 0;                      // at those
  Clock::duration lenience_{};         // with those
  Clock::time_point begun_, stage_begun_, interrupt_at_, looked_;
  Clock::duration pause_;  // between interruptions
};

}  // namespace vh
