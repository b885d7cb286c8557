#include "core/js_json_writer.h"

#include <algorithm>

#include "core/surrogates.h"
#include "core/units.h"

namespace vh {
namespace {

// How many units of ours one of a str may need.
template <typename Unit>
constexpr std::size_t kWidth = sizeof(Unit) == 4 ? 2 : 1;

// What may stand around a string: quotes, an escape, a comma.
constexpr std::size_t kAround = 10;

}  // namespace

void JsJsonWriter::put_string(const Text& text) {
  switch (text.width) {
    case Width::Utf8:
    case Width::Latin1:
      return put_string(static_cast<const std::uint8_t*>(text.data), text.length);
    case Width::Utf16:
      return put_string(static_cast<const char16_t*>(text.data), text.length);
    case Width::Ucs4:
      return put_string(static_cast<const char32_t*>(text.data), text.length);
  }
}

bool JsJsonWriter::key(const Text& text) {
  WrittenKey& known = keys_[reinterpret_cast<std::uintptr_t>(text.data) / 16 % keys_.size()];
  if (known.data == text.data) {
    reserve(known.length + kBlock);
    const char16_t* const from = begin() + known.at;
    for (std::size_t i = 0; i < known.length; i += kBlock)
      store_block(load_block(from + i), end_ + i);
    end_ += known.length;
    return true;
  }
  const std::size_t at = size();
  put_string(text);
  put(':');
  known = {text.data, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(size() - at)};
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
  reserve(length * kWidth<Unit> + kAround);
  put('"');
  if (length > 0 && units[0] == 0) {
    has_escapes_ = true;
    put("\\u0000s");
  }
  const Unit* const end = units + length;
  while (units != end) {
    units = put_plain(units, end);
    if (units == end) break;
    reserve(static_cast<std::size_t>(end - units) * kWidth<Unit> + kAround);
    put_special(static_cast<char>(*units++));
  }
  put('"');
}

// Writes what stands for itself in a string, up to what does not.
template <typename Unit>
const Unit* JsJsonWriter::put_plain(const Unit* units, const Unit* end) {
  if constexpr (sizeof(Unit) < 4) {
    for (; end - units >= static_cast<std::ptrdiff_t>(kBlock); units += kBlock, end_ += kBlock) {
      const Block block = load_block(units);
      if (bits_of(specials_of(block))) break;
      store_block(block, end_);
    }
  }
  for (; units != end && !is_special(*units); ++units) end_ = put_point(*units, end_);
  return units;
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
  *--end_ = 0;  // in place of the comma after the outermost
  const std::size_t unused = has_escapes_ ? 0 : 1;
  const Text text{begin() + unused, size() - unused, Width::Utf16};
  return Value::owned(Kind::Json, text, std::move(text_));
}

void JsJsonWriter::grow(std::size_t units) {
  const std::size_t used = std::max<std::size_t>(size(), 1);  // the mark
  const std::size_t capacity = std::max<std::size_t>({used + units, used * 2, 2048});
  TextMemory larger(capacity * sizeof(char16_t));
  if (text_) std::memcpy(larger.get(), text_.get(), used * sizeof(char16_t));
  text_ = std::move(larger);
  *begin() = kHasEscapes;
  end_ = begin() + used;
  limit_ = begin() + text_.size() / sizeof(char16_t);
}

}  // namespace vh
