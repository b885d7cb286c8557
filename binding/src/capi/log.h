// What the C API says on stderr.
#pragma once

#include <string>
#include <string_view>

namespace vh::capi {

// Levels as w_LogLevel has them.
enum class Level { Error, Status, Arguments, Debug };

void set_log_level(int level);
bool logs(Level level);
// One line, whole.
void log(Level level, std::string_view line);

}  // namespace vh::capi
