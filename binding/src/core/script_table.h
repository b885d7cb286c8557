// The scripts of a host, in the order in which hooks are dispatched to them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/core.h"

namespace vh {

class Script;

using Scripts = std::vector<std::shared_ptr<Script>>;

// Belongs to the host's thread.
class ScriptTable {
 public:
  std::shared_ptr<Script> find(ScriptId id) const;
  void add(std::shared_ptr<Script> script);
  void remove(const Script& script);

  // As they are now: who goes through them may add and remove meanwhile.
  std::shared_ptr<const Scripts> all() const { return scripts_; }

 private:
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
