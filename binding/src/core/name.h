// A name as a template's argument: what is told apart by it has statics of its own.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace vh {

template <std::size_t N>
struct Name {
  constexpr Name(const char (&given)[N]) { std::copy_n(given, N, text.begin()); }
  std::array<char, N> text{};
};

}  // namespace vh
