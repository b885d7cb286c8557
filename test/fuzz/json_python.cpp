// Any bytes as JSON text to Python: what becomes an object becomes the same again by way of text
// and of a JsonValue; and no exception is left behind.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "core/attach.h"
#include "core/core.h"
#include "json_marshal.h"

using namespace nVerliHub::nPythonPlugin;
using vh::Owned;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void require_equal(PyObject* object, PyObject* other) {
  require(object && other && !PyErr_Occurred());
  const int equal = PyObject_RichCompareBool(object, other, Py_EQ);
  // Python compares deep ones by recursion, and gives up.
  require(equal == 1 || PyErr_ExceptionMatches(PyExc_RecursionError));
  PyErr_Clear();
}

Owned by_text(PyObject* object) {
  const std::unique_ptr<char, decltype(&std::free)> text(PyObjectToJsonString(object), std::free);
  require(text != nullptr);
  return Owned(JsonStringToPyObject(text.get()));
}

Owned by_value(PyObject* object) {
  JsonValue value;
  require(PyObjectToJsonValue(object, value));
  return Owned(JsonValueToPyObject(value));
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  std::string error;
  if (vh_core_v1()->start("", error)) return 0;
  std::fprintf(stderr, "%s\n", error.c_str());
  std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const vh::Attach attach(vh::Interpreter::main());
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Owned object(JsonStringToPyObject(text.c_str()));
  require(!PyErr_Occurred());
  if (!object) return 0;
  require_equal(by_text(object.get()).get(), object.get());
  require_equal(by_value(object.get()).get(), object.get());
  // A tuple of it and, where it can be hashed, a set.
  Owned tuple(PyTuple_Pack(1, object.get()));
  require_equal(by_value(tuple.get()).get(), tuple.get());
  const Owned set(PySet_New(tuple.get()));
  PyErr_Clear();
  if (set) require_equal(by_value(set.get()).get(), set.get());
  return 0;
}
