// Python exceptions as text.
#pragma once

#include "core/core.h"
#include "core/ref.h"

namespace vh {

// The type of a failure by the watchdog.
inline constexpr const char* kTimeout = "vh.HookTimeout";

// Takes the exception that is set, whatever it is (SystemExit too), and clears it. The GIL is held.
Failure take_failure();

}  // namespace vh
