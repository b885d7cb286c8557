#include "core/barrier.h"

#ifdef __linux__
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace vh::barrier {
namespace {

#ifdef __linux__
constexpr int kRegister = MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;
constexpr int kReachOthers = MEMBARRIER_CMD_PRIVATE_EXPEDITED;
bool ask(int command) {
  return syscall(SYS_membarrier, command, 0, 0) == 0;
}
#else
constexpr int kRegister = 0, kReachOthers = 0;
bool ask(int) {
  return false;
}
#endif

}  // namespace

const bool g_reaches_others = ask(kRegister);

void heavy() {
  if (!g_reaches_others || !ask(kReachOthers)) pass();
}

}  // namespace vh::barrier
