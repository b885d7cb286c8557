// The standard streams of a script: what it writes reaches its hub line by line, and there is
// nothing to read.
#pragma once

#include "core/ref.h"

namespace vh::output {

// Replaces sys.stdin, sys.stdout and sys.stderr of the interpreter that the caller is attached to.
// `module` is its vh module, by which the writer is told. False with a Python error set.
bool install(PyObject* module);

// Sends what was written without a newline at its end. The GIL is held.
void flush();

}  // namespace vh::output
