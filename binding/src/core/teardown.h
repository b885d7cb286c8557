// Scripts that are on their way out of Python: those whose end goes on in steps, those that wait
// for the thread that owns them, and zombies, whose threads did not end in time. Any thread may
// ask; nobody visits the scripts any more.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

#include "core/core.h"

namespace vh {

class HostImpl;
class Script;

namespace teardown {

using Duration = std::chrono::steady_clock::duration;

// Ends the script, in no longer than its Limits::unload; `unload`: what UnLoad() took of them.
// Gone, or Kept. From a thread that is not the owner: Gone, and it ends at the owner's next tend().
Unloading end(const std::shared_ptr<Script>& script, Duration unload, EndReport* report = nullptr);

// The same in steps.
Unloading begin(const std::shared_ptr<Script>& script, Duration unload);
// True when it is over: the script has ended, is a zombie, or was none of these.
bool step(ScriptId script, EndReport& report);
// Ends all of the host's scripts that begin() has begun with, side by side.
void end_begun(const HostImpl& host);

std::vector<Zombie> zombies(const HostImpl& host);
// The host is going: its zombies report to nobody.
void disown(const HostImpl& host);

// How much there is to do for whoever comes by: scripts that wait for their owners, and zombies
// whose time for another try has come.
inline std::atomic<int> g_to_do{0};

// Ends what waits for the calling thread, or for one that has ended, and tries again with zombies.
void tend_now();
inline void tend() {
  if (g_to_do.load(std::memory_order_relaxed) > 0) tend_now();
}

}  // namespace teardown
}  // namespace vh
