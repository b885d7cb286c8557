#include "core/async_exception.h"

#include "core/vh_module.h"

namespace vh {

PyObject* interruption(waits::Why why) {
  return why == waits::Why::End ? PyExc_SystemExit : vh_module::hook_timeout();
}

void take_back_async_exception() {
  if (!PyThreadState_Get()->async_exc) return;
  // Any code raises it.
  Owned scope(PyDict_New());
  if (scope) Owned(PyRun_String("0", Py_eval_input, scope.get(), scope.get()));
  PyErr_Clear();
}

}  // namespace vh
