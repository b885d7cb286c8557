// `calls SCRIPT`: the paths that begin or end in C, and their floors, for callgrind to count.
#include <valgrind/callgrind.h>
#include <wrapper.h>

#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "../native/floor.h"

namespace {

constexpr long kCalls = 1000, kWarmUp = 2000;
constexpr int kBatches = 5;

w_Targs* get_class(int, w_Targs* args) {
  const char* nick = nullptr;
  return w_unpack(args, "s", &nick) ? w_pack("l", static_cast<long>(nick[0])) : nullptr;
}

int load(const char* path) {
  w_Targs* how = w_pack("lssssls", static_cast<long>(w_ReserveID()), path, "Bot", "OpChat", "/tmp",
                        0L, "config");
  const int id = w_Load(how);
  w_free_args(how);
  return id;
}

void call_hook(int script, long count) {
  w_Targs* args = w_pack("ss", "SomeNick", "hello world, this is a chat message");
  for (long i = 0; i < count; ++i) w_free_args(w_CallHook(script, W_OnParsedMsgChat, args));
  w_free_args(args);
}

void ask(int script, long count) {
  w_Targs* args = w_pack("l", count);
  w_free_args(w_CallFunction(script, "ask", args));
  w_free_args(args);
}

void count(const std::string& side, const std::function<void(long)>& work) {
  const std::string name = side + " " + std::to_string(kCalls);
  work(kWarmUp);
  for (int i = 0; i < kBatches; ++i) {
    CALLGRIND_START_INSTRUMENTATION;
    work(kCalls);
    CALLGRIND_DUMP_STATS_AT(name.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
  }
}

}  // namespace

int main(int, char** argv) {
  static w_Tcallback callbacks[W_MAX_CALLBACKS];
  callbacks[W_GetUserClass] = get_class;
  if (!w_Begin(callbacks)) return 1;
  const int script = load(argv[1]);
  if (script < 0) return 1;
  std::stringstream source;
  source << std::ifstream(argv[1]).rdbuf();
  floor_::set_up(source.str().substr(source.str().find("def OnParsed")).c_str());

  count("hook subject", [&](long n) { call_hook(script, n); });
  count("hook floor", floor_::call_hook);
  count("vh-call-c subject", [&](long n) { ask(script, n); });
  count("vh-call-c floor", floor_::call_released);
  w_End();
}
