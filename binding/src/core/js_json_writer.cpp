#include "core/js_json_writer.h"

#include <algorithm>

namespace vh {
namespace {

bool is_special(std::uint32_t unit) {
  return unit < 0x20 || unit == '"' || unit == '\\';
}

}  // namespace

bool JsJsonWriter::text(const Text& text, bool key) {
  switch (text.width) {
    case Width::Utf8:
    case Width::Latin1:
      put_string(static_cast<const std::uint8_t*>(text.data), text.length);
      break;
    case Width::Utf16:
      put_string(static_cast<const char16_t*>(text.data), text.length);
      break;
    case Width::Ucs4:
      put_string(static_cast<const char32_t*>(text.data), text.length);
      break;
  }
  put(key ? ':' : ',');
  return true;
}

bool JsJsonWriter::escaped(char letter, std::string_view rest) {
  has_escapes_ = true;
  reserve(rest.size() + 10);
  put("\"\\u0000");
  put(letter);
  put(rest);
  put("\",");
  return true;
}

template <typename Unit>
void JsJsonWriter::put_string(const Unit* units, std::size_t length) {
  constexpr std::size_t kAround = 10;  // at most: quotes, an escape, a comma
  const std::size_t width = sizeof(Unit) == 4 ? 2 : 1;
  reserve(length * width + kAround);
  put('"');
  if (length > 0 && units[0] == 0) {
    has_escapes_ = true;
    put("\\u0000s");
  }
  for (const Unit* const end = units + length; units != end; ++units) {
    if (is_special(*units)) {
      reserve(static_cast<std::size_t>(end - units) * width + kAround);
      put_special(static_cast<char>(*units));
    } else if (sizeof(Unit) == 4 && *units >= 0x10000) {
      *end_++ = static_cast<char16_t>(0xD800 + ((*units - 0x10000) >> 10));
      *end_++ = static_cast<char16_t>(0xDC00 + (*units & 0x3FF));
    } else {
      *end_++ = static_cast<char16_t>(*units);
    }
  }
  put('"');
}

// One that JSON does not let stand in a string. There is room for it.
void JsJsonWriter::put_special(char unit) {
  put('\\');
  if (unit == '"' || unit == '\\') return put(unit);
  constexpr char digits[] = "0123456789abcdef";
  put("u00");
  put(digits[unit >> 4]);
  put(digits[unit & 15]);
}

Value JsJsonWriter::take() {
  --end_;  // the comma after the outermost
  const Text text{begin(), size(), Width::Utf16};
  Value json = Value::owned(Kind::Json, text, std::move(text_));
  json.escaped = has_escapes_;
  return json;
}

void JsJsonWriter::grow(std::size_t units) {
  const std::size_t used = size();
  const std::size_t capacity = std::max<std::size_t>({used + units, used * 2, 1024});
  std::unique_ptr<char[]> larger(new char[capacity * sizeof(char16_t)]);
  if (used > 0) std::memcpy(larger.get(), text_.get(), used * sizeof(char16_t));
  text_ = std::move(larger);
  end_ = begin() + used;
  limit_ = begin() + capacity;
}

}  // namespace vh
