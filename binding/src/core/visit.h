// A call from outside into a script. Visits keep the script from ending; one that was asked to
// leave is entered no more, and the last visitor out sees to its end. Any thread.
#pragma once

#include <atomic>
#include <memory>

namespace vh {

class Script;

// Who is in a script, and whether it is leaving.
class Visitors {
 public:
  // No visit is admitted from now on. False when that was so before.
  bool dismiss() { return !leaving_.exchange(true); }
  bool leaving() const { return leaving_; }
  bool any() const { return count_ > 0; }

  // Whether the script's end is the caller's to bring about: it is leaving, nobody is in it, and
  // nobody else has been told so.
  bool claim_end() { return leaving_ && count_ == 0 && !claimed_.exchange(true); }

 private:
  friend class Visit;

  // Sequentially consistent: either dismiss() sees the visitor, or the visitor sees it.
  std::atomic<int> count_ = 0;
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
