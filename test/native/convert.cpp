// core/convert.h and core/encoding.h: single values and texts, to and from Python.
#include "core/convert.h"

#include <string_view>

#include "python.h"

using namespace vh;
using namespace std::string_view_literals;
using vh::test::Python;

TEST_CASE("convert: a value comes back the same") {
  Python python;
  const char* const expressions[] = {
      "None",          "True",
      "False",         "0",
      "2**63 - 1",     "-2**63",
      "2**63",         "-2**64 - 1",
      "10**5000",      "0.1",
      "float('inf')",  "''",
      R"('a\0b')",     R"('\xe9')",
      R"('\u20ac')",   R"('\U0001f600')",
      R"('\ud800 x')", R"('\udc00\U0001f600')",
      R"(b'\0\xff')",  "[1, {'a': [2**70]}]",
  };
  for (const char* expression : expressions) {
    CAPTURE(expression);
    Owned original = python.eval(expression);
    Value value;
    REQUIRE(to_value(original.get(), "it", value));
    Owned copy = to_object(value);
    CHECK(python.equal(copy, original));
  }
}

TEST_CASE("convert: the kinds") {
  Python python;
  const auto kind = [&](const char* expression) {
    Owned object = python.eval(expression);
    Value value;
    REQUIRE(to_value(object.get(), "it", value));
    return value.kind();
  };
  CHECK(kind("None") == Kind::None);
  CHECK(kind("True") == Kind::Bool);
  CHECK(kind("2**63 - 1") == Kind::Int);
  CHECK(kind("2**63") == Kind::BigInt);
  CHECK(kind("1.0") == Kind::Float);
  CHECK(kind("'x'") == Kind::String);
  CHECK(kind("b'x'") == Kind::Bytes);
  CHECK(kind("(1,)") == Kind::Json);
}

TEST_CASE("convert: what has no counterpart is refused, and its name told") {
  Python python;
  Value value;
  CHECK_FALSE(to_value(python.eval("1j").get(), "args[2]", value));
  CHECK(python.error() == "TypeError: args[2]: complex has no counterpart outside Python");
}

TEST_CASE("convert: a view that is owned outlives its object") {
  Python python;
  Value value;
  {
    Owned text = python.eval(R"('\u20ac' * 1000)");
    REQUIRE(to_value(text.get(), "it", value));
    value.own();
  }
  CHECK(python.equal(to_object(value), python.eval(R"('\u20ac' * 1000)")));
}

TEST_CASE("encoding: bytes that are not UTF-8 pass without loss") {
  Python python;
  for (std::string_view bytes : {"plain"sv, "a\0b"sv, "\xff\xfe"sv, "caf\xe9 \xe2\x82"sv,
                                 "\xe2\x82\xac\x80"sv, "\xed\xa0\x80"sv, "\xf0\x9f\x98\x80"sv}) {
    CAPTURE(bytes);
    Owned str = to_str(bytes);
    REQUIRE(str);
    CHECK(to_utf8(str.get()) == bytes);
  }
  CHECK(python.equal(to_str("\xe9"sv), python.eval(R"('\udce9')")));
}

TEST_CASE("encoding: UTF-16 with pairs and lone surrogates") {
  Python python;
  const auto str = [](std::u16string_view units) {
    return to_str({units.data(), units.size(), Width::Utf16});
  };
  CHECK(python.equal(str(u"caf\u00e9"), python.eval(R"('caf\xe9')")));
  CHECK(python.equal(str(u"\u20ac"), python.eval(R"('\u20ac')")));
  CHECK(python.equal(str(u"\xd83d\xde00\xd83d"), python.eval(R"('\U0001f600\ud83d')")));
  CHECK(python.equal(str(u"\xde00\xd83d"), python.eval(R"('\ude00\ud83d')")));
}
