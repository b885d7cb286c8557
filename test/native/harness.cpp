#include "harness.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "core/encoding.h"
#include "core/failure.h"

namespace vh::test {

Core& core() {
  Core& core = *vh_core_v1();
  std::string error;
  REQUIRE_MESSAGE(core.start("", error), error);
  return core;
}

Owned evaluate(const char* expression) {
  Owned scope(PyDict_New());
  PyDict_SetItemString(scope.get(), "__builtins__", PyEval_GetBuiltins());
  Owned value(PyRun_String(expression, Py_eval_input, scope.get(), scope.get()));
  REQUIRE(value);
  return value;
}

std::string repr(PyObject* object) {
  REQUIRE(object);
  return to_utf8(Owned(PyObject_Repr(object)).get());
}

std::string take_error() {
  REQUIRE(PyErr_Occurred());
  const Failure failure = take_failure();
  return failure.type + ": " + failure.message;
}

ScriptFile::ScriptFile(const std::string& source) {
  std::string folder = (std::filesystem::temp_directory_path() / "vh-native-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()));
  folder_ = folder;
  std::ofstream(path()) << source;
}

bool RecordingHub::call(int function, ScriptId, std::span<const Value> args, Value& result,
                        std::string& error) noexcept {
  std::string call = core().functions()[static_cast<std::size_t>(function)].name;
  for (const Value& arg : args) call += arg.is_text() ? " " + std::string(arg.bytes()) : " .";
  calls.push_back(call);
  error = "it failed";
  result = Value::boolean(true);
  return !fails;
}

}  // namespace vh::test
