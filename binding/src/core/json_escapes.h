// What strings of Dialect::Js stand for when they begin with U+0000 (json.h). The GIL is held.
#pragma once

#include <string>
#include <string_view>

#include "core/ref.h"

namespace vh {

inline bool is_escaped(std::string_view text) {
  return !text.empty() && text[0] == '\0';
}

std::string escape(char letter, std::string_view rest);

// The UTF-16 units of a str, for the letter u.
std::string utf16_hex(PyObject* str);

// The object that an escaped string stands for. Null, with ValueError set, when it is no escape.
Owned unescape(std::string_view text);

}  // namespace vh
