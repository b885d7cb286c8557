// A script: one loaded file, its place in the world, and its hooks.
//
// Owned by its host; touched on the host's thread, except where a comment says otherwise.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "core/core.h"
#include "core/interpreter.h"
#include "core/script_hooks.h"

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

  std::string declared_name, declared_version;  // by name_and_version, "" when not declared

  std::unique_ptr<Interpreter> own_interpreter;  // null for a script in the main interpreter
  Interpreter* interpreter = nullptr;
  Owned module;  // what holds the script's globals; its interpreter's, so let go before that ends

  ScriptHooks hooks;
  Owned unload_function;  // UnLoad, if it is defined; kept by globals.h, as the hooks are

  int frames = 0;                     // of the script on the stack of the host's thread
  bool leaving = false;               // no hook is dispatched to it any more
  std::atomic<bool> cut_off = false;  // its vh calls fail. Any thread.

  // Written with the GIL held, by any thread of the script.
  std::uint64_t vh_calls = 0;
  PairOrder pair_order = PairOrder::Unknown;
};

}  // namespace vh
