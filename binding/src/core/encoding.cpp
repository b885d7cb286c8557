#include "core/encoding.h"

#include <cstring>

#include "core/surrogates.h"
#include "core/units.h"

namespace vh {
namespace {

// All the bits that are set in any unit.
char16_t bits_of_all(const char16_t* units, std::size_t length) {
  if (length < kBlock) {
    char16_t bits = 0;
    for (std::size_t i = 0; i < length; ++i) bits |= units[i];
    return bits;
  }
  Block bits{};
  for_each_block(length, [&](std::size_t at) { bits |= load_block(units + at); });
  return bits_of(bits);
}

void narrow(const char16_t* units, std::size_t length, Py_UCS1* out) {
  if (length < kBlock)
    for (std::size_t i = 0; i < length; ++i) out[i] = static_cast<Py_UCS1>(units[i]);
  else
    for_each_block(length, [&](std::size_t at) { store_block(load_block(units + at), out + at); });
}

Owned from_pairs(const char16_t* units, std::size_t length) {
  PyObject* str = PyUnicode_New(static_cast<Py_ssize_t>(length), 0x10FFFF);
  if (!str) return Owned();
  const std::size_t points = join_pairs(units, length, PyUnicode_4BYTE_DATA(str));
  PyUnicode_Resize(&str, static_cast<Py_ssize_t>(points));
  return Owned(str);
}

// CPython stores a string by its widest character.
Owned from_utf16(const char16_t* units, std::size_t length) {
  const char16_t bits = bits_of_all(units, length);
  if (bits >= 0xD800 && has_pairs(units, length)) return from_pairs(units, length);
  const Py_UCS4 widest = bits < 0x80 ? 0x7F : bits < 0x100 ? 0xFF : 0xFFFF;
  Owned str(PyUnicode_New(static_cast<Py_ssize_t>(length), widest));
  if (!str || length == 0) return str;
  if (bits < 0x100)
    narrow(units, length, PyUnicode_1BYTE_DATA(str.get()));
  else
    std::memcpy(PyUnicode_2BYTE_DATA(str.get()), units, length * sizeof(char16_t));
  return str;
}

bool is_ascii(const char* bytes, std::size_t length) {
  std::uint64_t bits = 0;
  if (length < kBlock) {
    for (std::size_t i = 0; i < length; ++i) bits |= static_cast<std::uint8_t>(bytes[i]);
    return bits < 0x80;
  }
  for_each_block(length, [&](std::size_t at) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes + at, sizeof eight);
    bits |= eight;
  });
  return (bits & 0x8080808080808080) == 0;
}

// Nearly all is ASCII, for which CPython's decoder takes twice as long.
Owned from_utf8(const char* bytes, std::size_t length) {
  const auto size = static_cast<Py_ssize_t>(length);
  if (!is_ascii(bytes, length)) return Owned(PyUnicode_DecodeUTF8(bytes, size, "surrogateescape"));
  Owned str(PyUnicode_New(size, 0x7F));
  if (str && length > 0) std::memcpy(PyUnicode_1BYTE_DATA(str.get()), bytes, length);
  return str;
}

// Nothing when there is a character that `errors` has no answer to.
std::optional<std::string> encode(PyObject* str, const char* errors) {
  Owned bytes(PyUnicode_AsEncodedString(str, "utf-8", errors));
  if (bytes)
    return std::string(PyBytes_AS_STRING(bytes.get()),
                       static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get())));
  PyErr_Clear();
  return std::nullopt;
}

constexpr char kDigits[] = "0123456789abcdef";

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Owned to_str(const Text& text) {
  const auto size = static_cast<Py_ssize_t>(text.length);
  switch (text.width) {
    case Width::Utf8:
      return from_utf8(static_cast<const char*>(text.data), text.length);
    case Width::Latin1:
      return Owned(PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, text.data, size));
    case Width::Utf16:
      return from_utf16(static_cast<const char16_t*>(text.data), text.length);
    case Width::Ucs4:
      return Owned(PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text.data, size));
  }
  Py_UNREACHABLE();
}

Owned to_str(std::string_view utf8) {
  return to_str({utf8.data(), utf8.size(), Width::Utf8});
}

Owned to_str(std::u16string_view utf16) {
  return from_utf16(utf16.data(), utf16.size());
}

std::optional<std::string> to_raw_bytes(PyObject* str) {
  return encode(str, "surrogateescape");
}

void Utf8View::take(PyObject* str) {
  Py_ssize_t size = 0;
  if (const char* data = PyUnicode_AsUTF8AndSize(str, &size)) {
    view_ = {data, static_cast<std::size_t>(size)};
    return;
  }
  PyErr_Clear();
  copy_ = encode(str, "surrogateescape");
  if (!copy_) copy_ = encode(str, "backslashreplace");
  view_ = copy_ ? std::string_view(*copy_) : "?";
}

std::string to_utf8(PyObject* str) {
  return std::string(Utf8View(str));
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    hex += kDigits[static_cast<unsigned char>(byte) >> 4];
    hex += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return hex;
}

Owned bytes_from_hex(std::string_view hex) {
  Owned bytes(PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(hex.size() / 2)));
  if (!bytes) return bytes;
  char* out = PyBytes_AS_STRING(bytes.get());
  bool good = hex.size() % 2 == 0;
  for (std::size_t i = 0; good && i < hex.size() / 2; ++i) {
    const int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
    good = high >= 0 && low >= 0;
    out[i] = static_cast<char>(high << 4 | low);
  }
  if (good) return bytes;
  PyErr_SetString(PyExc_ValueError, "not hexadecimal");
  return Owned();
}

}  // namespace vh
