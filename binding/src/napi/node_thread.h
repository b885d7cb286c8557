// Node's thread, for the others: what they want done there waits in a queue, in order.
#pragma once

#include <node_api.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "core/core.h"

namespace vh::js {

class NodeThread : private WaitServer {
  // The handle scopes of the calls that a script makes in one visit: many calls share one, since to
  // open it costs a tenth of a call.
  class Batch {
   public:
    explicit Batch(napi_env env) : env_(env) {}
    ~Batch() {
      if (scope_) napi_close_handle_scope(env_, scope_);
    }
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

    // Before a call.
    void begin() {
      if (calls_++ % kCallsInScope != 0) return;
      if (scope_) napi_close_handle_scope(env_, scope_);
      napi_open_handle_scope(env_, &scope_);
    }
    // The next call gets a scope of its own.
    void end() { calls_ = 0; }

   private:
    static constexpr unsigned kCallsInScope = 64;
    napi_env env_;
    napi_handle_scope scope_ = nullptr;
    unsigned calls_ = 0;
  };

 public:
  using Work = std::function<void()>;
  using Clock = std::chrono::steady_clock;

  NodeThread(napi_env env, Core& core);

  bool is_here() const { return std::this_thread::get_id() == id_; }
  // No JavaScript runs any more.
  bool is_gone() const { return gone_; }

  // Does it soon: at once on Node's thread, else after what waits already.
  void post(Work work) noexcept;
  // The same for what comes in floods: after what waits already on any thread. One that is faster
  // than Node's is held up, but not for ever: Node's thread may itself be waiting for it. False
  // when JavaScript is gone.
  bool post_line(Work work) noexcept;
  // Does it and waits; it is done also while Node's thread sits in a blocking call of a script.
  // False: `error` says why it was not done: Node's thread has been in one hook
  // for too long, or is busy otherwise, or gone.
  // `caller`: the script whose thread it is, or -1; it does not end under its thread's feet.
  template <typename Call>
  bool run(ScriptId caller, Call&& work, std::string& error) noexcept {
    if (!is_here() || gone_) return run_elsewhere(caller, std::forward<Call>(work), error);
    if (batch_) {
      batch_->begin();
      work();
    } else {
      const Scope scope(*this);
      work();
    }
    return true;
  }

  // Within run(): the call has made much, which is to go before the next one. Node's thread.
  void let_handles_go() {
    if (batch_) batch_->end();
  }

  // Does what waits now. Node's thread.
  void drain();
  // The same after a hook that was in no other, so that a hub that dispatches one after the other
  // does not keep threads waiting; but not for long. Not after an unload: who asked for it has to
  // hear first what has come of it.
  void work_between() {
    if (waits_.load(std::memory_order_relaxed) && visits_ == 0 && !works_off_) work_a_while();
  }

  // Whether the process stays alive for what others may want done; it does not at first. Node's
  // thread.
  void keep_alive(bool keep);

  // The environment is going. Node's thread.
  void let_go();

  // While it lives, Node's thread is in a script, for `what`: a hook's name, say. No napi_value
  // that is made meanwhile outlives it.
  class Visit {
   public:
    Visit(NodeThread& thread, const char* what)
        : thread_(thread), batch_(thread.env_), outer_(std::exchange(thread.batch_, &batch_)) {
      if (thread_.visits_++ == 0) thread_.visit_.store(what, std::memory_order_relaxed);
      thread_.change();
    }
    ~Visit() {
      if (--thread_.visits_ == 0) thread_.visit_.store(nullptr, std::memory_order_relaxed);
      thread_.change();
      thread_.batch_ = outer_;
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    NodeThread& thread_;
    Batch batch_;
    Batch* outer_;
  };

 private:
  struct Call;

  // A scope of its own, for what has no part in the visit.
  class Scope {
   public:
    explicit Scope(NodeThread& thread)
        : thread_(thread), outer_(std::exchange(thread.batch_, nullptr)) {
      napi_open_handle_scope(thread.env_, &scope_);
    }
    ~Scope() {
      napi_close_handle_scope(thread_.env_, scope_);
      thread_.batch_ = outer_;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    NodeThread& thread_;
    Batch* outer_;
    napi_handle_scope scope_ = nullptr;
  };

  bool run_elsewhere(ScriptId caller, const Work& work, std::string& error) noexcept;
  void change() {
    changes_.store(changes_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  void serve() noexcept override;
  bool push(Work work);
  void wake();
  void come();
  const char* holder();
  void work_off(std::size_t most, Clock::time_point until = Clock::time_point::max());
  void work_a_while();

  napi_env env_;
  Core& core_;
  const std::thread::id id_ = std::this_thread::get_id();
  std::atomic<bool> gone_ = false;

  // Written by Node's thread.
  int visits_ = 0;
  bool works_off_ = false;
  Batch* batch_ = nullptr;  // of the innermost visit, or null within a Scope
  std::atomic<const char*> visit_ = nullptr;
  std::atomic<std::uint64_t> changes_ = 0;

  std::mutex mutex_;
  std::deque<Work> queue_;
  std::atomic<bool> waits_ = false;  // something does, in the queue
  std::uint64_t seen_changes_ = 0;   // by those who wait for Node's thread, and when
  Clock::time_point seen_at_{};
  std::condition_variable room_;  // in the queue
  // While Node is in one of them it comes back to it up to a thousand times before anything else
  // has its turn; so what is to be done next is asked for by the other one. Null: let go.
  napi_threadsafe_function wakes_[2] = {};
  unsigned next_wake_ = 0;
  bool woken_ = false;  // and not there yet
};

}  // namespace vh::js
