// Deadlines of scripts: what each thread is doing in them, and a monitor that looks at it every few
// milliseconds.
//
// To enter a script costs some stores and no look at the clock: by a number that is new with every
// entry the monitor sees that a thread is still where it was. The monitor never takes the GIL. What
// needs it, raising vh.HookTimeout in a script, is done by a thread of its own, which may have to
// wait for as long as a call in C lasts.
#pragma once

#include <memory>
#include <optional>

#include "core/core.h"

namespace vh {

class Script;

// What a script is doing: a hook, by its number, or one of these.
namespace activity {

inline constexpr int kCall = -2, kLoad = -3, kUnLoad = -4, kEnd = -5, kReport = -6;

const char* name(int activity);

}  // namespace activity

namespace watchdog {

// The monitor finds scripts by their ids from here on.
void enrol(const std::shared_ptr<Script>& script);
void forget(const Script& script);

// The calling thread begins to do something in a script, for at most `limit` milliseconds (0: for
// any time), and ends it. The GIL is held, in the script's interpreter (but for kEnd).
void enter(const Script& script, int activity, int limit);

struct Overrun {
  bool timed_out = false;    // vh.HookTimeout was raised in it
  bool swallowed = false;    // and nothing has come of that
  double milliseconds = -1;  // what it took, when the monitor found it slow
};
Overrun leave();
// After a leave() that found it slow, without the GIL: lets the monitor finish what it is saying.
void settle();

// Whether the calling thread's present activity was interrupted, and if so what to say of it. The
// GIL is held.
std::optional<std::string> timed_out();

// Whether an activity of the calling thread is over its limit though nothing interrupts it, because
// others are nested in it, one after the other: if so what to say of it. What is nested may call vh
// no more; it itself is interrupted hereby. The GIL is held.
std::optional<std::string> late();

std::string say_timeout(int activity, int limit);

// The calling thread ends.
void thread_ended();

// Every second: what has to be tried again, by those who know.
void when_a_second_passed(void (*work)());

}  // namespace watchdog
}  // namespace vh
