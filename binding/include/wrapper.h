/* The C API of vh-python: runs Verlihub Python scripts for a hub or a plugin in C or C++.
 *
 * Source written for the original wrapper compiles against this header, and binaries built for it
 * load this library in its place. The header is C11 and C++17 and needs no Python.h; in C++ it
 * brings json_marshal.h with it.
 *
 * Threads: every function may be called from any thread. The thread that loads a script owns it:
 * the script's interpreter is created and ended there. Errors are return values; what went wrong is
 * said on stderr. All functions tolerate NULL, unknown ids and wrong formats, and none lets a C++
 * exception out.
 *
 * Example:
 *   static w_Targs *get_class(int id, w_Targs *args) {
 *     const char *nick;
 *     return w_unpack(args, "s", &nick) ? w_pack("l", strcmp(nick, "alice") ? -2L : 3L) : NULL;
 *   }
 *   static w_Tcallback callbacks[W_MAX_CALLBACKS];
 *   callbacks[W_GetUserClass] = get_class;
 *   w_Begin(callbacks);
 *   w_Targs *how = w_pack("lssssls", (long)w_ReserveID(), "greet.py", "Bot", "OpChat", "/etc/hub",
 * (long)time(NULL), "config"); int id = w_Load(how); w_Targs *args = w_pack("ss", "alice",
 * "hello"), *result = w_CallHook(id, W_OnParsedMsgChat, args); long allowed = 1; if
 * (w_unpack(result, "l", &allowed) && !allowed) puts("blocked"); w_free_args(result),
 * w_free_args(args), w_free_args(how); w_End();
 */
#ifndef VH_PYTHON_WRAPPER_H
#define VH_PYTHON_WRAPPER_H

#ifdef __cplusplus
#define HAVE_RAPIDJSON 1
#include "json_marshal.h"
extern "C" {
#endif

#define W_API __attribute__((visibility("default")))

typedef struct _object PyObject;

/* One value; `type` is its letter of the format:
 *   l  long                                    L  NULL-terminated array of strings
 *   s  UTF-8 string, or NULL                   D  JSON text, or NULL
 *   d  double                                  O  PyObject *, borrowed
 *   p  pointer
 * Bytes in a string that are not UTF-8 pass through Python unchanged (surrogateescape). */
typedef struct {
  char type;
  __extension__ union {
    long l;
    char* s; /* and D */
    double d;
    void* p;
    char** L;
    PyObject* O;
  };
} w_Telement;

/* As many args as the format has letters. */
typedef struct {
  const char* format;
  __extension__ w_Telement args[];
} w_Targs;

/* A function that scripts call. `id`: the number of the vh function (W_pm …), or -1 for one that
 * was registered by name. `args` and what it holds live until the callback returns; what it returns
 * is the wrapper's to free. Runs on the thread that calls, without Python's lock, and may call any
 * function of this API. */
typedef w_Targs* (*w_Tcallback)(int id, w_Targs* args);

#define W_MAX_HOOKS 100
#define W_MAX_CALLBACKS 100
#define W_MAX_RETVALS 10

enum { w_ret_none, w_ret_int, w_ret_float, w_ret_char, w_ret_void, w_ret_tab };

/* What UserRestrictions restricts. */
enum { w_UR_CHAT = 1, w_UR_PM = 2, w_UR_SEARCH = 4, w_UR_CTM = 8 };

/* Hooks. */
enum {
  W_OnNewConn,
  W_OnCloseConn,
  W_OnCloseConnEx,
  W_OnParsedMsgChat,
  W_OnParsedMsgPM,
  W_OnParsedMsgMCTo,
  W_OnParsedMsgSearch,
  W_OnParsedMsgSR,
  W_OnParsedMsgMyINFO,
  W_OnFirstMyINFO,
  W_OnParsedMsgValidateNick,
  W_OnParsedMsgAny,
  W_OnParsedMsgAnyEx,
  W_OnOpChatMessage,
  W_OnPublicBotMessage,
  W_OnUnLoad,
  W_OnCtmToHub,
  W_OnParsedMsgSupports,
  W_OnParsedMsgMyHubURL,
  W_OnParsedMsgExtJSON,
  W_OnParsedMsgBotINFO,
  W_OnParsedMsgVersion,
  W_OnParsedMsgMyPass,
  W_OnParsedMsgConnectToMe,
  W_OnParsedMsgRevConnectToMe,
  W_OnUnknownMsg,
  W_OnOperatorCommand,
  W_OnOperatorKicks,
  W_OnOperatorDrops,
  W_OnOperatorDropsWithReason,
  W_OnValidateTag,
  W_OnUserCommand,
  W_OnHubCommand,
  W_OnScriptCommand,
  W_OnUserInList,
  W_OnUserLogin,
  W_OnUserLogout,
  W_OnTimer,
  W_OnNewReg,
  W_OnNewBan,
  W_OnSetConfig,
  W_OnScriptQuery
};

/* Callbacks: the vh functions that a hub implements, and the arguments each gets, missing ones NULL
 * or 0. What a callback has to return is said in docs/cpp-plugins.md. */
enum {
  W_SendToOpChat,       /* ss      message, from_nick */
  W_SendToActive,       /* sl      data, delay */
  W_SendToPassive,      /* sl      data, delay */
  W_SendToActiveClass,  /* slll    data, min_class, max_class, delay */
  W_SendToPassiveClass, /* slll    data, min_class, max_class, delay */
  W_SendDataToUser,     /* ssl     data, nick, delay */
  W_SendDataToAll,      /* slll    data, min_class, max_class, delay */
  W_SendPMToAll,        /* ssll    message, from_nick, min_class, max_class */
  W_CloseConnection,    /* sll     nick, delay, reason */
  W_GetMyINFO,          /* s       nick */
  W_SetMyINFO,          /* ssssss  nick, desc, tag, speed, email, share */
  W_GetUserClass,       /* s       nick */
  W_GetUserHost,        /* s       nick */
  W_GetUserIP,          /* s       nick */
  W_SetUserIP,          /* ss      nick, ip */
  W_SetMyINFOFlag,      /* sl      nick, flag */
  W_UnsetMyINFOFlag,    /* sl      nick, flag */
  W_GetUserHubURL,      /* s       nick */
  W_GetUserExtJSON,     /* s       nick */
  W_GetUserCC,          /* s       nick */
  W_GetIPCC,            /* s       ip */
  W_GetIPCN,            /* s       ip */
  W_GetIPCity,          /* ss      ip, db */
  W_GetIPASN,           /* ss      ip, db */
  W_GetGeoIP,           /* ss      ip, db */
  W_GetNickList,        /* -       */
  W_GetOpList,          /* -       */
  W_GetBotList,         /* -       */
  W_AddRegUser,         /* slss    nick, user_class, password, op_note */
  W_DelRegUser,         /* s       nick */
  W_SetRegClass,        /* sl      nick, user_class */
  W_Ban,                /* sssll   op_nick, target_nick, reason, duration_sec, ban_type */
  W_KickUser,           /* ssssss  op_nick, target_nick, reason, note, op_note, ban_time */
  W_DelNickTempBan,     /* s       nick */
  W_DelIPTempBan,       /* s       ip */
  W_ParseCommand,       /* ssl     nick, command, is_pm */
  W_ScriptCommand,      /* ssss    cmd, data, plugin, script */
  W_SetConfig,          /* sss     config_type, variable, value */
  W_GetConfig,          /* sss     config_type, variable, default */
  W_IsRobotNickBad,     /* s       nick */
  W_AddRobot,           /* slssss  nick, user_class, desc, speed, email, share */
  W_DelRobot,           /* s       nick */
  W_SQL,                /* sl      query, limit */
  W_SQLQuery,           /* never called */
  W_SQLFetch,           /* never called */
  W_SQLFree,            /* never called */
  W_GetServFreq,        /* -       */
  W_GetUsersCount,      /* -       */
  W_GetTotalShareSize,  /* -       */
  W_UserRestrictions,   /* sssss   nick, nochat, nopm, nosearch, noctm */
  W_Topic,              /* s       new_topic */
  W_mc,                 /* ss      message, from_nick */
  W_usermc,             /* sss     message, nick, from_nick */
  W_classmc,            /* slls    message, min_class, max_class, from_nick */
  W_pm,                 /* ssss    message, nick, from_nick, back_nick */
  W_name_and_version,   /* ss      NULL, NULL */
  W_StopHub,            /* ll      exit_code, delay */
  W_ScriptQuery         /* never called: the wrapper asks the scripts itself */
};

/* ---- Life ---- */

/* Starts Python, once a process, or joins the one that the program has started; and takes the hub's
 * callbacks: W_MAX_CALLBACKS of them, or NULL for a hub that implements none. The pointer is kept,
 * and slots that are set later are seen; an empty slot raises NotImplementedError in Python.
 * Returns 1, or 0 when Python does not start. Again after w_End, or to give other callbacks. */
W_API int w_Begin(w_Tcallback* callbacks);

/* Unloads the scripts that w_Load loaded. Python itself is never finalized. Returns 1. */
W_API int w_End(void);

/* A number for a script that is going to be loaded: 0, 1, 2 …, never given twice; -1 on failure. */
W_API int w_ReserveID(void);

/* Loads a script: "lssssls", being the id from w_ReserveID, path, bot name, op chat name, base
 * folder, start time (seconds since the epoch) and configuration name. Returns the id, or -1; the
 * traceback is said on stderr, and nothing of the script is left behind. The calling thread becomes
 * the script's owner. */
W_API int w_Load(w_Targs* args);

/* Runs the script's UnLoad() and ends it. From a thread that is not its owner the script is cut off
 * at once, and its interpreter ends on the owner's next call of this API, or, when the owner has
 * ended, on anyone's. From within the script it goes when its last frame has returned. Returns 1,
 * or 0 if there was nothing to unload. */
W_API int w_Unload(int id);

/* ---- Calls ---- */

/* Whether the script has the hook at this moment: 1 or 0. */
W_API int w_HasHook(int id, int hook);

/* Calls a hook of one script. The result is the caller's to free: int or bool "l", float "d", str
 * "s", None "l" 1, a tuple one letter for each item. NULL: no such script or hook, an exception, or
 * a result of another kind. */
W_API w_Targs* w_CallHook(int id, int hook, w_Targs* params);

/* Calls any top-level function of a script; `params` may be NULL. The result as above, but None is
 * "l" 0 and a container is "D". */
W_API w_Targs* w_CallFunction(int id, const char* name, w_Targs* params);

/* What the script that is running on this thread has bound to a hook (borrowed), or NULL. */
W_API PyObject* w_GetHook(int hook);

/* "OnNewConn", "SendToOpChat" …; NULL for a number that is none. */
W_API const char* w_HookName(int hook);
W_API const char* w_CallName(int callback);

/* Lets a script call `fn` by vh.CallDynamicFunction(name, …), from the moment its id is reserved
 * until it is unloaded. The same name replaces. A callback that packs several values returns a
 * tuple. Returns 1 or 0. */
W_API int w_RegisterFunction(int id, const char* name, w_Tcallback fn);
W_API int w_UnregisterFunction(int id, const char* name);

/* ---- Arguments ---- */

/* Copies what it is given into one allocation, which free() or w_free_args() releases whole. NULL
 * for a format with another letter, or when memory is short. */
W_API w_Targs* w_pack(const char* format, ...);

/* The same, but takes over what "s", "D" and "L" point to (and L's strings), which must come from
 * malloc: for plugins that pack what strdup gave them (-Dw_pack=w_pack_take). */
W_API w_Targs* w_pack_take(const char* format, ...);

/* With 1, w_pack does what w_pack_take does, in the whole process, for binaries written that way;
 * VH_PACK_ADOPTS=1 in the environment does it too. */
W_API void w_PackAdopts(int on);

/* Writes the values through pointers (long *, char **, double *, void **, char ***, PyObject **;
 * NULL skips one) and returns 1. The format must be that of the arguments; what follows a single |
 * in it may be missing, which gives 0 or NULL. On mismatch nothing is written and 0 is returned. */
W_API int w_unpack(w_Targs* args, const char* format, ...);

/* Frees what w_pack, w_pack_take, w_CallHook or w_CallFunction returned, whole; NULL is fine.
 * Results hold each string in an allocation of its own: free(string), free(result) is right as
 * well. */
W_API void w_free_args(w_Targs* args);

/* The arguments as text, for a log. It lives until the calling thread's next call. */
W_API const char* w_packprint(w_Targs* args);

/* How much is said on stderr: 0 errors, 1 status, 2 arguments and results, 3 to 6 debugging. 0 at
 * the start. */
W_API void w_LogLevel(int level);

/* ---- For dlsym ---- */

typedef int (*w_TBegin)(w_Tcallback*);
typedef int (*w_TEnd)(void);
typedef int (*w_TReserveID)(void);
typedef int (*w_TLoad)(w_Targs*);
typedef int (*w_TUnload)(int);
typedef int (*w_THasHook)(int, int);
typedef w_Targs* (*w_TCallHook)(int, int, w_Targs*);
typedef w_Targs* (*w_TCallFunction)(int, const char*, w_Targs*);
typedef PyObject* (*w_TGetHook)(int);
typedef const char* (*w_THookName)(int);
typedef const char* (*w_TCallName)(int);
typedef int (*w_TRegisterFunction)(int, const char*, w_Tcallback);
typedef int (*w_TUnregisterFunction)(int, const char*);
typedef w_Targs* (*w_Tpack)(const char*, ...);
typedef w_Targs* (*w_Tpack_take)(const char*, ...);
typedef void (*w_TPackAdopts)(int);
typedef int (*w_Tunpack)(w_Targs*, const char*, ...);
typedef void (*w_Tfree_args)(w_Targs*);
typedef const char* (*w_Tpackprint)(w_Targs*);
typedef void (*w_TLogLevel)(int);

#ifdef __cplusplus
}
#endif

#endif
