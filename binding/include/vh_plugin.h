/* What a plugin has to define to be loaded into a TypeScript hub by
 * host.loadPlugin("./libstats.so").
 *
 * Example:
 *   static w_Targs *get_stats(int id, w_Targs *args) { return w_pack("ll", 12L, 3L); }
 *   int vh_plugin_init(const vh_plugin_api *api) { return api->register_function(api, "get_stats",
 * get_stats); }
 */
#ifndef VH_PYTHON_PLUGIN_H
#define VH_PYTHON_PLUGIN_H

#include "wrapper.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The host that loads the plugin. It lives as long as the process. A plugin that links the wrapper
 * library calls the functions of wrapper.h as well; one that does not finds them by their pointers
 * here. All may be called from any thread. */
typedef struct vh_plugin_api vh_plugin_api;
struct vh_plugin_api {
  unsigned long size; /* sizeof(vh_plugin_api) of the host: a later version only adds at the end */

  /* A function for all scripts of the host, later ones too. One that was registered for a script
   * alone hides it there. Returns 1 or 0. */
  int (*register_function)(const vh_plugin_api* api, const char* name, w_Tcallback fn);
  int (*unregister_function)(const vh_plugin_api* api, const char* name);

  /* Writes the ids of the host's scripts, at most `room` of them, in the order in which hooks are
   * called; returns how many scripts there are. `ids` may be NULL. */
  int (*scripts)(const vh_plugin_api* api, int* ids, int room);

  w_TUnload Unload;
  w_THasHook HasHook;
  w_TCallHook CallHook;
  w_TCallFunction CallFunction;
  w_THookName HookName;
  w_TCallName CallName;
  w_TRegisterFunction RegisterFunction;
  w_TUnregisterFunction UnregisterFunction;
  w_Tpack pack;
  w_Tpack_take pack_take;
  w_Tunpack unpack;
  w_Tfree_args free_args;
  w_Tpackprint packprint;
  w_TLogLevel LogLevel;
};

/* Called once for each host that loads the plugin, on the host's thread. A negative result refuses:
 * loadPlugin throws. */
W_API int vh_plugin_init(const vh_plugin_api* api);

/* If the plugin defines it: called when such a host is closed, after its scripts have ended. The
 * plugin stays in memory. */
W_API void vh_plugin_exit(void);

#ifdef __cplusplus
}
#endif

#endif
