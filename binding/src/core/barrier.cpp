#include "core/barrier.h"

#ifdef __linux__
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace vh::barrier {
namespace {

bool ask(int command) {
#ifdef __linux__
  return syscall(SYS_membarrier, command, 0, 0) == 0;
#else
  return command < 0;
#endif
}

}  // namespace

#ifdef __linux__
const bool g_reaches_others = ask(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
#else
const bool g_reaches_others = false;
#endif

void heavy() {
#ifdef __linux__
  if (g_reaches_others && ask(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) return;
#endif
  pass();
}

}  // namespace vh::barrier
