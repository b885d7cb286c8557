// A container from JavaScript as lib/packer.ts packs it: its strings, one after the other in one
// text, and codes that tell what is made of them. The GIL is held.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/ref.h"
#include "core/value.h"

namespace vh {

class PackedReader {
 public:
  // Two units for each code, then those of the strings. The first code is the number of codes.
  explicit PackedReader(const Text& packed);

  // Null with a Python error set.
  Owned read();

 private:
  // What the lowest bits of a code tell; the others hold a number. As in lib/packer.ts.
  enum class Code { String, Integer, Number, Constant, Array, Keys, Object };
  static constexpr unsigned kBits = 3;

  struct Keys {
    std::size_t first, count;
  };

  // False: with a Python error set, or there is none.
  bool item();
  Owned string(std::size_t length);
  Owned number();
  bool array(std::size_t length);
  bool keys(std::size_t count);
  bool object(std::size_t number);

  // The last items, which become one.
  std::span<Owned> last(std::size_t count) { return std::span(done_).last(count); }
  bool replace(std::size_t count, Owned made);
  bool put(Owned object) {
    if (!object) return false;
    done_.push_back(std::move(object));
    return true;
  }

  std::span<const std::int32_t> codes_;  // that are left
  std::u16string_view strings_;          // that are left
  std::vector<Owned> done_;
  std::vector<Owned> keys_;
  std::vector<Keys> lists_;  // of keys
};

}  // namespace vh
