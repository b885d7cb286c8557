#include "core/host.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/arguments.h"
#include "core/convert.h"
#include "core/encoding.h"
#include "core/failure.h"
#include "core/globals.h"
#include "core/running.h"
#include "core/script_loader.h"
#include "core/teardown.h"
#include "core/watchdog.h"

namespace vh {
namespace {

using Said = HookResult::Said;

Failure too_deep() {
  return make_failure("RecursionError", "scripts are nested too deep");
}

bool is_ascii_text(const Value& value, std::string_view ascii) {
  const Text text = value.text();
  if (value.kind() != Kind::String || text.length != ascii.size()) return false;
  const auto same = [&](const auto* units) {
    return std::equal(ascii.begin(), ascii.end(), units);
  };
  switch (unit_size(text.width)) {
    case 1:
      return same(static_cast<const char*>(text.data));
    case 2:
      return same(static_cast<const char16_t*>(text.data));
    default:
      return same(static_cast<const char32_t*>(text.data));
  }
}

// A script may ask for its name by returning "MyScript", "1.0" from name_and_version().
void read_name(Script& script) {
  PyObject* function =
      PyDict_GetItemString(PyModule_GetDict(script.module.get()), "name_and_version");
  if (!function || !PyFunction_Check(function) || !globals::belongs_to(script, function)) return;
  Owned result(PyObject_CallNoArgs(function));
  if (!result) return;
  Owned items(PySequence_Check(result.get()) && !PyUnicode_Check(result.get())
                  ? PySequence_Tuple(result.get())
                  : PyTuple_Pack(1, result.get()));
  const auto text = [&](Py_ssize_t i) {
    PyObject* item =
        items && i < PyTuple_GET_SIZE(items.get()) ? PyTuple_GET_ITEM(items.get(), i) : nullptr;
    return item && PyUnicode_Check(item) ? to_utf8(item) : std::string();
  };
  script.declare(text(0), text(1));
}

void call_for_verdict(Script& script, int hook, std::span<const Value> args, HookResult& result) {
  const Owned returned = script.hooks.call(hook, args);
  if (returned) {
    read_verdict(hook, returned.get(), result);
  } else {
    result.said = Said::Raised;
    result.failure = take_failure();
  }
}

// With a Python error set when the outcome is Raised or Unsupported.
Outcome call_function(Script& script, std::string_view function, std::span<const Value> args,
                      Dialect dialect, Value& result) {
  const Owned name = to_str(function);
  const Owned callee = Owned::borrow(
      name ? PyDict_GetItemWithError(PyModule_GetDict(script.module.get()), name.get()) : nullptr);
  if (!callee || !PyCallable_Check(callee.get()))
    return PyErr_Occurred() ? Outcome::Raised : Outcome::NoFunction;
  Arguments arguments(args.size());
  for (const Value& arg : args)
    if (!arguments.add(arg)) return Outcome::Raised;
  const Owned returned = arguments.call(callee.get());
  if (!returned) return Outcome::Raised;
  if (!to_value(returned.get(), "result", dialect, result)) return Outcome::Unsupported;
  result.own();
  return Outcome::Ok;
}

}  // namespace

HostImpl::~HostImpl() {
  close(0);
  teardown::disown(*this);
  dynamic_functions::forget(everyone_);
}

script_ids::Found HostImpl::find(ScriptId id) const {
  return script_ids::Found(id, this);
}

// ---- loading ----

ScriptId HostImpl::reserve() noexcept {
  return script_ids::reserve();
}

bool HostImpl::enter_interpreter(Script& script, Failure& failure) {
  if (script.options.home != Home::Own) {
    script.interpreter = &Interpreter::main();
    return true;
  }
  std::string error;
  script.own_interpreter = Interpreter::create(error);
  script.interpreter = script.own_interpreter.get();
  if (script.interpreter) return true;
  failure = make_failure("RuntimeError", error);
  return false;
}

bool HostImpl::load(const LoadOptions& options, ScriptInfo& info, Failure& failure) noexcept {
  teardown::tend();
  const ScriptId id = options.id < 0 ? reserve() : options.id;
  if (!script_ids::claim(id)) {
    failure = make_failure("RuntimeError", "the id was not reserved, or is a loaded script's");
    return false;
  }
  const auto script = std::make_shared<Script>(*this, id, options);
  watchdog::enrol(script);
  bool loaded = false;
  if (closed_)
    failure = make_failure("RuntimeError", "the host is closed");
  else if (nested_too_deep())
    failure = too_deep();
  else
    loaded = enter_interpreter(*script, failure) && run_file(script, failure);
  if (!loaded) {
    dynamic_functions::forget(id);
    script_ids::release(id, false);
    return false;
  }
  const Visit visit(script);  // who finds it may unload it at once
  scripts_.add(script);
  script->hooks.activate();
  script_ids::assign(id, script);
  info = script->info();
  return true;
}

bool HostImpl::run_file(const std::shared_ptr<Script>& script, Failure& failure) {
  bool loaded = false;
  {
    const Running running(*script, activity::kLoad, script->options.limits.hook);
    if (script->interpreter->is_main()) main_scripts::add(*script);
    loaded = load_module(*script);
    if (!loaded) failure = take_failure();
  }
  if (loaded) after_load(*script);
  if (loaded && !closed_) return true;
  if (loaded)
    failure = make_failure("RuntimeError", "the host was closed while the script was loaded");
  script->cut_off = true;
  teardown::end(script, {});
  return false;
}

void HostImpl::after_load(Script& script) {
  std::optional<Failure> failure;
  {
    const Running running(script, activity::kLoad, script.options.limits.hook);
    read_name(script);
    if (PyErr_Occurred()) failure = take_failure();
  }
  if (failure) hub_.on_error(script.id, kNoHook, *failure);
  warn_of_misspelt_hooks(script);
}

void HostImpl::warn_of_misspelt_hooks(Script& script) {
  std::set<std::string> names;
  {
    const Running running(script);
    names = globals::misspelt_hooks(script, PyModule_GetDict(script.module.get()));
  }
  for (const std::string& name : names)
    hub_.on_warning(script.id, name + " is no hook; did you mean " + nearest_hook(name) + "?");
}

// ---- hooks and calls ----

void HostImpl::dispatch(int hook, std::span<const Value> args, Verdict& verdict) noexcept {
  if (!is_hook(hook)) return;
  const auto scripts = scripts_.all();
  for (const auto& script : *scripts)
    if (script->hooks.has(hook)) ask(script, hook, args, verdict);
}

void HostImpl::ask(const std::shared_ptr<Script>& script, int hook, std::span<const Value> args,
                   Verdict& verdict) {
  const Visit visit(script);
  if (!visit) return;
  HookResult result;
  if (nested_too_deep()) {
    result.said = Said::Raised;
    result.failure = too_deep();
  } else {
    const Running running(*script, hook, script->options.limits.hook);
    // A thread of the script may have deleted the hook while the GIL was awaited.
    if (script->hooks.has(hook)) call_for_verdict(*script, hook, args, result);
  }
  switch (result.said) {
    case Said::Allow:
      break;
    case Said::Block:
      verdict.allowed = false;
      break;
    case Said::Substitute:
      verdict.substitutes = std::move(result.values);
      break;
    case Said::Text:
    case Said::Nonsense:
    case Said::Raised:
      report(*script, hook, result);
      break;
  }
}

Outcome HostImpl::call_hook(const std::shared_ptr<Script>& script, int hook,
                            std::span<const Value> args, Returned& returned) {
  const Visit visit(script);
  if (!visit) return Outcome::NoScript;
  if (hook == kHookOnScriptCommand) ++t_data.script_commands;
  if (!is_hook(hook) || !script->hooks.has(hook)) return Outcome::NoFunction;
  std::optional<Failure> failure;
  std::optional<std::string> reason;
  if (nested_too_deep()) {
    failure = too_deep();
  } else {
    const Running running(*script, hook, script->options.limits.hook);
    if (!script->hooks.has(hook)) return Outcome::NoFunction;
    const Owned result = script->hooks.call(hook, args);
    if (!result)
      failure = take_failure();
    else
      reason = read_returned(result.get(), returned);
  }
  if (failure) {
    hub_.on_error(script->id, hook, *failure);
    return Outcome::Raised;
  }
  if (!reason) return Outcome::Ok;
  warn_of_result(*script, hook, *reason);
  return Outcome::Unsupported;
}

void HostImpl::report(Script& script, int hook, HookResult& result) {
  if (result.failure) hub_.on_error(script.id, hook, *result.failure);
  if (result.said != Said::Nonsense) return;
  const Substitution rule = substitution(hook);
  const std::string tuple =
      rule.count ? ", or a tuple of " + std::to_string(rule.count) + " strings" : "";
  warn_of_result(script, hook,
                 "returned " + result.nonsense +
                     ", which is taken as 1: return 1, True or None to allow, 0 or False to block" +
                     tuple);
}

// Once a script and hook.
void HostImpl::warn_of_result(Script& script, int hook, const std::string& message) {
  if (script.hooks.warn_once(hook))
    hub_.on_warning(script.id,
                    std::string(all_hooks()[static_cast<std::size_t>(hook)].name) + " " + message);
}

Outcome HostImpl::call(ScriptId id, std::string_view function, std::span<const Value> args,
                       Value& result, Failure& failure) noexcept {
  return call(*find(id), function, args, Dialect::Js, result, failure);
}

Outcome HostImpl::call(const std::shared_ptr<Script>& script, std::string_view function,
                       std::span<const Value> args, Dialect dialect, Value& result,
                       Failure& failure) {
  const Visit visit(script);
  if (!visit) return Outcome::NoScript;
  if (nested_too_deep()) {
    failure = too_deep();
    return Outcome::Raised;
  }
  const Running running(*script, activity::kCall, script->options.limits.hook);
  const Outcome outcome = call_function(*script, function, args, dialect, result);
  if (PyErr_Occurred()) failure = take_failure();
  return outcome;
}

std::vector<Answer> HostImpl::query(const Value& command, const Value& data,
                                    std::string_view recipient, std::string_view sender) noexcept {
  std::vector<Answer> answers;
  if (nested_too_deep()) {
    if (Script* script = running_script())
      hub_.on_error(script->id, kHookOnScriptQuery, too_deep());
    return answers;
  }
  const Value args[] = {command.borrow(), data.borrow(), Value::view(recipient),
                        Value::view(sender)};
  const bool asks_name = is_ascii_text(command, "_get_script_name");
  const auto scripts = scripts_.all();
  for (const auto& script : *scripts) {
    const Visit visit(script);
    if (!visit) continue;
    const ScriptInfo info = script->info();
    if (!recipient.empty() && recipient != info.name && recipient != script->stem &&
        recipient != info.path)
      continue;
    if (asks_name) {
      answers.push_back({info.name, info.path, Value::copy(Kind::String, info.name)});
      continue;
    }
    if (!script->hooks.has(kHookOnScriptQuery)) continue;
    HookResult result;
    {
      const Running running(*script, kHookOnScriptQuery, script->options.limits.hook);
      if (script->hooks.has(kHookOnScriptQuery))
        call_for_verdict(*script, kHookOnScriptQuery, args, result);
    }
    if (result.said == Said::Text)
      answers.push_back({info.name, info.path, std::move(result.values.front())});
    else
      report(*script, kHookOnScriptQuery, result);
  }
  return answers;
}

// ---- dynamic functions ----

// Of a C++ and a TypeScript function of one name the later registration counts: one for all scripts
// takes the place of what the other face registered for single ones.
void HostImpl::register_function(ScriptId id, std::string_view name,
                                 std::shared_ptr<Callable> function) noexcept {
  if (id < 0) {
    const auto scripts = scripts_.all();
    for (const auto& script : *scripts)
      dynamic_functions::remove_unless(script->id, name, function->dialect());
  }
  dynamic_functions::add(id < 0 ? everyone_ : id, name, std::move(function));
}

bool HostImpl::unregister_function(ScriptId id, std::string_view name) noexcept {
  return dynamic_functions::remove(id < 0 ? everyone_ : id, name);
}

dynamic_functions::Found HostImpl::find_function(const Script& script,
                                                 std::string_view name) const {
  return dynamic_functions::Found(script.id, everyone_, name);
}

// ---- what is known of a script ----

bool HostImpl::has_hook(ScriptId id, int hook) const noexcept {
  const auto script = find(id);
  return script && is_hook(hook) && !script->visitors.leaving() && script->hooks.has(hook);
}

bool HostImpl::info(ScriptId id, ScriptInfo& info) const noexcept {
  const auto script = find(id);
  if (script) info = script->info();
  return static_cast<bool>(script);
}

bool HostImpl::stats(ScriptId id, ScriptStats& stats) const noexcept {
  const auto script = find(id);
  if (script) stats = {script->vh_calls.value(), script->hooks.stats()};
  return static_cast<bool>(script);
}

// ---- unloading ----

Unloading HostImpl::unload(ScriptId id, EndReport* report) noexcept {
  teardown::tend();
  const auto script = find(id);
  return script ? unload(*script, report) : Unloading::NoScript;
}

Unloading HostImpl::unload(const std::shared_ptr<Script>& script, EndReport* report) {
  if (!script->visitors.dismiss()) return Unloading::NoScript;
  script->hooks.deactivate();
  if (!script->visitors.claim_end()) return Unloading::Waiting;
  return teardown::end(script, retire(script), report);
}

Unloading HostImpl::start_unload(ScriptId id) noexcept {
  const auto script = find(id);
  if (!script || !script->visitors.dismiss()) return Unloading::NoScript;
  script->hooks.deactivate();
  if (!script->visitors.claim_end()) return Unloading::Waiting;
  return teardown::begin(*script, retire(*script));
}

bool HostImpl::step_unload(ScriptId id, EndReport& report) noexcept {
  return teardown::step(id, report);
}

std::vector<Zombie> HostImpl::zombies() const noexcept {
  return teardown::zombies(*this);
}

void HostImpl::finish_late(const std::shared_ptr<Script>& script) {
  if (dismissing_ == thread_states::this_thread())
    teardown::begin(script, retire(script));
  else
    teardown::end(script, retire(script));
  hub_.on_unloaded(script->id);
}

void HostImpl::disable(Script& script) {
  const auto disabled = script.shared_from_this();
  if (disabled->visitors.leaving()) return;
  hub_.on_warning(script.id, "it timed out three times in a row and is unloaded");
  if (unload(disabled) != Unloading::Waiting) hub_.on_unloaded(script.id);
}

void HostImpl::call_unload(Script& script) {
  std::optional<Failure> failure;
  {
    // Half of what its whole end may take.
    const Running running(script, activity::kUnLoad, std::max(script.options.limits.unload / 2, 1));
    Owned function =
        std::exchange(script.unload_function, Owned());  // called once, whoever asks again
    if (function && PyCallable_Check(function.get()) && !Owned(PyObject_CallNoArgs(function.get())))
      failure = take_failure();
  }
  if (failure) hub_.on_error(script.id, kNoHook, *failure);
}

// Its UnLoad(), and it is no script of the host's any more; what that took.
std::chrono::steady_clock::duration HostImpl::retire(const std::shared_ptr<Script>& script) {
  const auto begun = std::chrono::steady_clock::now();
  call_unload(*script);
  script->cut_off = true;
  scripts_.remove(*script);
  script_ids::release(script->id, true);
  dynamic_functions::forget(script->id);
  return std::chrono::steady_clock::now() - begun;
}

// At shutdown. The visit keeps the script until its UnLoad() has run, also when another visitor
// leaves meanwhile; the last one out brings about its end.
void HostImpl::dismiss(const std::shared_ptr<Script>& script) {
  const Visit visit(script);
  if (unload(script) == Unloading::Waiting) call_unload(*script);
}

void HostImpl::dismiss_all() {
  const auto scripts = scripts_.all();
  const ThreadId outer = dismissing_.exchange(thread_states::this_thread());
  for (const auto& script : *scripts) dismiss(script);
  dismissing_ = outer;
  teardown::end_begun(*this);
  teardown::tend();
}

// An UnLoad() may end the process, and so come here again: what is left is done then.
void HostImpl::close(std::int64_t exit_code) noexcept {
  if (!closed_.exchange(true)) {
    const Value args[] = {Value::integer(exit_code)};
    Verdict verdict;
    dispatch(kHookOnUnLoad, args, verdict);
  }
  dismiss_all();
}

void HostImpl::unload_all() {
  const Value args[] = {Value::integer(0)};
  const auto scripts = scripts_.all();
  for (const auto& script : *scripts) {
    Verdict verdict;
    if (script->hooks.has(kHookOnUnLoad) && !script->hooks.calls(kHookOnUnLoad))
      ask(script, kHookOnUnLoad, args, verdict);
  }
  dismiss_all();
}

}  // namespace vh
