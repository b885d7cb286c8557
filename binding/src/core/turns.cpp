#include "core/turns.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace vh::turns {
namespace {

using Clock = std::chrono::steady_clock;

// Long beside the waking of a thread, short beside what a hub notices.
constexpr auto kTurn = std::chrono::milliseconds(2);

// Never destroyed: threads outlive main() at exit.
struct Queue {
  std::mutex mutex;
  std::condition_variable wake;
  Clock::time_point turn_end;      // of the holder
  std::atomic<bool> woken = true;  // one who waits has been woken since the last one came
};
Queue& queue() {
  static Queue& queue = *new Queue;
  return queue;
}

}  // namespace

void wait() {
  Queue& q = queue();
  std::unique_lock lock(q.mutex);
  ++g_waiting;
  q.woken = false;
  if (q.turn_end < Clock::now()) q.turn_end = Clock::now() + kTurn;
  while (g_inside.load() > 0 && Clock::now() < q.turn_end) q.wake.wait_until(lock, q.turn_end);
  g_holder = t_data.id;
  q.turn_end = Clock::now() + kTurn;
  --g_waiting;
}

// Once for each that has come to wait: if the holder is back in Python before that one is awake, it
// sleeps on.
void wake_one() {
  Queue& q = queue();
  if (q.woken.exchange(true)) return;
  const std::lock_guard lock(q.mutex);
  q.wake.notify_one();
}

}  // namespace vh::turns
