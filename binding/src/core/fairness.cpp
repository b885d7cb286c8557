#include "core/fairness.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "core/pending_call.h"

namespace vh::fairness {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// From 3.13 on a thread that waits for the GIL asks the one that holds it, whatever its
// interpreter, after the switch interval. There, posting a call looks into the state of the thread
// that had the GIL last, which may be freed: it is safe only while we have the GIL.
constexpr bool kWaitersAsk = PY_VERSION_HEX >= 0x030D0000;

// How long a thread waits before CPython asks in its name; 5 ms otherwise. It matters only while
// threads compete, and as rest() lets one go on at a time, that is seldom.
constexpr auto kSwitchInterval = microseconds(100);

// A thread rests for so long at most while the hub is in Python; then it is left alone for a while,
// though the hub waits. So long that a script is loaded meanwhile, for which CPython lets go of the
// GIL a hundred times.
constexpr auto kRest = milliseconds(10);
constexpr auto kUndisturbed = microseconds(500);

// For so long at most a hook lets threads go on that have been served.
constexpr auto kServed = microseconds(20);

// How long one of the threads that rest goes on before the next one does.
constexpr auto kTurn = milliseconds(2);

// How often one that rests looks whether the hub has got the GIL.
constexpr auto kLook = microseconds(100);

// How often the threads of 3.12 change when only they compute, and a hook that lasts lets them in.
constexpr auto kTick = milliseconds(5);
constexpr auto kGap = microseconds(50);

std::atomic<int> g_wanting{0};
std::atomic<int> g_waiting{0};  // of those that want it, who do not have it
std::atomic<int> g_resting{0};
std::atomic<unsigned> g_visits{0};             // how often a thread began to want it
std::atomic<unsigned> g_overdue{0};            // the visit that has lasted for a tick
std::atomic<Clock::duration> g_undisturbed{};  // until when one that has rested for kRest is

struct Entry {
  PyInterpreterState* interpreter;
  bool threaded = false;
  bool asked = false;  // the call is posted, and has not run yet
  bool timed = false;  // by the clock
};

struct Shared {
  std::mutex mutex;
  std::vector<Entry> entries;
  const PyThreadState* turn = nullptr;  // whose it is, of the threads that have rested
  Clock::time_point turn_end;
  bool has_clock = false;
  std::condition_variable threaded;  // for the clock
  std::condition_variable rest;      // nobody wants the GIL

  Entry* find(PyInterpreterState* interpreter) {
    const auto found = std::ranges::find(entries, interpreter, &Entry::interpreter);
    return found == entries.end() ? nullptr : &*found;
  }
};

// Never destroyed: threads outlive main() at exit. A forked child gets it unlocked.
Shared& shared() {
  static Shared& shared = *[] {
    pthread_atfork([] { fairness::shared().mutex.lock(); },
                   [] { fairness::shared().mutex.unlock(); },
                   [] { fairness::shared().mutex.unlock(); });
    return new Shared;
  }();
  return shared;
}

int step_aside(void*);

// The mutex is held.
void post(Entry& entry) {
  if (!entry.asked)
    entry.asked = _PyEval_AddPendingCall(entry.interpreter, step_aside, nullptr, 0) == 0;
}

// Asks the threads of all interpreters that have some.
void ask() {
  const std::lock_guard lock(shared().mutex);
  for (Entry& entry : shared().entries)
    if (entry.threaded) post(entry);
}

// Whether a thread that rests may go on. The mutex is held.
bool may_go_on(const PyThreadState* state, Clock::time_point end) {
  const auto now = Clock::now();
  if (g_wanting > 0 && now < end) return false;
  return shared().turn == state || now >= shared().turn_end;
}

// Whether the interpreter has another thread beside the calling one and the hub's.
bool has_peers(PyInterpreterState* interpreter) {
  int states = 0;
  for (auto* t = PyInterpreterState_ThreadHead(interpreter); t; t = PyThreadState_Next(t)) ++states;
  return states > 2;
}

// Lets go of the GIL until nobody wants it, but no longer than kRest, and until no other has a
// turn. Out here, and not in CPython, where whoever waits for the GIL gets it by chance.
//
// CPython runs one pending call of an interpreter at a time, so while this one lasts, another
// thread of the interpreter cannot be asked. But in 3.12 too it lets go when one of the same
// interpreter wants the GIL: hence the taking between.
void rest() {
  const bool takes = !kWaitersAsk && has_peers(PyInterpreterState_Get());
  PyThreadState* state = PyEval_SaveThread();
  std::unique_lock lock(shared().mutex);
  ++g_resting;
  const auto end = Clock::now() + kRest;
  while (!may_go_on(state, end)) {
    shared().rest.wait_for(lock, kLook);
    if (!takes || g_waiting == 0) continue;
    lock.unlock();
    PyEval_RestoreThread(state);
    PyEval_SaveThread();
    lock.lock();
  }
  --g_resting;
  shared().turn = state;
  shared().turn_end = Clock::now() + kTurn;
  lock.unlock();
  if (!kWaitersAsk) ask();
  PyEval_RestoreThread(state);
  if (kWaitersAsk) ask();
  if (g_wanting > 0) g_undisturbed = (Clock::now() + kUndisturbed).time_since_epoch();
}

// Lets go of the GIL for long enough that a waiting thread can take it.
void let_in(Clock::duration time) {
  PyThreadState* state = PyEval_SaveThread();
  std::this_thread::sleep_for(time);
  PyEval_RestoreThread(state);
}

bool is_undisturbed() {
  return Clock::now().time_since_epoch() < g_undisturbed.load();
}

int step_aside(void*) {
  bool mine = false;   // the turn
  bool taken = false;  // the turn, by another
  bool timed = false;
  {
    const std::lock_guard lock(shared().mutex);
    if (Entry* entry = shared().find(PyInterpreterState_Get())) {
      entry->asked = false;
      timed = std::exchange(entry->timed, false);
    }
    mine = shared().turn == PyThreadState_Get();
    taken = !mine && Clock::now() < shared().turn_end;
  }
  if (t_data.wanting > 0) {
    unsigned overdue = g_overdue;
    if (overdue != 0 && overdue == g_visits && g_overdue.compare_exchange_strong(overdue, 0))
      let_in(kUndisturbed);
  } else if (g_wanting > 0) {
    if (!mine || !is_undisturbed()) rest();
  } else if (taken) {
    rest();
  } else if (timed) {
    let_in(kGap);
  }
  return 0;
}

// The switch interval between interpreters, which 3.12 lacks: for threads that wait inside CPython,
// where nothing of ours asks.
void run_clock() {
  unsigned visits = 0;
  std::unique_lock lock(shared().mutex);
  for (;;) {
    shared().threaded.wait(lock, [] { return g_threaded > 0; });
    lock.unlock();
    std::this_thread::sleep_for(kTick);
    lock.lock();
    const bool lasts = g_wanting > 0 && g_visits == visits;
    visits = g_visits;
    if (lasts) g_overdue = visits;
    for (Entry& entry : shared().entries)
      if (entry.threaded || lasts) {
        entry.timed = true;
        post(entry);
      }
  }
}

// The mutex is held.
void start_clock() {
  if (kWaitersAsk || shared().has_clock) return;
  try {
    std::thread(run_clock).detach();
    shared().has_clock = true;
  } catch (const std::system_error&) {
    // The process may have no more threads: then fairness has to wait for better times.
  }
}

void shorten_switch_interval() {
  Owned result;
  if (PyObject* set = PySys_GetObject("setswitchinterval"))
    result = Owned(
        PyObject_CallFunction(set, "d", std::chrono::duration<double>(kSwitchInterval).count()));
  if (!result) PyErr_Clear();
}

}  // namespace

void begin_wanting() {
  ++t_data.wanting;
  ++g_visits;
  ++g_wanting;
}

void end_wanting() {
  --t_data.wanting;
  if (--g_wanting == 0 && g_resting > 0) shared().rest.notify_all();
}

void take_from_others(PyThreadState* state) {
  const Wanting wanting;
  ++g_waiting;
  if (!kWaitersAsk) {
    const Clock::time_point undisturbed{g_undisturbed};
    if (Clock::now() < undisturbed) std::this_thread::sleep_until(undisturbed);
    ask();
  }
  PyEval_RestoreThread(state);
  --g_waiting;
  if (kWaitersAsk) ask();
}

void wait_for_served() {
  const auto end = Clock::now() + kServed;
  while (g_served > 0)
    if (Clock::now() < end)
      std::this_thread::yield();
    else
      g_served = 0;  // they do something else
}

// One that was not waited for any more may be counted off twice.
void count_off_served() {
  for (int served = g_served; served > 0;)
    if (g_served.compare_exchange_weak(served, served - 1)) return;
}

Member::Member(PyInterpreterState* interpreter) : interpreter_(interpreter) {
  const std::lock_guard lock(shared().mutex);
  shared().entries.push_back({interpreter});
}

Member::~Member() {
  if (threaded_) --g_threaded;
  const std::lock_guard lock(shared().mutex);
  std::erase_if(shared().entries, [&](const Entry& e) { return e.interpreter == interpreter_; });
}

void Member::change(bool threaded) {
  threaded_ = threaded;
  {
    const std::lock_guard lock(shared().mutex);
    shared().find(interpreter_)->threaded = threaded;
    g_threaded += threaded ? 1 : -1;
    if (threaded) start_clock();
  }
  shared().threaded.notify_one();
  if (threaded) shorten_switch_interval();
}

}  // namespace vh::fairness
