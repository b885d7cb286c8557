#include "capi/log.h"

#include <atomic>
#include <cstdio>

namespace vh::capi {
namespace {

std::atomic<int> g_level{0};

}  // namespace

void set_log_level(int level) {
  g_level = level;
}

bool logs(Level level) {
  return static_cast<int>(level) <= g_level.load(std::memory_order_relaxed);
}

void log(Level level, std::string_view line) {
  if (!logs(level) && level != Level::Error) return;
  const std::string text = std::string(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace vh::capi
