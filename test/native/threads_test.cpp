// Many threads at once. ThreadSanitizer runs this suite.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <thread>

#include "core/hooks.h"
#include "harness.h"

TEST_SUITE_BEGIN("threads");

namespace vh::test {
namespace {

// A hub that any thread may call.
class CountingHub final : public Hub {
 public:
  Dialect dialect() const noexcept override { return Dialect::C; }
  bool run(const std::function<void()>& work, std::string&) noexcept override {
    work();
    return true;
  }
  bool implements(int) const noexcept override { return true; }
  bool call(int, ScriptId, std::span<const Value>, Value& result, std::string&) noexcept override {
    calls++;
    std::this_thread::yield();  // or the threads would hardly ever meet
    result = Value::boolean(true);
    return true;
  }
  void on_error(ScriptId, int, const Failure&) noexcept override { errors++; }
  void on_warning(ScriptId, std::string_view) noexcept override {}
  void on_output(ScriptId, Stream, std::string_view) noexcept override { lines++; }
  void on_slow(ScriptId, int, double) noexcept override {}
  void on_stuck(ScriptId, std::string_view, std::string_view) noexcept override {}
  void on_unloaded(ScriptId) noexcept override {}
  void wants_owner() noexcept override {}

  std::atomic<int> calls = 0, errors = 0, lines = 0;
};

// A host and a script, which are called `rounds` times on the calling thread.
void run_host(const std::string& path, int rounds, CountingHub& hub, std::atomic<int>& allowed) {
  std::array<std::uint32_t, 64> counts{};
  const auto host = core().open(hub, counts.data());
  LoadOptions options;
  options.path = path;
  ScriptInfo info;
  Failure failure;
  if (!host->load(options, info, failure)) return;
  const Value args[] = {Value::view("alice"), Value::view("hello")};
  for (int i = 0; i < rounds; ++i) {
    Verdict verdict;
    host->dispatch(hook_number("OnParsedMsgChat"), args, verdict);
    allowed += verdict.allowed;
  }
  host->unload(info.id);
  host->close(0);
}

}  // namespace

TEST_CASE("hosts on threads of their own do not get into each other's way") {
  const ScriptFile file(
      "import vh\n"
      "def OnParsedMsgChat(nick, msg):\n"
      "    vh.mc(msg)\n"
      "    print(nick)\n"
      "    return 1\n");
  core();
  constexpr int kThreads = 4, kRounds = 200;
  CountingHub hub;
  std::atomic<int> allowed = 0;
  std::array<std::thread, kThreads> threads;
  for (std::thread& thread : threads)
    thread = std::thread([&] { run_host(file.path(), kRounds, hub, allowed); });
  for (std::thread& thread : threads) thread.join();
  CHECK(allowed == kThreads * kRounds);
  CHECK(hub.calls == kThreads * kRounds);
  CHECK(hub.lines == kThreads * kRounds);
  CHECK(hub.errors == 0);
}

TEST_CASE("a script's own threads call the hub while its hooks run") {
  const ScriptFile file(
      "import threading, vh\n"
      "def work():\n"
      "    for i in range(100): vh.mc('worker')\n"
      "threads = [threading.Thread(target=work) for _ in range(3)]\n"
      "for thread in threads: thread.start()\n"
      "def OnParsedMsgChat(nick, msg):\n"
      "    vh.mc(msg)\n"
      "    if not any(thread.is_alive() for thread in threads): return 0\n");
  std::array<std::uint32_t, 64> counts{};
  CountingHub hub;
  const auto host = core().open(hub, counts.data());
  LoadOptions options;
  options.path = file.path();
  ScriptInfo info;
  Failure failure;
  REQUIRE(host->load(options, info, failure));
  const Value args[] = {Value::view("alice"), Value::view("hello")};
  int rounds = 0;
  for (Verdict verdict; verdict.allowed; ++rounds) {
    host->dispatch(hook_number("OnParsedMsgChat"), args, verdict);
    std::this_thread::yield();
  }
  CHECK(hub.calls == 300 + rounds);
  CHECK(hub.errors == 0);
  host->close(0);
}

}  // namespace vh::test

TEST_SUITE_END();
