#include "napi/values.h"

#include <cmath>
#include <memory>
#include <vector>

#include "core/surrogates.h"

namespace vh::js {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991;

void read_big(napi_env env, napi_value value, Value& out) {
  std::int64_t small = 0;
  bool lossless = false;
  if (napi_get_value_bigint_int64(env, value, &small, &lossless) == napi_ok && lossless) {
    out = Value::integer(small);
    return;
  }
  int sign = 0;
  std::size_t count = 0;
  napi_get_value_bigint_words(env, value, nullptr, &count, nullptr);
  std::vector<std::uint64_t> words(count);
  napi_get_value_bigint_words(env, value, &sign, &count, words.data());
  std::string hex = sign ? "-" : "";
  for (std::size_t i = count; i-- > 0;)
    for (int shift = 60; shift >= 0; shift -= 4) hex += "0123456789abcdef"[words[i] >> shift & 15];
  out = Value::copy(Kind::BigInt, hex);
}

}  // namespace

Values::Values(napi_env env, napi_value packer, napi_value encode, napi_value decode)
    : env_(env),
      packer_(reference(env, packer)),
      encode_(reference(env, encode)),
      decode_(reference(env, decode)) {}

napi_value Values::get(napi_ref reference) const {
  napi_value value = nullptr;
  napi_get_reference_value(env_, reference, &value);
  return value;
}

bool Values::read_number(napi_value value, Value& out) const {
  double number = 0;
  if (napi_get_value_double(env_, value, &number) != napi_ok) return false;
  const bool is_safe = std::abs(number) <= kMaxSafeInteger;
  const auto integer = is_safe ? static_cast<std::int64_t>(number) : 0;
  const bool is_minus_zero = number == 0 && std::signbit(number);
  const bool is_integer = is_safe && static_cast<double>(integer) == number && !is_minus_zero;
  out = is_integer ? Value::integer(integer) : Value::real(number);
  return true;
}

bool Values::read_string(napi_value value, TextBuffer& buffer, Value& out) const {
  std::size_t length = 0;
  if (napi_get_value_string_utf16(env_, value, buffer.units, TextBuffer::kSize, &length) != napi_ok)
    return false;
  if (length < TextBuffer::kSize - 1) {
    out = Value::view(Kind::String, {buffer.units, length, Width::Utf16});
    return true;
  }
  return read_units(value, Kind::String, {}, out);
}

// The codes and the string after them.
bool Values::read_units(napi_value string, Kind kind, std::span<const std::int32_t> codes,
                        Value& out) const {
  const std::size_t before = codes.size_bytes() / sizeof(char16_t);
  std::size_t length = 0;
  if (napi_get_value_string_utf16(env_, string, nullptr, 0, &length) != napi_ok) return false;
  auto* units = static_cast<char16_t*>(out.allocate(kind, Width::Utf16, before + length));
  if (!codes.empty()) std::memcpy(units, codes.data(), codes.size_bytes());
  return napi_get_value_string_utf16(env_, string, units + before, length + 1, &length) == napi_ok;
}

// Those of what was encoded last; none when it is JSON.
std::span<const std::int32_t> Values::packed_codes() const {
  napi_value codes = nullptr;
  void* data = nullptr;
  if (napi_get_named_property(env_, get(packer_), "codes", &codes) != napi_ok ||
      napi_get_typedarray_info(env_, codes, nullptr, nullptr, &data, nullptr, nullptr) != napi_ok)
    return {};
  const auto* first = static_cast<const std::int32_t*>(data);
  return {first, static_cast<std::size_t>(*first)};
}

bool Values::read(napi_value value, std::string_view where, Value& out) const {
  napi_valuetype type = napi_undefined;
  if (napi_typeof(env_, value, &type) != napi_ok) return false;
  switch (type) {
    case napi_undefined:
    case napi_null:
      out = Value();
      return true;
    case napi_boolean: {
      bool boolean = false;
      napi_get_value_bool(env_, value, &boolean);
      out = Value::boolean(boolean);
      return true;
    }
    case napi_number:
      return read_number(value, out);
    case napi_bigint:
      read_big(env_, value, out);
      return true;
    case napi_string: {
      TextBuffer buffer;
      if (!read_string(value, buffer, out)) return false;
      out.own();
      return true;
    }
    default:
      return read_object(value, where, out);
  }
}

bool Values::read_object(napi_value value, std::string_view where, Value& out) const {
  bool is_typed = false;
  napi_is_typedarray(env_, value, &is_typed);
  if (is_typed) {
    napi_typedarray_type type;
    std::size_t length = 0;
    void* data = nullptr;
    napi_get_typedarray_info(env_, value, &type, &length, &data, nullptr, nullptr);
    if (type == napi_uint8_array) {
      out = Value::copy(Kind::Bytes, {static_cast<const char*>(data), length});
      return true;
    }
  }
  napi_value undefined = nullptr, json = nullptr;
  napi_get_undefined(env_, &undefined);
  napi_value args[] = {value, to_js(env_, where)};
  if (napi_call_function(env_, undefined, get(encode_), 2, args, &json) != napi_ok) return false;
  const auto codes = packed_codes();
  if (!read_units(json, Kind::Json, codes, out)) return false;
  out.dialect = codes.empty() ? Dialect::Js : Dialect::Packed;
  return true;
}

napi_value Values::write(const Value& value) const {
  napi_value out = nullptr;
  switch (value.kind()) {
    case Kind::None:
    case Kind::Object:  // passes between C and Python only
      napi_get_null(env_, &out);
      return out;
    case Kind::Bool:
      napi_get_boolean(env_, value.as_bool(), &out);
      return out;
    case Kind::Int:
      if (std::abs(static_cast<double>(value.as_int())) <= kMaxSafeInteger)
        napi_create_int64(env_, value.as_int(), &out);
      else
        napi_create_bigint_int64(env_, value.as_int(), &out);
      return out;
    case Kind::BigInt:
      return write_big(value.bytes());
    case Kind::Float:
      napi_create_double(env_, value.as_float(), &out);
      return out;
    case Kind::String:
      return write_string(value.text());
    case Kind::Bytes: {
      napi_value buffer = nullptr;
      void* data = nullptr;
      if (napi_create_arraybuffer(env_, value.bytes().size(), &data, &buffer) != napi_ok)
        return nullptr;
      if (!value.bytes().empty()) std::memcpy(data, value.bytes().data(), value.bytes().size());
      napi_create_typedarray(env_, napi_uint8_array, value.bytes().size(), buffer, 0, &out);
      return out;
    }
    case Kind::Json: {
      napi_value undefined = nullptr, text = write_string(value.text());
      if (!text) return nullptr;
      napi_get_undefined(env_, &undefined);
      return napi_call_function(env_, undefined, get(decode_), 1, &text, &out) == napi_ok ? out
                                                                                          : nullptr;
    }
  }
  return nullptr;
}

napi_value Values::write_string(const Text& text) const {
  napi_value out = nullptr;
  napi_status status = napi_ok;
  switch (text.width) {
    case Width::Utf8:
      status =
          napi_create_string_utf8(env_, static_cast<const char*>(text.data), text.length, &out);
      break;
    case Width::Latin1:
      status =
          napi_create_string_latin1(env_, static_cast<const char*>(text.data), text.length, &out);
      break;
    case Width::Utf16:
      status = napi_create_string_utf16(env_, static_cast<const char16_t*>(text.data), text.length,
                                        &out);
      break;
    case Width::Ucs4: {
      const std::unique_ptr<char16_t[]> units(new char16_t[text.length * 2]);
      const std::size_t length =
          split_points(static_cast<const std::uint32_t*>(text.data), text.length, units.get());
      status = napi_create_string_utf16(env_, units.get(), length, &out);
      break;
    }
  }
  if (status == napi_ok) return out;
  bool pending = false;
  napi_is_exception_pending(env_, &pending);
  if (!pending)
    napi_throw_range_error(env_, "ERR_VH_MARSHAL", "a string longer than JavaScript's can be");
  return nullptr;
}

napi_value Values::write_big(std::string_view hex) const {
  const bool negative = hex.starts_with('-');
  if (negative) hex.remove_prefix(1);
  std::vector<std::uint64_t> words((hex.size() + 15) / 16);
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const char digit = hex[hex.size() - 1 - i];
    const auto bits = static_cast<std::uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    words[i / 16] |= bits << (i % 16 * 4);
  }
  napi_value out = nullptr;
  napi_create_bigint_words(env_, negative, words.size(), words.data(), &out);
  return out;
}

napi_ref reference(napi_env env, napi_value value) {
  napi_ref ref = nullptr;
  napi_create_reference(env, value, 1, &ref);
  return ref;
}

std::string to_utf8(napi_env env, napi_value string) {
  constexpr std::size_t kWidest = 4;  // bytes of a character
  char few[64];
  std::size_t length = 0;
  if (napi_get_value_string_utf8(env, string, few, sizeof few, &length) != napi_ok) return {};
  if (length < sizeof few - kWidest) return std::string(few, length);
  napi_get_value_string_utf8(env, string, nullptr, 0, &length);
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, string, text.data(), length + 1, &length);
  return text;
}

napi_value to_js(napi_env env, std::string_view utf8) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, utf8.data(), utf8.size(), &value);
  return value;
}

napi_value to_js(napi_env env, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  return value;
}

std::string take_exception(napi_env env) {
  napi_value exception = nullptr, message = nullptr;
  bool pending = false, is_error = false;
  napi_is_exception_pending(env, &pending);
  if (!pending || napi_get_and_clear_last_exception(env, &exception) != napi_ok)
    return "the hub's thread is ending";
  napi_is_error(env, exception, &is_error);
  if (is_error) napi_get_named_property(env, exception, "message", &message);
  napi_valuetype type = napi_undefined;
  if (message) napi_typeof(env, message, &type);
  if (type != napi_string) napi_coerce_to_string(env, exception, &message);
  std::string text = message ? to_utf8(env, message) : std::string();
  napi_is_exception_pending(env, &pending);  // a getter or toString() of what was thrown may throw
  if (pending) napi_get_and_clear_last_exception(env, &exception);
  return text.empty() ? "an exception without a message" : text;
}

}  // namespace vh::js
