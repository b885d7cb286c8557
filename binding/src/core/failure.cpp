#include "core/failure.h"

#include "core/encoding.h"
#include "core/running.h"
#include "core/runtime.h"
#include "core/vh_module.h"
#include "core/watchdog.h"

namespace vh {
namespace {

// How long an exception may take to be put into words.
constexpr int kReportMs = 500;

std::string type_name(PyObject* exception) {
  PyTypeObject* type = Py_TYPE(exception);
  Owned module(PyObject_GetAttrString(reinterpret_cast<PyObject*>(type), "__module__"));
  Owned name(PyType_GetQualName(type));
  PyErr_Clear();
  std::string qualified = name ? to_utf8(name.get()) : type->tp_name;
  if (!module || !PyUnicode_Check(module.get())) return qualified;
  const std::string prefix = to_utf8(module.get());
  return prefix == "builtins" || prefix == "__main__" ? qualified : prefix + "." + qualified;
}

// What Python would print: chained exceptions, groups and notes included. Empty when Python cannot
// say.
std::string format(PyObject* exception) {
  Owned module(PyImport_ImportModule("traceback"));
  Owned lines;
  if (module) lines = Owned(PyObject_CallMethod(module.get(), "format_exception", "O", exception));
  Owned empty(PyUnicode_FromString(""));
  Owned text;
  if (lines && empty) text = Owned(PyUnicode_Join(empty.get(), lines.get()));
  PyErr_Clear();
  return text ? to_utf8(text.get()) : std::string();
}

// vh.HookTimeout with a text, in the place of the one that CPython has raised, or of what came of a
// wait that was given up.
Owned timeout(Owned exception, const std::string& message) {
  PyObject* type = vh_module::hook_timeout();
  Owned text = to_str(message);
  Owned made = text ? Owned(PyObject_CallOneArg(type, text.get())) : Owned();
  if (!made) {
    PyErr_Clear();
    return exception;
  }
  if (PyErr_GivenExceptionMatches(exception.get(), type)) {
    Owned trace(PyException_GetTraceback(exception.get()));
    if (trace) PyException_SetTraceback(made.get(), trace.get());
    PyException_SetContext(made.get(), PyException_GetContext(exception.get()));
  } else {
    PyException_SetCause(made.get(), exception.release());
  }
  return made;
}

// Runs code of the script's: methods of its exception.
Failure describe(PyObject* exception) {
  Failure failure;
  failure.type = type_name(exception);
  Owned message(PyObject_Str(exception));
  PyErr_Clear();
  if (message) failure.message = to_utf8(message.get());
  failure.traceback = format(exception);
  if (failure.traceback.empty())
    failure.traceback =
        failure.type + (failure.message.empty() ? "" : ": " + failure.message) + "\n";
  return failure;
}

}  // namespace

Failure make_failure(const char* type, const std::string& message) {
  return {type, message, std::string(type) + ": " + message + "\n"};
}

Failure take_failure() {
  Owned exception(PyErr_GetRaisedException());
  if (!exception) return {"SystemError", "a failure without an exception", ""};
  const auto overdue = watchdog::timed_out();
  Script* script = running_script();
  if (script) watchdog::enter(*script, activity::kReport, kReportMs);
  if (overdue) exception = timeout(std::move(exception), *overdue);
  Failure failure = describe(exception.get());
  exception = Owned();
  if (script) watchdog::leave();
  if (runtime::is_forked_child()) runtime::end_forked_child(failure);
  return failure;
}

}  // namespace vh
