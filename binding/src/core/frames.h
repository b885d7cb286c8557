// Whose code the frames of a thread belong to, told by the files. The GIL is held.
#pragma once

#include "core/ref.h"

namespace vh {

class Script;

// In the main interpreter: the script whose file the innermost such frame of the calling thread
// comes from; null when there is none.
Script* script_of_frames();

// Whether a thread other than the calling one is running code of the script's file.
bool runs_on_other_threads(const Script& script);

}  // namespace vh
