// `native_paths SCRIPT`: the paths that begin or end in C, and their floors, for callgrind to
// count.
#include <valgrind/callgrind.h>
#include <wrapper.h>

#include <string>

#include "../native/calls.h"
#include "../native/floor.h"

namespace {

constexpr long kCalls = 1000, kWarmUp = 2000;
constexpr int kBatches = 5;

void count(const std::string& side, const calls::Work& work) {
  const std::string mark = side + " " + std::to_string(kCalls);
  work(kWarmUp);
  for (int i = 0; i < kBatches; ++i) {
    CALLGRIND_START_INSTRUMENTATION;
    work(kCalls);
    CALLGRIND_DUMP_STATS_AT(mark.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
  }
}

}  // namespace

int main(int, char** argv) {
  if (!calls::begin()) return 1;
  const int script = calls::load(argv[1]);
  if (script < 0) return 1;
  floor_::set_up(argv[1]);

  count("native-hook subject", [&](long n) { calls::call_hook(script, n); });
  count("native-hook floor", floor_::call_hook);
  count("native-vh-call subject", calls::python(script, "ask"));
  count("native-vh-call floor", floor_::call_released);
  w_End();
}
