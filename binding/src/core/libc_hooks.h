// The C library's blocking functions, as Python and its extension modules call them.
//
// Their imports lead through functions of ours, and so do those of the libraries that come with an
// extension module. A call that is made without the GIL is announced to waiting_thread.h. When it
// is woken, what waits for its thread is done; then it goes on: by itself, or, where it has a
// timeout, its caller is told EINTR, upon which CPython calls again for the rest of the time. A
// call that is to be given up fails with ECANCELED.
//
// Locks are waited for inside CPython too, which does not expect to be refused: so what is done for
// a semaphore's wait is done only in the methods of blocking_methods.h, whose wait "times out".
#pragma once

namespace vh::libc_hooks {

// After libpython has been loaded, before scripts are. Once.
void install();

}  // namespace vh::libc_hooks
