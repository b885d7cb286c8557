// Which thread ends a script's interpreter: the one that loaded it, or any when that has exited.
// This suite also runs under ThreadSanitizer.
#include <filesystem>

#include "threads.h"

TEST_SUITE_BEGIN("threads");

namespace vh::test {
namespace {

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

}  // namespace

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

TEST_CASE_FIXTURE(CApi,
                  "a script's thread that is out in the hub keeps the interpreter until it ends") {
  Gate gate(1);
  g_gate = &gate;
  callbacks[W_mc] = wait_inside;
  const EndFlag ended(*this);
  const int id = load(ended.source() +
                      "import threading\n"
                      "def work():\n"
                      "    vh.mc('m')\n"
                      "    while True: vh.mc('m')\n"
                      "threading.Thread(target=work).start()\n");
  gate.inside.wait();
  {
    const Stderr quiet;
    CHECK(w_Unload(id) == 1);
    gate.open.count_down();  // the next call is a HubError, which ends the thread
    CHECK_FALSE(ended.raised());
    CHECK(w_Unload(id) == 0);
    while (!ended.raised()) w_Unload(id);  // tries again
  }
}

ALONE_TEST_CASE("threads share a single interpreter", "VH_SINGLE_INTERPRETER=1") {
  CApi hub;
  hub.callbacks[W_GetUsersCount] = count;
  std::string paths[kThreads];
  for (std::string& path : paths)
    path = hub.write("def OnTimer(): return vh.GetUsersCount() > 0, vh.myid\n");
  std::atomic<int> good = 0;
  on_threads([&](int thread) {
    for (int i = 0; i < 10; ++i) {
      const int id = CApi::load_file(paths[thread]);
      good += w_HasHook(id, W_OnTimer);
      good += taken(w_CallHook(id, W_OnTimer, nullptr)) == "ll(1, " + std::to_string(id) + ")";
      good += w_Unload(id);
    }
  });
  CHECK(good == 3 * 10 * kThreads);
  int id = -1;
  on_a_thread([&] { id = CApi::load_file(paths[0]); });
  CHECK(taken(w_CallHook(id, W_OnTimer, nullptr)) == "ll(1, " + std::to_string(id) + ")");
  on_a_thread([&] { CHECK(w_Unload(id) == 1); });
  CHECK(w_HasHook(id, W_OnTimer) == 0);
}

}  // namespace vh::test

TEST_SUITE_END();
