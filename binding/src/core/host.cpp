#include "core/host.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <utility>

#include "core/convert.h"
#include "core/encoding.h"
#include "core/failure.h"
#include "core/frames.h"
#include "core/globals.h"
#include "core/output.h"
#include "core/running.h"
#include "core/script_loader.h"

namespace vh {
namespace {

using Said = HookResult::Said;

// How long unloading waits for threads of the script that are just ending.
constexpr int kPatienceMs = 500;

std::atomic<ScriptId> g_next_id{0};

Failure make_failure(const char* type, const std::string& message) {
  return {type, message, std::string(type) + ": " + message + "\n"};
}

Failure too_deep() {
  return make_failure("RecursionError", "scripts are nested too deep");
}

bool is_ascii_text(const Value& value, std::string_view ascii) {
  const Text& text = value.text();
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
  script.declared_name = text(0);
  script.declared_version = text(1);
}

}  // namespace

HostImpl::~HostImpl() {
  close(0);
}

// ---- loading ----

ScriptId HostImpl::reserve() noexcept {
  return g_next_id++;
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
  retry_kept();
  const auto refuse = [&](const char* why) {
    failure = make_failure("RuntimeError", why);
    return false;
  };
  if (closed_) return refuse("the host is closed");
  if (nested_too_deep()) {
    failure = too_deep();
    return false;
  }

  const auto script =
      std::make_shared<Script>(*this, options.id < 0 ? reserve() : options.id, options);
  if (!enter_interpreter(*script, failure)) return false;
  bool loaded = false;
  {
    const Running running(*script);
    if (script->interpreter->is_main()) main_scripts::add(*script);
    loaded = load_module(*script);
    if (!loaded) failure = take_failure();
  }
  if (loaded) after_load(*script);
  if (loaded && closed_) loaded = refuse("the host was closed while the script was loaded");
  if (!loaded) {
    script->cut_off = true;
    functions_.forget(script->id);
    leave_interpreter(script, kPatienceMs);
    return false;
  }
  scripts_.add(script);
  script->hooks.activate();
  info = script->info();
  return true;
}

void HostImpl::after_load(Script& script) {
  std::optional<Failure> failure;
  {
    const Running running(script);
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
    if (script->hooks.has(hook) && !script->leaving) call_hook(script, hook, args, verdict);
}

void HostImpl::call_hook(const std::shared_ptr<Script>& script, int hook,
                         std::span<const Value> args, Verdict& verdict) {
  HookResult result;
  if (nested_too_deep()) {
    result.said = Said::Raised;
    result.failure = too_deep();
  } else {
    const Running running(*script);
    // A thread of the script may have deleted the hook while the GIL was awaited.
    if (script->hooks.has(hook)) script->hooks.call(hook, args, result);
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
  settle(script);
}

void HostImpl::report(Script& script, int hook, HookResult& result) {
  if (result.failure) hub_.on_error(script.id, hook, *result.failure);
  if (result.said == Said::Nonsense && script.hooks.warn_once(hook)) {
    const std::string name = all_hooks()[static_cast<std::size_t>(hook)].name;
    const Substitution rule = substitution(hook);
    const std::string tuple =
        rule.count ? ", or a tuple of " + std::to_string(rule.count) + " strings" : "";
    hub_.on_warning(
        script.id,
        name + " returned " + result.nonsense +
            ", which is taken as 1: return 1, True or None to allow, 0 or False to block" + tuple);
  }
}

Outcome HostImpl::call(ScriptId id, std::string_view function, std::span<const Value> args,
                       Value& result, Failure& failure) noexcept {
  const auto script = scripts_.find(id);
  if (!script || script->leaving) return Outcome::NoScript;
  if (nested_too_deep()) {
    failure = too_deep();
    return Outcome::Raised;
  }
  Outcome outcome = Outcome::Ok;
  {
    const Running running(*script);
    Owned name = to_str(function);
    PyObject* found =
        name ? PyDict_GetItemWithError(PyModule_GetDict(script->module.get()), name.get())
             : nullptr;
    Owned callee = Owned::borrow(found);
    std::vector<Owned> objects;
    std::vector<PyObject*> stack{nullptr};
    for (const Value& arg : args) {
      objects.push_back(to_object(arg));
      stack.push_back(objects.back().get());
    }
    Owned returned;
    if (!callee || !PyCallable_Check(callee.get())) {
      outcome = Outcome::NoFunction;
    } else if (!PyErr_Occurred()) {
      returned = Owned(PyObject_Vectorcall(callee.get(), stack.data() + 1,
                                           args.size() | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr));
    }
    if (outcome == Outcome::Ok && !returned) outcome = Outcome::Raised;
    if (returned && !to_value(returned.get(), "result", Dialect::Js, result))
      outcome = Outcome::Unsupported;
    result.own();
    if (PyErr_Occurred()) failure = take_failure();
  }
  settle(script);
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
  const auto view = [](const Value& text) { return Value::view(text.kind(), text.text()); };
  const Value args[] = {view(command), view(data), Value::view(recipient), Value::view(sender)};
  const bool asks_name = is_ascii_text(command, "_get_script_name");
  const auto scripts = scripts_.all();
  for (const auto& script : *scripts) {
    if (script->leaving) continue;
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
      const Running running(*script);
      if (script->hooks.has(kHookOnScriptQuery))
        script->hooks.call(kHookOnScriptQuery, args, result);
    }
    if (result.said == Said::Text)
      answers.push_back({info.name, info.path, std::move(result.values.front())});
    else
      report(*script, kHookOnScriptQuery, result);
    settle(script);
  }
  return answers;
}

// ---- dynamic functions ----

void HostImpl::register_function(ScriptId id, std::string_view name,
                                 std::shared_ptr<Callable> function) noexcept {
  functions_.add(id, name, std::move(function));
}

bool HostImpl::unregister_function(ScriptId id, std::string_view name) noexcept {
  return functions_.remove(id, name);
}

// ---- what is known of a script ----

bool HostImpl::has_hook(ScriptId id, int hook) const noexcept {
  const auto script = scripts_.find(id);
  return script && is_hook(hook) && !script->leaving && script->hooks.has(hook);
}

bool HostImpl::info(ScriptId id, ScriptInfo& info) const noexcept {
  const auto script = scripts_.find(id);
  if (script) info = script->info();
  return script != nullptr;
}

bool HostImpl::stats(ScriptId id, ScriptStats& stats) const noexcept {
  const auto script = scripts_.find(id);
  if (script) stats = {script->vh_calls, script->hooks.stats()};
  return script != nullptr;
}

// ---- unloading ----

Unloading HostImpl::unload(ScriptId id) noexcept {
  retry_kept();
  const auto script = scripts_.find(id);
  if (!script || script->leaving) return Unloading::NoScript;
  script->leaving = true;
  script->hooks.deactivate();
  return script->frames ? Unloading::Waiting : finish(script);
}

// After every entry into a script: one that was unloaded from within goes when its last frame has
// returned.
void HostImpl::settle(const std::shared_ptr<Script>& script) {
  if (!script->leaving || script->frames || !scripts_.find(script->id)) return;
  finish(script);
  hub_.on_unloaded(script->id);
}

void HostImpl::call_unload(Script& script) {
  std::optional<Failure> failure;
  {
    const Running running(script);
    Owned function =
        std::exchange(script.unload_function, Owned());  // called once, whoever asks again
    if (function && PyCallable_Check(function.get()) && !Owned(PyObject_CallNoArgs(function.get())))
      failure = take_failure();
  }
  if (failure) hub_.on_error(script.id, kNoHook, *failure);
}

// Its UnLoad() and its end.
Unloading HostImpl::finish(const std::shared_ptr<Script>& script) {
  call_unload(*script);
  script->cut_off = true;
  scripts_.remove(*script);
  functions_.forget(script->id);
  return leave_interpreter(script, kPatienceMs) ? Unloading::Gone : Unloading::Kept;
}

bool HostImpl::leave_interpreter(const std::shared_ptr<Script>& script, int patience_ms) {
  bool threads = false;
  {
    const Running running(*script);
    if (script->interpreter->is_main()) {
      main_scripts::remove(*script);
      threads = runs_on_other_threads(*script);
    }
    unload_module(*script);
  }
  if (script->own_interpreter && !script->own_interpreter->end(patience_ms)) {
    threads = true;
    kept_.push_back(script);
  }
  if (threads)
    hub_.on_warning(script->id,
                    "threads of " + script->path +
                        " are still running: its interpreter is kept until they have ended");
  return !threads;
}

void HostImpl::retry_kept() {
  std::erase_if(
      kept_, [](const auto& script) { return !script->frames && script->own_interpreter->end(0); });
}

// An UnLoad() may end the process, and so come here again: what is left is done then.
void HostImpl::close(std::int64_t exit_code) noexcept {
  if (!std::exchange(closed_, true)) {
    const Value args[] = {Value::integer(exit_code)};
    Verdict verdict;
    dispatch(kHookOnUnLoad, args, verdict);
  }
  const auto scripts = scripts_.all();
  for (const auto& script : *scripts) {
    if (std::exchange(script->leaving, true)) continue;
    script->hooks.deactivate();
    if (script->frames)
      call_unload(*script);
    else
      finish(script);
  }
  retry_kept();
}

}  // namespace vh
