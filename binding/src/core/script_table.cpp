#include "core/script_table.h"

#include <algorithm>

#include "core/script.h"

namespace vh {

namespace script_ids {
namespace {

// What a number stands for.
struct Slot {
  enum class State : char { Open, Taken, Closed };
  State state = State::Open;       // Open: may be loaded. Closed: its script has been unloaded.
  std::shared_ptr<Script> script;  // null as well while it is being loaded
};

// Never destroyed: threads outlive main() at exit.
struct Ids {
  std::mutex mutex;
  std::vector<Slot> slots;

  // Null for a number that was not given.
  Slot* slot(ScriptId id) {
    return id >= 0 && id < static_cast<ScriptId>(slots.size())
               ? &slots[static_cast<std::size_t>(id)]
               : nullptr;
  }
};
Ids& ids() {
  static Ids& ids = *new Ids;
  return ids;
}

}  // namespace

ScriptId reserve() {
  const std::lock_guard lock(ids().mutex);
  ids().slots.emplace_back();
  return static_cast<ScriptId>(ids().slots.size()) - 1;
}

bool claim(ScriptId id) {
  const std::lock_guard lock(ids().mutex);
  Slot* slot = ids().slot(id);
  if (!slot || slot->state == Slot::State::Taken) return false;
  slot->state = Slot::State::Taken;
  return true;
}

void assign(ScriptId id, std::shared_ptr<Script> script) {
  const std::lock_guard lock(ids().mutex);
  ids().slot(id)->script = std::move(script);
}

void release(ScriptId id, bool unloaded) {
  std::shared_ptr<Script> gone;
  const std::lock_guard lock(ids().mutex);
  Slot& slot = *ids().slot(id);
  slot.state = unloaded ? Slot::State::Closed : Slot::State::Open;
  gone = std::move(slot.script);
}

bool is_open(ScriptId id) {
  const std::lock_guard lock(ids().mutex);
  const Slot* slot = ids().slot(id);
  return slot && slot->state != Slot::State::Closed;
}

std::shared_ptr<Script> find(ScriptId id) {
  const std::lock_guard lock(ids().mutex);
  const Slot* slot = ids().slot(id);
  return slot ? slot->script : nullptr;
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
