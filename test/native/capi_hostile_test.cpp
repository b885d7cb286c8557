// What ordinary plugins do not do, and scripts that go behind the library's back.
#include <pthread.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "c_api.h"

namespace vh::test {
namespace {

// A script that calls w_CallHook by its address, with Python's lock (PYFUNCTYPE) or without.
std::string by_ctypes(const std::string& type) {
  return "import ctypes, threading\n"
         "call_hook = ctypes." +
         type + "(ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p)(" +
         std::to_string(reinterpret_cast<std::uintptr_t>(&w_CallHook)) +
         ")\n"
         "free_args = ctypes." +
         type + "(None, ctypes.c_void_p)(" +
         std::to_string(reinterpret_cast<std::uintptr_t>(&w_free_args)) +
         ")\n"
         "calls = []\n"
         "def OnTimer(): calls.append(vh.GetUsersCount())\n"
         "def call():\n"
         "    for i in range(3): free_args(call_hook(vh.myid, " +
         std::to_string(W_OnTimer) +
         ", None))\n"
         "def call_on_thread():\n"
         "    thread = threading.Thread(target=call)\n"
         "    thread.start()\n"
         "    thread.join(30)\n"
         "    return calls\n";
}

// Runs `work` on a thread whose stack has so many bytes.
void on_small_stack(std::size_t bytes, std::function<void()> work) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  REQUIRE(pthread_attr_setstacksize(&attributes, bytes) == 0);
  pthread_t thread;
  const auto run = [](void* function) -> void* {
    (*static_cast<std::function<void()>*>(function))();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, run, &work) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

}  // namespace

TEST_CASE_FIXTURE(CApi, "a script calls the C API by ctypes, with the GIL held and without") {
  callbacks[W_GetUsersCount] = [](int, w_Targs*) { return w_pack("l", 7L); };
  for (const std::string type : {"PYFUNCTYPE", "CFUNCTYPE"}) {
    CAPTURE(type);
    const int id = load(by_ctypes(type));
    CHECK(taken(w_CallFunction(id, "call", nullptr)) == "l(0)");
    CHECK(taken(w_CallFunction(id, "call_on_thread", nullptr)) == "D([7,7,7,7,7,7])");
    CHECK(w_Unload(id) == 1);
  }
}

TEST_CASE_FIXTURE(CApi, "long texts go through whole") {
  const std::string text(20'000'000, 'x');
  callbacks[W_GetUserIP] = [](int, w_Targs* args) { return args; };
  const int id = load("def OnParsedMsgChat(nick, msg): return vh.GetUserIP(msg)\n");
  const Args args(w_pack("ss", "nick", text.c_str()));
  const Args result(w_CallHook(id, W_OnParsedMsgChat, args.get()));
  const char* back = nullptr;
  REQUIRE(w_unpack(result.get(), "s", &back) == 1);
  CHECK(back == text);
}

TEST_CASE_FIXTURE(CApi, "a path need not be UTF-8") {
  const std::filesystem::path folder = std::filesystem::path(write("")).parent_path();
  const std::string path = (folder / "caf\xe9.py").string();
  std::ofstream(path) << "import vh\ndef names(): return [__name__, vh.name, __file__[-7:]]\n";
  const int id = load_file(path);
  REQUIRE(id >= 0);
  CHECK(taken(w_CallFunction(id, "names", nullptr)) ==
        "D([\"caf\xe9\",\"caf\xe9\",\"caf\xe9.py\"])");
}

TEST_CASE_FIXTURE(CApi, "letters that no w_pack wrote are None, and printed") {
  struct {
    const char* format = "x|";
    w_Telement elements[2] = {};
  } block;
  auto* args = reinterpret_cast<w_Targs*>(&block);
  const int id = load("def show(*args): return repr(args)\n");
  CHECK(taken(w_CallFunction(id, "show", args)) == "s(\"(None, None)\")");
  CHECK(std::string(w_packprint(args)) == "(NULL, NULL)");
  CHECK(w_unpack(args, "x|", nullptr, nullptr) == 0);
}

TEST_CASE_FIXTURE(CApi, "numbers that JSON has not are a HubError") {
  const int id = load("");
  callbacks[W_GetGeoIP] = [](int, w_Targs*) {
    return w_pack("sdsdslslp", "latitude", NAN, "longitude", 0.0, "a", 0L, "b", 0L, nullptr);
  };
  CHECK(run(id, "vh.GetGeoIP('ip')").starts_with("HubError: "));
  callbacks[W_GetGeoIP] = [](int, w_Targs*) {
    return w_pack("sdsdslslp", nullptr, 0.0, "longitude", 0.0, "a", 0L, "b", 0L, nullptr);
  };
  CHECK(run(id, "vh.GetGeoIP('ip')").starts_with("HubError: "));
}

TEST_CASE_FIXTURE(CApi, "a hook's other parameter names get its other order") {
  const int id =
      load("def OnNewReg(nick, user_class, op_nick): return nick, user_class, op_nick\n");
  const Args args(w_pack("ssl", "op", "nick", 3L));
  CHECK(taken(w_CallHook(id, W_OnNewReg, args.get())) == "sls(\"nick\", 3, \"op\")");
}

TEST_CASE_FIXTURE(CApi, "a script's sys.exit, closed streams and broken builtins stay its own") {
  const int id = load(
      "import sys, builtins\n"
      "sys.stdout.close()\n"
      "sys.stderr = None\n"
      "sys.modules.clear()\n"
      "builtins.repr = None\n"
      "def OnTimer(): 1 / 0\n"
      "def UnLoad(): del vh\n");
  {
    const Stderr quiet;
    CHECK(taken(w_CallHook(id, W_OnTimer, nullptr)) == "NULL");
    CHECK(w_Unload(id) == 1);
  }
  CHECK(run(load(""), "repr(1)") == "'1'");
}

TEST_CASE_FIXTURE(CApi, "threads with small stacks load and call") {
  const std::string path = write(
      "import json\n"
      "def f(n): return f(n + 1)\n"
      "def OnTimer():\n"
      "    try: f(0)\n"
      "    except RecursionError: return json.dumps([1])\n");
  on_small_stack(512 * 1024, [&] {
    const int id = load_file(path);
    CHECK(taken(w_CallHook(id, W_OnTimer, nullptr)) == "s(\"[1]\")");
    CHECK(w_Unload(id) == 1);
  });
}

ALONE_TEST_CASE("a program that has started Python itself and may hold the GIL") {
  Py_Initialize();
  const ScriptFile file(
      "import threading, vh\n"
      "def OnParsedMsgChat(nick, msg): return nick, msg + str(vh.GetUserClass(nick))\n"
      "def UnLoad(): vh.mc('bye')\n");
  for (const bool holds : {true, false, true}) {
    PyThreadState* state = holds ? nullptr : PyEval_SaveThread();
    {
      CApi hub;
      hub.callbacks[W_GetUserClass] = [](int, w_Targs*) { return w_pack("l", 3L); };
      hub.callbacks[W_mc] = CApi::say;
      const int one = CApi::load_file(file.path()), two = CApi::load_file(file.path());
      CHECK(CApi::chat(one) == CApi::chat(two));
      CHECK(CApi::chat(one) == "ss(\"alice\", \"hello3\")");
      if (!holds) std::thread([&] { CHECK(CApi::chat(two) == CApi::chat(one)); }).join();
      CHECK(w_Unload(one) == 1);
    }
    CHECK(CApi::said().size() == 2);
    CApi::said().clear();
    if (state) PyEval_RestoreThread(state);
    CHECK(PyRun_SimpleString("import json; json.dumps([1])") == 0);
  }
  CHECK(Py_FinalizeEx() == 0);
}

// doctest returns from main() while they run.
ALONE_TEST_CASE("a process may exit while threads of scripts run") {
  static w_Tcallback callbacks[W_MAX_CALLBACKS];
  callbacks[W_mc] = [](int, w_Targs*) { return w_pack("l", 1L); };
  REQUIRE(w_Begin(callbacks) == 1);
  const ScriptFile file(
      "import threading, vh\n"
      "started = threading.Event()\n"
      "def work():\n"
      "    while True: vh.mc('m'); started.set()\n"
      "for i in range(3): threading.Thread(target=work, daemon=True).start()\n"
      "def wait(): return started.wait(30)\n");
  CHECK(taken(w_CallFunction(CApi::load_file(file.path()), "wait", nullptr)) == "l(1)");
}

ALONE_TEST_CASE("w_End returns while threads of scripts run on") {
  CApi hub;
  hub.callbacks[W_mc] = [](int, w_Targs*) { return w_pack("l", 1L); };
  const int id = hub.load(
      "import threading, time\n"
      "def work():\n"
      "    while True:\n"
      "        try: vh.mc('m')\n"
      "        except vh.HubError: time.sleep(0.01)\n"
      "threading.Thread(target=work).start()\n");
  const Stderr quiet;
  CHECK(w_End() == 1);
  CHECK(w_Unload(id) == 0);
  CHECK(w_End() == 1);
  CHECK(w_Begin(hub.callbacks) == 1);
  CHECK(CApi::run(hub.load(""), "vh.mc('m')") == "True");
}

}  // namespace vh::test
