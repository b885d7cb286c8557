// pm and usermc: the manual's list says (nick, message), its examples and the wild say (message,
// nick). Both work, and the hub always sees (message, nick).
#pragma once

#include "core/ref.h"
#include "core/value.h"

namespace vh {

class Script;

// Brings two positional arguments into the order (message, nick): the one that names an online user
// is the nick; if both or neither do, the order that this script has used unambiguously before,
// else as they stand. The GIL is held. False with a Python error set.
bool settle_pair_order(PyObject* module, Script& script, Value& first, Value& second);

}  // namespace vh
