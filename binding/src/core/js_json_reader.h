// The JSON text that lib/values.ts writes (json.h, Dialect::Js), as a source of JSON's events. The
// GIL is held.
#pragma once

#include <string>
#include <string_view>

#include "core/json_to_python.h"
#include "core/ref.h"

namespace vh {

// There is no white space in the text, and a NUL after it.
class JsJsonReader {
 public:
  explicit JsJsonReader(std::u16string_view text)
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

  // Null with a Python error set.
  Owned read();

 private:
  // False: with a Python error set, or it is no JSON.
  bool item();
  bool value();
  bool key();
  bool string(bool is_key);
  bool number();
  bool literal(std::u16string_view text);

  void skip_plain();
  Owned escaped_string(const char16_t* start);
  bool unescape(std::u16string& text);

  bool take(char16_t unit) {
    if (*at_ != unit) return false;
    ++at_;
    return true;
  }

  const char16_t* const begin_;
  const char16_t* at_;
  const char16_t* const end_;
  bool has_escapes_ = false;
  PythonSink sink_;
};

}  // namespace vh
