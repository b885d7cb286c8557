// The globals of scripts, watched: a hook that a script defines, rebinds or deletes at any time is
// known at once.
//
// A script in its own interpreter, or in the main one with its own globals, owns its dict. Scripts
// with shared globals all live in the dict of the main interpreter's __main__; there a hook belongs
// to the script whose file its code comes from, and every name to the script that bound it last.
//
// The GIL is held in all of it, in the script's interpreter.
#pragma once

#include <set>
#include <string>

#include "core/ref.h"

namespace vh {

class Script;

namespace globals {

// From now on bindings in `dict` are `script`'s. False with a Python error set.
bool watch(Script& script, PyObject* dict);

// `script` is going: its bindings no longer count. From shared globals its names are removed,
// except those that another script's code binds as well.
void unwatch(Script& script, PyObject* dict);

// Shared globals only: the names that the top level of `code`, or a `global` statement in it,
// binds.
void will_bind(Script& script, PyObject* code);

// Whether a function in shared globals is the script's.
bool belongs_to(const Script& script, PyObject* function);

// The functions bound to a name like On… that is no hook.
std::set<std::string> misspelt_hooks(Script& script, PyObject* dict);

}  // namespace globals
}  // namespace vh
