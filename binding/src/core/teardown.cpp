#include "core/teardown.h"

#include <algorithm>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "core/ending.h"
#include "core/host.h"
#include "core/script.h"
#include "core/thread_states.h"
#include "core/waits.h"
#include "core/watchdog.h"

namespace vh::teardown {
namespace {

using namespace std::chrono_literals;

// Between steps: a thread that was told to end needs some microseconds, or a while.
constexpr Duration kFirstPause = 20us, kLastPause = 2ms;

enum class State { Begun, WaitsForOwner, Zombie };

struct Item {
  Item(const std::shared_ptr<Script>& script, Duration unload, State initial)
      : ending(script, unload), state(initial), host(&script->host) {}
  Ending ending;
  State state;
  ThreadId driver = 0;   // the thread that steps it; 0: none
  const HostImpl* host;  // null: gone
  EndReport report;      // as the driver left it last
};
using Items = std::vector<std::shared_ptr<Item>>;

// Never destroyed: threads outlive main() at exit. The lock guards the items but for their endings,
// which are their drivers'.
struct Shared {
  std::mutex mutex;
  Items items;
};
Shared& shared() {
  static Shared& shared = *new Shared;
  return shared;
}

// A thread of the script's own never ends it.
bool ends_here(const Script& script) {
  return t_data.starter != &script &&
         (!script.own_interpreter || script.own_interpreter->ends_here());
}

// While it lives, the calling thread steps the item, if no other one does. What a step runs may
// come here again.
class Drive {
 public:
  explicit Drive(Item& item) : item_(item) {
    const std::lock_guard lock(shared().mutex);
    outer_ = item.driver;
    if (outer_ == 0 && ends_here(*item.ending.script())) item.driver = thread_states::this_thread();
    drives_ = item.driver == thread_states::this_thread() && !item.ending.busy();
  }
  ~Drive() {
    const std::lock_guard lock(shared().mutex);
    if (outer_ == 0 && item_.driver == thread_states::this_thread()) item_.driver = 0;
  }
  Drive(const Drive&) = delete;
  Drive& operator=(const Drive&) = delete;
  explicit operator bool() const { return drives_; }

 private:
  Item& item_;
  ThreadId outer_ = 0;
  bool drives_ = false;
};

template <typename Wanted>
Items find(Wanted wanted) {
  const std::lock_guard lock(shared().mutex);
  Items found;
  std::ranges::copy_if(shared().items, std::back_inserter(found),
                       [&](const auto& item) { return wanted(*item); });
  return found;
}

// Once a second. The monitor's thread, which does none of it itself: it never waits for the GIL.
void remind() {
  static std::atomic<bool> helping{false};
  bool orphaned = false;
  for (const auto& item : find([](const Item& i) { return i.state != State::Begun && i.host; })) {
    ++g_to_do;
    const Script& script = *item->ending.script();
    if (script.own_interpreter && thread_states::has_ended(script.own_interpreter->owner()))
      orphaned = true;
    else
      script.host.hub().wants_owner();
  }
  if (!orphaned || helping.exchange(true)) return;
  try {
    std::thread([] {
      tend_now();
      helping = false;
    }).detach();
  } catch (const std::system_error&) {
    helping = false;  // the process may have no more threads: later, then
  }
}

// Null: the script waits for its owner.
std::shared_ptr<Item> add(const std::shared_ptr<Script>& script, Duration unload) {
  watchdog::when_a_second_passed(remind);
  const State state = ends_here(*script) ? State::Begun : State::WaitsForOwner;
  auto item = std::make_shared<Item>(script, unload, state);
  const std::lock_guard lock(shared().mutex);
  shared().items.push_back(item);
  if (state == State::Begun) return item;
  ++g_to_do;
  return nullptr;
}

void warn_of(const Item& item) {
  const Script& script = *item.ending.script();
  std::string threads;
  for (const ThreadInfo& thread : item.report.threads) {
    threads += threads.empty() ? "" : ", ";
    threads += thread.name.empty() ? "one without a name" : thread.name;
    if (!thread.where.empty()) threads += " at " + thread.where;
  }
  script.host.hub().on_warning(script.id, "threads of " + script.path + " do not end: " + threads +
                                              "; they are tried again until they have");
}

// It has ended, or is a zombie from now on.
void conclude(const std::shared_ptr<Item>& item) {
  const bool ended = item->ending.report().ended;
  bool fresh = false;
  {
    const std::lock_guard lock(shared().mutex);
    item->report = item->ending.report();
    if (ended)
      std::erase(shared().items, item);
    else
      fresh = std::exchange(item->state, State::Zombie) != State::Zombie;
  }
  if (fresh && item->host) warn_of(*item);
}

// Steps all of them until each is over. What waits for the calling thread is served meanwhile:
// threads of the scripts may be in the midst of a vh call.
void drive(Items items) {
  for (Duration pause = kFirstPause;; pause = std::min(pause * 2, kLastPause)) {
    std::erase_if(items, [](const auto& item) {
      const Drive drive(*item);
      if (!drive) return true;  // its driver is another thread, or further down the stack
      const bool over = item->ending.step();
      if (over) conclude(item);
      return over;
    });
    if (items.empty()) return;
    std::this_thread::sleep_for(pause);
    waits::serve_now();
  }
}

}  // namespace

Unloading end(const std::shared_ptr<Script>& script, Duration unload, EndReport* report) {
  const auto item = add(script, unload);
  if (!item) {
    script->host.hub().wants_owner();
    return Unloading::Gone;
  }
  drive({item});
  const std::lock_guard lock(shared().mutex);
  if (report) *report = item->report;
  return item->report.ended ? Unloading::Gone : Unloading::Kept;
}

Unloading begin(const std::shared_ptr<Script>& script, Duration unload) {
  if (!add(script, unload)) script->host.hub().wants_owner();
  return Unloading::Gone;
}

bool step(ScriptId script, EndReport& report) {
  const Items found = find([&](const Item& item) { return item.ending.script()->id == script; });
  report = {};
  report.ended = found.empty();
  if (found.empty()) return true;
  const auto& item = found.front();
  const Drive drive(*item);
  if (!drive) return false;
  bool over = item->state == State::Zombie;
  if (item->state == State::Begun && item->ending.step()) {
    conclude(item);
    over = true;
  }
  report = item->ending.report();
  return over;
}

void end_begun(const HostImpl& host) {
  drive(find([&](const Item& item) {
    return item.state == State::Begun && item.host == &host && ends_here(*item.ending.script());
  }));
}

std::vector<Zombie> zombies(const HostImpl& host) {
  std::vector<Zombie> zombies;
  for (const auto& item :
       find([&](const Item& i) { return i.state == State::Zombie && i.host == &host; })) {
    const Script& script = *item->ending.script();
    const std::lock_guard lock(shared().mutex);
    zombies.push_back({script.id, script.path, item->report.threads});
  }
  return zombies;
}

void disown(const HostImpl& host) {
  const std::lock_guard lock(shared().mutex);
  for (const auto& item : shared().items)
    if (item->host == &host) item->host = nullptr;
}

void tend_now() {
  g_to_do = 0;
  Items mine;
  {
    const std::lock_guard lock(shared().mutex);
    for (const auto& item : shared().items) {
      const bool here = ends_here(*item->ending.script());
      if (item->state == State::WaitsForOwner && !here) ++g_to_do;
      if (item->state == State::WaitsForOwner && here)
        item->state = State::Begun;
      else if (item->state != State::Zombie || !here)
        continue;
      mine.push_back(item);
    }
  }
  drive(std::move(mine));
}

}  // namespace vh::teardown
