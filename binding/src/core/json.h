// Containers to and from JSON text. One grammar, RapidJSON's SAX events: a source walks, a sink
// builds (json_from_python.h, json_to_python.h), neither makes a tree in between, and nesting is
// bounded on the heap, never on the C stack.
//
// Dialect::Js: JSON in UTF-16 as JavaScript has it, lone surrogates too (js_json_reader.h,
// js_json_writer.h). What JSON cannot say are strings that begin with U+0000, in a text with a ! in
// front. The letter after the U+0000 tells what they stand for:
//   s  the string after it (one that itself begins with U+0000)
//   i  an integer beyond 2^53 - 1: hexadecimal digits, a minus sign first when negative
//   b  bytes: hexadecimal digits in pairs
// lib/values.ts holds the other half.
//
// Dialect::Packed: no JSON, but what JavaScript makes of plain containers (packed_reader.h).
//
// Dialect::C: plain JSON in UTF-8, by RapidJSON (json_text.h). Integers are exact to 64 bits and an
// error beyond; bytes and lone surrogates are errors, but what surrogateescape made of bytes that
// are not UTF-8 goes as those bytes.
//
// The GIL is held in all of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ref.h"
#include "core/value.h"

namespace vh {

inline constexpr std::size_t kMaxDepth = 10'000;
inline constexpr std::int64_t kMaxSafeInteger = (std::int64_t{1} << 53) - 1;
inline constexpr char16_t kHasEscapes = '!';
// V8 holds no longer string.
inline constexpr std::size_t kMaxText = (std::size_t{1} << 29) - 64;

// list, tuple, set, frozenset or dict to Json. False with TypeError or ValueError set, which says
// where, beginning with `where`: "args[1]['users'][3]".
bool write_json(PyObject* container, std::string_view where, Dialect dialect, Value& json);

// JSON text to list and dict. Null with ValueError set when it is not JSON or too deep.
Owned read_json(const Value& json);
// The same of Dialect::C.
Owned read_json(std::string_view text);

// Whether an int is no longer than JavaScript's can be.
bool fits_bigint(PyObject* integer);

// Hexadecimal digits with an optional sign, and back. Nothing, or null, with a Python error set,
// when memory is short.
std::optional<std::string> integer_to_hex(PyObject* integer);
Owned integer_from_hex(std::string_view hex);

}  // namespace vh
