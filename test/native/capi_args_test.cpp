// w_pack, w_unpack, w_packprint and w_free_args: formats and memory.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "c_api.h"

namespace vh::test {
namespace {

// A plugin's own, which no w_pack made.
w_Targs* handmade(const char* format, std::initializer_list<w_Telement> elements) {
  auto* args =
      static_cast<w_Targs*>(std::malloc(sizeof(w_Targs) + elements.size() * sizeof(w_Telement)));
  args->format = format;
  std::copy(elements.begin(), elements.end(), args->args);
  return args;
}

w_Telement number(long value) {
  w_Telement element{};
  element.type = 'l';
  element.l = value;
  return element;
}

}  // namespace

TEST_CASE("what is packed is unpacked") {
  std::array<const char*, 3> list = {"one", "two", nullptr};
  int something = 0;
  auto* object = reinterpret_cast<PyObject*>(&something);
  const Args args(w_pack("lsdpDLO", 42L, "text", 2.5, &something, "[1]", list.data(), object));
  REQUIRE(args);
  CHECK(std::string(args->format) == "lsdpDLO");
  for (int i = 0; i < 7; ++i) CHECK(args->args[i].type == args->format[i]);
  CHECK(args->args[0].l == 42);
  CHECK(args->args[2].d == 2.5);

  long l = 0;
  char *s = nullptr, *json = nullptr, **strings = nullptr;
  double d = 0;
  void* p = nullptr;
  PyObject* o = nullptr;
  REQUIRE(w_unpack(args.get(), "lsdpDLO", &l, &s, &d, &p, &json, &strings, &o) == 1);
  CHECK(l == 42);
  CHECK(std::string(s) == "text");
  CHECK(d == 2.5);
  CHECK(p == &something);
  CHECK(std::string(json) == "[1]");
  CHECK(std::string(strings[0]) + strings[1] == "onetwo");
  CHECK(strings[2] == nullptr);
  CHECK(o == object);
  CHECK(w_unpack(args.get(), "lsdpDLO", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                 nullptr) == 1);
}

TEST_CASE("nulls and extremes are packed as they are") {
  CHECK(taken(w_pack("spDLO", nullptr, nullptr, nullptr, nullptr, nullptr)) ==
        "spDLO(NULL, NULL, NULL, NULL, NULL)");
  CHECK(taken(w_pack("lld", INT64_MIN, INT64_MAX, -0.0)) ==
        "lld(-9223372036854775808, 9223372036854775807, -0)");
  CHECK(taken(w_pack("")) == "()");
  CHECK(taken(w_pack("ss", "", "caf\xe9")) == "ss(\"\", \"caf\xe9\")");
  CHECK(taken(w_pack("llllllllllll", 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L)) ==
        "llllllllllll(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)");
}

TEST_CASE("a format with another letter is not packed") {
  for (const std::string format : {"x", "l|l", "lx", "i", " l", "S", "%s", "\xff"}) {
    CAPTURE(format);
    CHECK(w_pack(format.c_str(), 1L, 2L) == nullptr);
    CHECK(w_pack_take(format.c_str(), 1L, 2L) == nullptr);
  }
  CHECK(w_pack(nullptr) == nullptr);
  CHECK(w_pack_take(nullptr) == nullptr);
}

TEST_CASE("a mismatch writes nothing") {
  const Args args(w_pack("ls", 5L, "text"));
  for (const std::string format : {"", "l", "s", "sl", "lsl", "ll", "ld", "lsd", "l|", "|l", "|sl",
                                   "l|d", "l||s", "|l|s", "ls|x", "x|ls", "lD", "ls ", "\xff"}) {
    CAPTURE(format);
    long l = -7;
    const char* s = "untouched";
    double d = -7;
    CHECK(w_unpack(args.get(), format.c_str(), &l, &s, &d, &d) == 0);
    CHECK(l == -7);
    CHECK(std::string(s) == "untouched");
    CHECK(d == -7);
  }
  long l = -7;
  CHECK(w_unpack(nullptr, "l", &l) == 0);
  CHECK(w_unpack(args.get(), nullptr, &l) == 0);
  CHECK(w_unpack(nullptr, nullptr) == 0);
  CHECK(l == -7);
}

TEST_CASE("what stands after | may be missing") {
  const auto unpack = [](const Args& args, const std::string& format) {
    long l = -7;
    const char* s = "old";
    double d = -7;
    void* p = &l;
    if (!w_unpack(args.get(), format.c_str(), &l, &s, &d, &p)) return std::string("mismatch");
    char text[80];
    std::snprintf(text, sizeof text, "%ld %s %g %d", l, s ? s : "NULL", d, p != nullptr);
    return std::string(text);
  };
  for (const std::string format : {"lsdp", "|lsdp", "l|sdp", "lsd|p", "lsdp|"}) {
    CAPTURE(format);
    int something = 0;
    CHECK(unpack(Args(w_pack("lsdp", 1L, "s", 2.5, &something)), format) == "1 s 2.5 1");
  }
  CHECK(unpack(Args(w_pack("lsd", 1L, "s", 2.5)), "ls|dp") == "1 s 2.5 0");
  CHECK(unpack(Args(w_pack("ls", 1L, "s")), "ls|dp") == "1 s 0 0");
  CHECK(unpack(Args(w_pack("l", 1L)), "|lsdp") == "1 NULL 0 0");
  CHECK(unpack(Args(w_pack("")), "|lsdp") == "0 NULL 0 0");
  CHECK(unpack(Args(w_pack("l", 1L)), "ls|dp") == "mismatch");
  CHECK(unpack(Args(w_pack("lsdpl", 1L, "s", 2.5, nullptr, 3L)), "ls|dp") == "mismatch");
}

TEST_CASE("w_pack copies: a buffer may be freed or changed at once") {
  char* buffer = strdup("from a buffer");
  char* list[] = {strdup("first"), strdup("second"), nullptr};
  w_Targs* args = w_pack("sDL", buffer, buffer, list);
  for (char* text : {buffer, list[0], list[1]}) {
    std::memset(text, 'x', std::strlen(text));
    std::free(text);
  }
  list[0] = list[1] = nullptr;
  CHECK(shown(args) == R"(sDL("from a buffer", from a buffer, ["first", "second"]))");
  std::free(args);  // all of it: sanitizers would tell
}

TEST_CASE("w_pack_take adopts: strdup needs no free") {
  const auto list = [] {
    auto** strings = static_cast<char**>(std::calloc(2, sizeof(char*)));
    strings[0] = strdup("listed");
    return strings;
  };
  char* adopted = strdup("adopted");
  w_Targs* args = w_pack_take("sDLsl", adopted, strdup("{}"), list(), nullptr, 5L);
  CHECK(args->args[0].s == adopted);
  CHECK(taken(args) == R"(sDLsl("adopted", {}, ["listed"], NULL, 5))");

  // Both ways of the original are right.
  w_Targs* freed_by_hand = w_pack_take("s", strdup("text"));
  std::free(freed_by_hand->args[0].s);
  std::free(freed_by_hand);
}

TEST_CASE("w_PackAdopts makes w_pack adopt") {
  w_PackAdopts(1);
  char* adopted = strdup("adopted");
  w_Targs* args = w_pack("s", adopted);
  w_PackAdopts(0);
  CHECK(args->args[0].s == adopted);
  w_free_args(args);
  CHECK(taken(w_pack("s", "a literal again")) == R"(s("a literal again"))");
}

ALONE_TEST_CASE("VH_PACK_ADOPTS=1 makes w_pack adopt", "VH_PACK_ADOPTS=1") {
  char* adopted = strdup("adopted");
  const Args args(w_pack("s", adopted));
  CHECK(args->args[0].s == adopted);
}

ALONE_TEST_CASE("VH_PACK_ADOPTS=0 changes nothing", "VH_PACK_ADOPTS=0") {
  const char* literal = "literal";
  const Args args(w_pack("s", literal));
  CHECK(args->args[0].s != literal);
}

TEST_CASE("arguments that a plugin made by hand are read, and freed") {
  w_Targs* args = handmade("ll", {number(1), number(2)});
  long a = 0, b = 0;
  CHECK(w_unpack(args, "l|l", &a, &b) == 1);
  CHECK(a + b == 3);
  CHECK(taken(args) == "ll(1, 2)");

  w_Targs* formatless = handmade(nullptr, {});
  CHECK(w_unpack(formatless, "") == 0);
  CHECK(std::string(w_packprint(formatless)) == "NULL");
  w_free_args(formatless);
  w_free_args(nullptr);
}

TEST_CASE("w_packprint holds any text") {
  CHECK(std::string(w_packprint(nullptr)) == "NULL");
  CHECK(taken(w_pack("s", "a\"b\\c\n\x01\x7f")) == R"(s("a\"b\\c\x0a\x01\x7f"))");
  const std::string longest(1'000'000, 'x');
  CHECK(taken(w_pack("s", longest.c_str())) == "s(\"" + longest + "\")");
  CHECK(taken(w_pack("s", "%s%n%d")) == "s(\"%s%n%d\")");
  CHECK(taken(w_pack("d", 1e308)) == "d(1e+308)");
}

TEST_CASE("names of hooks and callbacks, for any number") {
  CHECK(std::string(w_HookName(W_OnNewConn)) == "OnNewConn");
  CHECK(std::string(w_HookName(W_OnScriptQuery)) == "OnScriptQuery");
  CHECK(W_OnSetConfig == 40);
  CHECK(std::string(w_CallName(W_SendToOpChat)) == "SendToOpChat");
  CHECK(std::string(w_CallName(W_ScriptQuery)) == "ScriptQuery");
  CHECK(W_StopHub == 56);
  for (const int number : {-1, INT32_MIN, INT32_MAX, W_MAX_HOOKS}) {
    CHECK(w_HookName(number) == nullptr);
    CHECK(w_CallName(number) == nullptr);
    CHECK(w_GetHook(number) == nullptr);
  }
  CHECK(w_HookName(W_OnScriptQuery + 1) == nullptr);
  CHECK(w_CallName(W_ScriptQuery + 1) == nullptr);
}

}  // namespace vh::test
