#include "napi/node_thread.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "napi/values.h"

namespace vh::js {
namespace {

// Node's thread takes so much at a time, and up to a thousand times in one turn of its loop.
constexpr std::size_t kAtATime = 10;
constexpr std::size_t kMostLines = 10'000;
constexpr auto kHeldUp = std::chrono::milliseconds(100);

// How long Node's thread may be in one and the same hook without serving calls, before they are
// refused; and how long a call waits in all. It knocks meanwhile, less and less often.
constexpr auto kInOneHook = std::chrono::seconds(5);
constexpr auto kInAll = std::chrono::seconds(10);
// Most calls are done sooner than a thread falls asleep and is woken.
constexpr auto kWideAwake = std::chrono::microseconds(20);
constexpr auto kFirstLook = std::chrono::milliseconds(1), kLastLook = std::chrono::milliseconds(50);

}  // namespace

// A call of another thread. What it works on is that thread's, which therefore waits until it is
// done, or takes it back before it has begun.
struct NodeThread::Call {
  enum class State { Waiting, TakenBack, Running, Done };
  // Changes under the lock. Read without it by those who look before they sleep.
  std::atomic<State> state = State::Waiting;
  std::condition_variable changed;
};

NodeThread::NodeThread(napi_env env, Core& core) : env_(env), core_(core) {
  const auto wake = [](napi_env wake_env, napi_value, void* context, void*) {
    if (wake_env) static_cast<NodeThread*>(context)->work_off(kAtATime);
  };
  napi_create_threadsafe_function(env, nullptr, nullptr, to_js(env, "vh-python"), 0, 1, nullptr,
                                  nullptr, this, wake, &wake_);
  napi_unref_threadsafe_function(env, wake_);
  core.serve_waits(*this);
}

// The lock is held. False when JavaScript is gone.
bool NodeThread::push(Work work) {
  if (!wake_) return false;
  queue_.push_back(std::move(work));
  waits_ = true;
  if (queue_.size() == 1) napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
  return true;
}

void NodeThread::post(Work work) noexcept {
  if (!is_here()) {
    const std::lock_guard lock(mutex_);
    push(std::move(work));
  } else if (!gone_) {
    const Scope scope(*this);
    work();
  }
}

bool NodeThread::post_line(Work work) noexcept {
  std::size_t before = 0;
  {
    std::unique_lock lock(mutex_);
    if (!is_here())
      room_.wait_for(lock, kHeldUp, [this] { return queue_.size() < kMostLines || !wake_; });
    if (!push(std::move(work))) return false;
    before = queue_.size();
  }
  // What Node's own thread writes comes at once, after what others wrote before.
  if (is_here()) work_off(before);
  return true;
}

void NodeThread::drain() {
  std::size_t waiting = 0;
  {
    const std::lock_guard lock(mutex_);
    waiting = queue_.size();
  }
  work_off(waiting);
}

void NodeThread::serve() noexcept {
  change();
  drain();
}

bool NodeThread::run_elsewhere(ScriptId caller, const Work& work, std::string& error) noexcept {
  if (is_here()) {
    error = "the hub is gone";
    return false;
  }
  const auto call = std::make_shared<Call>();
  std::unique_lock lock(mutex_);
  const bool queued = push([this, call, caller, &work] {
    {
      const std::lock_guard begin(mutex_);
      if (call->state == Call::State::TakenBack) return;
      call->state = Call::State::Running;
    }
    const auto visit = core_.visit(caller);  // left when the caller can go on
    work();
    {
      const std::lock_guard end(mutex_);
      call->state = Call::State::Done;
    }
    call->changed.notify_one();
  });
  if (!queued) {
    error = "the hub is gone";
    return false;
  }
  const auto start = Clock::now();
  lock.unlock();
  while (Clock::now() - start < kWideAwake) {
    if (call->state == Call::State::Done) return true;
    std::this_thread::yield();
  }
  lock.lock();
  auto look = kFirstLook;
  while (call->state != Call::State::Done) {
    if (call->state == Call::State::Waiting) {
      if (!wake_)
        error = "the hub is gone";
      else if (const char* visit = holder())
        error = std::string("the hub's thread is held by ") + visit;
      else if (Clock::now() - start > kInAll)
        error = "the hub's thread is busy";
      if (!error.empty()) {
        call->state = Call::State::TakenBack;
        return false;
      }
      if (visit_) core_.knock(*this);
    }
    call->changed.wait_for(lock, look);
    look = std::min(look * 2, kLastLook);
  }
  return true;
}

// The hook that Node's thread has not come out of for too long, as far as those who wait have seen;
// null when there is none. The lock is held.
const char* NodeThread::holder() {
  const auto now = Clock::now();
  const char* visit = visit_;
  const std::uint64_t changes = changes_;
  if (std::exchange(seen_changes_, changes) != changes || !visit) seen_at_ = now;
  return now - seen_at_ > kInOneHook ? visit : nullptr;
}

// Does what waits, at most so much, one after the other: each may come here again.
void NodeThread::work_off(std::size_t most) {
  const bool outer = std::exchange(works_off_, true);
  std::unique_lock lock(mutex_);
  for (; most > 0 && !queue_.empty(); --most) {
    const Work work = std::move(queue_.front());
    queue_.pop_front();
    waits_ = !queue_.empty();
    lock.unlock();
    room_.notify_all();
    const Scope scope(*this);
    work();
    lock.lock();
  }
  if (!queue_.empty() && wake_)
    napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
  works_off_ = outer;
}

void NodeThread::keep_alive(bool keep) {
  if (!wake_) return;
  if (keep)
    napi_ref_threadsafe_function(env_, wake_);
  else
    napi_unref_threadsafe_function(env_, wake_);
}

void NodeThread::let_go() {
  gone_ = true;
  core_.stop_serving(*this);
  napi_threadsafe_function wake = nullptr;
  {
    const std::lock_guard lock(mutex_);
    std::swap(wake, wake_);
    queue_.clear();
    waits_ = false;
  }
  room_.notify_all();
  if (wake) napi_release_threadsafe_function(wake, napi_tsfn_abort);
}

}  // namespace vh::js
