// The core as its faces see it: hosts, scripts, events. No Python and no Node in here.
//
// Everything is reached through virtual functions of the object that vh_core_v1() returns, so a
// face needs nothing of the shared library at link time.
//
// Threads: any thread may call any function. A script is owned by the thread that loads it, where
// its interpreter is created and ended.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.h"

namespace vh {

using ScriptId = std::int64_t;  // 0, 1, 2 …, never used twice in a process

// A Python exception, as text. `traceback` is what Python would have printed.
struct Failure {
  std::string type;
  std::string message;
  std::string traceback;
};

// Why something that was asked of a host did not happen.
enum class Outcome { Ok, NoScript, NoFunction, Raised, Unsupported };

enum class Stream : std::uint8_t { Out, Err };

// How long a script may take, in milliseconds.
struct Limits {
  int hook = 10'000;      // a hook, a call, a load: then vh.HookTimeout is raised in it; 0: never
  int slow = 100;         // a hook that took longer is reported; 0: none is
  int unload = 1'000;     // its end, UnLoad() included
  bool disables = false;  // three timeouts in a row unload the script
};

// Where a script lives.
enum class Home : std::uint8_t { Own, Main, MainShared };

struct LoadOptions {
  std::string path;  // made absolute by the core
  std::string bot_name, op_chat_name, base_dir, config_name;
  double start_time = 0;  // of the hub, seconds since the epoch
  std::string venv;       // a virtual environment's folder, or ""
  Home home = Home::Own;
  Limits limits;
  ScriptId id = -1;  // from Host::reserve(); -1: a fresh one
  ScriptId order =
      -1;  // place in the order: the id that the script had when first loaded; -1: its id
};

// What is known of a loaded script.
struct ScriptInfo {
  ScriptId id = -1;
  std::string name;  // as declared by name_and_version, else the file's stem
  std::string version;
  std::string path;
};

// What a call gave: one value, or a tuple of several. Owned texts.
struct Returned {
  bool is_tuple = false;
  Value single;
  std::vector<Value> items;  // of a tuple
};

// A function that scripts call by vh.CallDynamicFunction. Called without the GIL, on the thread of
// the script that calls.
class Callable {
 public:
  virtual ~Callable() = default;
  // How the arguments travel.
  virtual Dialect dialect() const noexcept = 0;
  // False: `error` tells the script why (vh.HubError).
  virtual bool call(ScriptId caller, std::span<const Value> args, Returned& result,
                    std::string& error) noexcept = 0;
};

// The hub behind a host: what a face implements. Called without the GIL, on any thread: a script
// may have threads, and C++ plugins call scripts from theirs.
class Hub {
 public:
  virtual ~Hub() = default;

  // How the arguments travel.
  virtual Dialect dialect() const noexcept = 0;
  // Does something where the hub's functions run, and waits for it: in C on the calling thread, in
  // JavaScript on Node's. False: `error` says why it was not done.
  virtual bool run(const std::function<void()>& work, std::string& error) noexcept = 0;
  // `function` is an index into Core::functions().
  virtual bool implements(int function) const noexcept = 0;
  // Runs a hub function; false: `error` tells the script why (vh.HubError).
  virtual bool call(int function, ScriptId caller, std::span<const Value> args, Value& result,
                    std::string& error) noexcept = 0;

  // A hook (its number, or -1 for anything else) raised.
  virtual void on_error(ScriptId script, int hook, const Failure& failure) noexcept = 0;
  virtual void on_warning(ScriptId script, std::string_view message) noexcept = 0;
  // One line that a script wrote, without its newline, UTF-8.
  virtual void on_output(ScriptId script, Stream stream, std::string_view line) noexcept = 0;
  // A hook took longer than the script's Limits::slow; the time is exact to some milliseconds.
  virtual void on_slow(ScriptId script, int hook, double milliseconds) noexcept = 0;
  // A hook has not come to its end though it was interrupted. Said while it lasts, when the thread
  // that it holds may be the very one that deals with warnings, of scripts that are being loaded
  // too.
  virtual void on_stuck(ScriptId script, std::string_view path,
                        std::string_view message) noexcept = 0;
  // A script has gone whose unloading had to wait for its own frames, or that a plugin unloaded.
  virtual void on_unloaded(ScriptId script) noexcept = 0;
  // A script that another thread unloaded waits for its owner's thread to call Core::tend().
  virtual void wants_owner() noexcept = 0;
};

// What the scripts said of an event.
struct Verdict {
  bool allowed = true;
  // As many as the hook has arguments, or none at all; None keeps the original. Owned texts.
  std::vector<Value> substitutes;
};

// Counts are exact; times are estimated from every 64th call.
struct HookStats {
  int hook = 0;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  double milliseconds = 0;
};

struct ScriptStats {
  std::uint64_t vh_calls = 0;
  std::vector<HookStats> hooks;  // those called at least once
};

struct Answer {
  std::string name, path;  // of the script that answered
  Value text;              // owned
};

enum class Unloading { NoScript, Gone, Waiting, Kept };

// A thread of a script.
struct ThreadInfo {
  std::string name;  // threading's, or "" for one that threading does not know
  bool daemon = false;
  std::string where;  // "file:line" of the innermost frame in the script's own file, else of any
};

// How a script's end went.
struct EndReport {
  struct Stage {
    const char* name;  // unload, exit, wait, interrupt, end: see ending.h
    double milliseconds;
  };
  bool ended = false;
  std::vector<Stage> stages;        // those it came to, in order
  std::vector<ThreadInfo> threads;  // that are left
};

// An unloaded script whose threads do not end.
struct Zombie {
  ScriptId id = -1;
  std::string path;
  std::vector<ThreadInfo> threads;
};

struct Population {
  int interpreters = 0;  // the main one included
  int threads = 0;       // that scripts started
};

class Host {
 public:
  virtual ~Host() = default;

  // An id for a script that is going to be loaded, so that functions can be registered for it
  // before.
  virtual ScriptId reserve() noexcept = 0;
  // On failure nothing stays behind.
  virtual bool load(const LoadOptions& options, ScriptInfo& info, Failure& failure) noexcept = 0;
  // Waiting: frames of the script are on the stack, of this thread or another; Hub::on_unloaded
  // follows when the last one has returned. Kept: threads of the script live on; its hooks and vh
  // calls are cut off (a warning says so), and it is a zombie. From a thread that is not the owner:
  // Gone, but its interpreter ends when the owner next comes by.
  virtual Unloading unload(ScriptId script, EndReport* report = nullptr) noexcept = 0;
  // The same in steps, each a moment long: UnLoad() has run when this returns. Gone: the end is to
  // be brought about by step_unload(), called every few milliseconds until it returns true.
  virtual Unloading start_unload(ScriptId script) noexcept = 0;
  virtual bool step_unload(ScriptId script, EndReport& report) noexcept = 0;
  virtual std::vector<Zombie> zombies() const noexcept = 0;
  // Nothing of what a script does makes this fail. `args` must fit the hook's format.
  virtual void dispatch(int hook, std::span<const Value> args, Verdict& verdict) noexcept = 0;
  // Any top-level function. Unsupported: `failure.message` says which part of the result has no
  // counterpart.
  virtual Outcome call(ScriptId script, std::string_view function, std::span<const Value> args,
                       Value& result, Failure& failure) noexcept = 0;
  // The answers of the scripts' OnScriptQuery; `recipient`: a script's name or path, "" for all.
  virtual std::vector<Answer> query(const Value& command, const Value& data,
                                    std::string_view recipient,
                                    std::string_view sender) noexcept = 0;
  // For one script, from when its id is reserved on, or for all of them with `script` -1. A name
  // registered again is replaced.
  virtual void register_function(ScriptId script, std::string_view name,
                                 std::shared_ptr<Callable> function) noexcept = 0;
  virtual bool unregister_function(ScriptId script, std::string_view name) noexcept = 0;

  virtual bool has_hook(ScriptId script, int hook) const noexcept = 0;
  virtual bool info(ScriptId script, ScriptInfo& info) const noexcept = 0;
  virtual bool stats(ScriptId script, ScriptStats& stats) const noexcept = 0;

  // OnUnLoad(code) in every script, then UnLoad() in each and its end. A script that somebody is in
  // runs its UnLoad() at once, and ends when the last one has left. Nothing can be loaded
  // afterwards.
  virtual void close(std::int64_t exit_code) noexcept = 0;
};

inline constexpr std::size_t kMaxHookArguments = 6;

struct HookInfo {
  const char* name;
  std::string_view format;  // one letter an argument: s string, l integer, d float
};

struct ParameterInfo {
  const char* name;
  const char* type;           // Python's spelling
  const char* default_value;  // Python's spelling; null: required
};

struct FunctionInfo {
  const char* name;
  std::vector<ParameterInfo> parameters;
  const char* result;  // Python's spelling
  bool of_hub;         // false: served by the core alone
  const char* doc;
};

struct ConstantInfo {
  const char* name;
  long value;
};

// Does what waits for a thread while that thread sits in a blocking call of a script: a hook that
// joins its worker, say, while the worker calls vh. Never destroyed, or after stop_serving().
class WaitServer {
 public:
  virtual ~WaitServer() = default;
  // On its own thread, without the GIL.
  virtual void serve() noexcept = 0;
  void* record = nullptr;  // the core's
};

class Core {
 public:
  // Starts CPython, once a process; later calls do nothing. `executable`: becomes sys.executable
  // and tells CPython where its standard library is; "" is the interpreter the library was built
  // with. False: `error` says why.
  virtual bool start(const std::string& executable, std::string& error) noexcept = 0;
  virtual std::string python_version() const noexcept = 0;
  // Ends the interpreters of unloaded scripts that wait for the calling thread, their owner.
  virtual void tend() noexcept = 0;
  // For as long as a thread of the script is being served: keeps the script from ending, as a hook
  // that runs does, and lets that thread go on before the next hook. Null when there is no such
  // script, or it is leaving.
  virtual std::shared_ptr<void> visit(ScriptId script) noexcept = 0;
  // Scripts of all hosts.
  virtual Population population() const noexcept = 0;
  // From now on the server is asked to serve() when the calling thread, its own, is knocked at.
  virtual void serve_waits(WaitServer& server) noexcept = 0;
  // Its own thread.
  virtual void stop_serving(WaitServer& server) noexcept = 0;
  // Something waits for the server's thread. Any thread; to be repeated while it waits, since a
  // knock may be too early to be heard.
  virtual void knock(WaitServer& server) noexcept = 0;
  // Both arguments must outlive the host. `hook_counts`, one
  // for each of hooks(), says how many live scripts have each hook; the core keeps it true as
  // scripts define and delete them, so that a hook nobody has costs its dispatcher one look.
  virtual std::unique_ptr<Host> open(Hub& hub, std::uint32_t* hook_counts) noexcept = 0;

  virtual std::span<const HookInfo> hooks() const noexcept = 0;
  virtual const std::vector<FunctionInfo>& functions() const noexcept = 0;
  virtual std::span<const ConstantInfo> constants() const noexcept = 0;

 protected:
  ~Core() = default;
};

}  // namespace vh

#define VH_EXPORT __attribute__((visibility("default")))

extern "C" {

VH_EXPORT vh::Core* vh_core_v1();

// What a plugin of this host is given (vh_plugin.h). It and the host live as long as the process.
struct vh_plugin_api;
VH_EXPORT const vh_plugin_api* w_PluginApi(vh::Host* host);
}
