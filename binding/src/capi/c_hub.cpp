#include "capi/c_hub.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include "capi/args.h"
#include "capi/callbacks.h"
#include "capi/log.h"

namespace vh::capi {
namespace {

struct FreeArgs {
  void operator()(w_Targs* args) const { free_args(args); }
};
using Result = std::unique_ptr<w_Targs, FreeArgs>;

// Calls back. A plugin's C++ exception stops here: false, with its text. `arguments` outlive the
// result, which may be the very same.
bool call_back(w_Tcallback callback, int id, CallbackArguments& arguments, Result& result,
               std::string& error) {
  put_in_order(id, arguments.get());
  if (logs(Level::Arguments))
    log(Level::Arguments,
        std::string(id < 0 ? "dynamic function" : callback_name(id)) + print(arguments.get()));
  try {
    result.reset(callback(id, arguments.get()));
  } catch (const std::exception& exception) {
    error = exception.what();
    return false;
  } catch (...) {
    error = "the callback threw a C++ exception";
    return false;
  }
  if (logs(Level::Arguments)) log(Level::Arguments, "-> " + print(result.get()));
  return true;
}

std::string path_of(ScriptId id) {
  const auto script = script_ids::find(id);
  return script ? script->path : "script #" + std::to_string(id);
}

}  // namespace

w_Tcallback CHub::slot(int number) const {
  w_Tcallback* callbacks = callbacks_;
  if (!callbacks || number < 0) return nullptr;
  return __atomic_load_n(&callbacks[number], __ATOMIC_ACQUIRE);
}

bool CHub::implements(int function) const noexcept {
  return slot(callbacks_by_function_[static_cast<std::size_t>(function)]) != nullptr;
}

bool CHub::call(int function, ScriptId, std::span<const Value> args, Value& result,
                std::string& error) noexcept {
  const int number = callbacks_by_function_[static_cast<std::size_t>(function)];
  const w_Tcallback callback = slot(number);
  const Function& called = all_functions()[static_cast<std::size_t>(function)];
  if (!callback) {
    error = std::string("the hub has taken vh.") + called.name + " back";
    return false;
  }
  CallbackArguments arguments(args);
  Result returned;
  return call_back(callback, number, arguments, returned, error) &&
         read_result(called, returned.get(), result, error);
}

void CHub::on_error(ScriptId script, int hook, const Failure& failure) noexcept {
  const std::string where =
      hook < 0 ? "" : std::string(all_hooks()[static_cast<std::size_t>(hook)].name) + " of ";
  std::string traceback = failure.traceback;
  if (traceback.ends_with('\n')) traceback.pop_back();
  log(Level::Error, where + path_of(script) + ": " + traceback);
}

void CHub::on_warning(ScriptId script, std::string_view message) noexcept {
  log(Level::Error, path_of(script) + ": " + std::string(message));
}

void CHub::on_output(ScriptId, Stream stream, std::string_view line) noexcept {
  std::FILE* file = stream == Stream::Out ? stdout : stderr;
  const std::string text = std::string(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
}

void CHub::on_slow(ScriptId script, int hook, double milliseconds) noexcept {
  log(Level::Status, path_of(script) + ": " + all_hooks()[static_cast<std::size_t>(hook)].name +
                         " took " + std::to_string(std::lround(milliseconds)) + " ms");
}

void CHub::on_stuck(ScriptId, std::string_view path, std::string_view message) noexcept {
  log(Level::Error, std::string(path) + ": " + std::string(message));
}

void CHub::on_unloaded(ScriptId script) noexcept {
  log(Level::Status, "Script #" + std::to_string(script) + " stopped");
}

bool CCallable::call(ScriptId, std::span<const Value> args, Returned& result,
                     std::string& error) noexcept {
  CallbackArguments arguments(args);
  Result returned;
  if (!call_back(function_, -1, arguments, returned, error)) return false;
  const char* format = returned && returned->format ? returned->format : "";
  result.is_tuple = format[0] && format[1];
  result.items.clear();
  for (std::size_t i = 0; format[i]; ++i) {
    Value& item = result.is_tuple ? result.items.emplace_back() : result.single;
    item = to_value(format[i], returned->args[i]);
    item.own();
  }
  return true;
}

CHub& hub() {
  static CHub& hub = *new CHub;
  return hub;
}

HostImpl& host() {
  static auto& counts = *new std::array<std::uint32_t, W_MAX_HOOKS>{};
  static HostImpl& host = *new HostImpl(hub(), counts.data());
  return host;
}

}  // namespace vh::capi
