#include "napi/js_hub.h"

#include <cstdio>

#include "core/small_array.h"

namespace vh::js {
namespace {

// Calls a JavaScript function for a script. Raw calls: where JavaScript may not run any more (a
// worker that is being terminated) they return a status, and the wrappers' exceptions would abort
// the process.
bool call_function(const Values& values, napi_value self, napi_value function,
                   std::string_view name, std::span<const Value> args, Value& result,
                   std::string& error) {
  napi_env env = values.env();
  SmallArray<napi_value, 8> argv(args.size());
  bool made = true;
  for (std::size_t i = 0; made && i < args.size(); ++i)
    made = argv.emplace(values.write(args[i])) != nullptr;
  napi_value returned = nullptr;
  if (!made || napi_call_function(env, self, function, args.size(), argv.all().data(), &returned) !=
                   napi_ok) {
    error = take_exception(env);
    return false;
  }
  if (values.read_number(returned, result)) return true;
  bool is_promise = false;
  napi_is_promise(env, returned, &is_promise);
  if (is_promise) {
    error = std::string(name) +
            ": the hub's function returned a Promise; it has to return its result at once";
    return false;
  }
  if (values.read(returned, name, result)) return true;
  error = take_exception(env);
  return false;
}

// How long the texts of a call are, in units.
std::size_t length_of(std::span<const Value> args, const Value& result) {
  std::size_t length = result.text().length;
  for (const Value& arg : args) length += arg.text().length;
  return length;
}

// Calls a function on Node's thread. False: `error` says why it was not called, or what it threw.
template <typename Call>
bool call_on_node(NodeThread& thread, ScriptId caller, const std::string& name,
                  std::span<const Value> args, const Value& result, std::string& error, Call call) {
  constexpr std::size_t kMuch = 4096;
  bool good = false;
  std::string problem;
  const auto work = [&] {
    good = call();
    if (!good || length_of(args, result) > kMuch) thread.let_handles_go();
  };
  if (thread.run(caller, work, problem)) return good;
  error = name + ": " + problem;
  return false;
}

}  // namespace

JsHub::JsHub(const Values& values, Core& core, napi_value self, napi_value functions,
             const Listeners& listeners)
    : values_(values),
      core_(core),
      thread_(values.env(), core),
      self_(reference(values.env(), self)),
      error_(reference(values.env(), listeners.error)),
      warning_(reference(values.env(), listeners.warning)),
      slow_(reference(values.env(), listeners.slow)),
      stuck_(reference(values.env(), listeners.stuck)),
      output_(reference(values.env(), listeners.output)),
      unloaded_(reference(values.env(), listeners.unloaded)) {
  napi_env env = values.env();
  for (std::uint32_t i = 0; i < core.functions().size(); ++i) {
    napi_value function = nullptr;
    napi_valuetype type = napi_undefined;
    napi_get_element(env, functions, i, &function);
    napi_typeof(env, function, &type);
    functions_.push_back({type == napi_function ? reference(env, function) : nullptr,
                          std::string("vh.") + core.functions()[i].name});
  }
}

bool JsHub::run(const std::function<void()>& work, std::string& error) noexcept {
  return thread_.run(-1, work, error);
}

bool JsHub::implements(int function) const noexcept {
  return functions_[static_cast<std::size_t>(function)].reference != nullptr;
}

bool JsHub::call(int function, ScriptId caller, std::span<const Value> args, Value& result,
                 std::string& error) noexcept {
  const Function& called = functions_[static_cast<std::size_t>(function)];
  return call_on_node(thread_, caller, called.name, args, result, error, [&] {
    return call_function(values_, values_.get(self_), values_.get(called.reference), called.name,
                         args, result, error);
  });
}

void JsHub::notify(napi_ref listener, std::initializer_list<napi_value> args) const {
  napi_env env = values_.env();
  napi_value undefined = nullptr, result = nullptr;
  napi_get_undefined(env, &undefined);
  // The facade's listeners catch what theirs throw; what still comes out (JavaScript is ending) has
  // nowhere to go.
  if (napi_call_function(env, undefined, values_.get(listener), args.size(), args.begin(),
                         &result) != napi_ok)
    take_exception(env);
}

napi_value JsHub::number(double value) const {
  return to_js(values_.env(), value);
}

void JsHub::on_error(ScriptId script, int hook, const Failure& failure) noexcept {
  if (thread_.is_gone()) {
    std::fputs(failure.traceback.c_str(), stderr);
    return;
  }
  thread_.post([this, script, hook, failure] {
    napi_env env = values_.env();
    notify(error_, {number(static_cast<double>(script)), number(hook), to_js(env, failure.type),
                    to_js(env, failure.message), to_js(env, failure.traceback)});
  });
}

void JsHub::on_warning(ScriptId script, std::string_view message) noexcept {
  thread_.post([this, script, text = std::string(message)] {
    notify(warning_, {number(static_cast<double>(script)), to_js(values_.env(), text)});
  });
}

void JsHub::on_slow(ScriptId script, int hook, double milliseconds) noexcept {
  thread_.post([this, script, hook, milliseconds] {
    notify(slow_, {number(static_cast<double>(script)), number(hook), number(milliseconds)});
  });
}

// Node's thread may be the one that is stuck: who reads the log has to learn of it now.
void JsHub::on_stuck(ScriptId script, std::string_view path, std::string_view message) noexcept {
  const std::string text = std::string(path) + ": " + std::string(message);
  std::fprintf(stderr, "vh-python: %s\n", text.c_str());
  thread_.post([this, script, text] {
    notify(stuck_, {number(static_cast<double>(script)), to_js(values_.env(), text)});
  });
}

void JsHub::on_unloaded(ScriptId script) noexcept {
  thread_.post([this, script] { notify(unloaded_, {number(static_cast<double>(script))}); });
}

void JsHub::wants_owner() noexcept {
  thread_.post([this] { core_.tend(); });
}

void JsHub::on_output(ScriptId script, Stream stream, std::string_view line) noexcept {
  const auto send = [this, script, stream, text = std::string(line)] {
    notify(output_, {number(static_cast<double>(script)), number(stream == Stream::Out ? 1 : 2),
                     to_js(values_.env(), text)});
  };
  if (thread_.post_line(send)) return;
  std::FILE* file = stream == Stream::Out ? stdout : stderr;
  std::fprintf(file, "%.*s\n", static_cast<int>(line.size()), line.data());
  std::fflush(file);
}

JsCallable::JsCallable(JsHub& hub, const Values& values, std::string name, napi_value function)
    : hub_(hub),
      values_(values),
      name_(std::move(name)),
      function_(reference(values.env(), function)) {}

// A plugin may have replaced it, on any thread.
JsCallable::~JsCallable() {
  hub_.thread().post(
      [env = values_.env(), function = function_] { napi_delete_reference(env, function); });
}

bool JsCallable::call(ScriptId caller, std::span<const Value> args, Returned& result,
                      std::string& error) noexcept {
  return call_on_node(hub_.thread(), caller, name_, args, result.single, error, [&] {
    napi_value undefined = nullptr;
    napi_get_undefined(values_.env(), &undefined);
    return call_function(values_, undefined, values_.get(function_), name_, args, result.single,
                         error);
  });
}

}  // namespace vh::js
