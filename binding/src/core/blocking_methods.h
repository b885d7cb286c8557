// The methods of CPython's that wait for locks: of Lock, RLock, SimpleQueue and, from 3.13 on,
// Thread.join()'s.
//
// They would take a wait that is given up for one whose time is up: acquire() would say False, and
// a `with` statement not even look. So all of them lead through functions of ours, in every
// interpreter at once, since these share the methods' definitions; the types stay as they are.
#pragma once

namespace vh::lock_methods {

// In the main interpreter, with the GIL. Once.
void install();

}  // namespace vh::lock_methods
