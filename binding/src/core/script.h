// A script: one loaded file, its place in the world, and its hooks.
//
// Owned by its host. Any thread, where a comment says no more.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "core/core.h"
#include "core/interpreter.h"
#include "core/script_hooks.h"
#include "core/visit.h"
#include "core/watchdog.h"

namespace vh {

class HostImpl;

// The order of the first two arguments of pm and usermc.
enum class PairOrder { Unknown, MessageFirst, NickFirst };

// Shared: a thread of the script may still be writing output when its host has let go of it.
class Script : public std::enable_shared_from_this<Script> {
 public:
  Script(HostImpl& owner, ScriptId number, const LoadOptions& given);
  ~Script();
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  ScriptInfo info() const;

  HostImpl& host;
  const ScriptId id;
  const LoadOptions options;
  const std::string path;  // absolute
  const std::string stem;  // the file's name without .py

  // What it called itself by name_and_version; "" when it did not.
  void declare(std::string name, std::string version);

  std::unique_ptr<Interpreter> own_interpreter;  // null for a script in the main interpreter
  Interpreter* interpreter = nullptr;
  Owned module;  // what holds the script's globals; its interpreter's, so let go before that ends

  ScriptHooks hooks;
  // UnLoad, if it is defined; kept by globals.h, as the hooks are. With the GIL held.
  Owned unload_function;

  Visitors visitors{thread_states::this_thread()};
  std::atomic<bool> cut_off = false;  // its vh calls fail
  int starts = 0;                     // of threads, that have not begun; with the GIL held

  // Of hooks and calls. With the GIL held.
  void count_timeout(int activity, bool timed_out) {
    if (activity < 0 && activity != activity::kCall) return;
    const int before = timeouts_.load(std::memory_order_relaxed);
    if (timed_out || before) timeouts_ = timed_out ? before + 1 : 0;
  }
  // After three in a row, when it was loaded so.
  bool is_to_be_disabled() const { return options.limits.disables && timeouts_ >= 3; }

  Counter vh_calls;
  PairOrder pair_order = PairOrder::Unknown;  // with the GIL held

 private:
  std::atomic<int> timeouts_ = 0;  // in a row
  mutable std::mutex mutex_;
  std::string declared_name_, declared_version_;
};

}  // namespace vh
