// The hub behind a host, in JavaScript: its functions, and the listeners of the facade.
#pragma once

#include <node_api.h>

#include <string>
#include <vector>

#include "core/core.h"
#include "napi/node_thread.h"
#include "napi/values.h"

namespace vh::js {

// What a hub gives on creation; all JavaScript functions.
struct Listeners {
  napi_value error, warning, slow, stuck, output, unloaded;
};

class JsHub final : public Hub {
 public:
  // `functions`: an array, by function number; what is no function there is not implemented.
  // `self`: their `this`.
  JsHub(const Values& values, Core& core, napi_value self, napi_value functions,
        const Listeners& listeners);

  Dialect dialect() const noexcept override { return Dialect::Js; }
  bool run(const std::function<void()>& work, std::string& error) noexcept override;
  bool implements(int function) const noexcept override;
  bool call(int function, ScriptId caller, std::span<const Value> args, Value& result,
            std::string& error) noexcept override;
  void on_error(ScriptId script, int hook, const Failure& failure) noexcept override;
  void on_warning(ScriptId script, std::string_view message) noexcept override;
  void on_output(ScriptId script, Stream stream, std::string_view line) noexcept override;
  void on_slow(ScriptId script, int hook, double milliseconds) noexcept override;
  void on_stuck(ScriptId script, std::string_view path, std::string_view message) noexcept override;
  void on_unloaded(ScriptId script) noexcept override;
  void wants_owner() noexcept override;

  NodeThread& thread() { return thread_; }

 private:
  void notify(napi_ref listener, std::initializer_list<napi_value> args) const;
  napi_value number(double value) const;
  const Values& values_;
  Core& core_;
  NodeThread thread_;
  napi_ref self_;
  struct Function {
    napi_ref reference;  // null: not implemented
    std::string name;    // "vh.pm"
  };
  std::vector<Function> functions_;
  napi_ref error_, warning_, slow_, stuck_, output_, unloaded_;
};

// A JavaScript function that scripts call by name.
class JsCallable final : public Callable {
 public:
  JsCallable(JsHub& hub, const Values& values, std::string name, napi_value function);
  ~JsCallable() override;
  Dialect dialect() const noexcept override { return Dialect::Js; }
  bool call(ScriptId caller, std::span<const Value> args, Returned& result,
            std::string& error) noexcept override;

 private:
  JsHub& hub_;
  const Values& values_;
  std::string name_;
  napi_ref function_;
};

}  // namespace vh::js
