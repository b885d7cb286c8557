#include "core/script_table.h"

#include <algorithm>

#include "core/script.h"

namespace vh {

namespace script_ids {
namespace {

using Numbered = std::pair<ScriptId, std::shared_ptr<Script>>;

// What a number stands for. Open: it may be loaded. Closed: its script has been unloaded.
enum class State : char { Open, Taken, Closed };

// Never destroyed: threads outlive main() at exit.
struct Ids {
  std::mutex mutex;  // of those who change them
  std::vector<State> states;
  Loaded loaded;

  // Null for a number that was not given.
  State* state(ScriptId id) {
    return id >= 0 && id < static_cast<ScriptId>(states.size())
               ? &states[static_cast<std::size_t>(id)]
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
  ids().states.push_back(State::Open);
  return static_cast<ScriptId>(ids().states.size()) - 1;
}

bool claim(ScriptId id) {
  const std::lock_guard lock(ids().mutex);
  State* state = ids().state(id);
  if (!state || *state == State::Taken) return false;
  *state = State::Taken;
  return true;
}

void assign(ScriptId id, std::shared_ptr<Script> script) {
  const std::lock_guard lock(ids().mutex);
  auto loaded = *Loaded::Reader(ids().loaded);
  loaded.emplace(std::ranges::upper_bound(loaded, id, {}, &Numbered::first), id, std::move(script));
  ids().loaded.replace(std::move(loaded));
}

void release(ScriptId id, bool unloaded) {
  const std::lock_guard lock(ids().mutex);
  *ids().state(id) = unloaded ? State::Closed : State::Open;
  auto loaded = *Loaded::Reader(ids().loaded);
  if (std::erase_if(loaded, [&](const Numbered& script) { return script.first == id; }))
    ids().loaded.replace(std::move(loaded));
}

bool is_open(ScriptId id) {
  const std::lock_guard lock(ids().mutex);
  const State* state = ids().state(id);
  return state && *state != State::Closed;
}

Found::Found(ScriptId id, const HostImpl* host) : loaded_(ids().loaded) {
  static const auto& none = *new std::shared_ptr<Script>;
  const auto at = std::ranges::lower_bound(*loaded_, id, {}, &Numbered::first);
  const bool found =
      at != loaded_->end() && at->first == id && (!host || &at->second->host == host);
  script_ = found ? &at->second : &none;
}

std::shared_ptr<Script> find(ScriptId id) {
  return *Found(id);
}

}  // namespace script_ids

void ScriptTable::add(std::shared_ptr<Script> script) {
  const auto place = [](const std::shared_ptr<Script>& s) {
    return s->options.order < 0 ? s->id : s->options.order;
  };
  const std::lock_guard lock(mutex_);
  Scripts changed = *all();
  changed.insert(std::ranges::upper_bound(changed, place(script), {}, place), std::move(script));
  scripts_.replace(std::move(changed));
}

void ScriptTable::remove(const Script& script) {
  const std::lock_guard lock(mutex_);
  Scripts changed = *all();
  std::erase_if(changed, [&](const auto& s) { return s.get() == &script; });
  scripts_.replace(std::move(changed));
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
