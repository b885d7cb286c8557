// The threads that scripts start: whose they are, and where they sit.
//
// In a script's own interpreter all threads are that script's. In the main interpreter a thread is
// the script's that started it, or whose thread started it: `_thread`'s functions are wrapped, so
// that it is known.
#pragma once

#include <string>
#include <vector>

#include "core/core.h"
#include "core/ref.h"

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

// Where a thread is, by Python's number for it: "file:line", of the innermost frame in the script's
// file if there is one, else of the innermost; "" when it is in no Python code. The GIL is held, in
// the script's interpreter.
std::string where(const Script& script, unsigned long thread);

// Whether a thread is in Python code that takes a lock and would keep it for ever, were it
// interrupted in its middle: of threading, queue, logging or an import. The GIL is held, as before.
bool takes_lock(const Script& script, unsigned long thread);

// How many threads scripts have, in all interpreters. Any thread.
int count();

}  // namespace script_threads
}  // namespace vh
