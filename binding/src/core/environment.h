// sys.path of a script: its folder and the hub's scripts come after the standard library, so that
// no neighbour can pose as a standard module, and before site-packages.
#pragma once

#include "core/ref.h"

namespace vh {

class Script;

// The GIL is held, in the script's interpreter. False with a Python error set.
bool set_up_paths(const Script& script);

}  // namespace vh
