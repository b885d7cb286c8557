// The loaded scripts: of the process, by id, and of a host, in the order in which hooks are
// dispatched to them.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/core.h"

namespace vh {

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

// Null when no loaded script has that id.
std::shared_ptr<Script> find(ScriptId id);

}  // namespace script_ids

// The scripts of a host. Any thread.
class ScriptTable {
 public:
  void add(std::shared_ptr<Script> script);
  void remove(const Script& script);

  // As they are now: who goes through them may add and remove meanwhile.
  std::shared_ptr<const Scripts> all() const {
    const std::lock_guard lock(mutex_);
    return scripts_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Scripts> scripts_ = std::make_shared<Scripts>();  // replaced, never changed
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
