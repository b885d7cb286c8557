// The API called from many threads at once. This suite also runs under ThreadSanitizer.
#include <algorithm>
#include <set>

#include "threads.h"

TEST_SUITE_BEGIN("threads");

namespace vh::test {
namespace {

constexpr char kCounter[] =
    "import itertools\n"
    "calls = itertools.count()\n"
    "def OnParsedMsgChat(nick, msg): next(calls); return nick, msg\n"
    "def plain(nick): next(calls); return {'nick': [nick]}\n";

}  // namespace

TEST_CASE_FIXTURE(CApi, "threads call hooks and functions of one script and of several") {
  const int scripts[] = {load(kCounter), load(kCounter), load(kCounter)};
  constexpr int kRounds = 50;
  std::atomic<int> good = 0;
  on_threads([&](int thread) {
    const std::string nick = "nick" + std::to_string(thread);
    const Args chat_args(w_pack("ss", nick.c_str(), "msg")), args(w_pack("s", nick.c_str()));
    for (int i = 0; i < kRounds; ++i)
      for (const int script : scripts) {
        good += taken(w_CallHook(script, W_OnParsedMsgChat, chat_args.get())) ==
                "ss(\"" + nick + "\", \"msg\")";
        good += taken(w_CallFunction(script, "plain", args.get())) ==
                "D({\"nick\":[\"" + nick + "\"]})";
        good += w_HasHook(script, W_OnParsedMsgChat) && !w_HasHook(script, W_OnTimer);
      }
  });
  CHECK(good == 3 * 3 * kRounds * kThreads);
  for (const int script : scripts)
    CHECK(run(script, "next(calls)") == std::to_string(2 * kRounds * kThreads));
}

TEST_CASE_FIXTURE(CApi, "threads that hold the GIL call as well") {
  callbacks[W_GetUsersCount] = count;
  g_calls = 0;
  const int id = load("def OnTimer(): return vh.GetUsersCount() > 0\n");
  std::atomic<int> good = 0;
  on_threads([&](int) {
    for (int i = 0; i < 20; ++i) {
      const PyGILState_STATE state = PyGILState_Ensure();
      good += taken(w_CallHook(id, W_OnTimer, nullptr)) == "l(1)";
      good += PyGILState_Check();
      PyGILState_Release(state);
    }
  });
  CHECK(good == 2 * 20 * kThreads);
  CHECK(g_calls == 20 * kThreads);
}

TEST_CASE_FIXTURE(CApi, "threads load, call and unload scripts of their own") {
  const std::string path = write("def OnTimer(): return vh.myid\n");
  std::atomic<int> good = 0;
  on_threads([&](int) {
    for (int i = 0; i < 3; ++i) {
      const int id = load_file(path);
      good += taken(w_CallHook(id, W_OnTimer, nullptr)) == "l(" + std::to_string(id) + ")";
      good += w_Unload(id) == 1 && w_Unload(id) == 0;
    }
  });
  CHECK(good == 2 * 3 * kThreads);
}

TEST_CASE_FIXTURE(CApi, "one of many threads that unload a script does it") {
  callbacks[W_GetUsersCount] = count;
  for (int round = 0; round < 3; ++round) {
    g_calls = 0;
    const int id = load("def UnLoad(): vh.GetUsersCount()\ndef OnTimer(): return 1\n");
    std::atomic<int> unloaded = 0;
    on_threads([&](int) {
      w_free_args(w_CallHook(id, W_OnTimer, nullptr));
      unloaded += w_Unload(id);
      CHECK(w_CallHook(id, W_OnTimer, nullptr) == nullptr);
    });
    CHECK(unloaded == 1);
    CHECK(g_calls == 1);
  }
}

TEST_CASE_FIXTURE(CApi, "w_End beside threads that call") {
  const int id = load("def OnTimer(): return 1\n");
  on_threads([&](int thread) {
    for (int i = 0; i < 50; ++i) {
      if (thread == 0 && i == 10) w_End();
      w_free_args(w_CallHook(id, W_OnTimer, nullptr));
    }
  });
  CHECK(w_CallHook(id, W_OnTimer, nullptr) == nullptr);
}

TEST_CASE_FIXTURE(CApi, "w_End beside threads that load leaves no script") {
  const std::string path = write("def OnTimer(): return 1\n");
  const int first = w_ReserveID();
  const Stderr quiet;
  on_threads([&](int thread) {
    for (int i = 0; i < 4; ++i) {
      if (thread == 0 && i == 2) w_End();
      load_file(path);
    }
  });
  const int last = w_ReserveID();
  for (int id = first; id < last; ++id) CHECK(w_HasHook(id, W_OnTimer) == 0);
}

TEST_CASE_FIXTURE(CApi, "threads that begin and reserve at once") {
  std::vector<int> ids[kThreads];
  on_threads([&](int thread) {
    CHECK(w_Begin(callbacks) == 1);
    for (int i = 0; i < 100; ++i) ids[thread].push_back(w_ReserveID());
  });
  std::set<int> all;
  for (const auto& mine : ids) {
    CHECK(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  CHECK(all.size() == 100 * kThreads);
}

TEST_CASE_FIXTURE(CApi, "a script's own threads call the hub, on their own thread") {
  static std::atomic<int> calls, strangers;
  static std::thread::id main_thread;
  calls = strangers = 0;
  main_thread = std::this_thread::get_id();
  callbacks[W_mc] = [](int, w_Targs*) {
    ++calls;
    strangers += std::this_thread::get_id() != main_thread;
    return w_pack("l", 1L);
  };
  const int id = load(
      "import threading\n"
      "results = []\n"
      "def work():\n"
      "    for i in range(25): results.append(vh.mc('m'))\n"
      "threads = [threading.Thread(target=work) for i in range(4)]\n"
      "for t in threads: t.start()\n"
      "def join():\n"
      "    for t in threads: t.join(30)\n"
      "    return results.count(True)\n");
  w_RegisterFunction(id, "mc", callbacks[W_mc]);
  CHECK(taken(w_CallFunction(id, "join", nullptr)) == "l(100)");
  CHECK(calls == 100);
  CHECK(strangers == 100);
}

TEST_CASE_FIXTURE(CApi, "a dynamic function is registered anew while it is called") {
  const int id = load("def OnTimer(): return vh.CallDynamicFunction('f')\n");
  const w_Tcallback functions[] = {[](int, w_Targs*) { return w_pack("l", 1L); },
                                   [](int, w_Targs*) { return w_pack("l", 2L); }};
  REQUIRE(w_RegisterFunction(id, "f", functions[0]) == 1);
  std::atomic<int> good = 0, calls = 0;
  on_threads([&](int thread) {
    for (int i = 0; i < 100; ++i) {
      if (thread % 2) {
        good += w_RegisterFunction(id, "f", functions[i % 2]);
        w_RegisterFunction(id, std::to_string(thread).c_str(), functions[0]);
        w_UnregisterFunction(id, std::to_string(thread).c_str());
      } else {
        const std::string answer = taken(w_CallHook(id, W_OnTimer, nullptr));
        good += answer == "l(1)" || answer == "l(2)";
        ++calls;
      }
    }
  });
  CHECK(good == 100 * kThreads);
}

TEST_CASE("w_packprint's text is the calling thread's own") {
  on_threads([](int thread) {
    for (int i = 0; i < 200; ++i) {
      const Args args(w_pack("ll", long{thread}, long{i}));
      const char* text = w_packprint(args.get());
      CHECK(std::string(text) == "(" + std::to_string(thread) + ", " + std::to_string(i) + ")");
    }
  });
}

TEST_CASE("the switches may be turned while others pack and log") {
  on_threads([](int thread) {
    for (int i = 0; i < 200; ++i) {
      if (thread == 0) w_LogLevel(0);
      if (thread == 1) w_PackAdopts(0);
      CHECK(taken(w_pack("sl", "text", long{i})) == "sl(\"text\", " + std::to_string(i) + ")");
    }
  });
}

}  // namespace vh::test

TEST_SUITE_END();
