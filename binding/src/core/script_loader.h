// Runs a script's file: by its path, as a module of its own name.
#pragma once

#include "core/ref.h"

namespace vh {

class Script;

// Prepares the script's interpreter (vh, output, sys.path), makes its module and runs the file in
// it. The GIL is held. False with a Python error set; unload_module() then takes back what was
// done.
bool load_module(Script& script);

// Lets go of the script's module and of all else that the core holds in its interpreter. The GIL is
// held.
void unload_module(Script& script);

}  // namespace vh
