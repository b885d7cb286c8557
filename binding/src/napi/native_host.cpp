#include "napi/native_host.h"

#include <array>
#include <vector>

#include "core/small_array.h"
#include "napi/fields.h"
#include "napi/records.h"

namespace vh::js {
namespace {

constexpr auto kUnloading = "a script that is being unloaded";

ScriptId script_id(const Napi::CallbackInfo& info) {
  return info[0].As<Napi::Number>().Int64Value();
}

std::string text(const Napi::Value& value) {
  return to_utf8(value.Env(), value);
}

// { hook, slow, unload, disables }
Limits to_limits(Fields& given) {
  const auto ms = [&](const char* name) { return static_cast<int>(given.number(name)); };
  return {ms("hook"), ms("slow"), ms("unload"), given.flag("disables")};
}

// An argument of a hook, by the letter of its format.
bool read_argument(const Values& values, char letter, napi_value value, TextBuffer& buffer,
                   Value& out) {
  if (letter == 's') return values.read_string(value, buffer, out);
  napi_valuetype type = napi_undefined;
  napi_typeof(values.env(), value, &type);
  if (type != napi_number && type != napi_bigint) return false;
  if (!values.read(value, "", out)) return false;
  if (letter == 'l') return out.kind() == Kind::Int;
  if (out.kind() == Kind::Int) out = Value::real(static_cast<double>(out.as_int()));
  return out.kind() == Kind::Float;
}

// Does what takes Node's thread into a script.
template <typename Work>
auto visiting(NodeThread& thread, const char* what, Work work) {
  const NodeThread::Visit visit(thread, what);
  return work();
}

const char* letter_name(char letter) {
  return letter == 's' ? "a string" : letter == 'l' ? "an integer" : "a number";
}

}  // namespace

struct NativeHost::Setup {
  Napi::Env env;
  napi_value self, functions, packer, encode, decode;
  Napi::Uint32Array hook_counts;
  Listeners listeners;
};

Napi::Value NativeHost::open(const Library& library, const Napi::Value& setup) {
  Fields given(setup);
  Setup read{setup.Env(),
             given.value("self"),
             given.value("functions"),
             given.value("packer"),
             given.value("encode"),
             given.value("decode"),
             Napi::Uint32Array(setup.Env(), given.value("hookCounts")),
             {given.value("error"), given.value("warning"), given.value("slow"),
              given.value("stuck"), given.value("output"), given.value("unloaded")}};
  if (!given.complete()) return Napi::Value();
  return (new NativeHost(library, read))->object();
}

NativeHost::NativeHost(const Library& library, Setup setup)
    : core_(*library.core),
      make_plugin_api_(library.plugin_api),
      values_(setup.env, setup.packer, setup.encode, setup.decode),
      hook_counts_(Napi::Persistent(Napi::TypedArray(setup.hook_counts))),
      hub_(values_, core_, setup.self, setup.functions, setup.listeners),
      host_(core_.open(hub_, setup.hook_counts.Data())) {
  // The last hook added runs first: before Node frees what the hub wakes it with.
  setup.env.AddCleanupHook([this] { let_go(); });
}

void NativeHost::let_go() {
  hub_.thread().let_go();
  host_->close(0);
  exit_plugins();
}

// A plugin's threads may have been in scripts until now.
void NativeHost::exit_plugins() {
  plugins_.exit();
  core_.tend();
}

template <Napi::Value (NativeHost::*Method)(const Napi::CallbackInfo&)>
void NativeHost::add(Napi::Object object, const char* name) {
  const auto entry = [](const Napi::CallbackInfo& info) {
    return (static_cast<NativeHost*>(info.Data())->*Method)(info);
  };
  object.Set(name, Napi::Function::New(object.Env(), entry, name, this));
}

Napi::Object NativeHost::object() {
  Napi::Env env = values_.env();
  Napi::Object object = Napi::Object::New(env);
  add<&NativeHost::reserve>(object, "reserve");
  add<&NativeHost::load>(object, "load");
  add<&NativeHost::unload>(object, "unload");
  add<&NativeHost::start_unload>(object, "startUnload");
  add<&NativeHost::step_unload>(object, "stepUnload");
  add<&NativeHost::zombies>(object, "zombies");
  add<&NativeHost::population>(object, "population");
  add<&NativeHost::call>(object, "call");
  add<&NativeHost::query>(object, "query");
  add<&NativeHost::register_function>(object, "register");
  add<&NativeHost::unregister_function>(object, "unregister");
  add<&NativeHost::has_hook>(object, "hasHook");
  add<&NativeHost::info>(object, "info");
  add<&NativeHost::stats>(object, "stats");
  add<&NativeHost::load_plugin>(object, "loadPlugin");
  add<&NativeHost::close>(object, "close");
  add<&NativeHost::ref>(object, "ref");
  add<&NativeHost::unref>(object, "unref");
  napi_value function = nullptr;
  napi_create_function(env, "dispatch", NAPI_AUTO_LENGTH, dispatch, this, &function);
  object.Set("dispatch", function);
  return object;
}

Napi::Value NativeHost::reserve(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(host_->reserve()));
}

// (options) -> [id, name, version, path], or a failure.
Napi::Value NativeHost::load(const Napi::CallbackInfo& info) {
  Fields given(info[0]);
  LoadOptions options;
  options.path = given.text("path");
  options.bot_name = given.text("botName");
  options.op_chat_name = given.text("opChatName");
  options.base_dir = given.text("baseDir");
  options.config_name = given.text("configName");
  options.venv = given.text("venv");
  options.start_time = given.number("startTime");
  options.id = static_cast<ScriptId>(given.number("id"));
  options.order = static_cast<ScriptId>(given.number("order"));
  options.home = static_cast<Home>(given.number("home"));
  Fields limits = given.object("limits");
  options.limits = to_limits(limits);
  if (!given.complete() || !limits.complete()) return Napi::Value();
  ScriptInfo loaded;
  Failure failure;
  const bool good = visiting(hub_.thread(), "a script that is being loaded",
                             [&] { return host_->load(options, loaded, failure); });
  return {info.Env(), good ? to_js(info.Env(), loaded) : to_js(info.Env(), failure)};
}

// (id) -> [unloading, report]
Napi::Value NativeHost::unload(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  EndReport report;
  const Unloading unloading =
      visiting(hub_.thread(), kUnloading, [&] { return host_->unload(script_id(info), &report); });
  return {env, make_array(env, {to_js(env, static_cast<int>(unloading)), to_js(env, report)})};
}

Napi::Value NativeHost::start_unload(const Napi::CallbackInfo& info) {
  const Unloading unloading =
      visiting(hub_.thread(), kUnloading, [&] { return host_->start_unload(script_id(info)); });
  return Napi::Number::New(info.Env(), static_cast<int>(unloading));
}

// (id) -> null, or the report when it is over.
Napi::Value NativeHost::step_unload(const Napi::CallbackInfo& info) {
  EndReport report;
  const bool over = visiting(hub_.thread(), kUnloading,
                             [&] { return host_->step_unload(script_id(info), report); });
  if (!over) return info.Env().Null();
  return {info.Env(), to_js(info.Env(), report)};
}

Napi::Value NativeHost::zombies(const Napi::CallbackInfo& info) {
  return {info.Env(), to_js(info.Env(), host_->zombies())};
}

Napi::Value NativeHost::population(const Napi::CallbackInfo& info) {
  return {info.Env(), to_js(info.Env(), core_.population())};
}

// (hook, ...args) -> boolean, or [allowed, ...substitutes] when a script substituted arguments.
napi_value NativeHost::dispatch(napi_env env, napi_callback_info callback) {
  std::array<napi_value, kMaxHookArguments + 1> argv;
  std::size_t count = argv.size();
  void* data = nullptr;
  napi_get_cb_info(env, callback, &count, argv.data(), nullptr, &data);
  auto& self = *static_cast<NativeHost*>(data);

  std::int32_t hook = 0;
  napi_get_value_int32(env, argv[0], &hook);
  const HookInfo& called = self.core_.hooks()[static_cast<std::size_t>(hook)];
  const std::string_view format = called.format;

  std::array<TextBuffer, kMaxHookArguments> buffers;
  SmallArray<Value, kMaxHookArguments> args(format.size());
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (read_argument(self.values_, format[i], argv[i + 1], buffers[i], args.emplace())) continue;
    const std::string problem = std::string(called.name) + ": argument " + std::to_string(i + 1) +
                                " must be " + letter_name(format[i]);
    napi_throw_type_error(env, "ERR_VH_ARGUMENT", problem.c_str());
    return nullptr;
  }

  Verdict verdict;
  visiting(self.hub_.thread(), called.name,
           [&] { self.host_->dispatch(hook, args.all(), verdict); });
  self.hub_.thread().work_between();
  napi_value allowed = nullptr;
  napi_get_boolean(env, verdict.allowed, &allowed);
  if (verdict.substitutes.empty()) return allowed;
  napi_value result = nullptr;
  napi_create_array(env, &result);
  napi_set_element(env, result, 0, allowed);
  for (std::uint32_t i = 0; i < verdict.substitutes.size(); ++i)
    napi_set_element(env, result, i + 1, self.values_.write(verdict.substitutes[i]));
  return result;
}

// (id, name, ...args) -> result, or what no result is: an Error, whose cause is [outcome, failure].
Napi::Value NativeHost::call(const Napi::CallbackInfo& info) {
  constexpr std::size_t kFirst = 2;
  Napi::Env env = info.Env();
  SmallArray<Value, kMaxHookArguments> args(info.Length() - kFirst);
  for (std::size_t i = kFirst; i < info.Length(); ++i)
    if (!values_.read(info[i], "args[" + std::to_string(i - kFirst) + "]", args.emplace()))
      return Napi::Value();
  Value result;
  Failure failure;
  const Outcome outcome = visiting(hub_.thread(), "a script's function", [&] {
    return host_->call(script_id(info), text(info[1]), args.all(), result, failure);
  });
  if (outcome == Outcome::Ok) return {env, values_.write(result)};
  napi_value error = nullptr;
  napi_create_error(env, nullptr, to_js(env, ""), &error);
  napi_set_named_property(
      env, error, "cause",
      make_array(env, {to_js(env, static_cast<int>(outcome)), to_js(env, failure)}));
  return {env, error};
}

// (command, data, recipient, sender) -> [answer, …]
Napi::Value NativeHost::query(const Napi::CallbackInfo& info) {
  Value command, data;
  if (!values_.read(info[0], "cmd", command) || !values_.read(info[1], "data", data))
    return Napi::Value();
  const std::vector<Answer> answers = visiting(hub_.thread(), "OnScriptQuery", [&] {
    return host_->query(command, data, text(info[2]), text(info[3]));
  });
  Napi::Array array = Napi::Array::New(info.Env(), answers.size());
  for (std::uint32_t i = 0; i < answers.size(); ++i)
    array.Set(i, Napi::Value(info.Env(), values_.write(answers[i].text)));
  return array;
}

Napi::Value NativeHost::register_function(const Napi::CallbackInfo& info) {
  const std::string name = text(info[1]);
  host_->register_function(script_id(info), name,
                           std::make_shared<JsCallable>(hub_, values_, name, info[2]));
  return info.Env().Undefined();
}

Napi::Value NativeHost::unregister_function(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), host_->unregister_function(script_id(info), text(info[1])));
}

Napi::Value NativeHost::has_hook(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(
      info.Env(), host_->has_hook(script_id(info), info[1].As<Napi::Number>().Int32Value()));
}

Napi::Value NativeHost::info(const Napi::CallbackInfo& info) {
  ScriptInfo known;
  if (!host_->info(script_id(info), known)) return info.Env().Null();
  return {info.Env(), to_js(info.Env(), known)};
}

Napi::Value NativeHost::stats(const Napi::CallbackInfo& info) {
  ScriptStats stats;
  if (!host_->stats(script_id(info), stats)) return info.Env().Null();
  return {info.Env(), to_js(info.Env(), stats)};
}

// (path) -> undefined, or why it could not be loaded.
Napi::Value NativeHost::load_plugin(const Napi::CallbackInfo& info) {
  if (!plugin_api_) plugin_api_ = make_plugin_api_(host_.get());
  std::string error;
  const bool good = visiting(hub_.thread(), "a plugin that is being loaded",
                             [&] { return plugins_.load(text(info[0]), plugin_api_, error); });
  if (good) return info.Env().Undefined();
  return Napi::String::New(info.Env(), error);
}

Napi::Value NativeHost::close(const Napi::CallbackInfo& info) {
  const NodeThread::Visit visit(hub_.thread(), "scripts that are being unloaded");
  host_->close(info[0].As<Napi::Number>().Int64Value());
  exit_plugins();
  hub_.thread().drain();  // the last lines that threads of scripts wrote
  return info.Env().Undefined();
}

Napi::Value NativeHost::ref(const Napi::CallbackInfo& info) {
  hub_.thread().keep_alive(true);
  return info.Env().Undefined();
}

Napi::Value NativeHost::unref(const Napi::CallbackInfo& info) {
  hub_.thread().keep_alive(false);
  return info.Env().Undefined();
}

}  // namespace vh::js
