// A hub's scripts: loading, calling, unloading them. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/core.h"
#include "core/dynamic_functions.h"
#include "core/hook_result.h"
#include "core/script.h"
#include "core/script_table.h"
#include "core/visit.h"

namespace vh {

class HostImpl final : public Host {
 public:
  HostImpl(Hub& hub, std::uint32_t* hook_counts) : hub_(hub), hook_counts_(hook_counts) {}
  ~HostImpl() override;

  ScriptId reserve() noexcept override;
  bool load(const LoadOptions& options, ScriptInfo& info, Failure& failure) noexcept override;
  Unloading unload(ScriptId id, EndReport* report) noexcept override;
  Unloading start_unload(ScriptId id) noexcept override;
  bool step_unload(ScriptId id, EndReport& report) noexcept override;
  std::vector<Zombie> zombies() const noexcept override;
  void dispatch(int hook, std::span<const Value> args, Verdict& verdict) noexcept override;
  Outcome call(ScriptId id, std::string_view function, std::span<const Value> args, Value& result,
               Failure& failure) noexcept override;
  std::vector<Answer> query(const Value& command, const Value& data, std::string_view recipient,
                            std::string_view sender) noexcept override;
  void register_function(ScriptId id, std::string_view name,
                         std::shared_ptr<Callable> function) noexcept override;
  bool unregister_function(ScriptId id, std::string_view name) noexcept override;
  bool has_hook(ScriptId id, int hook) const noexcept override;
  bool info(ScriptId id, ScriptInfo& info) const noexcept override;
  bool stats(ScriptId id, ScriptStats& stats) const noexcept override;
  void close(std::int64_t exit_code) noexcept override;

  // ---- For C, which knows scripts by their ids alone: `script` is of this host ----

  // One script's hook. Raised and Unsupported have been reported.
  Outcome call_hook(const std::shared_ptr<Script>& script, int hook, std::span<const Value> args,
                    Returned& returned);
  // `dialect`: the result's. Unsupported: `failure.message` says which part has no counterpart.
  Outcome call(const std::shared_ptr<Script>& script, std::string_view function,
               std::span<const Value> args, Dialect dialect, Value& result, Failure& failure);
  Unloading unload(const std::shared_ptr<Script>& script, EndReport* report = nullptr);
  // Unloads all scripts, after OnUnLoad(0) for those that the hub has not told.
  void unload_all();

  // It timed out again and again.
  void disable(Script& script);

  // The last visitor has left a script that was to be unloaded.
  void finish_late(const std::shared_ptr<Script>& script);

  Hub& hub() { return hub_; }
  std::uint32_t* hook_counts() { return hook_counts_; }
  Snapshot<Scripts>::Reader scripts() { return scripts_.all(); }
  dynamic_functions::Found find_function(const Script& script, std::string_view name) const;

 private:
  script_ids::Found find(ScriptId id) const;
  bool enter_interpreter(Script& script, Failure& failure);
  bool run_file(const std::shared_ptr<Script>& script, Failure& failure);
  void after_load(Script& script);
  void warn_of_misspelt_hooks(Script& script);
  void ask(const std::shared_ptr<Script>& script, int hook, std::span<const Value> args,
           Verdict& verdict);
  void report(Script& script, int hook, HookResult& result);
  void warn_of_result(Script& script, int hook, const std::string& message);
  void call_unload(Script& script);
  std::chrono::steady_clock::duration retire(const std::shared_ptr<Script>& script);
  void dismiss(const std::shared_ptr<Script>& script);
  void dismiss_all();

  Hub& hub_;
  std::uint32_t* hook_counts_;
  std::atomic<bool> closed_ = false;
  std::atomic<ThreadId> dismissing_ = 0;  // the thread that dismisses all scripts, side by side
  ScriptTable scripts_;
  const dynamic_functions::Audience everyone_ = dynamic_functions::everyone();
};

}  // namespace vh
