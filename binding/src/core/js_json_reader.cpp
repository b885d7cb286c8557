#include "core/js_json_reader.h"

#include <cstdint>
#include <cstring>

#include "core/encoding.h"
#include "core/json_text.h"
#include "core/units.h"

namespace vh {
namespace {

constexpr bool is_digit(char16_t unit) {
  return unit >= '0' && unit <= '9';
}

constexpr bool is_of_number(char16_t unit) {
  return is_digit(unit) || unit == '-' || unit == '+' || unit == '.' || unit == 'e' || unit == 'E';
}

int hex_digit(char16_t unit) {
  if (is_digit(unit)) return unit - '0';
  if (unit >= 'a' && unit <= 'f') return unit - 'a' + 10;
  if (unit >= 'A' && unit <= 'F') return unit - 'A' + 10;
  return -1;
}

// What a string stands for that begins with U+0000.
Owned decode(std::u16string_view text) {
  const char16_t letter = text.size() > 1 ? text[1] : u'\0';
  const std::u16string_view rest = text.substr(std::min<std::size_t>(2, text.size()));
  switch (letter) {
    case 's':
      return to_str(rest);
    case 'i':
      return integer_from_hex(std::string(rest.begin(), rest.end()));
    case 'b':
      return bytes_from_hex(std::string(rest.begin(), rest.end()));
    default:
      return Owned();
  }
}

}  // namespace

Owned JsJsonReader::read() {
  has_escapes_ = take(kHasEscapes);
  bool good = value();
  while (good && !sink_.is_complete()) good = item();
  if (good && at_ == end_) return sink_.take();
  if (!PyErr_Occurred()) PyErr_Format(PyExc_ValueError, "not JSON at offset %zd", at_ - begin_);
  return Owned();
}

// The next item of the innermost container, or its end.
bool JsJsonReader::item() {
  const bool in_dict = sink_.in_dict();
  if (take(in_dict ? u'}' : u']')) return in_dict ? sink_.EndObject() : sink_.EndArray();
  const bool is_first = at_[-1] == '{' || at_[-1] == '[';
  return (is_first || take(',')) && (!in_dict || key()) && value();
}

// A whole value, or the beginning of a container.
bool JsJsonReader::value() {
  switch (*at_) {
    case '"':
      return string(false);
    case '{':
      ++at_;
      return sink_.StartObject();
    case '[':
      ++at_;
      return sink_.StartArray();
    case 't':
      return literal(u"true") && sink_.Bool(true);
    case 'f':
      return literal(u"false") && sink_.Bool(false);
    case 'n':
      return literal(u"null") && sink_.Null();
    default:
      return number();
  }
}

bool JsJsonReader::key() {
  return string(true) && take(':');
}

bool JsJsonReader::string(bool is_key) {
  if (!take('"')) return false;
  const char16_t* const start = at_;
  skip_plain();
  if (*at_ != '"') {
    Owned made = escaped_string(start);
    return made && (!is_key || PyUnicode_Check(made.get())) && sink_.put(std::move(made));
  }
  const std::u16string_view text(start, at_++);
  return sink_.put(to_str(text));
}

// Goes on to the first unit that does not stand for itself in a string.
void JsJsonReader::skip_plain() {
  for (; end_ - at_ >= static_cast<std::ptrdiff_t>(kBlock); at_ += kBlock) {
    const std::size_t first = first_of(specials_of(load_block(at_)));
    if (first == kBlock) continue;
    at_ += first;
    return;
  }
  while (!is_special(*at_)) ++at_;
}

bool JsJsonReader::number() {
  constexpr int kMaxDigits = 18;  // that certainly fit
  const char16_t* const start = at_;
  const bool is_negative = take('-');
  const char16_t* const digits = at_;
  if (!is_digit(*digits)) return false;
  std::uint64_t integer = 0;
  for (; is_digit(*at_); ++at_) integer = integer * 10 + (*at_ - u'0');
  if (at_ - digits <= kMaxDigits && !is_of_number(*at_)) {
    const auto positive = static_cast<std::int64_t>(integer);
    return sink_.Int64(is_negative ? -positive : positive);
  }

  for (at_ = start; is_of_number(*at_);) ++at_;
  const std::string text(start, at_);
  if (is_integer(text)) return sink_.put(Owned(PyLong_FromString(text.c_str(), nullptr, 10)));
  const auto real = to_real(text);
  return real && sink_.Double(*real);
}

bool JsJsonReader::literal(std::u16string_view text) {
  if (!std::u16string_view(at_, end_).starts_with(text)) return false;
  at_ += text.size();
  return true;
}

// The rest of a string in which there is a backslash.
Owned JsJsonReader::escaped_string(const char16_t* start) {
  std::u16string text(start, at_);
  while (!take('"')) {
    if (*at_ < 0x20) return Owned();
    if (!take('\\'))
      text += *at_++;
    else if (!unescape(text))
      return Owned();
  }
  return has_escapes_ && text.starts_with(u'\0') ? decode(text) : to_str(text);
}

// What stands after a backslash.
bool JsJsonReader::unescape(std::u16string& text) {
  constexpr std::string_view kLetters = "bfnrt\"\\/", kMeanings = "\b\f\n\r\t\"\\/";
  const char16_t letter = *at_++;
  if (letter != 'u') {
    const std::size_t at = letter < 0x80 ? kLetters.find(static_cast<char>(letter)) : kLetters.npos;
    if (at == kLetters.npos) return false;
    text += static_cast<char16_t>(kMeanings[at]);
    return true;
  }
  int unit = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_digit(*at_);
    if (digit < 0) return false;
    unit = unit << 4 | digit;
    ++at_;
  }
  text += static_cast<char16_t>(unit);
  return true;
}

}  // namespace vh
