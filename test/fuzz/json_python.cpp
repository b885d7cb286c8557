// Any bytes as JSON text to Python: what becomes an object becomes the same again by way of text
// and of a JsonValue; and no exception is left behind.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "json_marshal.h"
#include "python.h"

using namespace nVerliHub::nPythonPlugin;
using vh::Owned;

namespace {

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
