// Deadlines: what takes too long is interrupted, told slow ones from quick ones, and reported while
// it lasts.
#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <thread>

#include "core/hooks.h"
#include "harness.h"

namespace vh::test {
namespace {

using namespace std::chrono_literals;

struct Watched {
  explicit Watched(const std::string& source, Home home = Home::Own) : file(source) {
    options.path = file.path();
    options.home = home;
    options.limits.hook = 200;
    options.limits.slow = 50;
  }
  ~Watched() { host->close(0); }

  bool load() { return host->load(options, info, failure); }
  Verdict timer() {
    Verdict verdict;
    const Value args[] = {Value::real(1)};
    host->dispatch(hook_number("OnTimer"), args, verdict);
    return verdict;
  }
  long long call(const char* function) {
    Value result;
    REQUIRE(host->call(info.id, function, {}, result, failure) == Outcome::Ok);
    return result.as_int();
  }

  RecordingHub hub;
  std::array<std::uint32_t, 64> counts{};
  std::unique_ptr<Host> host = core().open(hub, counts.data());
  const ScriptFile file;
  LoadOptions options;
  ScriptInfo info;
  Failure failure;
};

constexpr const char* kRest = R"(
def alive(): return 7
)";

const std::pair<const char*, const char*> kRunaways[] = {
    {"a loop", "    while True: pass\n"},
    {"a loop that catches Exception",
     "    while True:\n        try: x = 1\n        except Exception: pass\n"},
    {"one that calls vh", "    while True: vh.mc('x')\n"},
};

}  // namespace

TEST_CASE("a hook that takes too long is interrupted, in every home") {
  for (const Home home : {Home::Own, Home::Main})
    for (const auto& [name, body] : kRunaways) {
      const std::string which = name;
      CAPTURE(which);
      Watched w(std::string("import vh\ndef OnTimer():\n") + body + kRest, home);
      REQUIRE(w.load());
      for (int i = 0; i < 3; ++i) CHECK(w.timer().allowed);
      CHECK(w.hub.errors == std::vector<std::string>(3, "vh.HookTimeout"));
      CHECK(w.hub.slow.size() == 3);
      CHECK(w.call("alive") == 7);
    }
}

TEST_CASE("so are a call and a load") {
  Watched w("def f():\n    while True: pass\n");
  REQUIRE(w.load());
  Value result;
  CHECK(w.host->call(w.info.id, "f", {}, result, w.failure) == Outcome::Raised);
  CHECK(w.failure.type == "vh.HookTimeout");
  CHECK(w.failure.message == "a call took longer than 200 ms");
  CHECK(w.failure.traceback.find("in f") != std::string::npos);

  Watched loading("while True: pass\n");
  CHECK_FALSE(loading.load());
  CHECK(loading.failure.type == "vh.HookTimeout");
}

TEST_CASE("a slow hook is reported, a quick one is not") {
  Watched w(
      "import time\ndef OnTimer():\n    end = time.time() + pause\n"
      "    while time.time() < end: pass\npause = 0.1\n"
      "def quick():\n    global pause\n    pause = 0.001\n    return 1\n");
  REQUIRE(w.load());
  w.timer();
  CHECK(w.hub.slow == std::vector<int>{hook_number("OnTimer")});
  w.call("quick");
  for (int i = 0; i < 10; ++i) w.timer();
  CHECK(w.hub.slow.size() == 1);
  CHECK(w.hub.errors.empty());
}

TEST_CASE("a limit of 0 is none") {
  Watched w(
      "import time\ndef OnTimer():\n    end = time.time() + 0.5\n"
      "    while time.time() < end: pass\n");
  w.options.limits.hook = w.options.limits.slow = 0;
  REQUIRE(w.load());
  w.timer();
  CHECK(w.hub.errors.empty());
  CHECK(w.hub.slow.empty());
}

TEST_CASE("what cannot be interrupted is reported while it lasts") {
  const std::pair<const char*, const char*> cases[] = {
      {"ctypes.CDLL(None).usleep(1_200_000)", "it is at "},
      {"re.match('(a+)+$', 'a' * 26 + 'b')", "it is in a call that Python cannot enter"},
  };
  for (const auto& [call, where] : cases) {
    Watched w(std::string("import ctypes, re\ndef OnTimer():\n    ") + call + "\n");
    REQUIRE(w.load());
    w.timer();
    REQUIRE_FALSE(w.hub.stuck.empty());
    CHECK(w.hub.stuck[0].starts_with("OnTimer has taken"));
    CHECK(w.hub.stuck[0].find(where) != std::string::npos);
  }
}

TEST_CASE("a script is not blamed for what hangs inside what it calls") {
  Watched outer("import vh\ndef OnTimer():\n    vh.CallDynamicFunction('inner')\n    return 0\n");
  Watched inner("def OnTimer():\n    while True: pass\n");
  REQUIRE((outer.load() && inner.load()));
  struct Inner final : Callable {
    explicit Inner(Watched& watched) : inner(watched) {}
    Dialect dialect() const noexcept override { return Dialect::C; }
    bool call(ScriptId, std::span<const Value>, Returned&, std::string&) noexcept override {
      inner.timer();
      return true;
    }
    Watched& inner;
  };
  outer.host->register_function(-1, "inner", std::make_shared<Inner>(inner));
  CHECK_FALSE(outer.timer().allowed);
  CHECK(inner.hub.errors == std::vector<std::string>{"vh.HookTimeout"});
  CHECK(outer.hub.errors.empty());
}

TEST_CASE("three timeouts in a row unload a script that was loaded so") {
  Watched w(
      "def OnTimer():\n    while bad: pass\nbad = True\n"
      "def good():\n    global bad\n    bad = False\n    return 1\n");
  w.options.limits.disables = true;
  REQUIRE(w.load());
  w.timer();
  w.timer();
  w.call("good");
  w.timer();
  CHECK(w.hub.unloaded.empty());
  Watched v("def OnTimer():\n    while True: pass\n");
  v.options.limits.disables = true;
  REQUIRE(v.load());
  for (int i = 0; i < 4; ++i) v.timer();
  CHECK(v.hub.unloaded == std::vector<ScriptId>{v.info.id});
  CHECK(v.hub.errors.size() == 3);
}

TEST_CASE("an UnLoad and a finalizer that hang do not hold the end") {
  Watched w(
      "class C:\n    def __del__(self):\n        while True: pass\nc = C()\n"
      "def UnLoad():\n    while True: pass\n");
  w.options.limits.unload = 400;
  REQUIRE(w.load());
  const auto begun = std::chrono::steady_clock::now();
  EndReport report;
  CHECK(w.host->unload(w.info.id, &report) == Unloading::Gone);
  CHECK(report.ended);
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

}  // namespace vh::test
