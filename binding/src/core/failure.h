// Python exceptions as text.
#pragma once

#include "core/core.h"
#include "core/ref.h"

namespace vh {

// Takes the exception that is set, whatever it is (SystemExit too), and clears it. The GIL is held.
Failure take_failure();

}  // namespace vh
