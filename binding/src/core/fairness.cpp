#include "core/fairness.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

// Private, but exported by every libpython we know, and the one way to make the thread that holds
// the GIL in another interpreter do something. It may be called without the GIL.
extern "C" int _PyEval_AddPendingCall(PyInterpreterState*, int (*)(void*), void*, int flags);

namespace vh::fairness {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// From 3.13 on a thread that waits for the GIL asks the one that holds it, whatever its
// interpreter, after the switch interval. There, posting a call looks into the state of the thread
// that had the GIL last, which may be freed: it is safe only while we have the GIL.
constexpr bool kWaitersAsk = PY_VERSION_HEX >= 0x030D0000;

// CPython's own is 5 ms.
constexpr auto kSwitchInterval = microseconds(500);

// A thread rests for so long at most while the hub is in Python, then has a turn.
constexpr auto kRest = milliseconds(4);
constexpr auto kTurn = microseconds(500);

// How often one that rests looks whether the hub has got the GIL.
constexpr auto kLook = microseconds(500);

// How often the threads of 3.12 change when only they compute, and a hook that lasts lets them in.
constexpr auto kTick = milliseconds(5);

std::atomic<int> g_wanting{0};
std::atomic<int> g_waiting{0};  // of those that want it, who do not have it
std::atomic<int> g_resting{0};
std::atomic<unsigned> g_visits{0};          // how often a thread began to want it
std::atomic<unsigned> g_overdue{0};         // the visit that has lasted for a tick
std::atomic<Clock::duration> g_turn_end{};  // of a thread that has rested for kRest

struct Entry {
  PyInterpreterState* interpreter;
  bool threaded = false;
  bool asked = false;  // the call is posted, and has not run yet
};

struct Shared {
  std::mutex mutex;
  std::vector<Entry> entries;
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

// Lets go of the GIL until nobody wants it, but no longer than kRest.
//
// CPython runs one pending call of an interpreter at a time, so while this one lasts, another
// thread of the interpreter cannot be asked. But it can be made to let go by wanting the GIL in its
// interpreter: hence the taking between.
void rest() {
  const auto end = Clock::now() + kRest;
  PyThreadState* state = PyEval_SaveThread();
  ++g_resting;
  while (g_wanting > 0 && Clock::now() < end) {
    {
      std::unique_lock lock(shared().mutex);
      shared().rest.wait_for(lock, kLook);
    }
    if (g_waiting == 0) continue;
    PyEval_RestoreThread(state);
    PyEval_SaveThread();
  }
  --g_resting;
  PyEval_RestoreThread(state);
  if (g_wanting > 0) g_turn_end = (Clock::now() + kTurn).time_since_epoch();
}

// Lets go of the GIL for long enough that a waiting thread can take it.
void let_in(Clock::duration time) {
  PyThreadState* state = PyEval_SaveThread();
  std::this_thread::sleep_for(time);
  PyEval_RestoreThread(state);
}

int step_aside(void*) {
  {
    const std::lock_guard lock(shared().mutex);
    if (Entry* entry = shared().find(PyInterpreterState_Get())) entry->asked = false;
  }
  if (t_data.wanting > 0) {
    unsigned overdue = g_overdue;
    if (overdue != 0 && overdue == g_visits && g_overdue.compare_exchange_strong(overdue, 0))
      let_in(kTurn);
  } else if (g_wanting > 0) {
    rest();
  } else if (!kWaitersAsk) {
    let_in(microseconds(50));
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
      if (entry.threaded || lasts) post(entry);
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

// One at a time: who is not woken looks for itself soon, and by then the hub may be back.
void end_wanting() {
  --t_data.wanting;
  if (--g_wanting == 0 && g_resting > 0) shared().rest.notify_one();
}

void take_from_others(PyThreadState* state) {
  const Wanting wanting;
  ++g_waiting;
  if (!kWaitersAsk) {
    const Clock::time_point turn_end{g_turn_end};
    if (Clock::now() < turn_end) std::this_thread::sleep_until(turn_end);
    ask();
  }
  PyEval_RestoreThread(state);
  --g_waiting;
  if (kWaitersAsk) ask();
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
