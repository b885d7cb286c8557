// The `vh` module: what scripts import. One for each interpreter.
//
// In a script's own interpreter the module is that script's. In the main interpreter there is one
// module for all scripts; it speaks for the script that is running.
#pragma once

#include <string_view>

#include "core/ref.h"

// For PyImport_AppendInittab.
extern "C" PyObject* create_vh_module();

namespace vh {

class Script;

namespace vh_module {

struct State {
  Script* script;  // null in the main interpreter
  PyObject* hub_error;
  PyObject* hook_timeout;
  PyObject* my_info;
};

// The GIL is held in all of these.

// Imports the module for a script that is about to be loaded into the interpreter. Null with a
// Python error set.
Owned prepare(Script& script);

State& state(PyObject* module);

// The script that the caller of a vh function is; null when it cannot be told.
Script* script(PyObject* module);

// The class vh.HookTimeout of the current interpreter, borrowed; it has been imported there.
PyObject* hook_timeout();

// Sets vh.HubError with a text that may be any bytes.
void raise_hub_error(PyObject* module, std::string_view message);

}  // namespace vh_module
}  // namespace vh
