// Texts to and from Python strings, without loss: lone surrogates, NULs and emoji pass unchanged.
//
// The GIL is held in all of it. UTF-8 from outside that is not UTF-8 becomes surrogate escapes, as
// Python does with file names, and goes back as the same bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ref.h"
#include "core/value.h"

namespace vh {

// Null, with a Python error set, only when memory is short.
Owned to_str(const Text& text);
Owned to_str(std::string_view utf8);
Owned to_str(std::u16string_view utf16);

// A view of the units of a str; lives as long as the object.
inline Text view_of(PyObject* str) {
  const int kind = PyUnicode_KIND(str);
  const Width width = kind == PyUnicode_1BYTE_KIND   ? Width::Latin1
                      : kind == PyUnicode_2BYTE_KIND ? Width::Utf16
                                                     : Width::Ucs4;
  return {PyUnicode_DATA(str), static_cast<std::size_t>(PyUnicode_GET_LENGTH(str)), width};
}

// UTF-8 for messages and paths; what UTF-8 cannot say is written as Python's surrogateescape does.
// Never fails.
std::string to_utf8(PyObject* str);

// The same, without a copy where CPython keeps one. For as long as the object and this live.
class Utf8View {
 public:
  explicit Utf8View(PyObject* str) {
    if (PyUnicode_IS_COMPACT_ASCII(str))
      view_ = {static_cast<const char*>(PyUnicode_DATA(str)),
               static_cast<std::size_t>(PyUnicode_GET_LENGTH(str))};
    else
      take(str);
  }
  operator std::string_view() const { return view_; }
  Utf8View(const Utf8View&) = delete;
  Utf8View& operator=(const Utf8View&) = delete;

 private:
  void take(PyObject* str);

  std::optional<std::string> copy_;
  std::string_view view_;
};

// UTF-8, where surrogate escapes become the bytes they stand for. Nothing when there are other
// surrogates.
std::optional<std::string> to_raw_bytes(PyObject* str);

std::string to_hex(std::string_view bytes);
// Null when the text is not hexadecimal digits in pairs.
Owned bytes_from_hex(std::string_view hex);

}  // namespace vh
