// Whose code the frames of a thread belong to, told by the files. The GIL is held.
#pragma once

#include "core/ref.h"

namespace vh {

class Script;

// In the main interpreter: the script whose file the innermost such frame of the calling thread
// comes from; null when there is none.
Script* script_of_frames();

}  // namespace vh
