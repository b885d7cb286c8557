// w_HasHook, w_CallHook and w_CallFunction: what goes in, and what comes out.
#include <array>
#include <climits>

#include "c_api.h"

namespace vh::test {
namespace {

struct Row {
  std::string expression;
  std::string shown;
};

}  // namespace

TEST_CASE_FIXTURE(CApi, "a hook's result by its type") {
  const int id = load(
      "import collections, enum\n"
      "class Level(enum.IntEnum): LOW = 3\n"
      "class Text(str): pass\n"
      "Pair = collections.namedtuple('Pair', 'nick msg')\n"
      "def OnParsedMsgChat(nick, msg): return eval(msg)\n");
  const Stderr quiet;
  for (const Row& row : std::initializer_list<Row>{
           {"None", "l(1)"},
           {"True", "l(1)"},
           {"False", "l(0)"},
           {"0", "l(0)"},
           {"-7", "l(-7)"},
           {"2**63 - 1", "l(9223372036854775807)"},
           {"-2**63", "l(-9223372036854775808)"},
           {"2**63", "NULL"},
           {"Level.LOW", "l(3)"},
           {"2.5", "d(2.5)"},
           {"float('inf')", "d(inf)"},
           {"''", "s(\"\")"},
           {"'é'", "s(\"é\")"},
           {"Text('sub')", "s(\"sub\")"},
           {"'caf\\udce9'", "s(\"caf\xe9\")"},
           {"'a\\0b'", "NULL"},
           {"'\\ud800'", "NULL"},
           {"()", "()"},
           {"('a',)", "s(\"a\")"},
           {"('a', 'b')", "ss(\"a\", \"b\")"},
           {"('a', None, 1, True, 2.5)", "sslld(\"a\", NULL, 1, 1, 2.5)"},
           {"('1', '2', '3', '4', '5')", "sssss(\"1\", \"2\", \"3\", \"4\", \"5\")"},
           {"Pair('n', 'm')", "ss(\"n\", \"m\")"},
           {"tuple(range(300))[-12:]",
            "llllllllllll(288, 289, 290, 291, 292, 293, 294, 295, 296, "
            "297, 298, 299)"},
           {"('a', [])", "NULL"},
           {"('a', ('b',))", "NULL"},
           {"('a', 2**63)", "NULL"},
           {"('a', 'b\\0')", "NULL"},
           {"[]", "NULL"},
           {"{}", "NULL"},
           {"{1}", "NULL"},
           {"b'bytes'", "NULL"},
           {"object()", "NULL"},
           {"1 / 0", "NULL"},
           {"exec('raise SystemExit(3)')", "NULL"},
           {"exec('raise KeyboardInterrupt')", "NULL"},
           {"exec('raise vh.HookTimeout')", "NULL"},
       }) {
    CAPTURE(row.expression);
    CHECK(chat(id, "nick", row.expression) == row.shown);
  }
}

TEST_CASE_FIXTURE(CApi, "a result is freed by hand as well") {
  const int id = load("def OnParsedMsgChat(nick, msg): return (nick, msg)\n");
  const Args args(w_pack("ss", "nick", "msg"));
  w_Targs* result = w_CallHook(id, W_OnParsedMsgChat, args.get());
  char *nick = nullptr, *msg = nullptr;
  REQUIRE(w_unpack(result, "ss", &nick, &msg) == 1);
  std::free(nick);
  std::free(msg);
  std::free(result);
}

TEST_CASE_FIXTURE(CApi, "a hook takes as many arguments as it has parameters") {
  const Stderr quiet;
  for (const Row& row : std::initializer_list<Row>{
           {"def OnParsedMsgPM(): return 'none'", "s(\"none\")"},
           {"def OnParsedMsgPM(a): return a", "s(\"1\")"},
           {"def OnParsedMsgPM(a, b): return a, b", "ss(\"1\", \"2\")"},
           {"def OnParsedMsgPM(a, b, c, d='d'): return a, b, c, d",
            "ssss(\"1\", \"2\", \"3\", \"d\")"},
           {"def OnParsedMsgPM(*all): return all", "sss(\"1\", \"2\", \"3\")"},
           {"def OnParsedMsgPM(a, *all): return all", "ss(\"2\", \"3\")"},
           {"def OnParsedMsgPM(a, *, key='k', **more): return a, key", "ss(\"1\", \"k\")"},
           {"def OnParsedMsgPM(a, b, c, d): return 1", "NULL"},
           {"OnParsedMsgPM = lambda a: a", "s(\"1\")"},
           {"import functools\nOnParsedMsgPM = functools.partial(lambda x, a: (x, a), 'x')",
            "ss(\"x\", \"1\")"},
           {"class Hook:\n  def __call__(self, a): return a\nOnParsedMsgPM = Hook()", "s(\"1\")"},
           {"class Hook:\n  def on(self, a, b): return a, b\nOnParsedMsgPM = Hook().on",
            "ss(\"1\", \"2\")"},
           {"OnParsedMsgPM = 5", "NULL"},
       }) {
    CAPTURE(row.expression);
    const int id = load(row.expression);
    const Args args(w_pack("sss", "1", "2", "3"));
    CHECK(taken(w_CallHook(id, W_OnParsedMsgPM, args.get())) == row.shown);
    CHECK(w_Unload(id) == 1);
  }
}

TEST_CASE_FIXTURE(CApi,
                  "fewer or no arguments than the hook has are an exception or what there is") {
  const int id = load(
      "def OnTimer(*args): return len(args)\n"
      "def OnUserLogin(nick): return nick\n");
  CHECK(taken(w_CallHook(id, W_OnTimer, nullptr)) == "l(0)");
  CHECK(taken(w_CallHook(id, W_OnTimer, Args(w_pack("")).get())) == "l(0)");
  CHECK(taken(w_CallHook(id, W_OnTimer, Args(w_pack("dlls", 1.0, 2L, 3L, "4")).get())) == "l(4)");
  const Stderr quiet;
  CHECK(taken(w_CallHook(id, W_OnUserLogin, nullptr)) == "NULL");
}

TEST_CASE_FIXTURE(CApi, "arguments of every format reach hooks and functions") {
  const int id = load(
      "def show(*args): return repr(args)\n"
      "OnParsedMsgAny = show\n");
  std::array<const char*, 3> list = {"one", "caf\xe9", nullptr};
  std::array<const char*, 1> empty = {nullptr};
  const auto check = [&](w_Targs* packed, const std::string& expected) {
    const Args args(packed);
    CHECK(taken(w_CallHook(id, W_OnParsedMsgAny, args.get())) == "s(\"" + expected + "\")");
    CHECK(taken(w_CallFunction(id, "show", args.get())) == "s(\"" + expected + "\")");
  };
  check(nullptr, "()");
  check(w_pack("ll", INT64_MIN, INT64_MAX), "(-9223372036854775808, 9223372036854775807)");
  check(w_pack("ssss", "", "é", nullptr, "caf\xe9"), "('', 'é', None, 'caf\\\\udce9')");
  check(w_pack("ddd", 0.1, -0.0, 5e-324), "(0.1, -0.0, 5e-324)");
  check(w_pack("pp", reinterpret_cast<void*>(4096), nullptr), "(4096, 0)");
  check(w_pack("LLL", list.data(), empty.data(), nullptr), "(['one', 'caf\\\\udce9'], [], None)");
  check(w_pack("DDDD", "{\"b\":[1,2.5,null,true],\"a\":\"x\"}", "9223372036854775807", "\"s\"",
               nullptr),
        "({'b': [1, 2.5, None, True], 'a': 'x'}, 9223372036854775807, 's', None)");
  check(w_pack("llllllllll", 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L),
        "(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)");
}

TEST_CASE_FIXTURE(CApi, "JSON that is none, or too deep, is an exception") {
  const int id = load(
      "def deep(value):\n"
      "    depth = 0\n"
      "    while value: value, depth = value[0], depth + 1\n"
      "    return depth\n");
  const auto deep = [&](std::size_t depth) {
    const std::string json = std::string(depth, '[') + std::string(depth, ']');
    return taken(w_CallFunction(id, "deep", Args(w_pack("D", json.c_str())).get()));
  };
  CHECK(deep(10'000) == "l(9999)");
  const Stderr quiet;
  CHECK(deep(10'001) == "NULL");
  CHECK(deep(1'000'000) == "NULL");
  for (const std::string json :
       {"", "[", "[1,]", "nope", "[NaN]", "[1e999]", "[9223372036854775808]"}) {
    CAPTURE(json);
    CHECK(taken(w_CallFunction(id, "deep", Args(w_pack("D", json.c_str())).get())) == "NULL");
  }
}

TEST_CASE_FIXTURE(CApi, "a function's result by its type") {
  const int id = load("def value(expression): return eval(expression)\n");
  const Stderr quiet;
  for (const Row& row : std::initializer_list<Row>{
           {"None", "l(0)"},
           {"True", "l(1)"},
           {"-2**63", "l(-9223372036854775808)"},
           {"0.1", "d(0.1)"},
           {"'é'", "s(\"é\")"},
           {"[]", "D([])"},
           {"{}", "D({})"},
           {"()", "D([])"},
           {"('a', 1)", "D([\"a\",1])"},
           {"{5}", "D([5])"},
           {"frozenset(['x'])", "D([\"x\"])"},
           {"{'b': [None, True, 2**63 - 1, -2**63, 0.1, 1e300], 'a': {'é': ''}}",
            "D({\"b\":[null,true,9223372036854775807,-9223372036854775808,0.1,1e300],\"a\":{\"é\":"
            "\"\"}})"},
           {"['\\udce9']", "D([\"\xe9\"])"},
           {"['a\\0b']", "D([\"a\\u0000b\"])"},
           {"2**63", "NULL"},
           {"[2**63]", "NULL"},
           {"['\\ud800']", "NULL"},
           {"[float('nan')]", "NULL"},
           {"{1: 2}", "NULL"},
           {"[b'']", "NULL"},
           {"b''", "NULL"},
           {"object()", "NULL"},
           {"'\\0'", "NULL"},
           {"exec('a = []; a.append(a); globals().update(a=a)') or a", "NULL"},
           {"1 / 0", "NULL"},
           {"exec('raise SystemExit')", "NULL"},
       }) {
    CAPTURE(row.expression);
    const Args args(w_pack("s", row.expression.c_str()));
    CHECK(taken(w_CallFunction(id, "value", args.get())) == row.shown);
  }
}

TEST_CASE_FIXTURE(CApi, "any top-level callable is a function") {
  const int id = load(
      "from math import floor\n"
      "def plain(): return 'plain'\n"
      "class Made(list): pass\n"
      "globals()['caf\\udce9'] = lambda: 'by bytes'\n"
      "number = 5\n"
      "def OnTimer(ms): return ms\n");
  CHECK(taken(w_CallFunction(id, "plain", nullptr)) == "s(\"plain\")");
  CHECK(taken(w_CallFunction(id, "floor", Args(w_pack("d", 2.5)).get())) == "l(2)");
  CHECK(taken(w_CallFunction(id, "Made", nullptr)) == "D([])");
  CHECK(taken(w_CallFunction(id, "caf\xe9", nullptr)) == "s(\"by bytes\")");
  CHECK(taken(w_CallFunction(id, "OnTimer", Args(w_pack("d", 2.5)).get())) == "d(2.5)");
  const Stderr quiet;
  for (const std::string name :
       {"number", "nothing", "", "plain()", "vh.Encode", "\xff", "__name__"}) {
    CAPTURE(name);
    CHECK(taken(w_CallFunction(id, name.c_str(), nullptr)) == "NULL");
  }
  CHECK(taken(w_CallFunction(id, nullptr, nullptr)) == "NULL");
  CHECK(taken(w_CallFunction(id, "plain", Args(w_pack("l", 1L)).get())) == "NULL");
}

TEST_CASE_FIXTURE(CApi, "w_HasHook follows what the script binds") {
  const int id = load(
      "def OnTimer(ms): pass\n"
      "def define(): global OnNewConn; OnNewConn = lambda ip: 0\n"
      "def delete(): global OnTimer; del OnTimer\n");
  const auto has = [&] { return 10 * w_HasHook(id, W_OnTimer) + w_HasHook(id, W_OnNewConn); };
  CHECK(has() == 10);
  w_free_args(w_CallFunction(id, "define", nullptr));
  CHECK(has() == 11);
  CHECK(taken(w_CallHook(id, W_OnNewConn, Args(w_pack("s", "1.2.3.4")).get())) == "l(0)");
  w_free_args(w_CallFunction(id, "delete", nullptr));
  CHECK(has() == 1);
  CHECK(taken(w_CallHook(id, W_OnTimer, nullptr)) == "NULL");
  for (const int hook : {-1, INT_MIN, INT_MAX, 42, W_MAX_HOOKS}) {
    CHECK(w_HasHook(id, hook) == 0);
    CHECK(taken(w_CallHook(id, hook, nullptr)) == "NULL");
  }
  for (const int nobody : {-1, INT_MIN, INT_MAX, id + 1}) {
    CHECK(w_HasHook(nobody, W_OnTimer) == 0);
    CHECK(taken(w_CallHook(nobody, W_OnTimer, nullptr)) == "NULL");
    CHECK(taken(w_CallFunction(nobody, "define", nullptr)) == "NULL");
  }
}

TEST_CASE_FIXTURE(CApi, "an exception is said on stderr with its traceback") {
  const int id = load("def OnTimer(ms): return 1 / 0\n");
  std::string text;
  {
    const Stderr captured;
    CHECK(taken(w_CallHook(id, W_OnTimer, Args(w_pack("d", 1.0)).get())) == "NULL");
    text = captured.text();
  }
  CHECK(text.find("OnTimer of ") != text.npos);
  CHECK(text.find("ZeroDivisionError: division by zero") != text.npos);
}

TEST_CASE_FIXTURE(CApi, "w_LogLevel says calls, arguments and results on stderr") {
  const int id = load("def OnParsedMsgChat(nick, msg): return 0\n");
  std::string quiet, loud;
  {
    const Stderr captured;
    chat(id);
    quiet = captured.text();
  }
  {
    const Stderr captured;
    w_LogLevel(2);
    chat(id);
    w_LogLevel(INT_MIN);
    w_LogLevel(0);
    loud = captured.text();
  }
  CHECK(quiet == "");
  CHECK(loud.find("OnParsedMsgChat(\"alice\", \"hello\") -> (0)") != loud.npos);
}

}  // namespace vh::test
