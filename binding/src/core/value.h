// A value on its way between a script and the world outside Python.
//
// Faces (napi, capi) and the core meet in this type alone: a face never sees a PyObject, the core
// never sees a napi_value. A container travels as one text (JSON, but for Dialect::Packed),
// everything else as itself.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "core/text_memory.h"

namespace vh {

// Object: a Python object that a C plugin holds, to be passed on as it is.
enum class Kind : std::uint8_t { None, Bool, Int, Object, BigInt, Float, String, Bytes, Json };

// How the units of a text are stored. Utf16 may hold lone surrogates, Ucs4 too: both pass
// unchanged.
enum class Width : std::uint8_t { Utf8, Latin1, Utf16, Ucs4 };

// What a container travels as. Js: JSON in UTF-16, with escapes for what it cannot say (json.h).
// Packed: from JavaScript, what takes less time to make than JSON (packed_reader.h). C: plain JSON
// in UTF-8, integers of 64 bits, strings of any bytes.
enum class Dialect : std::uint8_t { Js, Packed, C };

inline std::size_t unit_size(Width width) {
  return width == Width::Utf16 ? 2 : width == Width::Ucs4 ? 4 : 1;
}

// The units of a text and their number. Does not own them.
struct Text {
  const void* data = nullptr;
  std::size_t length = 0;
  Width width = Width::Utf8;
};

// Moves, never copies. A text is a view (whoever made the Value keeps it alive) or owned by the
// Value.
class Value {
 public:
  Value() = default;

  static Value boolean(bool b) { return Value(Kind::Bool, b); }
  static Value integer(std::int64_t i) { return Value(Kind::Int, static_cast<std::uint64_t>(i)); }
  static Value real(double d) { return Value(Kind::Float, std::bit_cast<std::uint64_t>(d)); }
  // `object` is a PyObject of the interpreter that the Value is for. Borrowed.
  static Value object(void* object) { return Value(Kind::Object, address(object)); }
  // A view: String, Bytes, Json or BigInt (hexadecimal digits with an optional sign).
  static Value view(Kind kind, Text text) {
    return Value(kind, address(text.data), text.length, text.width);
  }
  static Value view(std::string_view utf8) {
    return view(Kind::String, {utf8.data(), utf8.size(), Width::Utf8});
  }
  // Owns a copy of the bytes.
  static Value copy(Kind kind, std::string_view bytes) {
    Value v;
    std::memcpy(v.allocate(kind, Width::Utf8, bytes.size()), bytes.data(), bytes.size());
    return v;
  }

  // Owns the memory that the text is in.
  static Value owned(Kind kind, Text text, TextMemory memory) {
    Value v = view(kind, text);
    v.owned_ = std::move(memory);
    return v;
  }

  // Makes this an owned text of `length` units with a NUL after them, and returns where to write
  // them.
  void* allocate(Kind kind, Width width, std::size_t length) {
    const std::size_t size = length * unit_size(width);
    owned_ = TextMemory(size + unit_size(width));
    std::memset(owned_.get() + size, 0, unit_size(width));
    kind_ = kind;
    width_ = width;
    bits_ = address(owned_.get());
    length_ = length;
    return owned_.get();
  }

  // The same value; a text is a view of this one's.
  Value borrow() const {
    Value v(kind_, bits_, length_, width_);
    v.dialect = dialect;
    return v;
  }

  // Turns a view into an owned text, so that it outlives its maker.
  void own() {
    if (!is_text() || owned_) return;
    const Text view = text();
    std::memcpy(allocate(kind_, view.width, view.length), view.data,
                view.length * unit_size(view.width));
  }

  Kind kind() const { return kind_; }
  bool is_text() const { return kind_ >= Kind::BigInt && kind_ != Kind::Float; }
  bool as_bool() const { return bits_ != 0; }
  std::int64_t as_int() const { return static_cast<std::int64_t>(bits_); }
  double as_float() const { return std::bit_cast<double>(bits_); }
  void* as_object() const { return pointer(); }
  Text text() const { return {pointer(), length_, width_}; }
  // The bytes of a text whose width is Utf8 or Latin1.
  std::string_view bytes() const { return {static_cast<const char*>(pointer()), length_}; }

  // Json only.
  Dialect dialect = Dialect::Js;

 private:
  explicit Value(Kind kind, std::uint64_t bits, std::size_t length = 0, Width width = Width::Utf8)
      : kind_(kind), width_(width), bits_(bits), length_(length) {}

  static std::uint64_t address(const void* pointer) {
    return reinterpret_cast<std::uintptr_t>(pointer);
  }
  void* pointer() const { return reinterpret_cast<void*>(static_cast<std::uintptr_t>(bits_)); }

  // No union: compilers keep plain members in registers where a Value is moved, a union they copy
  // by way of the memory.
  Kind kind_ = Kind::None;
  Width width_ = Width::Utf8;
  std::uint64_t bits_ = 0;  // a number, or an address
  std::size_t length_ = 0;  // of a text
  TextMemory owned_;
};

}  // namespace vh
