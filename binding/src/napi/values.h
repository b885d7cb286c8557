// JavaScript values to and from Values. Containers go as text through two functions of
// lib/values.ts, so what has no counterpart is found, and named by its path, in one place.
#pragma once

#include <node_api.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/value.h"

namespace vh::js {

// Room for the string arguments of one call; longer ones go to the heap.
struct TextBuffer {
  static constexpr std::size_t kSize = 256;
  char16_t units[kSize];
};

class Values {
 public:
  // `encode(value, where)` gives JSON text, or the strings of what `packer` has the codes of
  // (lib/packer.ts), or throws MarshalError; `decode(text)` reads JSON text.
  Values(napi_env env, napi_value packer, napi_value encode, napi_value decode);

  // False: a JavaScript exception is pending. `where` begins the path in its message. The Value
  // owns what it holds.
  bool read(napi_value value, std::string_view where, Value& out) const;

  // False when it is no number.
  bool read_number(napi_value value, Value& out) const;

  // A string argument; the Value may be a view into `buffer`. False when it is no string.
  bool read_string(napi_value value, TextBuffer& buffer, Value& out) const;

  // Null: a JavaScript exception is pending.
  napi_value write(const Value& value) const;

  napi_env env() const { return env_; }
  napi_value get(napi_ref reference) const;

 private:
  bool read_units(napi_value string, Kind kind, std::span<const std::int32_t> codes,
                  Value& out) const;
  bool read_object(napi_value value, std::string_view where, Value& out) const;
  std::span<const std::int32_t> packed_codes() const;
  napi_value write_string(const Text& text) const;
  napi_value write_big(std::string_view hex) const;

  napi_env env_;
  napi_ref packer_, encode_, decode_;
};

// The message of the exception that is pending, which is cleared: that of an Error, else what
// String() says of it.
std::string take_exception(napi_env env);

// Keeps a value alive.
napi_ref reference(napi_env env, napi_value value);

std::string to_utf8(napi_env env, napi_value string);
napi_value to_js(napi_env env, std::string_view utf8);
napi_value to_js(napi_env env, double number);

}  // namespace vh::js
