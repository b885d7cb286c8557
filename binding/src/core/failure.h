// Python exceptions as text.
#pragma once

#include "core/core.h"
#include "core/ref.h"

namespace vh {

// One that no Python code raised.
Failure make_failure(const char* type, const std::string& message);

// Takes the exception that is set, whatever it is (SystemExit too), and clears it. What the
// watchdog has interrupted has failed by vh.HookTimeout, whatever came of that. The GIL is held.
Failure take_failure();

}  // namespace vh
