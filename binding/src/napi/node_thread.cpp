#include "napi/node_thread.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <utility>

#include "napi/values.h"

namespace vh::js {
namespace {

// So long Node's thread does what others want done, up to twice in one turn of its loop.
constexpr auto kAWhile = std::chrono::milliseconds(1);
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
  const auto come = [](napi_env wake_env, napi_value, void* context, void*) {
    if (wake_env) static_cast<NodeThread*>(context)->come();
  };
  for (napi_threadsafe_function& wake : wakes_) {
    napi_create_threadsafe_function(env, nullptr, nullptr, to_js(env, "vh-python"), 0, 1, nullptr,
                                    nullptr, this, come, &wake);
    napi_unref_threadsafe_function(env, wake);
  }
  core.serve_waits(*this);
}

// The lock is held. False when JavaScript is gone.
bool NodeThread::push(Work work) {
  if (!*wakes_) return false;
  queue_.push_back(std::move(work));
  waits_ = true;
  wake();
  return true;
}

// Has Node's thread come, unless it is on its way. The lock is held.
void NodeThread::wake() {
  if (*wakes_ && !std::exchange(woken_, true))
    napi_call_threadsafe_function(wakes_[next_wake_], nullptr, napi_tsfn_nonblocking);
}

// Node's thread has been woken.
void NodeThread::come() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = false;
    next_wake_ ^= 1;
  }
  work_a_while();
}

void NodeThread::work_a_while() {
  work_off(std::numeric_limits<std::size_t>::max(), Clock::now() + kAWhile);
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
      room_.wait_for(lock, kHeldUp, [this] { return queue_.size() < kMostLines || !*wakes_; });
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
    std::shared_ptr<void> visit = core_.visit(caller);
    work();
    {
      const std::lock_guard end(mutex_);
      call->state = Call::State::Done;
    }
    call->changed.notify_one();
    // Left when the caller can go on. If the script was unloaded meanwhile, it ends now.
    const Visit end(*this, "UnLoad");
    visit.reset();
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
      if (!*wakes_)
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

// Does what waits, at most so much and none after that time, one after the other: each may come
// here again.
void NodeThread::work_off(std::size_t most, Clock::time_point until) {
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
    if (Clock::now() >= until) break;
  }
  if (!queue_.empty()) wake();
  works_off_ = outer;
}

void NodeThread::keep_alive(bool keep) {
  if (!*wakes_) return;
  for (napi_threadsafe_function wake : wakes_)
    if (keep)
      napi_ref_threadsafe_function(env_, wake);
    else
      napi_unref_threadsafe_function(env_, wake);
}

void NodeThread::let_go() {
  gone_ = true;
  core_.stop_serving(*this);
  napi_threadsafe_function wakes[] = {nullptr, nullptr};
  {
    const std::lock_guard lock(mutex_);
    std::swap(wakes, wakes_);
    queue_.clear();
    waits_ = false;
  }
  room_.notify_all();
  for (napi_threadsafe_function wake : wakes)
    if (wake) napi_release_threadsafe_function(wake, napi_tsfn_abort);
}

}  // namespace vh::js
