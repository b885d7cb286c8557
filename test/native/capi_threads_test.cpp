// The API called from many threads at once. This suite also runs under ThreadSanitizer.
#include <atomic>
#include <barrier>
#include <filesystem>
#include <functional>
#include <latch>
#include <set>
#include <thread>

#include "c_api.h"

TEST_SUITE_BEGIN("threads");

namespace vh::test {
namespace {

constexpr int kThreads = 4;

// Runs `work` on several threads, which begin together.
void on_threads(const std::function<void(int)>& work) {
  std::latch ready(kThreads);
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      ready.arrive_and_wait();
      work(i);
    });
}

void on_a_thread(const std::function<void()>& work) {
  std::jthread thread(work);
}

std::atomic<int> g_calls;
w_Targs* count(int, w_Targs*) {
  return w_pack("l", long{++g_calls});
}

// Callbacks that stay until they are let go.
struct Gate {
  explicit Gate(int visitors) : inside(visitors) {}
  std::latch inside;
  std::latch open{1};
};
std::atomic<Gate*> g_gate;
w_Targs* wait_inside(int, w_Targs*) {
  Gate* gate = g_gate;
  gate->inside.count_down();
  gate->open.wait();
  return nullptr;
}

// A file that a script's interpreter writes when it ends.
class EndFlag {
 public:
  explicit EndFlag(CApi& hub) : path_(hub.write("") + ".ended") {}
  std::string source() const {
    return "import atexit\natexit.register(lambda: open('" + path_ + "', 'w').close())\n";
  }
  bool raised() const { return std::filesystem::exists(path_); }

 private:
  const std::string path_;
};

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

TEST_CASE_FIXTURE(CApi,
                  "a script that is unloaded while threads are inside goes with the last of them") {
  Gate gate(kThreads);
  g_gate = &gate;
  g_calls = 0;
  callbacks[W_mc] = wait_inside;
  callbacks[W_GetUsersCount] = count;
  const EndFlag ended(*this);
  const int id = load(ended.source() +
                      "def OnTimer(): vh.mc('m'); return 'out'\n"
                      "def UnLoad(): vh.GetUsersCount()\n");
  std::atomic<int> out = 0;
  {
    std::vector<std::jthread> inside;
    for (int i = 0; i < kThreads; ++i)
      inside.emplace_back(
          [&] { out += taken(w_CallHook(id, W_OnTimer, nullptr)) == "s(\"out\")"; });
    gate.inside.wait();
    on_a_thread([&] { CHECK(w_Unload(id) == 1); });
    CHECK(w_Unload(id) == 0);
    CHECK(w_HasHook(id, W_OnTimer) == 0);
    CHECK(w_CallHook(id, W_OnTimer, nullptr) == nullptr);
    CHECK(g_calls == 0);
    gate.open.count_down();
  }
  CHECK(out == kThreads);
  CHECK(g_calls == 1);
  w_HasHook(id, W_OnTimer);  // the owner comes by
  CHECK(ended.raised());
}

TEST_CASE_FIXTURE(CApi,
                  "unloading from another thread cuts a script off; it ends when its owner calls") {
  const EndFlag ended(*this);
  g_calls = 0;
  callbacks[W_GetUsersCount] = count;
  const int id =
      load(ended.source() + "def OnTimer(): return 1\ndef UnLoad(): vh.GetUsersCount()\n");
  on_a_thread([&] {
    CHECK(w_Unload(id) == 1);
    CHECK(w_Unload(id) == 0);
    CHECK(w_CallHook(id, W_OnTimer, nullptr) == nullptr);
  });
  CHECK(g_calls == 1);
  CHECK_FALSE(ended.raised());
  CHECK(w_HasHook(id, W_OnTimer) == 0);
  CHECK(ended.raised());
}

TEST_CASE_FIXTURE(CApi, "what waits for its owner ends in w_End") {
  const EndFlag ended(*this);
  const int id = load(ended.source());
  on_a_thread([&] { CHECK(w_Unload(id) == 1); });
  CHECK_FALSE(ended.raised());
  CHECK(w_End() == 1);
  CHECK(ended.raised());
}

TEST_CASE_FIXTURE(CApi, "a script whose owner has exited is called and ended by anyone") {
  const EndFlag ended(*this), by_other(*this);
  int id = -1, other = -1;
  on_a_thread([&] {
    id = load_file(write(ended.source() + "def OnTimer(): return vh.myid\n"));
    other = load_file(write(by_other.source()));
  });
  CHECK(taken(w_CallHook(id, W_OnTimer, nullptr)) == "l(" + std::to_string(id) + ")");
  CHECK(w_Unload(id) == 1);
  CHECK(ended.raised());
  on_a_thread([&] { CHECK(w_Unload(other) == 1); });
  CHECK(by_other.raised());
}

TEST_CASE_FIXTURE(CApi, "an owner that exits leaves what waited for it to others") {
  const EndFlag ended(*this);
  std::latch loaded(1), unloaded(1);
  int id = -1;
  std::jthread owner([&] {
    id = load_file(write(ended.source()));
    loaded.count_down();
    unloaded.wait();
  });
  loaded.wait();
  CHECK(w_Unload(id) == 1);
  CHECK_FALSE(ended.raised());
  unloaded.count_down();
  owner.join();
  w_HasHook(id, W_OnTimer);
  CHECK(ended.raised());
}

TEST_CASE_FIXTURE(CApi, "w_End from a thread unloads what others loaded") {
  g_calls = 0;
  callbacks[W_GetUsersCount] = count;
  const EndFlag ended(*this);
  const int id = load(ended.source() +
                      "def OnTimer(): return 1\n"
                      "def OnUnLoad(code): vh.GetUsersCount()\n"
                      "def UnLoad(): vh.GetUsersCount()\n");
  on_a_thread([] { CHECK(w_End() == 1); });
  CHECK(g_calls == 2);
  CHECK(w_CallHook(id, W_OnTimer, nullptr) == nullptr);
  CHECK(w_End() == 1);
  CHECK(ended.raised());
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

TEST_CASE_FIXTURE(CApi, "a script's own thread calls back into scripts, and unloads its own") {
  static int script, listener;
  callbacks[W_GetUserIP] = [](int, w_Targs*) { return w_CallFunction(listener, "hear", nullptr); };
  callbacks[W_GetUsersCount] = [](int, w_Targs*) { return w_pack("l", long{w_Unload(script)}); };
  static std::latch* gone;
  std::latch latch(1);
  gone = &latch;
  callbacks[W_mc] = [](int, w_Targs*) -> w_Targs* {
    gone->count_down();
    return nullptr;
  };
  listener = load("def hear(): return 'heard'\n");
  script = load(
      "import threading\n"
      "def work():\n"
      "    global answer\n"
      "    answer = vh.GetUserIP('n')\n"
      "def hear():\n"
      "    thread = threading.Thread(target=work)\n"
      "    thread.start()\n"
      "    thread.join(30)\n"
      "    return answer\n"
      "def leave(): threading.Thread(target=vh.GetUsersCount).start()\n"
      "def UnLoad(): vh.mc('bye')\n");
  CHECK(taken(w_CallFunction(script, "hear", nullptr)) == "s(\"heard\")");
  w_free_args(w_CallFunction(script, "leave", nullptr));
  latch.wait();
  CHECK(w_Unload(script) == 0);
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
