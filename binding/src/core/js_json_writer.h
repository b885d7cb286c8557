// JSON text for JavaScript as a sink of JSON's events (json.h, Dialect::Js).
#pragma once

#include <rapidjson/internal/dtoa.h>
#include <rapidjson/internal/itoa.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/json.h"
#include "core/text_memory.h"
#include "core/value.h"

namespace vh {

// Writes UTF-16, which JavaScript reads as it is.
class JsJsonWriter {
 public:
  bool Null() { return item("null"); }
  bool Bool(bool b) { return item(b ? "true" : "false"); }
  bool Int64(std::int64_t i) {
    char digits[24];
    return item({digits, static_cast<const char*>(rapidjson::internal::i64toa(i, digits))});
  }
  bool Double(double d) {
    char digits[32];
    return item({digits, static_cast<const char*>(rapidjson::internal::dtoa(d, digits))});
  }
  bool StartObject() { return open('{'); }
  bool StartArray() { return open('['); }
  bool StartTuple() { return open('['); }
  bool StartSet() { return open('['); }
  bool EndObject() { return close('}'); }
  bool EndArray() { return close(']'); }

  // A string. One that begins with U+0000 is escaped.
  bool string(const Text& text) {
    put_string(text);
    put(',');
    return true;
  }
  // The key of an entry. Its text stays where it is until all is written.
  bool key(const Text& text);
  // A string that stands for something else.
  bool escaped(char letter, std::string_view rest);

  std::size_t size() const { return static_cast<std::size_t>(end_ - begin()); }
  // When the outermost item is complete.
  Value take();

 private:
  // Makes room for `units` more.
  void reserve(std::size_t units) {
    if (static_cast<std::size_t>(limit_ - end_) < units) grow(units);
  }
  void grow(std::size_t units);

  void put(char unit) { *end_++ = static_cast<char16_t>(unit); }
  void put(std::string_view ascii) {
    for (const char unit : ascii) put(unit);
  }
  void put_string(const Text& text);
  template <typename Unit>
  void put_string(const Unit* units, std::size_t length);
  template <typename Unit>
  const Unit* put_plain(const Unit* units, const Unit* end);
  void put_special(char unit);

  // Every item has a comma after it, in whose place the end of its container goes.
  bool item(std::string_view ascii) {
    reserve(ascii.size() + 1);
    put(ascii);
    put(',');
    return true;
  }
  bool open(char bracket) {
    reserve(1);
    put(bracket);
    return true;
  }
  bool close(char bracket) {
    reserve(2);
    if (end_[-1] == ',') --end_;
    put(bracket);
    put(',');
    return true;
  }

  char16_t* begin() const { return reinterpret_cast<char16_t*>(text_.get()); }

  TextMemory text_;
  char16_t* end_ = nullptr;
  char16_t* limit_ = nullptr;
  bool has_escapes_ = false;  // else the mark before the text is left out
  // Keys that were written, by the place of their text in memory: the dicts of a list tend to have
  // the same.
  struct WrittenKey {
    const void* data = nullptr;
    std::uint32_t at = 0, length = 0;  // of what was written, the colon too
  };
  std::array<WrittenKey, 32> keys_;
};

}  // namespace vh
