// What is known of a thread that makes blocking calls for Python: the side of waits.h that the
// thread itself sees.
#pragma once

#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "core/thread_data.h"
#include "core/waits.h"

namespace vh::waits {

class WaitingThread {
 public:
  // The calling thread's; made on first use.
  static WaitingThread& here() { return t_data.waiting ? *t_data.waiting : make(); }

  // Around a blocking call, which may be woken between them. True: it was.
  void begin() { state_.store(State::Waiting); }
  bool end() {
    State was = State::Waiting;
    woken_ = !state_.compare_exchange_strong(was, State::Idle) && settle();
    return woken_;
  }
  // Whether the last one was.
  bool was_woken() const { return woken_; }
  // Why the call that has been woken is to be given up; asked once.
  std::optional<Why> given_up() { return std::exchange(order_, std::nullopt); }

  // Whether something waits to be done here and may be: the thread is in a script.
  bool is_wanted() const {
    return knocked_.load(std::memory_order_relaxed) && t_data.running != nullptr;
  }
  // Does it. Without the GIL; keeps errno.
  void serve();

  // While it lives, the thread is in a method of Python's that waits for a lock.
  class Method {
   public:
    Method() : thread_(here()), outer_(std::exchange(thread_.method_, this)) {}
    ~Method() { thread_.method_ = outer_; }
    Method(const Method&) = delete;
    Method& operator=(const Method&) = delete;
    // Set when the method's wait was given up.
    std::optional<Why> given_up;

   private:
    WaitingThread& thread_;
    Method* outer_;
  };
  // The innermost method on the calling thread; null when it is in none.
  static Method* method() { return t_data.waiting ? t_data.waiting->method_ : nullptr; }

 private:
  friend void waits::serve(WaitServer&);
  friend void waits::stop_serving(WaitServer&);
  friend void waits::knock(WaitServer&);
  friend bool waits::cancel(unsigned long, Why);
  friend void waits::install();

  // Woken: a signal has been sent since the call began.
  enum class State : unsigned char { Idle, Waiting, Woken };

  static WaitingThread& make();
  static void forget(void* thread);
  bool settle();
  bool wake();

  std::atomic<State> state_ = State::Idle;
  std::atomic<bool> knocked_ = false;
  std::optional<Why> order_;  // written with the lock held, while the state is Woken
  bool woken_ = false;
  unsigned long id_ = 0;
  std::vector<WaitServer*> servers_;
  Method* method_ = nullptr;
};

}  // namespace vh::waits
