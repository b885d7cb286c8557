#include "core/waits.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <unordered_map>

#include "core/signals.h"
#include "core/turns.h"
#include "core/waiting_thread.h"

namespace vh::waits {
namespace {

int g_signal = 0;  // 0: nothing is woken
pthread_key_t g_key;

// The threads that have made a blocking call, by Python's numbers for them. Never destroyed:
// threads outlive main() at exit.
struct Threads {
  std::mutex mutex;
  std::unordered_map<unsigned long, WaitingThread*> all;
};
Threads& threads() {
  static Threads& threads = *new Threads;
  return threads;
}

}  // namespace

WaitingThread& WaitingThread::make() {
  // Whoever started the thread may have had it blocked.
  sigset_t ours;
  sigemptyset(&ours);
  if (g_signal != 0) sigaddset(&ours, g_signal);
  pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
  auto* const made = new WaitingThread;
  made->id_ = reinterpret_cast<unsigned long>(pthread_self());
  t_data.waiting = made;
  // Not a thread_local with a destructor: threads make blocking calls after those have run.
  pthread_setspecific(g_key, made);
  const std::lock_guard lock(threads().mutex);
  threads().all[made->id_] = made;
  return *made;
}

void WaitingThread::forget(void* thread) {
  auto* const ended = static_cast<WaitingThread*>(thread);
  t_data.waiting = nullptr;
  {
    const std::lock_guard lock(threads().mutex);
    threads().all.erase(ended->id_);
    for (WaitServer* server : ended->servers_) server->record = nullptr;
  }
  delete ended;
}

// The signal is taken here, by some system call or other: it must not stray into the next.
bool WaitingThread::settle() {
  {
    const std::lock_guard lock(threads().mutex);
    state_ = State::Idle;
  }
  sched_yield();
  return true;
}

// The lock is held.
bool WaitingThread::wake() {
  State was = State::Waiting;
  if (g_signal == 0 || (!state_.compare_exchange_strong(was, State::Woken) && was == State::Idle))
    return false;
  pthread_kill(reinterpret_cast<pthread_t>(id_), g_signal);
  return true;
}

void WaitingThread::serve() {
  const int error = errno;
  Method* const method = std::exchange(method_, nullptr);
  const bool in_turn = turns::leave();
  knocked_ = false;
  const auto servers = servers_;  // what they do may add to them, or take from them
  for (WaitServer* server : servers)
    if (std::ranges::find(servers_, server) != servers_.end()) server->serve();
  if (in_turn) turns::enter();
  method_ = method;
  errno = error;
}

void serve(WaitServer& server) {
  WaitingThread& here = WaitingThread::here();
  const std::lock_guard lock(threads().mutex);
  here.servers_.push_back(&server);
  server.record = &here;
}

void stop_serving(WaitServer& server) {
  const std::lock_guard lock(threads().mutex);
  if (server.record) std::erase(static_cast<WaitingThread*>(server.record)->servers_, &server);
  server.record = nullptr;
}

void knock(WaitServer& server) {
  const std::lock_guard lock(threads().mutex);
  if (!server.record) return;
  auto& thread = *static_cast<WaitingThread*>(server.record);
  thread.knocked_ = true;
  thread.wake();
}

bool cancel(unsigned long thread, Why why) {
  const std::lock_guard lock(threads().mutex);
  const auto found = threads().all.find(thread);
  if (found == threads().all.end() || !found->second->wake()) return false;
  // It cannot get past settle(), which wants the lock.
  found->second->order_ = why;
  return true;
}

void serve_now() {
  if (t_data.waiting) t_data.waiting->serve();
}

int wake_signal() {
  return g_signal;
}

void install() {
  pthread_key_create(&g_key, &WaitingThread::forget);
  // A child that a script forks has the lock free.
  pthread_atfork([] { threads().mutex.lock(); }, [] { threads().mutex.unlock(); },
                 [] { threads().mutex.unlock(); });
#ifdef __linux__
  // Debuggers and libraries like to take theirs from the lower end.
  for (int candidate = SIGRTMAX - 1; g_signal == 0 && candidate > SIGRTMIN; --candidate)
    if (make_harmless(candidate, 0)) g_signal = candidate;  // no SA_RESTART
#endif
}

}  // namespace vh::waits
