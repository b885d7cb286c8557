// What is kept for each thread. In one place: reaching a thread-local of a shared library costs a
// call, except by the initial-exec model, for which glibc has a little room in libraries that are
// opened late.
#pragma once

#include <cstdint>
#include <vector>

namespace vh {

class Script;

using ThreadId = std::uint64_t;  // ours; never used twice, as the system's are

namespace thread_states {
struct Cached;
}
namespace watchdog {
struct Watch;
}
namespace waits {
class WaitingThread;
}

struct ThreadData {
  ThreadId id = 0;                                       // 0: not asked for yet
  std::vector<thread_states::Cached>* states = nullptr;  // thread_states.h
  Script* running = nullptr;                             // running.h
  Script* starter = nullptr;                             // of this thread: script_threads.h
  watchdog::Watch* watch = nullptr;                      // watchdog.h
  waits::WaitingThread* waiting = nullptr;               // waiting_thread.h
  int nesting = 0;
  unsigned script_commands = 0;  // how often the hub has called OnScriptCommand here
  const char* stack_floor = nullptr;
  int wanting = 0;         // fairness.h
  bool served = false;     // by the hub, and not gone there again: fairness.h
  bool is_ending = false;  // its states have been given back
  bool in_turn = false;    // turns.h
};

#ifdef __GLIBC__
extern constinit thread_local ThreadData t_data __attribute__((tls_model("initial-exec")));
#else
extern constinit thread_local ThreadData t_data;
#endif

}  // namespace vh
