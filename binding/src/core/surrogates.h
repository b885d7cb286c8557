// Code points beyond the first plane to and from UTF-16's pairs, four at a time where they stand
// together. Lone surrogates stay as they are.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/units.h"

namespace vh {

using Points [[gnu::vector_size(16)]] = std::uint32_t;

inline bool are_all(Points mask) {
  const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(mask);
  return (halves[0] & halves[1]) == ~std::uint64_t{0};
}

constexpr bool is_pair(const char16_t* units) {
  return (units[0] & 0xFC00) == 0xD800 && (units[1] & 0xFC00) == 0xDC00;
}

// Writes one code point, and returns where the next one goes.
constexpr char16_t* put_point(std::uint32_t point, char16_t* units) {
  if (point >= 0x10000) {
    *units++ = static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10));
    point = 0xDC00 + (point & 0x3FF);
  }
  *units++ = static_cast<char16_t>(point);
  return units;
}

inline bool has_pairs(const char16_t* units, std::size_t length) {
  std::size_t at = 0;
  for (; at + kBlock < length; at += kBlock) {
    const Block first = load_block(units + at) & 0xFC00,
                second = load_block(units + at + 1) & 0xFC00;
    if (bits_of(std::bit_cast<Block>((first == 0xD800) & (second == 0xDC00)))) return true;
  }
  for (; at + 1 < length; ++at)
    if (is_pair(units + at)) return true;
  return false;
}

// Returns how many code points there are, at most as many as units.
inline std::size_t join_pairs(const char16_t* units, std::size_t length, std::uint32_t* points) {
  const char16_t* const end = units + length;
  const std::uint32_t* const begin = points;
  while (units < end) {
    if (end - units >= static_cast<std::ptrdiff_t>(kBlock)) {
      const Block block = load_block(units);
      const auto pairs = std::bit_cast<Points>(block);
      if (!bits_of(std::bit_cast<Block>((block & 0xF800) == 0xD800))) {
        for (std::size_t i = 0; i < kBlock; ++i) points[i] = block[i];
        units += kBlock, points += kBlock;
        continue;
      }
      if (are_all(std::bit_cast<Points>((pairs & 0xFC00FC00) == 0xDC00D800))) {
        const Points joined = ((pairs & 0x3FF) << 10) + (pairs >> 16) + (0x10000 - 0xDC00);
        std::memcpy(points, &joined, sizeof joined);
        units += kBlock, points += kBlock / 2;
        continue;
      }
    }
    for (const char16_t* const stop = units + kBlock; units < end && units < stop; ++units) {
      if (end - units > 1 && is_pair(units)) {
        *points++ = 0x10000 + ((units[0] & 0x3FFU) << 10) + (units[1] & 0x3FFU);
        ++units;
      } else {
        *points++ = *units;
      }
    }
  }
  return static_cast<std::size_t>(points - begin);
}

// Returns how many units there are, at most twice as many as code points.
inline std::size_t split_points(const std::uint32_t* points, std::size_t length, char16_t* units) {
  const std::uint32_t* const end = points + length;
  const char16_t* const begin = units;
  while (points < end) {
    if (end - points >= 4) {
      Points four;
      std::memcpy(&four, points, sizeof four);
      if (are_all(std::bit_cast<Points>(four >= 0x10000))) {
        const Points pairs = ((four - 0x10000) >> 10 | (four & 0x3FF) << 16) + 0xDC00D800;
        std::memcpy(units, &pairs, sizeof pairs);
        points += 4, units += 8;
        continue;
      }
    }
    for (const std::uint32_t* const stop = points + 4; points < end && points < stop;)
      units = put_point(*points++, units);
  }
  return static_cast<std::size_t>(units - begin);
}

}  // namespace vh
