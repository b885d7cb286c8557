#include "core/dynamic_functions.h"

#include <mutex>
#include <utility>

namespace vh::dynamic_functions {
namespace {

// Never destroyed: threads outlive main() at exit.
struct Table {
  std::mutex mutex;  // of those who change it
  Snapshot<ByAudience> functions;
  Audience last_everyone = 0;
};
Table& table() {
  static Table& table = *new Table;
  return table;
}

using Reader = Snapshot<ByAudience>::Reader;

Callable* look_up(const ByAudience& functions, Audience audience, std::string_view name) {
  const auto of_audience = functions.find(audience);
  if (of_audience == functions.end()) return nullptr;
  const auto function = of_audience->second->find(name);
  return function == of_audience->second->end() ? nullptr : function->second.get();
}

// Puts an edited copy in the place of an audience's functions, when the edit wants it. What is gone
// thereby is destroyed by its last reader, at the earliest by `before`, without the lock: it is a
// face's object and may do anything.
template <typename Edit>
bool change(Audience audience, Edit edit) {
  std::unique_lock lock(table().mutex);
  const Reader before(table().functions);
  const auto found = before->find(audience);
  ByName functions = found == before->end() ? ByName() : *found->second;
  const bool changes = edit(functions);
  if (changes) {
    ByAudience changed = *before;
    if (functions.empty())
      changed.erase(audience);
    else
      changed[audience] = std::make_shared<const ByName>(std::move(functions));
    table().functions.replace(std::move(changed));
  }
  lock.unlock();
  return changes;
}

template <typename Unwanted>
bool remove_if(Audience audience, std::string_view name, Unwanted unwanted) {
  return change(audience, [&](ByName& functions) {
    const auto found = functions.find(name);
    if (found == functions.end() || !unwanted(*found->second)) return false;
    functions.erase(found);
    return true;
  });
}

}  // namespace

Audience everyone() {
  const std::lock_guard lock(table().mutex);
  return --table().last_everyone;
}

void add(Audience audience, std::string_view name, std::shared_ptr<Callable> function) {
  change(audience, [&](ByName& functions) {
    functions[std::string(name)] = std::move(function);
    return true;
  });
}

bool remove(Audience audience, std::string_view name) {
  return remove_if(audience, name, [](const Callable&) { return true; });
}

void remove_unless(Audience audience, std::string_view name, Dialect dialect) {
  remove_if(audience, name,
            [dialect](const Callable& function) { return function.dialect() != dialect; });
}

void forget(Audience audience) {
  change(audience, [](ByName& functions) {
    const bool had_any = !functions.empty();
    functions.clear();
    return had_any;
  });
}

Found::Found(Audience script, Audience everyone, std::string_view name)
    : functions_(table().functions) {
  for (const Audience audience : {script, everyone})
    if (!function_) function_ = look_up(*functions_, audience, name);
}

}  // namespace vh::dynamic_functions
