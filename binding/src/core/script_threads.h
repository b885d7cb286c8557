// The threads that scripts start: whose they are, and how they are interrupted.
//
// In a script's own interpreter all threads are that script's. In the main interpreter a thread is
// the script's that started it, or whose thread started it: `_thread`'s functions are wrapped, so
// that it is known.
#pragma once

#include <string>
#include <vector>

#include "core/core.h"
#include "core/ref.h"
#include "core/waits.h"

namespace vh {

class Script;

namespace script_threads {

// From now on it is known of threads in the current interpreter who started them. To be called with
// each script that is loaded there. The GIL is held. False with a Python error set.
bool watch();

// The threads of the script, by Python's numbers, without the calling one. The GIL is held, in the
// script's interpreter; nobody visits it.
std::vector<unsigned long> of(const Script& script);

// Names and places of such threads. The GIL is held, as before.
std::vector<ThreadInfo> describe(const Script& script, const std::vector<unsigned long>& threads);

// In which code of Python's a thread is let go on: that which takes a lock and would keep it for
// ever, and what may have a descriptor in its hands or be in the midst of cleaning up.
enum class Caution { None, Locks, Library };

// Interrupts what a thread does, by Python's number for it: the wait that it sits in is given up,
// and fails by an exception of its own; else the exception is raised in it. `first`: a wait that is
// given up needs no exception on top, which would hit what cleans up after it. False when it was
// let go on out of caution. The GIL is held, in the script's interpreter.
bool interrupt(const Script& script, unsigned long thread, waits::Why why, bool first,
               Caution caution);

// How many threads scripts have, in all interpreters. Any thread.
int count();

}  // namespace script_threads
}  // namespace vh
