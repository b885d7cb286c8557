// The blocking calls of scripts: who sits in one can be woken, asked to do something, or made to
// give it up.
//
// Waking is a signal to the thread, whose handler does nothing: the system call fails with EINTR.
// Who sees that is libc_hooks.h, and CPython's methods that wait, blocking_methods.h; both
// work by a record that each waiting thread has here, waiting_thread.h. On systems other than Linux
// nothing is hooked: no wait is ever interrupted.
#pragma once

#include "core/core.h"

namespace vh::waits {

// ---- For Core, which see ----

void serve(WaitServer& server);
void stop_serving(WaitServer& server);
void knock(WaitServer& server);

// ---- For the watchdog and the teardown ----

// Why a wait is given up, and so what is raised: vh.HookTimeout, SystemExit.
enum class Why : unsigned char { Timeout = 1, End };

// Makes a thread, by Python's number for it, give up the blocking call it sits in, if it does. To
// be repeated: it may come to its call a moment later. Any thread.
// True: it sat in one and is being woken, so that it need not be told in another way.
bool cancel(unsigned long thread, Why why);

// Does what waits for the calling thread. Without the GIL.
void serve_now();

// ---- For runtime.h and libc_hooks.h ----

// Before anything waits. Once.
void install();

// The signal that wakes; 0: none does.
int wake_signal();

}  // namespace vh::waits
