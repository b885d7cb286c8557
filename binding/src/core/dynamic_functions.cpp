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

// Puts others in the place of an audience's functions. What is gone thereby is destroyed by its
// last reader, at the earliest by `before`, without the lock: it is a face's object and may do
// anything. The lock is held.
void replace(const Reader& before, Audience audience, ByName functions) {
  ByAudience changed = *before;
  if (functions.empty())
    changed.erase(audience);
  else
    changed[audience] = std::make_shared<const ByName>(std::move(functions));
  table().functions.replace(std::move(changed));
}

ByName of(const Reader& functions, Audience audience) {
  const auto found = functions->find(audience);
  return found == functions->end() ? ByName() : *found->second;
}

template <typename Unwanted>
bool remove_if(Audience audience, std::string_view name, Unwanted unwanted) {
  std::unique_lock lock(table().mutex);
  const Reader before(table().functions);
  const Callable* found = look_up(*before, audience, name);
  const bool removes = found && unwanted(*found);
  if (removes) {
    ByName functions = of(before, audience);
    functions.erase(functions.find(name));
    replace(before, audience, std::move(functions));
  }
  lock.unlock();
  return removes;
}

}  // namespace

Audience everyone() {
  const std::lock_guard lock(table().mutex);
  return --table().last_everyone;
}

void add(Audience audience, std::string_view name, std::shared_ptr<Callable> function) {
  std::unique_lock lock(table().mutex);
  const Reader before(table().functions);
  ByName functions = of(before, audience);
  functions[std::string(name)] = std::move(function);
  replace(before, audience, std::move(functions));
  lock.unlock();
}

bool remove(Audience audience, std::string_view name) {
  return remove_if(audience, name, [](const Callable&) { return true; });
}

void remove_unless(Audience audience, std::string_view name, Dialect dialect) {
  remove_if(audience, name,
            [dialect](const Callable& function) { return function.dialect() != dialect; });
}

void forget(Audience audience) {
  std::unique_lock lock(table().mutex);
  const Reader before(table().functions);
  if (before->contains(audience)) replace(before, audience, {});
  lock.unlock();
}

Found::Found(Audience script, Audience everyone, std::string_view name)
    : functions_(table().functions) {
  for (const Audience audience : {script, everyone})
    if (!function_) function_ = look_up(*functions_, audience, name);
}

}  // namespace vh::dynamic_functions
