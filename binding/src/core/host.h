// A hub's scripts: loading, calling, unloading them, on the thread that opened the host.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/core.h"
#include "core/dynamic_functions.h"
#include "core/script.h"
#include "core/script_table.h"

namespace vh {

class HostImpl final : public Host {
 public:
  HostImpl(Hub& hub, std::uint32_t* hook_counts) : hub_(hub), hook_counts_(hook_counts) {}
  ~HostImpl() override;

  ScriptId reserve() noexcept override;
  bool load(const LoadOptions& options, ScriptInfo& info, Failure& failure) noexcept override;
  Unloading unload(ScriptId id) noexcept override;
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

  Hub& hub() { return hub_; }
  std::uint32_t* hook_counts() { return hook_counts_; }
  bool on_owner_thread() const { return std::this_thread::get_id() == owner_; }

  const DynamicFunctions& functions() const { return functions_; }

 private:
  bool enter_interpreter(Script& script, Failure& failure);
  void after_load(Script& script);
  void warn_of_misspelt_hooks(Script& script);
  void call_hook(const std::shared_ptr<Script>& script, int hook, std::span<const Value> args,
                 Verdict& verdict);
  void report(Script& script, int hook, HookResult& result);
  void call_unload(Script& script);
  Unloading finish(const std::shared_ptr<Script>& script);
  bool leave_interpreter(const std::shared_ptr<Script>& script, int patience_ms);
  void settle(const std::shared_ptr<Script>& script);
  void retry_kept();

  Hub& hub_;
  std::uint32_t* hook_counts_;
  const std::thread::id owner_ = std::this_thread::get_id();
  bool closed_ = false;
  ScriptTable scripts_;
  Scripts kept_;  // unloaded, but with threads that live on in their interpreter
  DynamicFunctions functions_;
};

}  // namespace vh
