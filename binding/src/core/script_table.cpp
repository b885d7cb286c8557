#include "core/script_table.h"

#include <algorithm>

#include "core/script.h"

namespace vh {

std::shared_ptr<Script> ScriptTable::find(ScriptId id) const {
  for (const auto& script : *scripts_)
    if (script->id == id) return script;
  return nullptr;
}

void ScriptTable::add(std::shared_ptr<Script> script) {
  const auto place = [](const std::shared_ptr<Script>& s) {
    return s->options.order < 0 ? s->id : s->options.order;
  };
  auto changed = std::make_shared<Scripts>(*scripts_);
  changed->insert(std::ranges::upper_bound(*changed, place(script), {}, place), std::move(script));
  scripts_ = std::move(changed);
}

void ScriptTable::remove(const Script& script) {
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
