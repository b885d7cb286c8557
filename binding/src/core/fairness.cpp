#include "core/fairness.h"

#include <chrono>

namespace vh::fairness {
namespace {

// As long as a thread may compute before it is asked to let go: CPython's own switch interval.
constexpr auto kInterval = std::chrono::milliseconds(5);

}  // namespace

Helper::Helper(PyInterpreterState* interpreter) {
  thread_ = std::thread([this, interpreter] { run(interpreter); });
  ++g_helpers;
}

Helper::~Helper() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
  --g_helpers;
}

void Helper::run(PyInterpreterState* interpreter) {
  PyThreadState* state = PyThreadState_New(interpreter);
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kInterval, [this] { return stop_; })) {
    if (g_wanting.load(std::memory_order_relaxed) == 0) continue;
    lock.unlock();
    PyEval_RestoreThread(state);
    PyEval_SaveThread();
    lock.lock();
  }
  lock.unlock();
  PyEval_RestoreThread(state);
  PyThreadState_Clear(state);
  PyThreadState_DeleteCurrent();
}

}  // namespace vh::fairness
