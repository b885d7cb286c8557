#include "core/dynamic_functions.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace vh::dynamic_functions {
namespace {

using ByName = std::map<std::string, std::shared_ptr<Callable>, std::less<>>;

// What a registration replaces or removes is destroyed without the lock: it is a face's object and
// may do anything.
struct Table {
  std::mutex mutex;
  std::map<Audience, ByName> functions;
  Audience last_everyone = 0;
};

// Never destroyed: threads outlive main() at exit.
Table& table() {
  static Table& table = *new Table;
  return table;
}

// Null when there is none. The lock is held.
const std::shared_ptr<Callable>* look_up(Audience audience, std::string_view name) {
  const auto of_audience = table().functions.find(audience);
  if (of_audience == table().functions.end()) return nullptr;
  const auto function = of_audience->second.find(name);
  return function == of_audience->second.end() ? nullptr : &function->second;
}

template <typename Unwanted>
bool remove_if(Audience audience, std::string_view name, Unwanted unwanted) {
  std::shared_ptr<Callable> gone;
  const std::lock_guard lock(table().mutex);
  const auto* found = look_up(audience, name);
  if (!found || !unwanted(**found)) return false;
  gone = *found;
  ByName& functions = table().functions[audience];
  functions.erase(functions.find(name));
  if (functions.empty()) table().functions.erase(audience);
  return true;
}

}  // namespace

Audience everyone() {
  const std::lock_guard lock(table().mutex);
  return --table().last_everyone;
}

void add(Audience audience, std::string_view name, std::shared_ptr<Callable> function) {
  const std::lock_guard lock(table().mutex);
  table().functions[audience][std::string(name)].swap(function);
}

bool remove(Audience audience, std::string_view name) {
  return remove_if(audience, name, [](const Callable&) { return true; });
}

void remove_unless(Audience audience, std::string_view name, Dialect dialect) {
  remove_if(audience, name,
            [dialect](const Callable& function) { return function.dialect() != dialect; });
}

void forget(Audience audience) {
  ByName gone;
  const std::lock_guard lock(table().mutex);
  const auto found = table().functions.find(audience);
  if (found == table().functions.end()) return;
  gone = std::move(found->second);
  table().functions.erase(found);
}

std::shared_ptr<Callable> find(Audience script, Audience everyone, std::string_view name) {
  const std::lock_guard lock(table().mutex);
  for (const Audience audience : {script, everyone})
    if (const auto* found = look_up(audience, name)) return *found;
  return nullptr;
}

}  // namespace vh::dynamic_functions
