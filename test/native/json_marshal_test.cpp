// The JSON functions for C++ plugins: text, JsonValue and Python objects, each to the others.
#include "json_marshal.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <string>

#include "core/json.h"
#include "harness.h"

namespace vh::test {
namespace {

using namespace nVerliHub::nPythonPlugin;

JsonValue parsed(const std::string& text) {
  JsonValue value;
  CAPTURE(text);
  REQUIRE(parseJson(text, value));
  return value;
}

bool refuses(const std::string& text) {
  JsonValue value("untouched");
  const bool refused = !parseJson(text, value);
  CHECK(value.string_val == (refused ? "untouched" : value.string_val));
  return refused;
}

std::string brackets(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

std::string json_of(PyObject* object) {
  const std::unique_ptr<char, decltype(&std::free)> text(PyObjectToJsonString(object), std::free);
  return text ? text.get() : "failed";
}

// A Python value by way of a JsonValue, as its repr.
std::string round_trip(PyObject* object) {
  JsonValue value;
  if (!PyObjectToJsonValue(object, value)) return "failed";
  const Owned back(JsonValueToPyObject(value));
  return back ? repr(back.get()) : "failed";
}

std::string python_of(const JsonValue& value) {
  const Owned object(JsonValueToPyObject(value));
  CHECK_FALSE(PyErr_Occurred());
  return object ? repr(object.get()) : "failed";
}

}  // namespace

TEST_CASE("JSON text becomes a JsonValue, and the same text again") {
  for (const char* text : {"null",
                           "true",
                           "false",
                           "0",
                           "-1",
                           "9223372036854775807",
                           "-9223372036854775808",
                           "1.0",
                           "-0.0",
                           "0.1",
                           "5e-324",
                           "1.7976931348623157e308",
                           "\"\"",
                           "\"text\"",
                           "[]",
                           "{}",
                           "[1,[2.5,null],{\"a\":[],\"b\":{}}]",
                           R"(["\u0000","a\u0000b","\"\\\b\f\n\r\t"])",
                           "[\"é\",\"\xF0\x9F\x98\x80\"]",
                           "[\"\xFF\xC3\",\"\xED\xA0\x80\"]"}) {
    CAPTURE(text);
    CHECK(toJsonString(parsed(text)) == text);
  }
  const JsonValue value = parsed(" {\"nick\" : \"alice\",\n\t\"class\": [3, 2.0]}\r\n");
  CHECK(value.object_val.at("nick").string_val == "alice");
  CHECK(value.object_val.at("class").array_val[0].int_val == 3);
  CHECK(value.object_val.at("class").array_val[1].isDouble());
}

TEST_CASE("a JsonValue has what the text says") {
  CHECK(parsed("\"a\\u0000b\"").string_val == std::string("a\0b", 3));
  CHECK(parsed("{\"\\u0000\": 1}").object_val.count(std::string("\0", 1)) == 1);
  CHECK(parsed(R"("\u00e9\uD83d\udE00\\ud800")").string_val == "é\U0001F600\\ud800");
  CHECK(parsed(R"({"a": 1, "b": [], "a": 2})").object_val.at("a").int_val == 2);
  CHECK(parsed("-9223372036854775808").int_val == std::numeric_limits<std::int64_t>::min());
  CHECK(parsed("-0").isInt());
  CHECK(std::signbit(parsed("-0.0").double_val));
  CHECK(parsed("1e2").isDouble());
  // What RapidJSON itself reads an ulp too high or too low.
  CHECK(parsed("2.2250738585072011e-308").double_val == 2.2250738585072011e-308);
  CHECK(parsed("9007199254740993.0").double_val == 9007199254740992.0);
  CHECK(parsed("123456789012345678901234567890e-10").double_val == 1.2345678901234567e19);
  CHECK(parsed("1e-400").double_val == 0);
  CHECK(std::signbit(parsed("-1.5e-999999999999").double_val));
}

TEST_CASE("doubles come back to the bit") {
  std::uint64_t bits = 0x9E3779B97F4A7C15;
  for (int i = 0; i < 20'000; ++i) {
    bits ^= bits << 13;
    bits ^= bits >> 7;
    bits ^= bits << 17;
    double real;
    std::memcpy(&real, &bits, sizeof real);
    if (!std::isfinite(real)) continue;
    const std::string text = toJsonString(JsonValue(real));
    CAPTURE(text);
    const JsonValue back = parsed(text);
    REQUIRE(back.isDouble());
    REQUIRE(std::memcmp(&back.double_val, &real, sizeof real) == 0);
  }
}

TEST_CASE("what is no JSON, or beyond 64 bits, fails") {
  for (const char* text : {"",
                           " ",
                           "nul",
                           "NaN",
                           "Infinity",
                           "-inf",
                           "[1,]",
                           "[1",
                           "{\"a\"}",
                           "{\"a\":1,}",
                           "{1:2}",
                           "[1] 2",
                           "1 1",
                           "01",
                           "+1",
                           ".5",
                           "1.",
                           "0x10",
                           "'a'",
                           "\"a",
                           "\"\t\"",
                           R"("\x")",
                           R"("\u12g4")",
                           R"("\ud800")",
                           R"("\ud800\n")",
                           R"("\ud800\ud800")",
                           R"("\udc00")",
                           R"("\\\udFFF")",
                           R"("\ud83d\ude00\ude00")",
                           "\"\\ud",
                           "9223372036854775808",
                           "-9223372036854775809",
                           "18446744073709551615",
                           "1e400",
                           "-1e309",
                           "1.9e308",
                           "\xEF\xBB\xBF[]",
                           "// c\n1",
                           "[1]]",
                           "]"}) {
    CAPTURE(text);
    CHECK(refuses(text));
  }
  CHECK(refuses(std::string("1\0", 2)));
  CHECK(refuses(std::string("[1]\0[2]", 7)));
  CHECK(refuses(std::string("\"a\0b\"", 5)));
}

TEST_CASE("nesting is an error, not a stack overflow") {
  CHECK(toJsonString(parsed(brackets(kMaxDepth))) == brackets(kMaxDepth));
  CHECK(refuses(brackets(kMaxDepth + 1)));
  CHECK(refuses(brackets(1'000'000)));
  CHECK(refuses(std::string(1'000'000, '[')));
  std::string objects;
  for (int i = 0; i < 1'000'000; ++i) objects += "{\"a\":";
  CHECK(refuses(objects));

  const auto wrap = [](JsonValue value) {
    JsonValue outer;
    outer.type = JsonType::TUPLE;
    outer.tuple_val.push_back(std::move(value));
    return outer;
  };
  JsonValue deep = parsed(brackets(kMaxDepth));
  deep = wrap(std::move(deep));
  CHECK(toJsonString(deep) == "");
  CHECK(toJsonString(deep, true) == "");
  const Gil gil;
  CHECK(python_of(deep) == "failed");
  CHECK(json_of(Owned(JsonValueToPyObject(deep.tuple_val[0])).get()) == brackets(kMaxDepth));
}

TEST_CASE("text can be pretty") {
  CHECK(toJsonString(parsed(R"({"b":[1,{}],"a":[]})"), true) ==
        "{\n    \"a\": [],\n    \"b\": [\n        1,\n        {}\n    ]\n}");
  CHECK(toJsonString(JsonValue("x"), true) == "\"x\"");
}

TEST_CASE("sets and tuples are arrays in text, and NaN is none") {
  JsonValue value;
  value.type = JsonType::TUPLE;
  value.tuple_val.resize(2);
  value.tuple_val[0].type = JsonType::SET;
  value.tuple_val[0].set_val = {JsonValue("b"), JsonValue(1), JsonValue("a")};
  CHECK(toJsonString(value) == R"([[1,"a","b"],null])");
  CHECK(toJsonString(JsonValue(1.0)) == "1.0");
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double none : {std::nan(""), infinity, -infinity}) {
    value.tuple_val[1] = JsonValue(none);
    CHECK(toJsonString(value) == "");
    CHECK(toJsonString(JsonValue(none), true) == "");
    const Gil gil;
    CHECK(python_of(value) == "failed");
  }
  value.type = static_cast<JsonType>(99);
  CHECK(toJsonString(value) == "");
}

TEST_CASE("lists and maps of strings") {
  const std::string odd("\0\xFF\"", 3);
  const std::vector<std::string> list = {"", "é", odd};
  std::vector<std::string> back;
  CHECK(stringListToJson({}) == "[]");
  CHECK(stringListToJson(list) == "[\"\",\"é\",\"\\u0000\xFF\\\"\"]");
  CHECK(jsonToStringList(stringListToJson(list), back));
  CHECK(back == list);
  for (const char* text : {"", "{}", "\"a\"", "1", "[1]", "[1.5]", "[null]", "[true]", "[[]]",
                           "[\"a\",[\"b\"]]", "[{}]", "[\"a\"", "[\"a\"]x", "[\"\\udc00\"]"}) {
    CAPTURE(text);
    CHECK_FALSE(jsonToStringList(text, back));
    CHECK(back == list);
  }
  CHECK(jsonToStringList(" [ ] ", back));
  CHECK(back.empty());

  const std::map<std::string, std::string> map = {{"", "é"}, {odd, odd}};
  std::map<std::string, std::string> map_back;
  CHECK(stringMapToJson({}) == "{}");
  CHECK(stringMapToJson({{"a", "1"}, {"b", "2"}}) == R"({"a":"1","b":"2"})");
  CHECK(jsonToStringMap(stringMapToJson(map), map_back));
  CHECK(map_back == map);
  for (const char* text : {"", "[]", "\"a\"", "1", R"({"a":1})", R"({"a":null})", R"({"a":{}})",
                           R"({"a":["b"]})", R"({"a":"b"}x)", R"({"a":"b")", R"([{"a":"b"}])"}) {
    CAPTURE(text);
    CHECK_FALSE(jsonToStringMap(text, map_back));
    CHECK(map_back == map);
  }
  CHECK(jsonToStringMap(R"({"a":"1","a":"2"})", map_back));
  CHECK(map_back == std::map<std::string, std::string>{{"a", "2"}});
}

TEST_CASE("an out-parameter may be where the text is") {
  JsonValue value("[\"x\"]");
  CHECK(parseJson(value.string_val, value));
  CHECK(toJsonString(value) == "[\"x\"]");
  std::vector<std::string> list = {"[\"x\"]"};
  CHECK(jsonToStringList(list[0], list));
  CHECK(list == std::vector<std::string>{"x"});
}

TEST_CASE("Python objects become JsonValues and come back as they were") {
  const Gil gil;
  for (const char* expression : {"None",
                                 "True",
                                 "0",
                                 "2**63 - 1",
                                 "-2**63",
                                 "1.0",
                                 "-0.0",
                                 "5e-324",
                                 "''",
                                 "'a\\x00é'",
                                 "'\\U0001f600'",
                                 "'\\udcff\\udcc3x'",
                                 "[]",
                                 "()",
                                 "set()",
                                 "{}",
                                 "[1, (2.5, None, ()), {3}, {'k': [True, {'\\udc80': ''}]}]",
                                 "{(1, ('x',))}",
                                 "[[[]], {'': {}}]",
                                 "{frozenset({frozenset()})}"}) {
    CAPTURE(expression);
    CHECK(round_trip(evaluate(expression).get()) == repr(evaluate(expression).get()));
  }
  CHECK(round_trip(evaluate("frozenset({1})").get()) == "{1}");
  CHECK(round_trip(evaluate("{(frozenset({1}),)}").get()) == "{(frozenset({1}),)}");
  JsonValue value;
  REQUIRE(PyObjectToJsonValue(evaluate("('\\udcff\\x00',)").get(), value));
  CHECK(value.tuple_val[0].string_val == std::string("\xFF\0", 2));
}

TEST_CASE("Python objects become text and come back") {
  const Gil gil;
  const auto json = [](const char* expression) { return json_of(evaluate(expression).get()); };
  CHECK(json("None") == "null");
  CHECK(json("'a\\x00\"'") == R"("a\u0000\"")");
  CHECK(json("2**63 - 1") == "9223372036854775807");
  CHECK(json("1.0") == "1.0");
  CHECK(json("[(), {1}, frozenset(), {'b': 1, 'a': False}]") == R"([[],[1],[],{"b":1,"a":false}])");
  CHECK(json("'\\udcff'") == "\"\xFF\"");
  for (const char* text : {"null", "-5", "2.5", "\"\\u0000x\"", "[1,{\"b\":[],\"a\":null}]",
                           "\"\xFF\xC3\"", "{\"\xFF\":\"\xED\xB0\x80\"}"}) {
    CAPTURE(text);
    const Owned object(JsonStringToPyObject(text));
    REQUIRE(object);
    CHECK(json_of(object.get()) == text);
  }
  CHECK(repr(Owned(JsonStringToPyObject(R"({"a":1,"a":"\u0000s"})")).get()) == R"({'a': '\x00s'})");
}

TEST_CASE("what JSON has not fails, and nothing is left behind") {
  const Gil gil;
  const char* none[] = {"2**63",
                        "[-2**63 - 1]",
                        "float('nan')",
                        "[float('inf')]",
                        "b''",
                        "[bytearray()]",
                        "object()",
                        "1j",
                        "{1: 2}",
                        "{b'a': 2}",
                        "{None: 2}",
                        "['\\ud800']",
                        "{'\\ud800': 1}",
                        "(lambda a: a.append(a) or a)([])",
                        "(lambda a: a.update(a=a) or a)({})",
                        "__import__('functools').reduce(lambda a, _: [a], range(10001), 1)",
                        "__import__('functools').reduce(lambda a, _: (a,), range(1000000), 1)"};
  for (const char* expression : none) {
    CAPTURE(expression);
    const Owned object = evaluate(expression);
    JsonValue value("untouched");
    CHECK_FALSE(PyObjectToJsonValue(object.get(), value));
    CHECK(value.string_val == "untouched");
    CHECK(PyObjectToJsonString(object.get()) == nullptr);
    CHECK_FALSE(PyErr_Occurred());
  }
  JsonValue value;
  CHECK_FALSE(PyObjectToJsonValue(nullptr, value));
  CHECK(PyObjectToJsonString(nullptr) == nullptr);
  CHECK(JsonStringToPyObject(nullptr) == nullptr);
  for (const char* text : {"", "[", "1e400", "9223372036854775808", "\"\\udc00\"", "[] x"})
    CHECK(JsonStringToPyObject(text) == nullptr);
  CHECK(JsonStringToPyObject(std::string(1'000'000, '[').c_str()) == nullptr);

  JsonValue list;
  list.type = JsonType::ARRAY;
  value.type = JsonType::SET;
  value.set_val.insert(list);
  CHECK(python_of(value) == "failed");
  CHECK_FALSE(PyErr_Occurred());
}

TEST_CASE("an exception that is under way stays") {
  const Gil gil;
  const Owned good = evaluate("[1]"), bad = evaluate("[object]");
  JsonValue value;
  for (PyObject* object : {good.get(), bad.get()}) {
    PyErr_SetString(PyExc_KeyError, "the caller's");
    CHECK(PyObjectToJsonValue(object, value) == (object == good.get()));
    CHECK(json_of(object) == (object == good.get() ? "[1]" : "failed"));
    Owned(JsonValueToPyObject(value));
    Owned(JsonValueToPyObject(JsonValue(std::nan(""))));
    Owned(JsonStringToPyObject("[1]"));
    Owned(JsonStringToPyObject("["));
    CHECK(take_error() == "KeyError: \"the caller's\"");
  }
}

TEST_CASE("a set of tuples within tuples may be as deep as anything") {
  const Gil gil;
  const Owned object =
      evaluate("{__import__('functools').reduce(lambda a, _: (a,), range(9999), 1)}");
  JsonValue value;
  REQUIRE(PyObjectToJsonValue(object.get(), value));
  const Owned back(JsonValueToPyObject(value));
  REQUIRE(back);
  CHECK(json_of(back.get()) == json_of(object.get()));
}

}  // namespace vh::test
