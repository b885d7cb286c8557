// What the C API says on stderr.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

namespace vh::capi {

// Levels as w_LogLevel has them.
enum class Level { Error, Status, Arguments, Debug };

inline std::atomic<int> g_log_level{0};

inline bool logs(Level level) {
  return static_cast<int>(level) <= g_log_level.load(std::memory_order_relaxed);
}
// One line, whole.
void log(Level level, std::string_view line);

}  // namespace vh::capi
