// Containers to JSON text and back: exact, and bounded on the heap.
#include <doctest/doctest.h>

#include <string>

#include "core/json.h"
#include "harness.h"

namespace vh::test {
namespace {

std::string written(PyObject* object, bool& escaped) {
  Value json;
  REQUIRE(write_json(object, "args[0]", Dialect::Js, json));
  escaped = json.escaped;
  return std::string(json.bytes());
}

std::string refusal(PyObject* object) {
  Value json;
  CHECK_FALSE(write_json(object, "args[0]", Dialect::Js, json));
  return take_error();
}

}  // namespace

TEST_CASE("plain containers are plain JSON") {
  const Gil gil;
  bool escaped = true;
  CHECK(written(evaluate("{'b': [1, -2.5, None, True, 'é'], 'a': ()}").get(), escaped) ==
        R"({"b":[1,-2.5,null,true,"é"],"a":[]})");
  CHECK_FALSE(escaped);
}

TEST_CASE("what JSON cannot say is escaped, and comes back as it was") {
  const Gil gil;
  for (const char* expression :
       {"[2**53 - 1, 2**53, -2**53, 2**64, -10**400]", "[b'', b'\\x00\\xff']",
        "['\\ud800', '\\udc80x', '\\x00', '']", "{'\\x00k': 1, '\\ud800': 2}",
        "['\\U0001f600 \\ud83d']", "[1.5e308, 5e-324, -0.0, 0.1]"}) {
    CAPTURE(expression);
    Owned object = evaluate(expression);
    bool escaped = false;
    Owned back = read_json(written(object.get(), escaped), Dialect::Js);
    CHECK(repr(back.get()) == repr(object.get()));
  }
}

TEST_CASE("numbers from outside are exact") {
  const Gil gil;
  CHECK(repr(read_json("[9223372036854775807, 9223372036854775808, -9223372036854775809, 1e2, 1.0]",
                       Dialect::Js)
                 .get()) ==
        "[9223372036854775807, 9223372036854775808, -9223372036854775809, 100.0, 1.0]");
  for (const char* text : {"[1e999]", "[1.9e308]"}) {
    CHECK_FALSE(read_json(text, Dialect::Js));
    CHECK(take_error().starts_with("ValueError: "));
  }
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
  bool escaped = false;
  CHECK(written(evaluate("type('S', (set,), {'__iter__': lambda s: iter([object()])})({1})").get(),
                escaped) == "[1]");
}

TEST_CASE("nesting is bounded on the heap") {
  const Gil gil;
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  bool escaped = false;
  CHECK(written(read_json(nested(kMaxDepth), Dialect::Js).get(), escaped) == nested(kMaxDepth));
  for (const std::size_t depth : {kMaxDepth + 1, std::size_t{1'000'000}}) {
    CHECK_FALSE(read_json(nested(depth), Dialect::Js));
    CHECK(take_error() == "ValueError: JSON nested more than 10000 deep");
  }
  CHECK_FALSE(read_json(std::string(1'000'000, '['), Dialect::Js));
  PyErr_Clear();
}

TEST_CASE("what is no JSON is an error") {
  const Gil gil;
  for (const char* text :
       {"", "[", "[1,]", "{\"a\"}", "nul", "[\"\\u0000z\"]", "[\"\\u0000b0\"]", "[1] 2"}) {
    CAPTURE(text);
    CHECK_FALSE(read_json(text, Dialect::Js));
    CHECK(take_error().starts_with("ValueError: "));
  }
}

}  // namespace vh::test
