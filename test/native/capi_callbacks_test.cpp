// Callbacks: the number and the arguments that each vh function arrives with.
#include <set>

#include "c_api.h"

namespace vh::test {
namespace {

struct Row {
  int callback;
  std::string call;
  std::string arguments;
};

// Each function with as little as it takes, and with all.
const Row kCalls[] = {
    {W_mc, "SendToAll('m')", "ss(\"m\", NULL)"},
    {W_SendToOpChat, "SendToOpChat('m')", "ss(\"m\", NULL)"},
    {W_SendToOpChat, "SendToOpChat('m', 'from')", "ss(\"m\", \"from\")"},
    {W_SendToActive, "SendToActive('d')", "sl(\"d\", 0)"},
    {W_SendToActive, "SendToActive('d', 5)", "sl(\"d\", 5)"},
    {W_SendToPassive, "SendToPassive('d')", "sl(\"d\", 0)"},
    {W_SendToPassive, "SendToPassive(data='d', delay=5)", "sl(\"d\", 5)"},
    {W_SendToActiveClass, "SendToActiveClass('d', 1, 2)", "slll(\"d\", 1, 2, 0)"},
    {W_SendToActiveClass, "SendToActiveClass('d', 1, 2, 3)", "slll(\"d\", 1, 2, 3)"},
    {W_SendToPassiveClass, "SendToPassiveClass('d', 1, 2)", "slll(\"d\", 1, 2, 0)"},
    {W_SendToPassiveClass, "SendToPassiveClass('d', 1, 2, 3)", "slll(\"d\", 1, 2, 3)"},
    {W_SendDataToUser, "SendDataToUser('d|', 'n')", "ssl(\"d|\", \"n\", 0)"},
    {W_SendDataToUser, "SendDataToUser('d|', 'n', 3)", "ssl(\"d|\", \"n\", 3)"},
    {W_SendDataToAll, "SendDataToAll('d|')", "slll(\"d|\", 0, 10, 0)"},
    {W_SendDataToAll, "SendDataToAll('d|', 1, 2, 3)", "slll(\"d|\", 1, 2, 3)"},
    {W_SendPMToAll, "SendPMToAll('m', 'from')", "ssll(\"m\", \"from\", 0, 10)"},
    {W_SendPMToAll, "SendPMToAll('m', 'from', 1, 2)", "ssll(\"m\", \"from\", 1, 2)"},
    {W_CloseConnection, "CloseConnection('n')", "sll(\"n\", 0, 0)"},
    {W_CloseConnection, "CloseConnection('n', 5, 100)", "sll(\"n\", 100, 5)"},
    {W_CloseConnection, "CloseConnection('n', 1, 'reason')", "sll(\"n\", 0, 1)"},
    {W_GetMyINFO, "GetMyINFO('n')", "s(\"n\")"},
    {W_SetMyINFO, "SetMyINFO('n')", "ssssss(\"n\", NULL, NULL, NULL, NULL, NULL)"},
    {W_SetMyINFO, "SetMyINFO('n', 'd', 't', 's', 'e', 2**40)",
     "ssssss(\"n\", \"d\", \"t\", \"s\", \"e\", \"1099511627776\")"},
    {W_GetUserClass, "GetUserClass('n')", "s(\"n\")"},
    {W_GetUserHost, "GetUserHost('n')", "s(\"n\")"},
    {W_GetUserIP, "GetUserIP('n')", "s(\"n\")"},
    {W_SetUserIP, "SetUserIP('n', 'ip')", "ss(\"n\", \"ip\")"},
    {W_SetMyINFOFlag, "SetMyINFOFlag('n', 2)", "sl(\"n\", 2)"},
    {W_UnsetMyINFOFlag, "UnsetMyINFOFlag('n', 2)", "sl(\"n\", 2)"},
    {W_GetUserHubURL, "GetUserHubURL('n')", "s(\"n\")"},
    {W_GetUserExtJSON, "GetUserExtJSON('n')", "s(\"n\")"},
    {W_GetUserCC, "GetUserCC('n')", "s(\"n\")"},
    {W_GetIPCC, "GetIPCC('ip')", "s(\"ip\")"},
    {W_GetIPCN, "GetIPCN('ip')", "s(\"ip\")"},
    {W_GetIPCity, "GetIPCity('ip')", "ss(\"ip\", NULL)"},
    {W_GetIPCity, "GetIPCity('ip', 'db')", "ss(\"ip\", \"db\")"},
    {W_GetIPASN, "GetIPASN('ip')", "ss(\"ip\", NULL)"},
    {W_GetIPASN, "GetIPASN('ip', 'db')", "ss(\"ip\", \"db\")"},
    {W_GetGeoIP, "GetGeoIP('ip')", "ss(\"ip\", NULL)"},
    {W_GetGeoIP, "GetGeoIP('ip', 'db')", "ss(\"ip\", \"db\")"},
    {W_GetNickList, "GetNickList()", "()"},
    {W_GetNickList, "GetRawNickList()", "()"},
    {W_GetOpList, "GetOpList()", "()"},
    {W_GetOpList, "GetRawOpList()", "()"},
    {W_GetBotList, "GetBotList()", "()"},
    {W_GetBotList, "GetRawBotList()", "()"},
    {W_AddRegUser, "AddRegUser('n', 3)", "slss(\"n\", 3, \"\", \"\")"},
    {W_AddRegUser, "AddRegUser('n', 3, 'pw', 'note')", "slss(\"n\", 3, \"pw\", \"note\")"},
    {W_DelRegUser, "DelRegUser('n')", "s(\"n\")"},
    {W_SetRegClass, "SetRegClass('n', 3)", "sl(\"n\", 3)"},
    {W_Ban, "Ban('op', 'n', 'why', 60, vh.eBF_NICK)", "sssll(\"op\", \"n\", \"why\", 60, 4)"},
    {W_KickUser, "KickUser('op', 'n', 'why')", "ssssss(\"op\", \"n\", \"why\", \"\", \"\", \"0\")"},
    {W_KickUser, "KickUser('op', 'n', 'why', 1, 'op note', '2d')",
     "ssssss(\"op\", \"n\", \"why\", \"1\", \"op note\", \"2d\")"},
    {W_DelNickTempBan, "DelNickTempBan('n')", "s(\"n\")"},
    {W_DelIPTempBan, "DelIPTempBan('ip')", "s(\"ip\")"},
    {W_ParseCommand, "ParseCommand('n', '!help')", "ssl(\"n\", \"!help\", 0)"},
    {W_ParseCommand, "ParseCommand('n', '!help', 1)", "ssl(\"n\", \"!help\", 1)"},
    {W_ScriptCommand, "ScriptCommand('c', 'd', 'p', 's')", "ssss(\"c\", \"d\", \"p\", \"s\")"},
    {W_SetConfig, "SetConfig('t', 'v', 'x')", "sss(\"t\", \"v\", \"x\")"},
    {W_SetConfig, "SetConfig('t', 'v', 5)", "sss(\"t\", \"v\", \"5\")"},
    {W_SetConfig, "SetConfig('t', 'v', 2.5)", "sss(\"t\", \"v\", \"2.5\")"},
    {W_SetConfig, "SetConfig('t', 'v', True)", "sss(\"t\", \"v\", \"1\")"},
    {W_GetConfig, "GetConfig('t', 'v')", "sss(\"t\", \"v\", NULL)"},
    {W_GetConfig, "GetConfig('t', 'v', 'default')", "sss(\"t\", \"v\", \"default\")"},
    {W_IsRobotNickBad, "IsRobotNickBad('n')", "s(\"n\")"},
    {W_AddRobot, "AddRobot('n', 10, 'd', 's', 'e', 2**40)",
     "slssss(\"n\", 10, \"d\", \"s\", \"e\", \"1099511627776\")"},
    {W_DelRobot, "DelRobot('n')", "s(\"n\")"},
    {W_SQL, "SQL('query')", "sl(\"query\", 100)"},
    {W_SQL, "SQL('query', 5)", "sl(\"query\", 5)"},
    {W_SQL, "SQL('query', 0)", "sl(\"query\", 100)"},
    {W_SQL, "SQL('type', 'query')", "sl(\"query\", 100)"},
    {W_GetServFreq, "GetServFreq()", "()"},
    {W_GetUsersCount, "GetUsersCount()", "()"},
    {W_GetTotalShareSize, "GetTotalShareSize()", "()"},
    {W_UserRestrictions, "UserRestrictions('n')", "sssss(\"n\", \"\", \"\", \"\", \"\")"},
    {W_UserRestrictions, "UserRestrictions('n', '0', '1', '2d', '')",
     "sssss(\"n\", \"0\", \"1\", \"2d\", \"\")"},
    {W_Topic, "Topic()", "s(NULL)"},
    {W_Topic, "Topic('new')", "s(\"new\")"},
    {W_mc, "mc('m')", "ss(\"m\", NULL)"},
    {W_mc, "mc('m', 'from')", "ss(\"m\", \"from\")"},
    {W_usermc, "usermc('m', 'n')", "sss(\"m\", \"n\", NULL)"},
    {W_usermc, "usermc('m', 'n', 'from')", "sss(\"m\", \"n\", \"from\")"},
    {W_classmc, "classmc('m', 1, 2)", "slls(\"m\", 1, 2, NULL)"},
    {W_classmc, "classmc('m', 1, 2, 'from')", "slls(\"m\", 1, 2, \"from\")"},
    {W_pm, "pm('m', 'n')", "ssss(\"m\", \"n\", NULL, NULL)"},
    {W_pm, "pm('m', 'n', 'from', 'back')", "ssss(\"m\", \"n\", \"from\", \"back\")"},
    {W_name_and_version, "name_and_version()", "ss(NULL, NULL)"},
    {W_StopHub, "StopHub()", "ll(0, 0)"},
    {W_StopHub, "StopHub(1, 2)", "ll(1, 2)"},
};

}  // namespace

TEST_CASE_FIXTURE(CApi, "each vh function calls its callback with the full format") {
  const int id = load("");
  std::set<int> called;
  for (const Row& row : kCalls) {
    CAPTURE(row.call);
    std::fill_n(callbacks, W_MAX_CALLBACKS, nullptr);
    callbacks[row.callback] = say;
    said().clear();
    run(id, "vh." + row.call);
    CHECK(said() ==
          std::vector<std::string>{w_CallName(row.callback) + std::string(" ") + row.arguments});
    called.insert(row.callback);
  }
  for (const int never : {W_SQLQuery, W_SQLFetch, W_SQLFree, W_ScriptQuery}) called.insert(never);
  CHECK(called.size() == W_ScriptQuery + 1);
}

TEST_CASE_FIXTURE(CApi, "a null slot raises NotImplementedError, until it is set") {
  const int id = load("");
  for (const Row& row : kCalls) {
    CAPTURE(row.call);
    // This one the core serves as well.
    if (row.callback == W_ScriptCommand) continue;
    const std::string name(row.call, 0, row.call.find('('));
    CHECK(run(id, "vh." + row.call) ==
          "NotImplementedError: this hub does not implement vh." + name);
  }
  callbacks[W_mc] = [](int, w_Targs*) { return w_pack("l", 1L); };
  CHECK(run(id, "vh.mc('m')") == "True");
  callbacks[W_mc] = nullptr;
  CHECK(run(id, "vh.mc('m')").starts_with("NotImplementedError"));
}

TEST_CASE_FIXTURE(CApi, "what Python cannot pass on is an exception, and nothing is called") {
  const int id = load("");
  callbacks[W_mc] = callbacks[W_SendToActive] = callbacks[W_SetConfig] = callbacks[W_SetMyINFO] =
      say;
  CHECK(run(id, "vh.mc('a\\0b')") ==
        "ValueError: mc() argument 'message' is a str with a NUL in it");
  CHECK(run(id, "vh.mc('\\ud800')") ==
        "ValueError: mc() argument 'message' is a str with a lone surrogate");
  CHECK(run(id, "vh.SendToActive('d', 2**63)") ==
        "OverflowError: SendToActive() argument 'delay' does not fit 64 bits");
  CHECK(run(id, "vh.SendToActive('d', -2**63 - 1)").starts_with("OverflowError"));
  CHECK(run(id, "vh.SetMyINFO('n', share=2**63)").starts_with("OverflowError"));
  CHECK(run(id, "vh.SendToActive('d', 1.5)").starts_with("TypeError"));
  CHECK(run(id, "vh.mc(b'bytes')") == "TypeError: mc() argument 'message' must be str, not bytes");
  CHECK(run(id, "vh.mc()").starts_with("TypeError"));
  CHECK(run(id, "vh.mc('m', 'from', 'more')").starts_with("TypeError"));
  CHECK(run(id, "vh.mc(text='m')").starts_with("TypeError"));
  CHECK(said().empty());

  run(id, "vh.SendToActive('d', 2**63 - 1)");
  run(id, "vh.SendToActive('d', -2**63)");
  run(id, "vh.mc('caf\\udce9')");
  run(id, "vh.mc('x' * 100000)");
  CHECK(said() == std::vector<std::string>{"SendToActive sl(\"d\", 9223372036854775807)",
                                           "SendToActive sl(\"d\", -9223372036854775808)",
                                           "mc ss(\"caf\xe9\", NULL)",
                                           "mc ss(\"" + std::string(100'000, 'x') + "\", NULL)"});
}

TEST_CASE_FIXTURE(
    CApi, "pm and usermc reach the callback as (message, nick), however they were written") {
  callbacks[W_GetUserClass] = [](int, w_Targs* args) {
    const char* nick = nullptr;
    w_unpack(args, "s", &nick);
    return w_pack("l", std::string_view(nick) == "alice" ? 3L : -2L);
  };
  callbacks[W_pm] = callbacks[W_usermc] = say;
  const int id = load("");
  run(id, "vh.pm('alice', 'hi')");
  run(id, "vh.pm('hi', 'alice')");
  run(id, "vh.usermc('alice', 'hi', 'from')");
  run(id, "vh.pm(nick='bob', message='alice')");
  CHECK(said() == std::vector<std::string>{
                      "pm ssss(\"hi\", \"alice\", NULL, NULL)",
                      "pm ssss(\"hi\", \"alice\", NULL, NULL)",
                      "usermc sss(\"hi\", \"alice\", \"from\")",
                      "pm ssss(\"alice\", \"bob\", NULL, NULL)",
                  });
}

TEST_CASE_FIXTURE(CApi, "callbacks serve a script while it loads and while it unloads") {
  callbacks[W_mc] = say;
  const int id = load("vh.mc('loading')\ndef UnLoad(): vh.mc('unloading')\n");
  CHECK(w_Unload(id) == 1);
  CHECK(said() ==
        std::vector<std::string>{"mc ss(\"loading\", NULL)", "mc ss(\"unloading\", NULL)"});
}

TEST_CASE("w_Begin without callbacks is a hub that implements nothing") {
  CApi hub;
  CHECK(w_Begin(nullptr) == 1);
  const int id = hub.load("");
  CHECK(CApi::run(id, "vh.mc('m')").starts_with("NotImplementedError"));
  CHECK(CApi::run(id, "vh.Encode('$')") == "'&#36;'");
  // Other callbacks may be given at any time.
  hub.callbacks[W_mc] = [](int, w_Targs*) { return w_pack("l", 1L); };
  CHECK(w_Begin(hub.callbacks) == 1);
  CHECK(CApi::run(id, "vh.mc('m')") == "True");
}

}  // namespace vh::test
