#include "calls.h"

#include <wrapper.h>

namespace calls {
namespace {

w_Targs* get_class(int, w_Targs* args) {
  const char* nick = nullptr;
  return w_unpack(args, "s", &nick) ? w_pack("l", static_cast<long>(nick[0])) : nullptr;
}

w_Targs* add(int, w_Targs* args) {
  long a = 0, b = 0;
  return w_unpack(args, "ll", &a, &b) ? w_pack("l", a + b) : nullptr;
}

w_Targs* echo(int, w_Targs* args) {
  const char* json = nullptr;
  return w_unpack(args, "D", &json) ? w_pack("D", json) : nullptr;
}

}  // namespace

bool begin() {
  static w_Tcallback callbacks[W_MAX_CALLBACKS];
  callbacks[W_GetUserClass] = get_class;
  return w_Begin(callbacks) != 0;
}

int load(const char* path) {
  const int id = w_ReserveID();
  w_Targs* how = w_pack("lssssls", static_cast<long>(id), path, "Bot", "OpChat", "/tmp", 0L, "config");
  const int loaded = w_Load(how);
  w_free_args(how);
  w_RegisterFunction(loaded, "add", add);
  w_RegisterFunction(loaded, "echo", echo);
  return loaded;
}

void call_hook(int script, long count) {
  w_Targs* args = w_pack("ss", "SomeNick", "hello world, this is a chat message");
  for (long i = 0; i < count; ++i) w_free_args(w_CallHook(script, W_OnParsedMsgChat, args));
  w_free_args(args);
}

Work python(int script, const char* function) {
  return [script, function](long count) {
    w_Targs* args = w_pack("l", count);
    w_free_args(w_CallFunction(script, function, args));
    w_free_args(args);
  };
}

}  // namespace calls
