#include "napi/js_hub.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iterator>

namespace vh::js {
namespace {

// Calls a JavaScript function for a script. Raw calls: where JavaScript may not run any more (a
// worker that is being terminated) they return a status, and the wrappers' exceptions would abort
// the process.
bool call_function(const Values& values, napi_value self, napi_value function,
                   std::string_view name, std::span<const Value> args, Value& result,
                   std::string& error) {
  napi_env env = values.env();
  std::vector<napi_value> argv;
  argv.reserve(args.size());
  for (const Value& arg : args) argv.push_back(values.write(arg));
  napi_value returned = nullptr;
  const bool made = argv.empty() || argv.back();
  if (!made ||
      napi_call_function(env, self, function, argv.size(), argv.data(), &returned) != napi_ok) {
    error = take_exception(env);
    return false;
  }
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

class Scope {
 public:
  explicit Scope(napi_env env) : env_(env) { napi_open_handle_scope(env, &scope_); }
  ~Scope() { napi_close_handle_scope(env_, scope_); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  napi_env env_;
  napi_handle_scope scope_ = nullptr;
};

}  // namespace

JsHub::JsHub(const Values& values, Core& core, napi_value self, napi_value functions,
             const Listeners& listeners)
    : values_(values),
      core_(core),
      self_(reference(values.env(), self)),
      error_(reference(values.env(), listeners.error)),
      warning_(reference(values.env(), listeners.warning)),
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
  const auto wake = [](napi_env wake_env, napi_value, void* context, void*) {
    if (wake_env) static_cast<JsHub*>(context)->work();
  };
  napi_create_threadsafe_function(env, nullptr, nullptr, to_js(env, "vh-python output"), 0, 1,
                                  nullptr, nullptr, this, wake, &wake_);
  napi_unref_threadsafe_function(env, wake_);
}

bool JsHub::serves_this_thread() const noexcept {
  return std::this_thread::get_id() == thread_;
}

bool JsHub::implements(int function) const noexcept {
  return functions_[static_cast<std::size_t>(function)].reference != nullptr;
}

bool JsHub::call(int function, ScriptId, std::span<const Value> args, Value& result,
                 std::string& error) noexcept {
  if (gone_) {
    error = "the hub is gone";
    return false;
  }
  const Function& called = functions_[static_cast<std::size_t>(function)];
  const Scope scope(values_.env());
  return call_function(values_, values_.get(self_), values_.get(called.reference), called.name,
                       args, result, error);
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
  napi_value out = nullptr;
  napi_create_double(values_.env(), value, &out);
  return out;
}

void JsHub::on_error(ScriptId script, int hook, const Failure& failure) noexcept {
  if (gone_) {
    std::fputs(failure.traceback.c_str(), stderr);
    return;
  }
  on_node([this, script, hook, failure] {
    napi_env env = values_.env();
    notify(error_, {number(static_cast<double>(script)), number(hook), to_js(env, failure.type),
                    to_js(env, failure.message), to_js(env, failure.traceback)});
  });
}

void JsHub::on_warning(ScriptId script, std::string_view message) noexcept {
  on_node([this, script, text = std::string(message)] {
    notify(warning_, {number(static_cast<double>(script)), to_js(values_.env(), text)});
  });
}

void JsHub::on_unloaded(ScriptId script) noexcept {
  on_node([this, script] { notify(unloaded_, {number(static_cast<double>(script))}); });
}

void JsHub::wants_owner() noexcept {
  on_node([this] { core_.tend(); });
}

// Node's thread takes so much at a time, and up to a thousand times in one turn of its loop. A
// thread that writes faster than that is held up when so much waits, but not for ever: Node's
// thread may itself be waiting for it.
constexpr std::size_t kAtATime = 10;
constexpr std::size_t kMostWaiting = 10'000;
constexpr auto kHeldUp = std::chrono::milliseconds(100);

void JsHub::on_output(ScriptId script, Stream stream, std::string_view line) noexcept {
  const bool is_node = serves_this_thread();
  std::size_t before = 0;
  {
    std::unique_lock lock(mutex_);
    if (!is_node)
      room_.wait_for(lock, kHeldUp, [this] { return pending_.size() < kMostWaiting || !wake_; });
    if (!wake_) {
      std::FILE* file = stream == Stream::Out ? stdout : stderr;
      std::fprintf(file, "%.*s\n", static_cast<int>(line.size()), line.data());
      std::fflush(file);
      return;
    }
    const bool sleeping = pending_.empty();
    pending_.push_back([this, script, stream, text = std::string(line)] {
      notify(output_, {number(static_cast<double>(script)), number(stream == Stream::Out ? 1 : 2),
                       to_js(values_.env(), text)});
    });
    if (!is_node) {
      if (sleeping) napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
      return;
    }
    before = pending_.size();
  }
  // What this thread writes comes at once, after what others wrote before.
  for (std::size_t done = 0; done < before;) done += work();
}

void JsHub::on_node(std::function<void()> work) noexcept {
  if (serves_this_thread()) {
    if (gone_) return;
    const Scope scope(values_.env());
    work();
    return;
  }
  const std::lock_guard lock(mutex_);
  if (!wake_) return;
  pending_.push_back(std::move(work));
  if (pending_.size() == 1) napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
}

std::size_t JsHub::work() {
  std::deque<std::function<void()>> some;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t count = std::min(pending_.size(), kAtATime);
    const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(count);
    some.assign(std::make_move_iterator(pending_.begin()), std::make_move_iterator(end));
    pending_.erase(pending_.begin(), end);
    if (!pending_.empty() && wake_)
      napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
  }
  room_.notify_all();
  for (const auto& item : some) {
    const Scope scope(values_.env());
    item();
  }
  return std::max<std::size_t>(some.size(), 1);
}

void JsHub::let_go() {
  gone_ = true;
  napi_threadsafe_function wake = nullptr;
  {
    const std::lock_guard lock(mutex_);
    std::swap(wake, wake_);
  }
  room_.notify_all();
  if (wake) napi_release_threadsafe_function(wake, napi_tsfn_abort);
}

JsCallable::JsCallable(JsHub& hub, const Values& values, std::string name, napi_value function)
    : hub_(hub),
      values_(values),
      name_(std::move(name)),
      function_(reference(values.env(), function)) {}

// A plugin may have replaced it, on any thread.
JsCallable::~JsCallable() {
  hub_.on_node(
      [env = values_.env(), function = function_] { napi_delete_reference(env, function); });
}

bool JsCallable::call(ScriptId, std::span<const Value> args, Returned& result,
                      std::string& error) noexcept {
  if (!hub_.serves_this_thread()) {
    error = name_ + ": called from a thread; hand over to a hook such as OnTimer";
    return false;
  }
  if (hub_.is_gone()) {
    error = "the hub is gone";
    return false;
  }
  const Scope scope(values_.env());
  napi_value undefined = nullptr;
  napi_get_undefined(values_.env(), &undefined);
  return call_function(values_, undefined, values_.get(function_), name_, args, result.single,
                       error);
}

}  // namespace vh::js
