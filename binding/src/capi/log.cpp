#include "capi/log.h"

#include <cstdio>

namespace vh::capi {

void log(Level level, std::string_view line) {
  if (!logs(level) && level != Level::Error) return;
  const std::string text = std::string(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace vh::capi
