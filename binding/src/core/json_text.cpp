#include "core/json_text.h"

#include <charconv>
#include <locale>
#include <sstream>
#include <string>

namespace vh {

std::optional<std::int64_t> to_integer(std::string_view number) {
  std::int64_t integer = 0;
  if (std::from_chars(number.data(), number.data() + number.size(), integer).ec != std::errc())
    return std::nullopt;
  return integer;
}

std::optional<double> to_real(std::string_view number) {
  double real = 0;
  const char* const last = number.data() + number.size();
  const auto [end, error] = std::from_chars(number.data(), last, real);
  if (end != last) return std::nullopt;
  if (error == std::errc()) return real;
  // from_chars does not tell too large from too small; a stream, slower, does.
  std::istringstream stream{std::string(number)};
  stream.imbue(std::locale::classic());
  if (stream >> real) return real;
  return std::nullopt;
}

std::size_t find_lone_low_surrogate(std::string_view text) {
  constexpr std::size_t kEscape = 2, kUnicodeEscape = 6;
  for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
    const std::string_view escape = text.substr(at, kUnicodeEscape);
    if (!escape.starts_with("\\uD") && !escape.starts_with("\\ud")) {
      at += kEscape;
    } else if (escape.find_first_of("cdefCDEF", 3) == 3) {
      return at;
    } else if (escape.find_first_of("89abAB", 3) == 3) {
      at += 2 * kUnicodeEscape;
    } else {
      at += kUnicodeEscape;
    }
  }
  return text.npos;
}

}  // namespace vh
