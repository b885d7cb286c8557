#include "core/json.h"

#include <rapidjson/error/en.h>

#include "core/encoding.h"
#include "core/js_json_reader.h"
#include "core/js_json_writer.h"
#include "core/json_from_python.h"
#include "core/json_text.h"
#include "core/json_to_python.h"
#include "core/packed_reader.h"

namespace vh {

bool write_json(PyObject* container, std::string_view where, Dialect dialect, Value& json) {
  if (dialect == Dialect::Js) {
    JsJsonWriter writer;
    if (!PythonSource(writer, where).walk(container)) return false;
    json = writer.take();
    return true;
  }
  TextSink<> sink;
  if (!PythonSource(sink, where).walk(container)) return false;
  json = Value::copy(Kind::Json, sink.text());
  json.dialect = Dialect::C;
  return true;
}

Owned read_json(const Value& json) {
  const Text text = json.text();
  if (json.dialect == Dialect::Packed) return PackedReader(text).read();
  if (json.dialect == Dialect::Js)
    return JsJsonReader({static_cast<const char16_t*>(text.data), text.length}).read();
  return read_json(json.bytes());
}

Owned read_json(std::string_view text) {
  PythonSink sink;
  const auto result = parse_json(text, sink);
  if (!result.IsError()) return sink.take();
  if (!PyErr_Occurred())
    PyErr_Format(PyExc_ValueError, "not JSON at offset %zu: %s", result.Offset(),
                 rapidjson::GetParseError_En(result.Code()));
  return Owned();
}

bool fits_bigint(PyObject* integer) {
  constexpr std::size_t kMostBits = std::size_t{1} << 30;
  auto* type = reinterpret_cast<PyObject*>(&PyLong_Type);
  const Owned bits(PyObject_CallMethod(type, "bit_length", "O", integer));
  if (bits && PyLong_AsSize_t(bits.get()) <= kMostBits) return true;
  PyErr_Clear();
  return false;
}

std::optional<std::string> integer_to_hex(PyObject* integer) {
  const Owned hex(PyNumber_ToBase(integer, 16));  // "0x1f" or "-0x1f"
  if (!hex) return std::nullopt;
  std::string digits = to_utf8(hex.get());
  return digits.erase(digits.find("0x"), 2);
}

Owned integer_from_hex(std::string_view hex) {
  return Owned(PyLong_FromString(std::string(hex).c_str(), nullptr, 16));
}

}  // namespace vh
