// The hub behind a host, in JavaScript: its functions, and the listeners of the facade.
#pragma once

#include <node_api.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/core.h"
#include "napi/values.h"

namespace vh::js {

// What a hub gives on creation; all JavaScript functions.
struct Listeners {
  napi_value error, warning, output, unloaded;
};

class JsHub final : public Hub {
 public:
  // `functions`: an array, by function number; what is no function there is not implemented.
  // `self`: their `this`.
  JsHub(const Values& values, const Core& core, napi_value self, napi_value functions,
        const Listeners& listeners);

  bool implements(int function) const noexcept override;
  bool call(int function, ScriptId caller, std::span<const Value> args, Value& result,
            std::string& error) noexcept override;
  void on_error(ScriptId script, int hook, const Failure& failure) noexcept override;
  void on_warning(ScriptId script, std::string_view message) noexcept override;
  void on_output(ScriptId script, Stream stream, std::string_view line) noexcept override;
  void on_unloaded(ScriptId script) noexcept override;

  // The environment is going: no JavaScript runs from now on. Node's thread.
  void let_go();
  bool is_gone() const { return gone_; }

 private:
  struct Line {
    ScriptId script;
    Stream stream;
    std::string text;
  };

  void notify(napi_ref listener, std::initializer_list<napi_value> args) const;
  napi_value number(double value) const;
  void send(const Line& line) const;
  // Sends some of the lines that wait; returns how many, or 1 when there were none.
  std::size_t send_pending();

  const Values& values_;
  const std::thread::id thread_ = std::this_thread::get_id();
  bool gone_ = false;
  napi_ref self_;
  struct Function {
    napi_ref reference;  // null: not implemented
    std::string name;    // "vh.pm"
  };
  std::vector<Function> functions_;
  napi_ref error_, warning_, output_, unloaded_;

  // Lines of other threads wait here for Node's; the threadsafe function only wakes it.
  std::mutex mutex_;
  std::deque<Line> pending_;
  std::condition_variable room_;
  napi_threadsafe_function wake_ = nullptr;
};

// A JavaScript function that scripts call by name.
class JsCallable final : public Callable {
 public:
  JsCallable(const JsHub& hub, const Values& values, std::string name, napi_value function);
  ~JsCallable() override;
  bool call(ScriptId caller, std::span<const Value> args, Value& result,
            std::string& error) noexcept override;

 private:
  const JsHub& hub_;
  const Values& values_;
  std::string name_;
  napi_ref function_;
};

}  // namespace vh::js
