// The blocking calls of scripts: who sits in one can be woken, asked to do something, or made to
// give it up.
#pragma once

#include "core/core.h"

namespace vh::waits {

// ---- For Core, which see ----

void serve(WaitServer& server);
void stop_serving(WaitServer& server);
void knock(WaitServer& server);

// ---- For the watchdog and the teardown ----

// Does what waits for the calling thread, without the GIL.
void serve_now();

// Why a wait is given up, and so what is raised: vh.HookTimeout, SystemExit.
enum class Why : unsigned char { Timeout = 1, End };

// Makes a thread, by Python's number for it, give up the blocking call it sits in, if it does. To
// be repeated: it may come to its call a moment later. Any thread.
void cancel(unsigned long thread, Why why);

}  // namespace vh::waits
