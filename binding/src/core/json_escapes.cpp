#include "core/json_escapes.h"

#include "core/encoding.h"
#include "core/json.h"

namespace vh {
namespace {

Owned str_from_utf16_hex(std::string_view hex) {
  Owned bytes = bytes_from_hex(hex);
  if (!bytes) return bytes;
  int big_endian = 1;
  return Owned(PyUnicode_DecodeUTF16(PyBytes_AS_STRING(bytes.get()), PyBytes_GET_SIZE(bytes.get()),
                                     "surrogatepass", &big_endian));
}

}  // namespace

std::string escape(char letter, std::string_view rest) {
  std::string text{'\0', letter};
  return text.append(rest);
}

std::string utf16_hex(PyObject* str) {
  std::string units;
  const auto put = [&units](Py_UCS4 unit) {
    units += static_cast<char>(unit >> 8);
    units += static_cast<char>(unit);
  };
  for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(str); ++i) {
    const Py_UCS4 point = PyUnicode_READ_CHAR(str, i);
    if (point < 0x10000) {
      put(point);
    } else {
      put(0xD800 + ((point - 0x10000) >> 10));
      put(0xDC00 + (point & 0x3FF));
    }
  }
  return to_hex(units);
}

Owned unescape(std::string_view text) {
  const char letter = text.size() > 1 ? text[1] : '\0';
  const std::string_view rest = text.substr(text.size() > 1 ? 2 : 1);
  switch (letter) {
    case 's':
      return to_str(rest);
    case 'u':
      return str_from_utf16_hex(rest);
    case 'i':
      return integer_from_hex(rest);
    case 'b':
      return bytes_from_hex(rest);
    default:
      PyErr_SetString(PyExc_ValueError, "an unknown escape in JSON text");
      return Owned();
  }
}

}  // namespace vh
