// core/core.h as a face without Node uses it: a hub in C++, a script, and what passes between them.
#include "core/core.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace vh;

namespace {

struct RecordingHub final : Hub {
  bool implements(int) const noexcept override { return true; }
  bool call(int function, ScriptId, std::span<const Value> args, Value& result,
            std::string& error) noexcept override {
    called = vh_core_v1()->functions()[function].name;
    if (!args.empty() && args[0].kind() == Kind::String) said = args[0].bytes();
    if (said == "fail") {
      error = "the hub says no";
      return false;
    }
    result = Value::boolean(true);
    return true;
  }
  void on_error(ScriptId, int, const Failure& failure) noexcept override {
    errors.push_back(failure.type + ": " + failure.message);
  }
  void on_warning(ScriptId, std::string_view message) noexcept override {
    warnings.emplace_back(message);
  }
  void on_output(ScriptId, Stream, std::string_view line) noexcept override {
    output.emplace_back(line);
  }
  void on_unloaded(ScriptId) noexcept override {}

  std::string called, said;
  std::vector<std::string> errors, warnings, output;
};

int hook(std::string_view name) {
  const auto hooks = vh_core_v1()->hooks();
  for (std::size_t i = 0; i < hooks.size(); ++i)
    if (hooks[i].name == name) return static_cast<int>(i);
  return -1;
}

// A host on a hub that records, and a folder for its scripts.
struct Stage {
  Stage() {
    std::string error;
    REQUIRE_MESSAGE(vh_core_v1()->start("", error), error);
    counts.resize(vh_core_v1()->hooks().size());
    host = vh_core_v1()->open(hub, counts.data());
    std::string name = (std::filesystem::temp_directory_path() / "vh-python-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    folder = name;
  }
  ~Stage() {
    host->close(0);
    std::filesystem::remove_all(folder);
  }

  bool load(const std::string& source, ScriptInfo& info, Failure& failure) {
    LoadOptions options;
    options.path = folder / "script.py";
    std::ofstream(options.path) << source;
    return host->load(options, info, failure);
  }
  ScriptId load(const std::string& source) {
    ScriptInfo info;
    Failure failure;
    REQUIRE_MESSAGE(load(source, info, failure), failure.traceback);
    return info.id;
  }

  RecordingHub hub;
  std::vector<std::uint32_t> counts;
  std::filesystem::path folder;
  std::unique_ptr<Host> host;
};

}  // namespace

TEST_CASE("core: hooks are dispatched, counted, and may block and substitute") {
  Stage stage;
  const int chat = hook("OnParsedMsgChat");
  const ScriptId script = stage.load(
      "def OnParsedMsgChat(nick, msg):\n"
      "    if msg == 'bad': return 0\n"
      "    return nick, msg.upper()\n");
  CHECK(stage.counts[chat] == 1);
  CHECK(stage.host->has_hook(script, chat));

  const auto dispatch = [&](std::string_view message) {
    const Value args[] = {Value::view("alice"), Value::view(message)};
    Verdict verdict;
    stage.host->dispatch(chat, args, verdict);
    return verdict;
  };
  CHECK_FALSE(dispatch("bad").allowed);
  const Verdict verdict = dispatch("hello");
  CHECK(verdict.allowed);
  REQUIRE(verdict.substitutes.size() == 2);
  CHECK(verdict.substitutes[1].bytes() == "HELLO");

  CHECK(stage.host->unload(script) == Unloading::Gone);
  CHECK(stage.counts[chat] == 0);
  CHECK(stage.host->unload(script) == Unloading::NoScript);
}

TEST_CASE("core: a script calls the hub, and learns of the hub's errors") {
  Stage stage;
  const ScriptId script = stage.load(
      "import vh\n"
      "def say(text):\n"
      "    try: return vh.SendToAll(text)\n"
      "    except vh.HubError as error: return str(error)\n");
  const auto say = [&](std::string_view text) {
    const Value args[] = {Value::view(text)};
    Value result;
    Failure failure;
    CHECK(stage.host->call(script, "say", args, result, failure) == Outcome::Ok);
    return result;
  };
  CHECK(say("hello").as_bool());
  CHECK(stage.hub.called == "SendToAll");
  CHECK(stage.hub.said == "hello");
  CHECK(std::string(say("fail").bytes()).find("the hub says no") != std::string::npos);
}

TEST_CASE("core: what a script raises or prints reaches the hub") {
  Stage stage;
  const ScriptId script = stage.load(
      "print('loaded')\n"
      "def OnTimer(): raise ValueError('no time')\n");
  CHECK(stage.hub.output == std::vector<std::string>{"loaded"});
  const Value now[] = {Value::real(1)};
  Verdict verdict;
  stage.host->dispatch(hook("OnTimer"), now, verdict);
  CHECK(verdict.allowed);
  CHECK(stage.hub.errors == std::vector<std::string>{"ValueError: no time"});

  ScriptStats stats;
  REQUIRE(stage.host->stats(script, stats));
  REQUIRE(stats.hooks.size() == 1);
  CHECK(stats.hooks[0].calls == 1);
  CHECK(stats.hooks[0].errors == 1);
}

TEST_CASE("core: a load that fails tells why and leaves nothing") {
  Stage stage;
  ScriptInfo info;
  Failure failure;
  CHECK_FALSE(stage.load("def OnTimer(): pass\nsyntax error\n", info, failure));
  CHECK(failure.type == "SyntaxError");
  CHECK(failure.traceback.find("line 2") != std::string::npos);
  CHECK(stage.counts[hook("OnTimer")] == 0);
}

TEST_CASE("core: ids and names that are not there") {
  Stage stage;
  Value result;
  Failure failure;
  for (const ScriptId id : {ScriptId{-1}, ScriptId{1} << 40, INT64_MIN, INT64_MAX}) {
    CHECK(stage.host->unload(id) == Unloading::NoScript);
    CHECK(stage.host->call(id, "f", {}, result, failure) == Outcome::NoScript);
    CHECK_FALSE(stage.host->has_hook(id, 0));
  }
  const ScriptId script = stage.load("x = 1\n");
  CHECK(stage.host->call(script, "f", {}, result, failure) == Outcome::NoFunction);
  for (const int number : {-1, 1000, INT32_MIN, INT32_MAX}) {
    CHECK_FALSE(stage.host->has_hook(script, number));
    Verdict verdict;
    stage.host->dispatch(number, {}, verdict);
    CHECK(verdict.allowed);
  }
}
