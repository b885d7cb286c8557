// The loaded scripts: of the process, by id, and of a host, in the order in which hooks are
// dispatched to them.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/core.h"
#include "core/snapshot.h"

namespace vh {

class HostImpl;
class Script;

using Scripts = std::vector<std::shared_ptr<Script>>;

// All scripts of the process. Any thread.
namespace script_ids {

// 0, 1, 2 …, never the same twice.
ScriptId reserve();

// The number is a script's that is being loaded now. False when it was not reserved, or is another
// loaded script's.
bool claim(ScriptId id);
void assign(ScriptId id, std::shared_ptr<Script> script);
// No script has the number any more: it did not load, or is `unloaded`.
void release(ScriptId id, bool unloaded);

// Whether functions may be registered for a script of that number: it was reserved, and no script
// of that number has been unloaded since.
bool is_open(ScriptId id);

// The loaded scripts, by id.
using Loaded = Snapshot<std::vector<std::pair<ScriptId, std::shared_ptr<Script>>>>;

// A loaded script, kept while this lives; null when none of the host's (null: of any) has that id.
// Without a lock.
class Found {
 public:
  explicit Found(ScriptId id, const HostImpl* host = nullptr);

  explicit operator bool() const { return *script_ != nullptr; }
  const std::shared_ptr<Script>& operator*() const { return *script_; }
  Script* operator->() const { return script_->get(); }

 private:
  Loaded::Reader loaded_;
  const std::shared_ptr<Script>* script_;
};

// The same for as long as the caller likes.
std::shared_ptr<Script> find(ScriptId id);

}  // namespace script_ids

// The scripts of a host. Any thread.
class ScriptTable {
 public:
  void add(std::shared_ptr<Script> script);
  void remove(const Script& script);

  // As they are now: who goes through them may add and remove meanwhile.
  Snapshot<Scripts>::Reader all() { return Snapshot<Scripts>::Reader(scripts_); }

 private:
  std::mutex mutex_;  // of those who change it
  Snapshot<Scripts> scripts_;
};

// The scripts in the main interpreter, of all hosts, by which a thread's frames tell whose it is.
// The main interpreter's GIL is held.
namespace main_scripts {

void add(Script& script);
void remove(Script& script);
// Null when no script there was loaded from that file.
Script* find(const std::string& path);

}  // namespace main_scripts
}  // namespace vh
