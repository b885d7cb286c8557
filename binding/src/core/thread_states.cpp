#include "core/thread_states.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "core/fairness.h"
#include "core/turns.h"
#include "core/watchdog.h"

namespace vh {

constinit thread_local ThreadData t_data;

namespace thread_states {

// The calling thread's part of the table, and what is lent to it: a look-up without a lock. An
// entry of an interpreter that another thread has ended is never found again, since ids are not
// used twice; it goes by purge(), or when the next one is made.
struct Cached {
  InterpreterId interpreter;
  PyThreadState* state;
  bool in_table = true;
};

namespace {

struct Entry {
  InterpreterId interpreter;
  PyThreadState* state;
  ThreadId thread;
  bool first;  // the interpreter's own, without which it has nothing to stand on
};

// All states that are ours to delete, and the threads that may have some. Never destroyed: threads
// outlive main() at exit.
struct Table {
  std::mutex mutex;
  std::vector<Entry> entries;
  std::set<ThreadId> threads;
};
Table& table() {
  static Table& table = *new Table;
  return table;
}

// Gives the calling thread a number.
void enrol() {
  static std::atomic<ThreadId> next{1};
  t_data.id = next++;
  turns::g_needed = t_data.id > 1;
  const std::lock_guard lock(table().mutex);
  table().threads.insert(t_data.id);
}

// Gives back a thread's states when the thread ends.
struct Cache {
  std::vector<Cached> entries;

  ~Cache() {
    for (;;) {
      PyThreadState* state = nullptr;
      {
        const std::lock_guard lock(table().mutex);
        auto& all = table().entries;
        const auto mine = std::ranges::find_if(
            all, [](const Entry& entry) { return entry.thread == t_data.id && !entry.first; });
        if (mine == all.end() || !Py_IsInitialized()) {
          table().threads.erase(t_data.id);
          break;
        }
        state = mine->state;
        all.erase(mine);
      }
      const fairness::Wanting wanting;
      fairness::take(state);
      PyThreadState_Clear(state);
      PyThreadState_DeleteCurrent();
    }
    watchdog::thread_ended();
    // What is destroyed after this in the thread may call scripts again.
    t_data.states = nullptr;
    t_data.id = 0;
    t_data.is_ending = true;
  }
};

// At the end of the process the main thread's cache is destroyed too, when Python must not be
// entered any more; so only other threads own one that cleans up, until they end.
std::vector<Cached>& cache() {
  if (!t_data.states) {
    enrol();
    if (gettid() == getpid() || t_data.is_ending) {
      t_data.states = new std::vector<Cached>;
    } else {
      thread_local Cache owned;
      t_data.states = &owned.entries;
    }
  }
  return *t_data.states;
}

// The lock is held.
void drop_deleted(std::vector<Cached>& mine) {
  const auto& all = table().entries;
  std::erase_if(mine, [&](const Cached& entry) {
    return entry.in_table && std::ranges::none_of(all, [&](const Entry& known) {
             return known.state == entry.state && known.interpreter == entry.interpreter;
           });
  });
}

void remember(InterpreterId id, PyThreadState* state, bool first) {
  auto& mine = cache();
  const std::lock_guard lock(table().mutex);
  auto& all = table().entries;
  drop_deleted(mine);
  mine.push_back({id, state});
  all.push_back({id, state, t_data.id, first});
}

}  // namespace

ThreadId first_seen() {
  cache();
  return t_data.id;
}

bool has_ended(ThreadId thread) {
  const std::lock_guard lock(table().mutex);
  return !table().threads.contains(thread);
}

PyThreadState* get(InterpreterId id, PyInterpreterState* interpreter) {
  if (t_data.states)
    for (const Cached& entry : *t_data.states)
      if (entry.interpreter == id) return entry.state;
  PyThreadState* state = PyThreadState_New(interpreter);
  remember(id, state, false);
  return state;
}

void adopt(InterpreterId id, PyThreadState* state) {
  remember(id, state, true);
}

void adopt_main(InterpreterId id, PyThreadState* state) {
  cache().push_back({id, state, false});
}

void purge() {
  auto& mine = cache();
  const std::lock_guard lock(table().mutex);
  drop_deleted(mine);
}

void reclaim(InterpreterId id) {
  std::vector<PyThreadState*> left;
  {
    const std::lock_guard lock(table().mutex);
    std::erase_if(table().entries, [&](const Entry& entry) {
      const bool others = entry.interpreter == id && entry.thread != t_data.id;
      if (others) left.push_back(entry.state);
      return others;
    });
  }
  for (PyThreadState* state : left) {
    PyThreadState_Clear(state);
    PyThreadState_Delete(state);
  }
}

void forget(InterpreterId id) {
  if (t_data.states)
    std::erase_if(*t_data.states, [&](const Cached& entry) { return entry.interpreter == id; });
  const std::lock_guard lock(table().mutex);
  std::erase_if(table().entries, [&](const Entry& entry) { return entry.interpreter == id; });
}

Lend::Lend(InterpreterId id, PyThreadState* state) : id_(id), state_(state) {
  const auto& entries = cache();
  lent_ = std::ranges::none_of(entries, [&](const Cached& entry) {
    return entry.interpreter == id && entry.state == state;
  });
  if (lent_) cache().push_back({id, state, false});
}

// Others may have come after it: a callback may load scripts.
Lend::~Lend() {
  if (!lent_) return;
  std::erase_if(*t_data.states, [&](const Cached& entry) {
    return entry.interpreter == id_ && entry.state == state_ && !entry.in_table;
  });
}

}  // namespace thread_states
}  // namespace vh
