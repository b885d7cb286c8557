#include "core/dynamic_functions.h"

#include <algorithm>
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

// Where a name is, or else belongs; and whether it is there.
template <typename Functions>
auto find(Functions& functions, std::string_view name) {
  const auto length = [](const Named& named) { return named.name.size(); };
  auto at = std::ranges::lower_bound(functions, name.size(), {}, length);
  const auto has_length = [&] { return at != functions.end() && length(*at) == name.size(); };
  while (has_length() && at->name != name) ++at;
  return std::pair(at, has_length());
}

// Puts an edited copy in the place of an audience's functions, when the edit wants it. What is gone
// thereby is destroyed by its last reader, at the earliest by `before`, without the lock: it is a
// face's object and may do anything.
template <typename Edit>
bool change(Audience audience, Edit edit) {
  std::unique_lock lock(table().mutex);
  const Reader before(table().functions);
  const auto found = before->find(audience);
  Functions functions = found == before->end() ? Functions() : *found->second;
  const bool changes = edit(functions);
  if (changes) {
    ByAudience changed = *before;
    if (functions.empty())
      changed.erase(audience);
    else
      changed[audience] = std::make_shared<const Functions>(std::move(functions));
    table().functions.replace(std::move(changed));
  }
  lock.unlock();
  return changes;
}

template <typename Unwanted>
bool remove_if(Audience audience, std::string_view name, Unwanted unwanted) {
  return change(audience, [&](Functions& functions) {
    const auto [at, found] = find(functions, name);
    if (!found || !unwanted(*at->function)) return false;
    functions.erase(at);
    return true;
  });
}

}  // namespace

Audience everyone() {
  const std::lock_guard lock(table().mutex);
  return --table().last_everyone;
}

void add(Audience audience, std::string_view name, std::shared_ptr<Callable> function) {
  change(audience, [&](Functions& functions) {
    const auto [at, found] = find(functions, name);
    if (found)
      at->function = std::move(function);
    else
      functions.insert(at, {std::string(name), std::move(function)});
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
  change(audience, [](Functions& functions) {
    const bool had_any = !functions.empty();
    functions.clear();
    return had_any;
  });
}

Found::Found(Audience script, Audience everyone, std::string_view name)
    : functions_(table().functions) {
  for (const Audience audience : {script, everyone}) {
    const auto of_audience = functions_->find(audience);
    if (of_audience == functions_->end()) continue;
    const auto [at, found] = find(*of_audience->second, name);
    if (!found) continue;
    function_ = at->function.get();
    return;
  }
}

}  // namespace vh::dynamic_functions
