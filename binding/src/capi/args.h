// w_Targs: made, read, printed and freed.
//
// Every one is made here, as one allocation: the elements, then how it was packed, then the format,
// then copied texts. Where its format lies tells that an object is one of these.
#pragma once

#include <array>
#include <cstdarg>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/core.h"
#include "core/small_array.h"
#include "core/value.h"
#include "wrapper.h"

namespace vh::capi {

enum class Packing : char {
  Copied,  // free() releases all
  Owning,  // each text is an allocation of its own, which free_args() frees too
  OnStack  // the arguments of a callback: not to be freed
};

// Null for an unknown letter, or when memory is short. `packing`: Copied, or Owning, which takes
// over the texts.
w_Targs* pack(const char* format, std::va_list* values, Packing packing);
bool unpack(const w_Targs* args, const char* format, std::va_list targets);
void free_args(w_Targs* args);
std::string print(const w_Targs* args);

// What a script returned, as the caller's to free in either way. A lone None becomes `none`, one in
// a tuple a null "s". Null when memory is short.
w_Targs* pack_returned(const Returned& returned, long none);

inline std::string_view format_of(const w_Targs* args) {
  return args && args->format ? args->format : std::string_view();
}

// Values that view the elements of an argument list, which may be null.
class ArgumentValues {
 public:
  explicit ArgumentValues(const w_Targs* args);
  std::span<const Value> all() const { return values_.all(); }

 private:
  SmallArray<Value, 6> values_;
};

// The arguments of a callback. They view the Values, which must outlive them.
class CallbackArguments {
 public:
  explicit CallbackArguments(std::span<const Value> values);
  w_Targs* get() { return reinterpret_cast<w_Targs*>(block_); }

 private:
  alignas(w_Telement) std::array<char, 256> few_;
  std::unique_ptr<char[]> many_;
  char* block_ = few_.data();
};

// One element, as Python gets it. A text is a view. An integer is made inline: as the result of a
// function it is moved in wider pieces than it was just written in, for which processors wait.
Value to_other_value(char letter, const w_Telement& element);
inline Value to_value(char letter, const w_Telement& element) {
  return letter == 'l' ? Value::integer(element.l) : to_other_value(letter, element);
}

}  // namespace vh::capi
