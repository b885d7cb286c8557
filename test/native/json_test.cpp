// Containers to JSON text and back: exact, and bounded on the heap.
#include <doctest/doctest.h>

#include <string>

#include "core/encoding.h"
#include "core/json.h"
#include "harness.h"

namespace vh::test {
namespace {

std::u16string written(PyObject* object) {
  Value json;
  REQUIRE(write_json(object, "args[0]", Dialect::Js, json));
  return {static_cast<const char16_t*>(json.text().data), json.text().length};
}

Owned read(const std::u16string& text) {
  return read_json(Value::view(Kind::Json, {text.data(), text.size(), Width::Utf16}));
}

std::string refusal(PyObject* object) {
  Value json;
  CHECK_FALSE(write_json(object, "args[0]", Dialect::Js, json));
  return take_error();
}

}  // namespace

TEST_CASE("plain containers are plain JSON") {
  const Gil gil;
  CHECK(written(evaluate("{'b': [1, -2.5, None, True, 'é'], 'a': ()}").get()) ==
        uR"({"b":[1,-2.5,null,true,"é"],"a":[]})");
  CHECK(written(evaluate("['\"\\\\\\n\\x1f\\x7f', 'ж\\ud800', '😀é']").get()) ==
        std::u16string(u"[\"\\\"\\\\\\u000a\\u001f\x7f\",\"ж") + char16_t{0xD800} + u"\",\"😀é\"]");
  CHECK(written(evaluate("{}").get()) == u"{}");
  CHECK(written(evaluate("['a\\x00']").get()) == uR"(["a\u0000"])");
  CHECK(written(evaluate("['\\x00']").get()) == uR"(!["\u0000s\u0000"])");
  CHECK(written(evaluate("[[], [{}], {'a': {}}]").get()) == uR"([[],[{}],{"a":{}}])");
}

TEST_CASE("what JSON cannot say is escaped, and comes back as it was") {
  const Gil gil;
  for (const char* expression :
       {"[2**53 - 1, 2**53, -2**53, 2**64, -10**400]", "[b'', b'\\x00\\xff']",
        "['\\ud800', '\\udc80x', '\\x00', '']", "{'\\x00k': 1, '\\ud800': 2}",
        "['\\U0001f600 \\ud83d']", "['\"\\\\\\n\\x01' * 1000, '\\x00' * 1000]",
        "[{'a': 1, 'é': 2, '': 3, '\\U0001f600': 4}] * 3",
        "[{'a': 1, 'b': 2}, {'a': 3, 'bc': 4}, {'b': [{'a': 5}], 'a': 6}, {'a': 7, 'b\\n': 8}] * 2",
        "[1.5e308, 5e-324, -0.0, 0.1]"}) {
    CAPTURE(expression);
    Owned object = evaluate(expression);
    Owned back = read(written(object.get()));
    CHECK(repr(back.get()) == repr(object.get()));
  }
}

TEST_CASE("numbers from outside are exact") {
  const Gil gil;
  CHECK(repr(read(u"[999999999999999999,9223372036854775807,9223372036854775808,"
                  u"-9223372036854775809,-1,0,1e2,1.0,-0.0]")
                 .get()) ==
        "[999999999999999999, 9223372036854775807, 9223372036854775808, -9223372036854775809, -1, "
        "0, 100.0, 1.0, -0.0]");
  CHECK(repr(read_json("[9223372036854775807, -9223372036854775808, 1e2, 1.0]").get()) ==
        "[9223372036854775807, -9223372036854775808, 100.0, 1.0]");
  for (const char* text : {"[1e999]", "[1.9e308]", "[9223372036854775808]"}) {
    CHECK_FALSE(read_json(text));
    CHECK(take_error().starts_with("ValueError: "));
  }
}

TEST_CASE("escapes in JavaScript's strings") {
  const Gil gil;
  CHECK(repr(read(uR"(["\"\\\/\b\f\n\r\t\u0041\u00e9\uD83D\uDE00\ud800","\u0000sx"])").get()) ==
        R"(['"\\/\x08\x0c\n\r\tAé😀\ud800', '\x00sx'])");
  CHECK(repr(read(uR"(!["\u0000sx","\u0000s\u0000"])").get()) == R"(['x', '\x00'])");
  CHECK(repr(read(uR"(!{"a\n":1,"\u0000sb":2,"a":3,"a":4})").get()) ==
        R"({'a\n': 1, 'b': 2, 'a': 4})");
}

TEST_CASE("what has no counterpart is refused, and the message says where") {
  const Gil gil;
  CHECK(refusal(evaluate("[1, {'users': [0, object]}]").get()) ==
        "TypeError: args[0][1]['users'][1]: type has no counterpart outside Python");
  CHECK(refusal(evaluate("{'a': (float('nan'),)}").get()) ==
        "ValueError: args[0]['a'][0]: nan cannot stand in a container");
  CHECK(refusal(evaluate("[{1: 2}]").get()) ==
        "TypeError: args[0][0]: a dict key must be str, not int");
  CHECK(refusal(evaluate("(lambda a: a.append(a) or a)([])").get()) ==
        "TypeError: args[0]: nested more than 10000 deep: it contains itself");
}

TEST_CASE("a set is walked by its own iterator, whatever its class says") {
  const Gil gil;
  CHECK(
      written(evaluate("type('S', (set,), {'__iter__': lambda s: iter([object()])})({1})").get()) ==
      u"[1]");
}

TEST_CASE("nesting is bounded on the heap") {
  const Gil gil;
  const auto nested = [](std::size_t depth) {
    return std::u16string(depth, '[') + std::u16string(depth, ']');
  };
  CHECK(written(read(nested(kMaxDepth)).get()) == nested(kMaxDepth));
  for (const std::size_t depth : {kMaxDepth + 1, std::size_t{1'000'000}}) {
    CHECK_FALSE(read(nested(depth)));
    CHECK(take_error() == "ValueError: JSON nested more than 10000 deep");
  }
  CHECK_FALSE(read(std::u16string(1'000'000, '[')));
  PyErr_Clear();
}

TEST_CASE("what is no JSON is an error") {
  const Gil gil;
  for (const char* text : {"", "[", "[1,]", "{\"a\"}", "nul", "[1] 2"}) {
    CAPTURE(text);
    CHECK_FALSE(read_json(text));
    CHECK(take_error().starts_with("ValueError: "));
  }
  for (const char16_t* text : {u"",
                               u"[",
                               u"[1",
                               u"[1,]",
                               u"[,1]",
                               u"[1 ]",
                               u"[1}",
                               u"{\"a\"}",
                               u"{\"a\":}",
                               u"{\"a\":1",
                               u"{1:2}",
                               u"{\"a\":1,}",
                               u"nul",
                               u"nulL",
                               u"-",
                               u"+1",
                               u"1.5.5",
                               u"1e",
                               u".",
                               u"--1",
                               u"[\"",
                               u"[\"\n\"]",
                               u"\"\\",
                               u"\"\\x\"",
                               u"\"\\u12\"",
                               u"\"\\u12g4\"",
                               u"![\"\\u0000z\"]",
                               u"![\"\\u0000\"]",
                               u"![\"\\u0000b0\"]",
                               u"!{\"\\u0000z\":1}",
                               u"!{\"\\u0000i5\":1}",
                               u"[1]2"}) {
    CAPTURE(to_utf8(to_str(std::u16string_view(text)).get()));
    CHECK_FALSE(read(text));
    CHECK(take_error().starts_with("ValueError: "));
  }
}

}  // namespace vh::test
