// The units of texts, eight at a time, in vectors as GCC and Clang have them for every machine.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace vh {

inline constexpr std::size_t kBlock = 8;

using Block [[gnu::vector_size(16)]] = std::uint16_t;
using NarrowBlock [[gnu::vector_size(8)]] = std::uint8_t;

inline Block load_block(const char16_t* units) {
  Block block;
  std::memcpy(&block, units, sizeof block);
  return block;
}
inline Block load_block(const std::uint8_t* units) {
  NarrowBlock block;
  std::memcpy(&block, units, sizeof block);
  return __builtin_convertvector(block, Block);
}

inline void store_block(Block block, char16_t* units) {
  std::memcpy(units, &block, sizeof block);
}
inline void store_block(Block block, std::uint8_t* units) {
  const auto narrow = __builtin_convertvector(block, NarrowBlock);
  std::memcpy(units, &narrow, sizeof narrow);
}

// As two numbers that stay in registers, which an array would not.
using Halves [[gnu::vector_size(16)]] = std::uint64_t;

// All the bits that are set in any of a block's units.
inline char16_t bits_of(Block block) {
  const auto halves = std::bit_cast<Halves>(block);
  const std::uint64_t both = halves[0] | halves[1], folded = both | both >> 32;
  return static_cast<char16_t>(folded | folded >> 16);
}

// The place of a block's first unit that is not zero, or kBlock.
inline std::size_t first_of(Block block) {
  static_assert(std::endian::native == std::endian::little);
  const auto halves = std::bit_cast<Halves>(block);
  const int bits = halves[0] ? std::countr_zero(halves[0]) : 64 + std::countr_zero(halves[1]);
  return static_cast<unsigned>(bits) / 16;
}

// What does not stand for itself in a string of JSON.
constexpr bool is_special(std::uint32_t unit) {
  return unit < 0x20 || unit == '"' || unit == '\\';
}
// The same of each unit: zero for what does.
inline Block specials_of(Block units) {
  return std::bit_cast<Block>((units < 0x20) | (units == '"') | (units == '\\'));
}

// Calls `act` with the place of each block of a text that is at least as long as one. The last may
// overlap the one before it.
template <typename Act>
void for_each_block(std::size_t length, Act act) {
  for (std::size_t at = 0; at + kBlock < length; at += kBlock) act(at);
  act(length - kBlock);
}

}  // namespace vh
