// Any units as what JavaScript makes of a container, JSON text or packed, to Python: what becomes
// an object becomes the same again by way of text; and no exception is left behind.
#include <cstdint>
#include <cstring>
#include <string>

#include "core/json.h"
#include "python.h"

using vh::Owned;

// The first byte tells how wide the others are, or that they are packed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const vh::Attach attach(vh::Interpreter::main());
  const bool is_packed = size > 0 && data[0] == 3;
  std::u16string text;
  if (is_packed || (size > 0 && data[0] == 2)) {
    text.resize((size - 1) / 2);
    std::memcpy(text.data(), data + 1, text.size() * 2);
  } else {
    text.assign(data, data + size);
  }
  vh::Value value = vh::Value::view(vh::Kind::Json, {text.data(), text.size(), vh::Width::Utf16});
  if (is_packed) value.dialect = vh::Dialect::Packed;
  const Owned object = vh::read_json(value);
  require(!object == !!PyErr_Occurred());
  PyErr_Clear();
  if (!object || (!PyList_Check(object.get()) && !PyDict_Check(object.get()))) return 0;
  vh::Value again;
  require(vh::write_json(object.get(), "value", vh::Dialect::Js, again));
  require_equal(object.get(), vh::read_json(again).get());
  return 0;
}
