// vh.MyINFO: a user's $MyINFO as a str that also unpacks into its six fields.
#pragma once

#include "core/ref.h"

namespace vh {

// The class, made for the interpreter that the caller is attached to. Null with a Python error set.
Owned make_my_info_class();

}  // namespace vh
