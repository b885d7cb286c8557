// w_RegisterFunction and vh.CallDynamicFunction.
#include <array>
#include <climits>
#include <stdexcept>
#include <string>

#include "c_api.h"

namespace vh::test {
namespace {

w_Targs* one(int, w_Targs*) {
  return w_pack("l", 1L);
}
w_Targs* two(int, w_Targs*) {
  return w_pack("l", 2L);
}

// Returns what it was called with.
w_Targs* echo(int, w_Targs* args) {
  return args;
}

std::string call(int id, const std::string& arguments) {
  return CApi::run(id, "vh.CallDynamicFunction(" + arguments + ")");
}

struct Row {
  std::string arguments;
  std::string expected;
};

}  // namespace

TEST_CASE_FIXTURE(CApi, "arguments arrive by their types, with -1 for the number") {
  const int id = load("");
  REQUIRE(w_RegisterFunction(id, "say", say) == 1);
  for (const Row& row : std::initializer_list<Row>{
           {"'say'", "()"},
           {"'say', 1, True, False, -2**63, 2**63 - 1",
            "lllll(1, 1, 0, -9223372036854775808, 9223372036854775807)"},
           {"'say', 0.1, float('inf')", "dd(0.1, inf)"},
           {"'say', 'é', '', None, 'caf\\udce9'", "ssss(\"é\", \"\", NULL, \"caf\xe9\")"},
           {"'say', [1, 'a'], (2,), {'b': None, 'a': 0.5}",
            "DDD([1,\"a\"], [2], {\"b\":null,\"a\":0.5})"},
           {"'say', {5}, frozenset()", "DD([5], [])"},
           {"'say', [2**63 - 1, -2**63, 1e300, 5e-324]",
            "D([9223372036854775807,-9223372036854775808,1e300,5e-324])"},
           {"'say', *range(12)", "llllllllllll(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)"},
       }) {
    CAPTURE(row.arguments);
    said().clear();
    CHECK(call(id, row.arguments) == "None");
    CHECK(said() == std::vector<std::string>{std::string("-1 ") + row.expected});
  }
}

TEST_CASE_FIXTURE(CApi,
                  "what cannot travel is an exception that says where, and nothing is called") {
  const int id = load("cycle = []\ncycle.append(cycle)\n");
  REQUIRE(w_RegisterFunction(id, "say", say) == 1);
  for (const Row& row : std::initializer_list<Row>{
           {"'say', 1, object()", "TypeError: CallDynamicFunction: args[1]: object "},
           {"'say', b'bytes'", "TypeError: CallDynamicFunction: args[0]: bytes "},
           {"'say', [0, {'a': b''}]", "TypeError: CallDynamicFunction: args[0][1]['a']: bytes "},
           {"'say', {1: 2}", "TypeError: CallDynamicFunction: args[0]: a dict key must be str"},
           {"'say', cycle", "TypeError: CallDynamicFunction: args[0]: nested more than 10000 deep"},
           {"'say', 2**63", "OverflowError: CallDynamicFunction: args[0]: "},
           {"'say', [2**63]", "OverflowError: CallDynamicFunction: args[0][0]: "},
           {"'say', [float('nan')]", "ValueError: CallDynamicFunction: args[0][0]: nan "},
           {"'say', 'a\\0'", "ValueError: CallDynamicFunction: args[0]: a str with a NUL"},
           {"'say', '\\ud800'", "ValueError: CallDynamicFunction: args[0]: a str with a lone "},
           {"'say', ['\\ud800']", "ValueError: CallDynamicFunction: args[0][0]: "},
           {"'nobody'", "NameError: CallDynamicFunction: no function 'nobody' is registered"},
           {"''", "NameError: "},
           {"'\\ud800'", "NameError: "},
           {"5", "TypeError: CallDynamicFunction() argument 'func_name' must be str, not int"},
           {"", "TypeError: CallDynamicFunction() missing required argument 'func_name'"},
           {"'say', key=1", "TypeError: CallDynamicFunction() takes no keyword arguments"},
       }) {
    CAPTURE(row.arguments);
    const std::string answer = call(id, row.arguments);
    CAPTURE(answer);
    CHECK(answer.starts_with(row.expected));
  }
  CHECK(said().empty());
}

TEST_CASE_FIXTURE(CApi, "one value comes back as itself, several as a tuple") {
  const int id = load("");
  w_RegisterFunction(id, "echo", echo);
  for (const Row& row : std::initializer_list<Row>{
           {"'echo'", "None"},
           {"'echo', None", "None"},
           {"'echo', 2**63 - 1", "9223372036854775807"},
           {"'echo', True", "1"},
           {"'echo', float('-inf')", "-inf"},
           {"'echo', 'caf\\udce9'", "'caf\\udce9'"},
           {"'echo', 1, 'a', 2.5, None", "(1, 'a', 2.5, None)"},
           {"'echo', {'z': [1, {'y': (2, 3)}], 'a': 'b'}", "{'z': [1, {'y': [2, 3]}], 'a': 'b'}"},
           {"'echo', [2**53 + 1, 0.1, -0.0]", "[9007199254740993, 0.1, -0.0]"},
           {"'echo', ['a\\0b', '\\udce9']", "['a\\x00b', '\\udce9']"},
           {"'echo', [], {}", "([], {})"},
           {"'echo', *range(12)", "(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)"},
       }) {
    CAPTURE(row.arguments);
    CHECK(call(id, row.arguments) == row.expected);
  }
}

TEST_CASE_FIXTURE(CApi, "results of every format") {
  const int id = load("");
  const auto result = [&](w_Tcallback function) {
    REQUIRE(w_RegisterFunction(id, "f", function) == 1);
    return call(id, "'f'");
  };
  CHECK(result([](int, w_Targs*) -> w_Targs* { return nullptr; }) == "None");
  CHECK(result([](int, w_Targs*) { return w_pack(""); }) == "None");
  CHECK(result([](int, w_Targs*) { return w_pack("s", nullptr); }) == "None");
  CHECK(result([](int, w_Targs*) { return w_pack("D", nullptr); }) == "None");
  CHECK(result([](int, w_Targs*) { return w_pack("D", "7"); }) == "7");
  CHECK(result([](int, w_Targs*) { return w_pack("p", reinterpret_cast<void*>(16)); }) == "16");
  CHECK(result([](int, w_Targs*) {
          static const std::array<const char*, 2> list = {"a", nullptr};
          return w_pack("Ll", list.data(), 1L);
        }) == "(['a'], 1)");
  CHECK(result([](int, w_Targs*) { return w_pack_take("sD", strdup("s"), strdup("{}")); }) ==
        "('s', {})");
  CHECK(result([](int, w_Targs*) { return w_pack("D", "[1,"); }).starts_with("ValueError: "));
  CHECK(result([](int, w_Targs*) {
          return w_pack("D", "[9223372036854775808]");
        }).starts_with("ValueError: "));
  CHECK(result([](int, w_Targs*) -> w_Targs* { throw std::runtime_error("no luck"); }) ==
        "HubError: no luck");
}

TEST_CASE_FIXTURE(CApi, "containers travel 10,000 deep, and no deeper") {
  const int id = load(
      "def nested(depth):\n"
      "    value = []\n"
      "    for i in range(depth - 1): value = [value]\n"
      "    return value\n"
      "def depth(value):\n"
      "    n = 0\n"
      "    while isinstance(value, list): value, n = value[0] if value else None, n + 1\n"
      "    return n\n");
  w_RegisterFunction(id, "echo", echo);
  CHECK(run(id, "depth(vh.CallDynamicFunction('echo', nested(10000)))") == "10000");
  CHECK(call(id, "'echo', nested(10001)").starts_with("TypeError: "));
  CHECK(call(id, "'echo', nested(1000000)").starts_with("TypeError: "));
}

TEST_CASE_FIXTURE(CApi, "functions are registered from the reservation on, replaced and removed") {
  const int id = w_ReserveID();
  REQUIRE(w_RegisterFunction(id, "f", one) == 1);
  CHECK(load("loaded = vh.CallDynamicFunction('f')\n", id) == id);
  CHECK(run(id, "loaded") == "1");
  CHECK(w_RegisterFunction(id, "f", two) == 1);
  CHECK(call(id, "'f'") == "2");
  CHECK(w_UnregisterFunction(id, "f") == 1);
  CHECK(w_UnregisterFunction(id, "f") == 0);
  CHECK(call(id, "'f'").starts_with("NameError"));
  CHECK(w_RegisterFunction(id, "", one) == 1);
  CHECK(call(id, "''") == "1");
  CHECK(w_RegisterFunction(id, "caf\xe9", two) == 1);
  CHECK(call(id, "'caf\\udce9'") == "2");
}

TEST_CASE_FIXTURE(CApi, "a function belongs to one script, and is gone with it") {
  const int id = load("def UnLoad(): vh.CallDynamicFunction('say', 'bye')\n"), other = load("");
  w_RegisterFunction(id, "say", say);
  CHECK(call(other, "'say'").starts_with("NameError"));
  CHECK(w_Unload(id) == 1);
  CHECK(said() == std::vector<std::string>{"-1 s(\"bye\")"});
  CHECK(w_UnregisterFunction(id, "say") == 0);
  CHECK(w_RegisterFunction(id, "say", say) == 0);
}

TEST_CASE_FIXTURE(CApi, "a function of a script that did not load is gone") {
  const int id = w_ReserveID();
  CHECK(w_RegisterFunction(id, "f", one) == 1);
  {
    const Stderr quiet;
    CHECK(load_file(write("raise ValueError\n"), id) == -1);
  }
  CHECK(w_UnregisterFunction(id, "f") == 0);
  CHECK(w_RegisterFunction(id, "f", one) == 1);
  CHECK(load("", id) == id);
  CHECK(call(id, "'f'") == "1");
}

TEST_CASE_FIXTURE(CApi, "registrations of nobody are refused") {
  const int id = load("");
  for (const int nobody : {-1, INT_MIN, INT_MAX}) {
    CHECK(w_RegisterFunction(nobody, "f", one) == 0);
    CHECK(w_UnregisterFunction(nobody, "f") == 0);
  }
  CHECK(w_RegisterFunction(id, nullptr, one) == 0);
  CHECK(w_RegisterFunction(id, "f", nullptr) == 0);
  CHECK(w_UnregisterFunction(id, nullptr) == 0);
}

}  // namespace vh::test
