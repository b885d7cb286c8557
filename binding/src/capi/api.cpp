// The functions of wrapper.h: no logic, but the barrier that keeps C++ exceptions in, lets go of a
// lock of Python's that the caller may hold, and ends what waits for the calling thread.
#include <cstdlib>
#include <exception>
#include <string>

#include "capi/args.h"
#include "capi/c_hub.h"
#include "capi/callbacks.h"
#include "capi/log.h"
#include "core/attach.h"
#include "core/running.h"
#include "core/teardown.h"
#include "wrapper.h"

namespace vh::capi {
namespace {

std::atomic<bool> g_begun{false};
std::atomic<bool> g_single_interpreter{false};

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value && std::string_view(value) != "0";
}

std::atomic<bool>& adopts() {
  static std::atomic<bool> adopts{is_set("VH_PACK_ADOPTS")};
  return adopts;
}

template <typename Result, typename Work>
Result contain(Result otherwise, Work work) noexcept {
  try {
    return work();
  } catch (const std::exception& exception) {
    log(Level::Error, std::string("vh-python: ") + exception.what());
  } catch (...) {
    log(Level::Error, "vh-python: a C++ exception");
  }
  return otherwise;
}

template <typename Result, typename Work>
Result enter(Result otherwise, Work work) noexcept {
  return contain(otherwise, [&] {
    const StepOut step_out;
    teardown::tend();
    return work();
  });
}

std::string text(const char* given) {
  return given ? given : "";
}

int begin(w_Tcallback* callbacks) {
  std::string error;
  if (!vh_core_v1()->start("", error)) {
    log(Level::Error, "w_Begin: " + error);
    return 0;
  }
#ifdef PYTHON_USE_SINGLE_INTERPRETER
  g_single_interpreter = true;
#else
  g_single_interpreter = is_set("VH_SINGLE_INTERPRETER");
#endif
  hub().set_callbacks(callbacks);
  g_begun = true;
  log(Level::Status, "Python " + vh_core_v1()->python_version() + " is ready");
  return 1;
}

int unload(int id) {
  const auto script = script_ids::find(id);
  if (!script) return 0;
  const Unloading unloading = script->host.unload(script);
  if (unloading == Unloading::NoScript) return 0;
  if (unloading != Unloading::Waiting) script->host.hub().on_unloaded(id);
  return 1;
}

int load(w_Targs* args) {
  long id = -1, start_time = 0;
  const char *path = nullptr, *bot = nullptr, *op_chat = nullptr, *base = nullptr,
             *config = nullptr;
  if (!w_unpack(args, "lssssls", &id, &path, &bot, &op_chat, &base, &start_time, &config) ||
      !path) {
    log(Level::Error, "w_Load: expected \"lssssls\" with a path, not " + print(args));
    return -1;
  }
  if (!g_begun) {
    log(Level::Error, "w_Load: w_Begin has not been called");
    return -1;
  }
  LoadOptions options;
  options.id = id;
  options.path = path;
  options.bot_name = text(bot);
  options.op_chat_name = text(op_chat);
  options.base_dir = text(base);
  options.start_time = static_cast<double>(start_time);
  options.config_name = text(config);
  options.home = g_single_interpreter ? Home::MainShared : Home::Own;
  ScriptInfo info;
  Failure failure;
  if (id >= 0 && host().load(options, info, failure)) {
    if (g_begun) {
      log(Level::Status, "Script #" + std::to_string(id) + " is now loaded: " + info.path);
      return static_cast<int>(id);
    }
    unload(static_cast<int>(id));  // unless w_End has seen it already
    failure.traceback = "w_End was called while the script was loaded";
  }
  if (id < 0) failure.traceback = "the id is from w_ReserveID";
  log(Level::Error, "w_Load: " + options.path + ": " + failure.traceback);
  return -1;
}

w_Targs* call_hook(int id, int hook, const w_Targs* params) {
  const script_ids::Found script(id);
  if (!script) return nullptr;
  const ArgumentValues args(params);
  Returned returned;
  const Outcome outcome = script->host.call_hook(*script, hook, args.all(), returned);
  return outcome == Outcome::Ok ? pack_returned(returned, 1) : nullptr;
}

w_Targs* call_function(int id, const char* name, const w_Targs* params) {
  const script_ids::Found script(id);
  if (!script || !name) return nullptr;
  const ArgumentValues args(params);
  Returned returned;
  Failure failure;
  const Outcome outcome =
      script->host.call(*script, name, args.all(), Dialect::C, returned.single, failure);
  if (outcome == Outcome::Ok) return pack_returned(returned, 0);
  if (outcome == Outcome::Raised || outcome == Outcome::Unsupported)
    script->host.hub().on_error(id, kNoHook, failure);
  return nullptr;
}

void log_call(const char* what, int id, const char* name, w_Targs* params, w_Targs* result) {
  log(Level::Arguments, std::string(what) + " #" + std::to_string(id) + " " + text(name) +
                            print(params) + " -> " + print(result));
}

}  // namespace
}  // namespace vh::capi

using namespace vh;
using namespace vh::capi;

extern "C" {

int w_Begin(w_Tcallback* callbacks) {
  return enter(0, [&] { return begin(callbacks); });
}

int w_End(void) {
  return enter(1, [] {
    if (g_begun.exchange(false)) host().unload_all();
    return 1;
  });
}

int w_ReserveID(void) {
  return enter(-1, [] { return static_cast<int>(script_ids::reserve()); });
}

int w_Load(w_Targs* args) {
  return enter(-1, [&] { return load(args); });
}

int w_Unload(int id) {
  return enter(0, [&] { return unload(id); });
}

int w_HasHook(int id, int hook) {
  return enter(0, [&] {
    const auto script = script_ids::find(id);
    return script && script->host.has_hook(id, hook) ? 1 : 0;
  });
}

w_Targs* w_CallHook(int id, int hook, w_Targs* params) {
  return enter<w_Targs*>(nullptr, [&] {
    w_Targs* result = call_hook(id, hook, params);
    if (logs(Level::Arguments)) log_call("hook", id, w_HookName(hook), params, result);
    return result;
  });
}

w_Targs* w_CallFunction(int id, const char* name, w_Targs* params) {
  return enter<w_Targs*>(nullptr, [&] {
    w_Targs* result = call_function(id, name, params);
    if (logs(Level::Arguments)) log_call("function", id, name, params, result);
    return result;
  });
}

PyObject* w_GetHook(int hook) {
  const Script* script = running_script();
  return script && is_hook(hook) ? script->hooks.bound(hook) : nullptr;
}

const char* w_HookName(int hook) {
  return is_hook(hook) ? all_hooks()[static_cast<std::size_t>(hook)].name : nullptr;
}

const char* w_CallName(int callback) {
  return callback_name(callback);
}

int w_RegisterFunction(int id, const char* name, w_Tcallback fn) {
  return enter(0, [&] {
    if (!name || !fn || !script_ids::is_open(id)) return 0;
    dynamic_functions::add(id, name, std::make_shared<CCallable>(fn));
    return 1;
  });
}

int w_UnregisterFunction(int id, const char* name) {
  return enter(0, [&] { return id >= 0 && name && dynamic_functions::remove(id, name) ? 1 : 0; });
}

w_Targs* w_pack(const char* format, ...) {
  std::va_list values;
  va_start(values, format);
  w_Targs* args = contain<w_Targs*>(
      nullptr, [&] { return pack(format, &values, adopts() ? Packing::Owning : Packing::Copied); });
  va_end(values);
  return args;
}

w_Targs* w_pack_take(const char* format, ...) {
  std::va_list values;
  va_start(values, format);
  w_Targs* args =
      contain<w_Targs*>(nullptr, [&] { return pack(format, &values, Packing::Owning); });
  va_end(values);
  return args;
}

void w_PackAdopts(int on) {
  adopts() = on != 0;
}

int w_unpack(w_Targs* args, const char* format, ...) {
  std::va_list targets;
  va_start(targets, format);
  const int done = contain(0, [&] { return unpack(args, format, targets) ? 1 : 0; });
  va_end(targets);
  return done;
}

void w_free_args(w_Targs* args) {
  free_args(args);
}

void w_LogLevel(int level) {
  g_log_level = level;
}

const char* w_packprint(w_Targs* args) {
  return contain("", [&] {
    thread_local std::string text;
    text = print(args);
    return text.c_str();
  });
}

}  // extern "C"
