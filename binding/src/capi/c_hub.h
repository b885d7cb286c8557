// The hub behind scripts that were loaded by w_Load: callbacks in C.
#pragma once

#include <atomic>
#include <vector>

#include "capi/callbacks.h"
#include "core/host.h"
#include "wrapper.h"

namespace vh::capi {

class CHub final : public Hub {
 public:
  // Null: no callbacks. What the pointer leads to may change at any time.
  void set_callbacks(w_Tcallback* callbacks) { callbacks_ = callbacks; }

  Dialect dialect() const noexcept override { return Dialect::C; }
  bool run(const std::function<void()>& work, std::string&) noexcept override {
    work();
    return true;
  }
  bool implements(int function) const noexcept override;
  bool call(int function, ScriptId caller, std::span<const Value> args, Value& result,
            std::string& error) noexcept override;
  void on_error(ScriptId script, int hook, const Failure& failure) noexcept override;
  void on_warning(ScriptId script, std::string_view message) noexcept override;
  void on_output(ScriptId script, Stream stream, std::string_view line) noexcept override;
  void on_slow(ScriptId script, int hook, double milliseconds) noexcept override;
  void on_stuck(ScriptId script, std::string_view path, std::string_view message) noexcept override;
  void on_unloaded(ScriptId script) noexcept override;
  // The owner's next call of the API sees to it.
  void wants_owner() noexcept override {}

 private:
  w_Tcallback slot(int number) const;  // of a callback, negative: none

  const std::vector<int> callbacks_by_function_ = callbacks_by_function();
  std::atomic<w_Tcallback*> callbacks_ = nullptr;
};

// A function in C that scripts call by name.
class CCallable final : public Callable {
 public:
  explicit CCallable(w_Tcallback function) : function_(function) {}
  Dialect dialect() const noexcept override { return Dialect::C; }
  bool call(ScriptId caller, std::span<const Value> args, Returned& result,
            std::string& error) noexcept override;

 private:
  const w_Tcallback function_;
};

// The process's C hub and its scripts. Never destroyed: threads outlive main() at exit.
CHub& hub();
HostImpl& host();

}  // namespace vh::capi
