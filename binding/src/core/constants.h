// The constants of the vh module.
#pragma once

#include <span>

#include "core/core.h"

namespace vh {

std::span<const ConstantInfo> all_constants();

}  // namespace vh
