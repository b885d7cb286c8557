// CPython itself: started once in a process, never finalized (Node would not survive it).
#pragma once

#include <string>

#include "core/core.h"
#include "core/ref.h"

namespace vh::runtime {

// Starts CPython on first call, or joins the one that the program has started itself; later calls
// do nothing. The GIL is not held, before or after. False: `error` says why. `executable`: becomes
// sys.executable, and tells CPython where its standard library is.
bool start(const std::string& executable, std::string& error);

// Whether this process is a child made by fork() of the one that started CPython. Such a child runs
// the script's code that made it and nothing of the hub's: it may not call vh and never returns
// into the hub.
bool is_forked_child();

// Ends such a child: as Python would after an exception, or well when there is none (`failure` has
// no type).
[[noreturn]] void end_forked_child(const Failure& failure);

}  // namespace vh::runtime
