#include "core/ending.h"

#include <algorithm>
#include <utility>

#include "core/running.h"
#include "core/script.h"
#include "core/script_loader.h"
#include "core/script_table.h"
#include "core/script_threads.h"
#include "core/waits.h"
#include "core/watchdog.h"

namespace vh {
namespace {

using namespace std::chrono_literals;

// How long threads are left to themselves. Python promises of those that are no daemons to wait for
// them; daemons may just be about to end.
constexpr auto kPatience = 250ms, kPatienceWithDaemons = 10ms;
// Between interruptions of the same threads: they may be cleaning up, so the next one comes later
// and later.
constexpr auto kFirstPause = 30ms, kLastPause = 60ms;

// A thread that is in the library's code, where exceptions out of the blue do most harm, is looked
// at again after so long; in all for no more than an eighth of the time that there is, but in code
// that takes locks to the end: better a zombie than one that takes the lock of all imports with it.
constexpr auto kSoon = 2ms;
constexpr int kLenience = 8;

constexpr int kTellMs = 50;

double milliseconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// concurrent.futures and others have threading call them before it waits for their threads. They
// wait for these themselves, so they get a thread of their own.
constexpr const char* kTellExecutors = R"(
import sys
threading = sys.modules.get("threading")
callbacks = getattr(threading, "_threading_atexits", None)
if callbacks:
    def call():
        while callbacks:
            try: callbacks.pop()()
            except BaseException: pass
    import _thread
    _thread.start_new_thread(call, ())
# Its thread, which is no Python thread, goes through the interpreter's threads.
if "faulthandler" in sys.modules: sys.modules["faulthandler"].cancel_dump_traceback_later()
)";

// In the main interpreter only those whose threads are the script's.
constexpr const char* kTellItsExecutors = R"(
import sys
workers = getattr(sys.modules.get("concurrent.futures.thread"), "_threads_queues", ())
for worker in list(workers):
    # One that has ended lacks them, and its number may be another's now.
    args = getattr(worker, "_args", None) if worker.ident in threads else None
    executor = args[0]() if args else None
    if executor: executor.shutdown(wait=False)
)";

// multiprocessing leaves its helper process to the end of the process.
constexpr const char* kStopTracker = R"(
import sys
sys.modules["multiprocessing.resource_tracker"]._resource_tracker._stop()
)";

bool has_imported(const char* module) {
  return PyDict_GetItemString(PyImport_GetModuleDict(), module);
}

// `threads`: a name in the code's globals.
void run(const char* code, const std::vector<unsigned long>& threads = {}) {
  Owned scope(PyDict_New());
  Owned numbers(PyList_New(0));
  for (const unsigned long thread : threads) {
    Owned number(PyLong_FromUnsignedLong(thread));
    if (numbers && number) PyList_Append(numbers.get(), number.get());
  }
  if (scope && numbers && PyDict_SetItemString(scope.get(), "threads", numbers.get()) == 0 &&
      PyDict_SetItemString(scope.get(), "__builtins__", PyEval_GetBuiltins()) == 0)
    Owned(PyRun_String(code, Py_file_input, scope.get(), scope.get()));
  PyErr_Clear();
}

void run_exit_functions() {
  Owned atexit(PyImport_ImportModule("atexit"));
  Owned done(atexit ? PyObject_CallMethod(atexit.get(), "_run_exitfuncs", nullptr) : nullptr);
  PyErr_Clear();
  if (has_imported("multiprocessing.resource_tracker")) run(kStopTracker);
}

}  // namespace

Ending::Ending(std::shared_ptr<Script> script, Clock::duration unload)
    : script_(std::move(script)),
      begun_(Clock::now() - unload),
      stage_begun_(begun_),
      pause_(kFirstPause) {}

// How long all of it may take.
Ending::Clock::duration Ending::limit() const {
  return std::chrono::milliseconds(script_->options.limits.unload);
}

// Its driver may have been kept from it: threads get a chance in any case.
bool Ending::is_out_of_time() const {
  return interruptions_ + looks_ >= 3 && Clock::now() - begun_ >= limit();
}

// For a part of it that is the script's own code.
int Ending::part() const {
  const auto left = std::max<Clock::duration>(limit() - (Clock::now() - begun_), 20ms);
  return static_cast<int>(milliseconds(left) / 2);
}

void Ending::is_over(const char* stage) {
  const auto now = Clock::now();
  report_.stages.push_back({stage, milliseconds(now - std::exchange(stage_begun_, now))});
}

bool Ending::step() {
  stepping_ = true;
  const bool over = go_on();
  stepping_ = false;
  return over;
}

bool Ending::go_on() {
  if (stage_ == Stage::Begin) {
    is_over("unload");
    leave_world();
    is_over("exit");
    stage_ = Stage::Wait;
  }
  if (stage_ == Stage::Wait || stage_ == Stage::Interrupt) {
    if (!threads_have_ended()) return is_out_of_time();
    is_over(stage_ == Stage::Wait ? "wait" : "interrupt");
    stage_ = Stage::End;
  }
  if (stage_ == Stage::End && !end()) {
    stage_ = Stage::Wait;
    return Clock::now() - begun_ >= limit();
  }
  report_.ended = true;
  return true;
}

// The script's module goes, and in its own interpreter who registered for the end is told.
void Ending::leave_world() {
  const bool in_main = script_->interpreter->is_main();
  {
    const Running running(*script_, activity::kUnLoad, part());
    if (in_main) main_scripts::remove(*script_);
    unload_module(*script_);
    if (!in_main && (has_imported("threading") || has_imported("faulthandler")))
      run(kTellExecutors);
  }
  tell_executors();
  if (!in_main) script_->own_interpreter->clear_out();
}

// In the main interpreter: with each round of interruptions again, since the script's threads may
// keep it from an executor's lock.
void Ending::tell_executors() {
  if (!script_->interpreter->is_main()) return;
  const Running running(*script_, activity::kUnLoad, kTellMs);
  run(kTellItsExecutors, script_threads::of(*script_));
}

bool Ending::threads_have_ended() {
  if (stage_ == Stage::Interrupt && spared_.empty() && Clock::now() >= interrupt_at_)
    tell_executors();
  const Running running(*script_, activity::kUnLoad, part());
  const auto threads = script_threads::of(*script_);
  report_.threads = script_threads::describe(*script_, threads);
  if (threads.empty() && script_->starts == 0) return true;
  const auto now = Clock::now();
  if (stage_ == Stage::Wait) {
    const bool daemons =
        std::ranges::all_of(report_.threads, [](const ThreadInfo& t) { return t.daemon; });
    const Clock::duration patience = std::min<Clock::duration>(
        daemons ? kPatienceWithDaemons : kPatience, (limit() - (stage_begun_ - begun_)) / 4);
    if (now - stage_begun_ < patience) return false;
    is_over("wait");
    stage_ = Stage::Interrupt;
    interrupt_at_ = now;
  }
  if (now >= interrupt_at_) {
    if (!spared_.empty()) lenience_ += now - looked_;
    looked_ = now;
    const auto caution = lenience_ < limit() / kLenience ? script_threads::Caution::Library
                                                         : script_threads::Caution::Locks;
    const auto due = spared_.empty() ? threads : std::exchange(spared_, {});
    for (const unsigned long thread : due)
      if (!script_threads::interrupt(*script_, thread, waits::Why::End, interruptions_ == 0,
                                     caution))
        spared_.push_back(thread);
    if (spared_.empty()) {
      ++interruptions_;
      interrupt_at_ = now + pause_;
      pause_ = std::min<Clock::duration>(pause_ * 2, kLastPause);
    } else {
      ++looks_;
      interrupt_at_ = now + kSoon;
    }
  }
  return false;
}

// False when the script's exit functions have started threads.
bool Ending::end() {
  if (!script_->own_interpreter) return true;
  if (!std::exchange(exited_, true)) {
    const Running running(*script_, activity::kUnLoad, part());
    run_exit_functions();
    PyGC_Collect();  // finalizers, while they can still be interrupted
  }
  script_->own_interpreter->clear_out();
  watchdog::enter(*script_, activity::kEnd, part());
  const bool ended = script_->own_interpreter->end();
  watchdog::leave();
  if (!ended) return false;
  is_over("end");
  stage_ = Stage::Over;
  return true;
}

}  // namespace vh
