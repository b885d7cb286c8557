// Scripts on a hub written in C++: the core without Node.
#include <doctest/doctest.h>

#include <array>

#include "core/hooks.h"
#include "harness.h"

namespace vh::test {
namespace {

struct Fixture {
  RecordingHub hub;
  std::array<std::uint32_t, 64> counts{};
  std::unique_ptr<Host> host = core().open(hub, counts.data());

  ScriptId load(const std::string& path, Home home = Home::Own) {
    LoadOptions options;
    options.path = path;
    options.home = home;
    ScriptInfo info;
    Failure failure;
    REQUIRE_MESSAGE(host->load(options, info, failure), failure.traceback);
    return info.id;
  }

  Verdict chat(std::string_view nick, std::string_view text) {
    const Value args[] = {Value::view(nick), Value::view(text)};
    Verdict verdict;
    host->dispatch(hook_number("OnParsedMsgChat"), args, verdict);
    return verdict;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a script is loaded, called and unloaded") {
  const ScriptFile file(
      "import vh\n"
      "def OnParsedMsgChat(nick, msg):\n"
      "    vh.SendToAll(msg)\n"
      "    return (nick, msg.upper()) if msg == 'loud' else msg != 'bad'\n"
      "def UnLoad(): print('bye')\n");
  const int chat_hook = hook_number("OnParsedMsgChat");
  const ScriptId id = load(file.path());
  CHECK(counts[static_cast<std::size_t>(chat_hook)] == 1);
  CHECK(chat("alice", "hello").allowed);
  CHECK_FALSE(chat("alice", "bad").allowed);
  CHECK(chat("alice", "loud").substitutes.at(1).bytes() == "LOUD");
  CHECK(hub.calls ==
        std::vector<std::string>{"SendToAll hello", "SendToAll bad", "SendToAll loud"});
  CHECK(host->unload(id) == Unloading::Gone);
  CHECK(host->unload(id) == Unloading::NoScript);
  CHECK(counts[static_cast<std::size_t>(chat_hook)] == 0);
  CHECK(hub.lines == std::vector<std::string>{"bye"});
}

TEST_CASE_FIXTURE(Fixture, "what the hub refuses is an exception in the script") {
  const ScriptFile file("import vh\ndef OnParsedMsgChat(nick, msg): vh.mc(msg)\n");
  load(file.path());
  hub.fails = true;
  CHECK(chat("alice", "hello").allowed);
  CHECK(hub.errors == std::vector<std::string>{"vh.HubError"});
}

TEST_CASE_FIXTURE(Fixture, "a script that does not load leaves nothing behind") {
  const ScriptFile file("def OnParsedMsgChat(nick, msg): return 0\nraise SystemExit(3)\n");
  for (const Home home : {Home::Own, Home::Main, Home::MainShared}) {
    LoadOptions options;
    options.path = file.path();
    options.home = home;
    ScriptInfo info;
    Failure failure;
    CHECK_FALSE(host->load(options, info, failure));
    CHECK(failure.type == "SystemExit");
    CHECK(chat("alice", "hello").allowed);
  }
}

TEST_CASE_FIXTURE(Fixture, "a script that ends itself goes when its last frame has returned") {
  const ScriptFile file(
      "import vh\ndef OnParsedMsgChat(nick, msg):\n    vh.CallDynamicFunction('end')\n    return "
      "0\n");
  struct End final : Callable {
    Dialect dialect() const noexcept override { return Dialect::C; }
    bool call(ScriptId caller, std::span<const Value>, Returned&, std::string&) noexcept override {
      return fixture->host->unload(caller) == Unloading::Waiting;
    }
    Fixture* fixture = nullptr;
  };
  const auto end = std::make_shared<End>();
  end->fixture = this;
  host->register_function(-1, "end", end);
  const ScriptId id = load(file.path());
  CHECK_FALSE(chat("alice", "hello").allowed);
  CHECK(hub.unloaded == std::vector<ScriptId>{id});
  CHECK(chat("alice", "hello").allowed);
}

TEST_CASE_FIXTURE(Fixture, "a host that is closed from within a script lets its frames return") {
  const ScriptFile file(
      "import vh\n"
      "def OnParsedMsgChat(nick, msg):\n"
      "    vh.CallDynamicFunction('close')\n"
      "    return 0\n"
      "def UnLoad(): print('bye')\n");
  struct Close final : Callable {
    Dialect dialect() const noexcept override { return Dialect::C; }
    bool call(ScriptId, std::span<const Value>, Returned&, std::string&) noexcept override {
      host->close(0);
      return true;
    }
    Host* host = nullptr;
  };
  const auto close = std::make_shared<Close>();
  close->host = host.get();
  host->register_function(-1, "close", close);
  const ScriptId id = load(file.path());
  CHECK_FALSE(chat("alice", "hello").allowed);
  CHECK(hub.lines == std::vector<std::string>{"bye"});
  CHECK(hub.unloaded == std::vector<ScriptId>{id});
}

TEST_CASE_FIXTURE(Fixture, "ids and numbers that are not there") {
  const ScriptFile file("x = 1\n");
  Value result;
  Failure failure;
  for (const ScriptId id : {ScriptId{-1}, ScriptId{1} << 40, INT64_MIN, INT64_MAX}) {
    CHECK(host->unload(id) == Unloading::NoScript);
    CHECK(host->call(id, "f", {}, result, failure) == Outcome::NoScript);
    CHECK_FALSE(host->has_hook(id, 0));
  }
  const ScriptId script = load(file.path());
  CHECK(host->call(script, "f", {}, result, failure) == Outcome::NoFunction);
  for (const int number : {-1, 1000, INT32_MIN, INT32_MAX}) {
    CHECK_FALSE(host->has_hook(script, number));
    Verdict verdict;
    host->dispatch(number, {}, verdict);
    CHECK(verdict.allowed);
  }
}

TEST_CASE("hooks are numbered as the C API numbers them") {
  CHECK(hook_number("OnNewConn") == 0);
  CHECK(hook_number("OnSetConfig") == 40);
  CHECK(hook_number("OnScriptQuery") == 41);
  CHECK(hook_number("OnNothing") == kNoHook);
  CHECK(all_hooks().size() == 42);
  CHECK(std::string(nearest_hook("OnParsedMesgChat")) == "OnParsedMsgChat");
}

}  // namespace vh::test
