#include "core/script_table.h"

#include <algorithm>
#include <unordered_map>

#include "core/script.h"

namespace vh {

namespace script_ids {
namespace {

// Never destroyed: threads outlive main() at exit.
struct Ids {
  std::mutex mutex;
  std::unordered_map<ScriptId, std::shared_ptr<Script>> scripts;  // null: being loaded
  std::vector<bool> closed;                                       // one for each number given
};
Ids& ids() {
  static Ids& ids = *new Ids;
  return ids;
}

}  // namespace

ScriptId reserve() {
  const std::lock_guard lock(ids().mutex);
  ids().closed.push_back(false);
  return static_cast<ScriptId>(ids().closed.size()) - 1;
}

bool claim(ScriptId id) {
  const std::lock_guard lock(ids().mutex);
  if (id < 0 || id >= static_cast<ScriptId>(ids().closed.size())) return false;
  if (!ids().scripts.try_emplace(id).second) return false;
  ids().closed[static_cast<std::size_t>(id)] = false;
  return true;
}

void assign(ScriptId id, std::shared_ptr<Script> script) {
  const std::lock_guard lock(ids().mutex);
  ids().scripts[id] = std::move(script);
}

void release(ScriptId id, bool unloaded) {
  std::shared_ptr<Script> gone;
  const std::lock_guard lock(ids().mutex);
  ids().closed[static_cast<std::size_t>(id)] = unloaded;
  const auto found = ids().scripts.find(id);
  if (found == ids().scripts.end()) return;
  gone = std::move(found->second);
  ids().scripts.erase(found);
}

bool is_open(ScriptId id) {
  const std::lock_guard lock(ids().mutex);
  return id >= 0 && id < static_cast<ScriptId>(ids().closed.size()) &&
         !ids().closed[static_cast<std::size_t>(id)];
}

std::shared_ptr<Script> find(ScriptId id) {
  const std::lock_guard lock(ids().mutex);
  const auto found = ids().scripts.find(id);
  return found == ids().scripts.end() ? nullptr : found->second;
}

}  // namespace script_ids

void ScriptTable::add(std::shared_ptr<Script> script) {
  const auto place = [](const std::shared_ptr<Script>& s) {
    return s->options.order < 0 ? s->id : s->options.order;
  };
  const std::lock_guard lock(mutex_);
  auto changed = std::make_shared<Scripts>(*scripts_);
  changed->insert(std::ranges::upper_bound(*changed, place(script), {}, place), std::move(script));
  scripts_ = std::move(changed);
}

void ScriptTable::remove(const Script& script) {
  const std::lock_guard lock(mutex_);
  auto changed = std::make_shared<Scripts>(*scripts_);
  std::erase_if(*changed, [&](const auto& s) { return s.get() == &script; });
  scripts_ = std::move(changed);
}

namespace main_scripts {
namespace {

std::vector<Script*>& list() {
  static auto& scripts = *new std::vector<Script*>;
  return scripts;
}

}  // namespace

void add(Script& script) {
  list().push_back(&script);
}

void remove(Script& script) {
  std::erase(list(), &script);
}

Script* find(const std::string& path) {
  const auto found =
      std::ranges::find_if(list(), [&](const Script* script) { return script->path == path; });
  return found == list().end() ? nullptr : *found;
}

}  // namespace main_scripts
}  // namespace vh
