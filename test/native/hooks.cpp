// core/hooks.h: the numbers that compiled C++ plugins rely on.
#include "core/hooks.h"

#include <doctest/doctest.h>

using namespace vh;

TEST_CASE("hooks: the numbers of the C API") {
  const char* const in_order[] = {
      "OnNewConn",
      "OnCloseConn",
      "OnCloseConnEx",
      "OnParsedMsgChat",
      "OnParsedMsgPM",
      "OnParsedMsgMCTo",
      "OnParsedMsgSearch",
      "OnParsedMsgSR",
      "OnParsedMsgMyINFO",
      "OnFirstMyINFO",
      "OnParsedMsgValidateNick",
      "OnParsedMsgAny",
      "OnParsedMsgAnyEx",
      "OnOpChatMessage",
      "OnPublicBotMessage",
      "OnUnLoad",
      "OnCtmToHub",
      "OnParsedMsgSupports",
      "OnParsedMsgMyHubURL",
      "OnParsedMsgExtJSON",
      "OnParsedMsgBotINFO",
      "OnParsedMsgVersion",
      "OnParsedMsgMyPass",
      "OnParsedMsgConnectToMe",
      "OnParsedMsgRevConnectToMe",
      "OnUnknownMsg",
      "OnOperatorCommand",
      "OnOperatorKicks",
      "OnOperatorDrops",
      "OnOperatorDropsWithReason",
      "OnValidateTag",
      "OnUserCommand",
      "OnHubCommand",
      "OnScriptCommand",
      "OnUserInList",
      "OnUserLogin",
      "OnUserLogout",
      "OnTimer",
      "OnNewReg",
      "OnNewBan",
      "OnSetConfig",
      "OnScriptQuery",
  };
  CHECK(all_hooks().size() == std::size(in_order));
  int expected = 0;
  for (const char* name : in_order) {
    CAPTURE(name);
    CHECK(hook_number(name) == expected++);
  }
  CHECK(hook_number("OnTime") == kNoHook);
  CHECK(hook_number("") == kNoHook);
}

TEST_CASE("hooks: no hook has more arguments than there is room for") {
  for (const HookInfo& hook : all_hooks())
    CHECK(std::string_view(hook.format).size() <= kMaxHookArguments);
}

TEST_CASE("hooks: the nearest name") {
  CHECK(std::string_view(nearest_hook("OnTimr")) == "OnTimer");
  CHECK(std::string_view(nearest_hook("OnParsedMessageChat")) == "OnParsedMsgChat");
  CHECK(std::string_view(nearest_hook("OnUserLogIn")) == "OnUserLogin");
}

TEST_CASE("hooks: what a tuple may substitute") {
  const auto of = [](const char* name) {
    const Substitution s = substitution(hook_number(name));
    return std::pair(s.first, s.count);
  };
  CHECK(of("OnParsedMsgChat") == std::pair(0, 2));
  CHECK(of("OnParsedMsgMyINFO") == std::pair(1, 5));
  CHECK(of("OnFirstMyINFO") == std::pair(1, 5));
  CHECK(of("OnParsedMsgPM").second == 0);
}
