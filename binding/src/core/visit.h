// A call from outside into a script. Visits keep the script from ending; one that was asked to
// leave is entered no more, and the last visitor out sees to its end. Any thread.
#pragma once

#include <atomic>
#include <memory>

#include "core/barrier.h"
#include "core/thread_data.h"

namespace vh {

class Script;

// Who is in a script, and whether it is leaving. Nearly all visits are its owner's, the thread that
// loaded it: those are counted apart, and cost no atomic operation (barrier.h).
class Visitors {
 public:
  explicit Visitors(ThreadId owner) : owner_(owner) {}

  // No visit is admitted from now on. False when that was so before.
  bool dismiss() { return !leaving_.exchange(true); }
  bool leaving() const { return leaving_; }

  // Whether the script's end is the caller's to bring about: it is leaving, nobody is in it, and
  // nobody else has been told so.
  bool claim_end() {
    if (!leaving_) return false;
    barrier::heavy();
    return owners_ == 0 && others_ == 0 && !claimed_.exchange(true);
  }

 private:
  friend class Visit;

  // Either dismiss() sees the visitor, or the visitor sees it. Whoever claims the end sees all that
  // visitors did.
  void count(int change) {
    if (t_data.id == owner_) {
      owners_.store(owners_.load(std::memory_order_relaxed) + change, std::memory_order_release);
      barrier::light();
    } else {
      others_ += change;
    }
  }

  const ThreadId owner_;
  std::atomic<int> owners_ = 0;  // its visits, written by it
  std::atomic<int> others_ = 0;
  std::atomic<bool> leaving_ = false;
  std::atomic<bool> claimed_ = false;
};

class Visit {
 public:
  // `script` (null: no visit) has to outlive the visit.
  explicit Visit(const std::shared_ptr<Script>& script);
  ~Visit();
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  explicit operator bool() const { return admitted_; }
  Script& operator*() const { return *script_; }
  Script* operator->() const { return script_.get(); }

 private:
  const std::shared_ptr<Script>& script_;
  bool admitted_ = false;
};

}  // namespace vh
