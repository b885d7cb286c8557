// A hub in C++, reduced to what concerns scripts: loads one that says !plugin in main chat.
#include <wrapper.h>

#include <cstdio>
#include <ctime>

#include "functions.h"

namespace {

w_Targs* usermc(int, w_Targs* args) {
  const char *message = nullptr, *nick = nullptr, *from = nullptr;
  if (!w_unpack(args, "sss", &message, &nick, &from)) return nullptr;
  std::printf("to %s: %s\n", nick, message);
  return w_pack("l", 1L);
}

w_Targs* get_user_class(int, w_Targs*) {
  return w_pack("l", 3L);
}

w_Tcallback callbacks[W_MAX_CALLBACKS];

bool chat(int script, const char* nick, const char* message) {
  w_Targs* args = w_pack("ss", nick, message);
  w_Targs* result = w_CallHook(script, W_OnParsedMsgChat, args);
  long allowed = 1;
  w_unpack(result, "l", &allowed);
  w_free_args(result);
  w_free_args(args);
  return allowed != 0;
}

}  // namespace

int main(int count, char** arguments) {
  callbacks[W_usermc] = usermc;
  callbacks[W_GetUserClass] = get_user_class;
  if (!w_Begin(callbacks)) return 1;
  const int id = w_ReserveID();
  for (const Function& function : kFunctions) w_RegisterFunction(id, function.name, function.call);
  w_Targs* how =
      w_pack("lssssls", static_cast<long>(id), count > 1 ? arguments[1] : "uses_plugin.py",
             "Security", "OpChat", ".", static_cast<long>(std::time(nullptr)), "config");
  const bool loaded = w_Load(how) == id;
  w_free_args(how);
  if (loaded && chat(id, "alice", "hello")) std::puts("<alice> hello");
  if (loaded && chat(id, "alice", "!plugin")) std::puts("<alice> !plugin");
  w_End();
  return loaded ? 0 : 1;
}
