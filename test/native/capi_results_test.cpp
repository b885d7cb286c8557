// What a callback returns becomes what the vh function gives.
#include <array>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "c_api.h"

namespace vh::test {
namespace {

struct Row {
  int callback;
  std::string call;
  w_Tcallback function;
  std::string result;
};

template <long kNumber>
w_Targs* number(int, w_Targs*) {
  return w_pack("l", kNumber);
}

w_Targs* nothing(int, w_Targs*) {
  return nullptr;
}
w_Targs* text(int, w_Targs*) {
  return w_pack("s", "caf\xe9");
}
w_Targs* null_text(int, w_Targs*) {
  return w_pack("s", nullptr);
}
w_Targs* my_info(int, w_Targs*) {
  return w_pack("ssssss", "nick", "desc", "<tag>", "100", "e@mail", "42");
}
w_Targs* my_info_with_nulls(int, w_Targs*) {
  return w_pack("ssssss", "nick", nullptr, nullptr, "100", nullptr, "42");
}

// The original's own shapes, whose memory stays the callback's.
w_Targs* sql_table(int, w_Targs*) {
  static std::array<char*, 4> cells = {const_cast<char*>("a"), nullptr, const_cast<char*>(""),
                                       const_cast<char*>("caf\xe9")};
  return w_pack("lllp", 1L, 2L, 2L, cells.data());
}
w_Targs* geo_ip(int, w_Targs*) {
  static const std::vector<std::string> more = {"country", "Norway", "city", "Oslo"};
  return w_pack("sdsdslslp", "latitude", 59.9, "longitude", 10.0, "metro_code", 7L, "area_code", 0L,
                &more);
}

const char* const kNicks[] = {"alice", "caf\xe9", nullptr};
const char* const kNobody[] = {nullptr};

constexpr char kHubError[] = "HubError: ";

}  // namespace

TEST_CASE_FIXTURE(CApi, "results by shape") {
  const int id = load("");
  for (const Row& row : std::initializer_list<Row>{
           {W_mc, "mc('m')", number<1>, "True"},
           {W_mc, "mc('m')", number<0>, "False"},
           {W_mc, "mc('m')", number<-5>, "True"},
           {W_mc, "mc('m')", nothing, "False"},
           {W_mc, "SendToAll('m')", number<1>, "True"},
           {W_GetUserClass, "GetUserClass('n')", number<-2>, "-2"},
           {W_GetUserClass, "GetUserClass('n')", nothing, "None"},
           {W_GetUsersCount, "GetUsersCount()", number<INT64_MAX>, "9223372036854775807"},
           {W_GetUsersCount, "GetUsersCount()", number<INT64_MIN>, "-9223372036854775808"},
           {W_GetServFreq, "GetServFreq()", number<7>, "7"},
           {W_GetServFreq, "GetServFreq()", [](int, w_Targs*) { return w_pack("d", 7.0); }, "7"},
           {W_GetUserIP, "GetUserIP('n')", text, "'caf\\udce9'"},
           {W_GetUserIP, "GetUserIP('n')", null_text, "None"},
           {W_GetUserIP, "GetUserIP('n')", nothing, "None"},
           {W_GetTotalShareSize, "GetTotalShareSize()", text, "'caf\\udce9'"},
           {W_Topic, "Topic('new')", text, "'caf\\udce9'"},
           {W_GetConfig, "GetConfig('t', 'v')", nothing, "None"},
           {W_name_and_version, "name_and_version()", text, "'caf\\udce9'"},
           {W_GetNickList, "GetNickList()",
            [](int, w_Targs*) { return w_pack("D", "[\"a\",\"b\"]"); }, "['a', 'b']"},
           {W_GetNickList, "GetNickList()", [](int, w_Targs*) { return w_pack("L", kNicks); },
            "['alice', 'caf\\udce9']"},
           {W_GetNickList, "GetNickList()", [](int, w_Targs*) { return w_pack("L", kNobody); },
            "[]"},
           {W_GetNickList, "GetNickList()", nothing, "None"},
           {W_GetOpList, "GetRawOpList()", [](int, w_Targs*) { return w_pack("L", kNicks); },
            "'$OpList alice$$caf\\udce9$$'"},
           {W_GetMyINFO, "GetMyINFO('n')", my_info,
            "'$MyINFO $ALL nick desc<tag>$ $100$e@mail$42$'"},
           {W_GetMyINFO, "list(vh.GetMyINFO('n'))", my_info,
            "['nick', 'desc', '<tag>', '100', 'e@mail', '42']"},
           {W_GetMyINFO, "list(vh.GetMyINFO('n'))", my_info_with_nulls,
            "['nick', '', '', '100', '', '42']"},
           {W_GetMyINFO, "GetMyINFO('n')", nothing, "None"},
           {W_GetGeoIP, "GetGeoIP('ip')",
            [](int, w_Targs*) { return w_pack("D", "{\"latitude\":59,\"city\":\"Oslo\"}"); },
            "{'latitude': 59.0, 'city': 'Oslo'}"},
           {W_GetGeoIP, "GetGeoIP('ip')", geo_ip,
            "{'latitude': 59.9, 'longitude': 10.0, 'metro_code': 7, 'area_code': 0, 'country': "
            "'Norway', 'city': 'Oslo'}"},
           {W_GetGeoIP, "GetGeoIP('ip')",
            [](int, w_Targs*) {
              return w_pack("sdsdslslp", "a", 1.5, "b", 2.5, "c", 3L, "d", 4L, nullptr);
            },
            "{'a': 1.5, 'b': 2.5, 'c': 3, 'd': 4}"},
           {W_GetGeoIP, "GetGeoIP('ip')", nothing, "None"},
           {W_SQL, "SQL('q')",
            [](int, w_Targs*) { return w_pack("lD", 1L, "[[\"a\",null],[\"b\",\"c\"]]"); },
            "(True, [['a', None], ['b', 'c']])"},
           {W_SQL, "SQL('q')", [](int, w_Targs*) { return w_pack("lD", 1L, nullptr); },
            "(True, [])"},
           {W_SQL, "SQL('q')", [](int, w_Targs*) { return w_pack("lD", 0L, "[]"); }, "(False, [])"},
           {W_SQL, "SQL('q')", [](int, w_Targs*) { return w_pack("D", "[[\"a\"]]"); },
            "(True, [['a']])"},
           {W_SQL, "SQL('q')", [](int, w_Targs*) { return w_pack("D", " [ false, []]"); },
            "(False, [])"},
           {W_SQL, "SQL('q')", sql_table, "(True, [['a', None], ['', 'caf\\udce9']])"},
           {W_SQL, "SQL('q')", [](int, w_Targs*) { return w_pack("lllp", 1L, 0L, 0L, nullptr); },
            "(True, [])"},
           {W_SQL, "SQL('q')", nothing, "(False, [])"},
       }) {
    CAPTURE(row.call);
    CAPTURE(row.result);
    std::fill_n(callbacks, W_MAX_CALLBACKS, nullptr);
    callbacks[row.callback] = row.function;
    const bool whole = row.call.find("vh.") != row.call.npos;
    CHECK(run(id, (whole ? "" : "vh.") + row.call) == row.result);
  }
}

TEST_CASE_FIXTURE(CApi, "a result of another format is a HubError that names the expected one") {
  const int id = load("");
  for (const Row& row : std::initializer_list<Row>{
           {W_mc, "mc('m')", text, "expected \"l\""},
           {W_GetUserClass, "GetUserClass('n')", text, "expected \"l\""},
           {W_GetUserIP, "GetUserIP('n')", number<1>, "expected \"s\""},
           {W_GetServFreq, "GetServFreq()", text, "expected \"d\" or \"l\""},
           {W_GetNickList, "GetNickList()", text, "expected \"D\" or \"L\""},
           {W_GetNickList, "GetRawNickList()", text, "expected \"D\" or \"L\""},
           {W_GetMyINFO, "GetMyINFO('n')", text, "expected \"ssssss\""},
           {W_GetGeoIP, "GetGeoIP('ip')", text, "expected \"D\" or \"sdsdslslp\""},
           {W_SQL, "SQL('q')", number<1>, "expected \"lD\" or \"D\" or \"lllp\""},
           {W_SQL, "SQL('q')", [](int, w_Targs*) { return w_pack("lllp", 1L, 2L, 2L, nullptr); },
            "expected \"lD\""},
           {W_SQL, "SQL('q')", [](int, w_Targs*) { return w_pack("lllp", 1L, -1L, 2L, nullptr); },
            "expected \"lD\""},
           {W_mc, "mc('m')", [](int, w_Targs*) { return w_pack(""); }, "expected \"l\""},
           {W_mc, "mc('m')", [](int, w_Targs*) { return w_pack("ll", 1L, 1L); }, "expected \"l\""},
       }) {
    CAPTURE(row.call);
    std::fill_n(callbacks, W_MAX_CALLBACKS, nullptr);
    callbacks[row.callback] = row.function;
    const std::string error = run(id, "vh." + row.call);
    CAPTURE(error);
    CHECK(error.starts_with(kHubError));
    CHECK(error.find(row.result) != error.npos);
  }
}

TEST_CASE_FIXTURE(CApi, "JSON of another shape than promised is a HubError, not a crash") {
  const int id = load("");
  const auto error = [&](int callback, const char* call, w_Tcallback function) {
    callbacks[callback] = function;
    return run(id, call);
  };
  const char* nicks = "vh.GetNickList()";
  CHECK(error(W_GetNickList, nicks, [](int, w_Targs*) {
          return w_pack("D", "{}");
        }).starts_with(kHubError));
  CHECK(error(W_GetNickList, nicks, [](int, w_Targs*) {
          return w_pack("D", "[1]");
        }).starts_with(kHubError));
  CHECK(error(W_GetNickList, nicks, [](int, w_Targs*) { return w_pack("D", nullptr); }) == "None");
  CHECK(error(W_GetGeoIP, "vh.GetGeoIP('ip')", [](int, w_Targs*) {
          return w_pack("D", "[1]");
        }).starts_with(kHubError));
  CHECK(error(W_SQL, "vh.SQL('q')", [](int, w_Targs*) {
          return w_pack("D", "[1]");
        }).starts_with(kHubError));
  CHECK(error(W_SQL, "vh.SQL('q')", [](int, w_Targs*) {
          return w_pack("lD", 1L, "[[1]]");
        }).starts_with(kHubError));
  for (const w_Tcallback broken : std::initializer_list<w_Tcallback>{
           [](int, w_Targs*) { return w_pack("D", "["); },
           [](int, w_Targs*) { return w_pack("D", ""); },
           [](int, w_Targs*) { return w_pack("D", "[\"\\u0000"); },
       }) {
    const std::string answer = error(W_GetNickList, nicks, broken);
    CAPTURE(answer);
    CHECK(answer.find("Error: ") != answer.npos);
  }
}

TEST_CASE_FIXTURE(CApi, "numbers that are no integer are not rounded") {
  const int id = load("");
  callbacks[W_GetServFreq] = [](int, w_Targs*) { return w_pack("d", 2.5); };
  CHECK(run(id, "vh.GetServFreq()").starts_with(kHubError));
  callbacks[W_GetServFreq] = [](int, w_Targs*) { return w_pack("d", 1e300); };
  CHECK(run(id, "vh.GetServFreq()").starts_with(kHubError));
}

TEST_CASE_FIXTURE(CApi, "a callback's C++ exception is a HubError with its text") {
  const int id = load("");
  callbacks[W_mc] = [](int, w_Targs*) -> w_Targs* { throw std::runtime_error("no luck"); };
  callbacks[W_GetUserIP] = [](int, w_Targs*) -> w_Targs* { throw 5; };
  CHECK(run(id, "vh.mc('m')") == "HubError: no luck");
  CHECK(run(id, "vh.GetUserIP('n')").starts_with(kHubError));
}

TEST_CASE_FIXTURE(CApi, "a callback may return what it got, free it, or pack what it may keep") {
  const int id = load("");
  callbacks[W_GetUserIP] = [](int, w_Targs* args) { return args; };
  CHECK(run(id, "vh.GetUserIP('n')") == "'n'");
  callbacks[W_GetUserIP] = [](int, w_Targs* args) -> w_Targs* {
    w_free_args(args);
    return nullptr;
  };
  CHECK(run(id, "vh.GetUserIP('n')") == "None");
  callbacks[W_GetUserIP] = [](int, w_Targs*) { return w_pack_take("s", strdup("adopted")); };
  CHECK(run(id, "vh.GetUserIP('n')") == "'adopted'");
  callbacks[W_GetUserIP] = [](int, w_Targs*) {
    char* buffer = strdup("from a buffer");
    w_Targs* args = w_pack("s", buffer);
    std::memset(buffer, 'x', 13);
    std::free(buffer);
    return args;
  };
  CHECK(run(id, "vh.GetUserIP('n')") == "'from a buffer'");
}

}  // namespace vh::test
