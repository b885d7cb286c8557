// The methods of CPython's that wait, and that take a wait that is given up for something else:
// those of locks for one whose time is up (acquire() would say False, and a `with` statement not
// even look), those of sockets, files and sleep for an error of the system's.
//
// So all of them lead through functions of ours, which raise what the wait was given up for; in
// every interpreter at once, since these share the methods' definitions. The types stay as they
// are.
#pragma once

namespace vh::blocking_methods {

// In the main interpreter, with the GIL. Once.
void install();

}  // namespace vh::blocking_methods
