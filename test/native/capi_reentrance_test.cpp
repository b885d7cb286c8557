// Callbacks that call the API: hooks, functions, loads, unloads and the end.
#include "c_api.h"

namespace vh::test {
namespace {

// What the callbacks of these tests work on: a callback in C has nowhere to keep it.
int g_script = -1;
std::string g_path;

w_Targs* unload_it(int, w_Targs*) {
  return w_pack("l", long{w_Unload(g_script)});
}

}  // namespace

TEST_CASE_FIXTURE(CApi, "a callback calls hooks and functions, of its own script and of others") {
  callbacks[W_GetUserIP] = [](int, w_Targs* args) {
    const char* function = nullptr;
    w_unpack(args, "s", &function);
    return w_CallFunction(g_script, function, nullptr);
  };
  callbacks[W_GetUserHost] = [](int, w_Targs*) { return w_CallHook(g_script, W_OnTimer, nullptr); };
  const int id = load(
      "def inner(): return 'inner'\n"
      "def outer(): return vh.GetUserIP('inner') + ' outer'\n"
      "def OnTimer(): return 'timer'\n");
  const int other = load("");
  g_script = id;
  for (const int caller : {id, other}) {
    CHECK(run(caller, "vh.GetUserIP('inner')") == "'inner'");
    CHECK(run(caller, "vh.GetUserIP('outer')") == "'inner outer'");
    CHECK(run(caller, "vh.GetUserHost('n')") == "'timer'");
  }
}

TEST_CASE_FIXTURE(CApi,
                  "hooks and callbacks that call each other without end are a RecursionError") {
  callbacks[W_GetUserIP] = [](int, w_Targs*) { return w_CallHook(g_script, W_OnTimer, nullptr); };
  g_script = load("def OnTimer(): return vh.GetUserIP('n') or 'bottom'\n");
  std::string text;
  {
    const Stderr captured;
    CHECK(taken(w_CallHook(g_script, W_OnTimer, nullptr)) == "s(\"bottom\")");
    text = captured.text();
  }
  CHECK(text.find("RecursionError") != text.npos);
  CHECK(run(g_script, "1") == "1");
}

TEST_CASE_FIXTURE(CApi, "a callback loads a script") {
  callbacks[W_mc] = [](int, w_Targs*) { return w_pack("l", long{load_file(g_path)}); };
  callbacks[W_GetUsersCount] = callbacks[W_mc];
  g_path = write("def OnTimer(): return 5\n");
  const int id = load("new = vh.GetUsersCount()\n");
  const int loaded = std::stoi(run(id, "new"));
  CHECK(loaded > id);
  CHECK(taken(w_CallHook(loaded, W_OnTimer, nullptr)) == "l(5)");
  CHECK(w_Unload(id) == 1);
  CHECK(taken(w_CallHook(loaded, W_OnTimer, nullptr)) == "l(5)");
}

TEST_CASE_FIXTURE(CApi, "scripts that load each other without end are stopped") {
  callbacks[W_GetUsersCount] = [](int, w_Targs*) { return w_pack("l", long{load_file(g_path)}); };
  g_path = write("import sys\nsys.setrecursionlimit(50)\ninner = vh.GetUsersCount()\n");
  const Stderr quiet;
  const int id = load_file(g_path);
  CHECK(id >= 0);
  CHECK(w_End() == 1);
}

TEST_CASE_FIXTURE(CApi, "a callback unloads the script that calls it, which goes when it returns") {
  callbacks[W_GetUsersCount] = unload_it;
  callbacks[W_mc] = say;
  g_script = load(
      "def OnTimer():\n"
      "    first, second = vh.GetUsersCount(), vh.GetUsersCount()\n"
      "    vh.mc('still here')\n"
      "    return first, second\n"
      "def UnLoad(): vh.mc('bye')\n");
  CHECK(taken(w_CallHook(g_script, W_OnTimer, nullptr)) == "ll(1, 0)");
  CHECK(said() == std::vector<std::string>{"mc ss(\"still here\", NULL)", "mc ss(\"bye\", NULL)"});
  CHECK(w_HasHook(g_script, W_OnTimer) == 0);
  CHECK(w_Unload(g_script) == 0);
}

TEST_CASE_FIXTURE(CApi,
                  "a callback unloads another script, also one that is further up the stack") {
  callbacks[W_GetUsersCount] = unload_it;
  callbacks[W_GetUserIP] = [](int, w_Targs* args) {
    const char* id = nullptr;
    w_unpack(args, "s", &id);
    return w_CallHook(std::stoi(id), W_OnTimer, nullptr);
  };
  const int low = load("def OnTimer(): return str(vh.GetUsersCount())\n");
  const int high = load("def run_it(id): return vh.GetUserIP(str(id)), vh.GetUserIP(str(id))\n");
  g_script = high;
  CHECK(run(high, "run_it(" + std::to_string(low) + ")") == "('1', '0')");
  CHECK(w_Unload(high) == 0);
  g_script = low;
  const int third = load("");
  CHECK(run(third, "vh.GetUsersCount()") == "1");
  CHECK(w_Unload(low) == 0);
}

TEST_CASE_FIXTURE(CApi, "a script unloads itself while it loads or unloads") {
  callbacks[W_GetUsersCount] = unload_it;
  g_script = w_ReserveID();
  // Not loaded yet: there is nothing to unload.
  CHECK(load("answer = vh.GetUsersCount()\ndef UnLoad(): vh.GetUsersCount()\n", g_script) ==
        g_script);
  CHECK(run(g_script, "answer") == "0");
  CHECK(w_Unload(g_script) == 1);
  CHECK(w_Unload(g_script) == 0);
}

TEST_CASE_FIXTURE(CApi, "UnLoad unloads another script") {
  callbacks[W_GetUsersCount] = unload_it;
  callbacks[W_mc] = say;
  g_script = load("def UnLoad(): vh.mc('other')\n");
  const int id = load("def UnLoad(): vh.mc(str(vh.GetUsersCount()))\n");
  CHECK(w_Unload(id) == 1);
  CHECK(said() == std::vector<std::string>{"mc ss(\"other\", NULL)", "mc ss(\"1\", NULL)"});
}

TEST_CASE_FIXTURE(CApi, "a callback ends the hub, and its frames return") {
  callbacks[W_StopHub] = [](int, w_Targs*) { return w_pack("l", long{w_End()}); };
  callbacks[W_mc] = say;
  const int other = load("def UnLoad(): vh.mc('other')\n");
  const int id = load(
      "def OnTimer():\n"
      "    stopped = vh.StopHub()\n"
      "    return 'stopped', stopped\n"
      "def UnLoad(): vh.mc('caller')\n");
  CHECK(taken(w_CallHook(id, W_OnTimer, nullptr)) == "sl(\"stopped\", 1)");
  CHECK(said() == std::vector<std::string>{"mc ss(\"other\", NULL)", "mc ss(\"caller\", NULL)"});
  for (const int gone : {id, other}) CHECK(w_Unload(gone) == 0);
  CHECK(w_Begin(callbacks) == 1);
  CHECK(run(load(""), "1") == "1");
}

TEST_CASE_FIXTURE(CApi, "a script that ends the hub while it loads is not loaded") {
  callbacks[W_StopHub] = [](int, w_Targs*) { return w_pack("l", long{w_End()}); };
  callbacks[W_mc] = say;
  const int id = w_ReserveID();
  {
    const Stderr quiet;
    CHECK(load_file(write("vh.StopHub()\ndef UnLoad(): vh.mc('bye')\n"), id) == -1);
  }
  CHECK(said() == std::vector<std::string>{"mc ss(\"bye\", NULL)"});
  CHECK(w_Unload(id) == 0);
}

TEST_CASE_FIXTURE(CApi, "UnLoad and OnUnLoad that end the hub end it once") {
  callbacks[W_StopHub] = [](int, w_Targs*) { return w_pack("l", long{w_End()}); };
  callbacks[W_mc] = say;
  load(
      "def OnUnLoad(code): vh.StopHub(); vh.mc('OnUnLoad')\ndef UnLoad(): vh.StopHub(); "
      "vh.mc('UnLoad')\n");
  CHECK(w_End() == 1);
  CHECK(said() == std::vector<std::string>{"mc ss(\"OnUnLoad\", NULL)", "mc ss(\"UnLoad\", NULL)"});
}

TEST_CASE_FIXTURE(CApi, "a dynamic function removes or replaces itself while it runs") {
  const int id = load("");
  g_script = id;
  w_RegisterFunction(id, "once", [](int, w_Targs*) {
    return w_pack("l", long{w_UnregisterFunction(g_script, "once")});
  });
  CHECK(run(id, "vh.CallDynamicFunction('once')") == "1");
  CHECK(run(id, "vh.CallDynamicFunction('once')").starts_with("NameError"));
  w_RegisterFunction(id, "next", [](int, w_Targs*) {
    w_RegisterFunction(g_script, "next", [](int, w_Targs*) { return w_pack("l", 2L); });
    return w_pack("l", 1L);
  });
  CHECK(run(id, "vh.CallDynamicFunction('next'), vh.CallDynamicFunction('next')") == "(1, 2)");
}

TEST_CASE_FIXTURE(CApi, "w_GetHook is what the running script has bound") {
  callbacks[W_GetUsersCount] = [](int, w_Targs*) {
    return w_pack("l", (w_GetHook(W_OnTimer) ? 1L : 0L) + (w_GetHook(W_OnNewConn) ? 10L : 0L));
  };
  const int id = load("def OnTimer(): return vh.GetUsersCount()\n");
  CHECK(taken(w_CallHook(id, W_OnTimer, nullptr)) == "l(1)");
  CHECK(w_GetHook(W_OnTimer) == nullptr);
}

// ---- Callers that hold Python's lock ----

TEST_CASE_FIXTURE(CApi, "the whole API may be called with the GIL held") {
  callbacks[W_mc] = say;
  const std::string path = write("def OnTimer(ms): vh.mc('tick'); return ms\n");
  for (const bool by_python : {true, false}) {
    CAPTURE(by_python);
    PyGILState_STATE state{};
    std::optional<Gil> gil;
    if (by_python)
      state = PyGILState_Ensure();
    else
      gil.emplace();
    said().clear();
    const int id = load_file(path);
    REQUIRE(id >= 0);
    CHECK(w_HasHook(id, W_OnTimer) == 1);
    CHECK(taken(w_CallHook(id, W_OnTimer, Args(w_pack("d", 2.5)).get())) == "d(2.5)");
    CHECK(run(id, "1 + 1") == "2");
    CHECK(w_RegisterFunction(id, "say", say) == 1);
    CHECK(run(id, "vh.CallDynamicFunction('say', 1)") == "None");
    CHECK(w_Unload(id) == 1);
    CHECK(said() == std::vector<std::string>{"mc ss(\"tick\", NULL)", "-1 l(1)"});
    CHECK(w_End() == 1);
    CHECK(w_Begin(callbacks) == 1);
    // The caller's state is as it was.
    CHECK(PyGILState_Check() == 1);
    CHECK(repr(evaluate("6 * 7").get()) == "42");
    if (by_python) PyGILState_Release(state);
  }
}

ALONE_TEST_CASE("O is the object itself and stays borrowed", "VH_SINGLE_INTERPRETER=1") {
  CApi hub;
  const int id = hub.load("def keep(o): o.append(1); return str(len(o))\nOnNewConn = keep\n");
  const PyGILState_STATE state = PyGILState_Ensure();
  {
    const Owned list(PyList_New(0));
    const Args args(w_pack("O", list.get()));
    CHECK(taken(w_CallFunction(id, "keep", args.get())) == "s(\"1\")");
    CHECK(taken(w_CallHook(id, W_OnNewConn, args.get())) == "s(\"2\")");
    CHECK(PyList_GET_SIZE(list.get()) == 2);
    CHECK(Py_REFCNT(list.get()) == 1);
    PyObject* unpacked = nullptr;
    CHECK(w_unpack(args.get(), "O", &unpacked) == 1);
    CHECK(unpacked == list.get());
    const Stderr quiet;
    CHECK(taken(w_CallFunction(id, "keep", Args(w_pack("O", nullptr)).get())) == "NULL");
  }
  PyGILState_Release(state);
}

}  // namespace vh::test
