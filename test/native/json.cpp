// core/json.h: containers to JSON text and back.
#include "core/json.h"

#include "python.h"

using namespace vh;
using vh::test::Python;

namespace {

std::string written(const Python& python, const std::string& expression) {
  Owned container = python.eval(expression);
  Value json;
  if (!write_json(container.get(), "args[0]", json)) return python.error();
  CHECK(json.kind() == Kind::Json);
  return std::string(json.bytes());
}

std::string refused(const Python& python, const std::string& text) {
  CHECK_FALSE(read_json(text));
  return python.error();
}

// `[[…]]`, and the like as a Python object.
std::string nested_text(int depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}
Owned nested_list(int depth) {
  Owned list(PyList_New(0));
  for (int i = 1; i < depth; ++i) {
    Owned outer(PyList_New(0));
    PyList_Append(outer.get(), list.get());
    list = std::move(outer);
  }
  return list;
}

}  // namespace

TEST_CASE("json: containers are written as JavaScript reads them") {
  Python python;
  CHECK(written(python, "[1, -2.5, 'a', None, True, False]") == R"([1,-2.5,"a",null,true,false])");
  CHECK(written(python, "{'b': (1,), 'a': {}}") == R"({"b":[1],"a":{}})");
  CHECK(written(python, "{7}") == "[7]");
  CHECK(written(python, "frozenset(['x'])") == R"(["x"])");
  CHECK(written(python, R"(['"\\\n\u20ac'])") == "[\"\\\"\\\\\\n\u20ac\"]");
}

TEST_CASE("json: what JSON cannot say is escaped") {
  Python python;
  const struct {
    const char* expression;
    const char* text;
  } cases[] = {
      {"[2**53 - 1, -(2**53 - 1)]", "[9007199254740991,-9007199254740991]"},
      {"[2**53, -2**64]", R"(["\u0000i20000000000000","\u0000i-10000000000000000"])"},
      {R"(['\0a', 'a\0'])", R"(["\u0000s\u0000a","a\u0000"])"},
      {R"(['\ud800', '\U0001f600\udc00'])", R"(["\u0000ud800","\u0000ud83dde00dc00"])"},
      {R"([b'\x00\xff'])", R"(["\u0000b00ff"])"},
      {R"({'\0k': 1})", R"({"\u0000s\u0000k":1})"},
  };
  for (const auto& [expression, text] : cases) CHECK(written(python, expression) == text);
}

TEST_CASE("json: what was written reads back the same") {
  Python python;
  const char* const expressions[] = {
      "[]",
      "{}",
      "[None, True, False, 0, -1, 0.1, 1e300, -0.0, 5e-324]",
      "[2**53, -2**53, 2**63, 10**400, -10**400]",
      R"(['', '\0', '\0s', '\ud800', '\udfff\ud800', '\U0010ffff', b'', b'\0\xff'])",
      R"({'': {'\0': [{}]}, '\udc80': [[], [[]]], 'z': 1, 'a': 2})",
  };
  for (const char* expression : expressions) {
    CAPTURE(expression);
    Owned original = python.eval(expression);
    Value json;
    REQUIRE(write_json(original.get(), "it", json));
    Owned copy = read_json(json.bytes());
    CHECK(python.equal(copy, original));
  }
}

TEST_CASE("json: integers without an escape are exact too") {
  Python python;
  CHECK(python.equal(read_json("[9223372036854775807, 18446744073709551616, -1]"),
                     python.eval("[2**63 - 1, 2**64, -1]")));
}

TEST_CASE("json: nesting has a bound, and no C stack") {
  Python python;
  Value json;
  CHECK(write_json(nested_list(kMaxDepth).get(), "it", json));
  CHECK(json.bytes() == nested_text(kMaxDepth));
  CHECK(read_json(nested_text(kMaxDepth)));

  CHECK_FALSE(write_json(nested_list(kMaxDepth + 1).get(), "it", json));
  CHECK(python.error() == "TypeError: it: nested more than 10000 deep");
  CHECK(refused(python, nested_text(kMaxDepth + 1)) ==
        "ValueError: JSON nested more than 10000 deep");
  CHECK(refused(python, std::string(1'000'000, '[')) ==
        "ValueError: JSON nested more than 10000 deep");
}

TEST_CASE("json: a container that contains itself is refused") {
  Python python;
  Owned dict(PyDict_New());
  PyDict_SetItemString(dict.get(), "me", dict.get());
  Value json;
  CHECK_FALSE(write_json(dict.get(), "it", json));
  CHECK(python.error() == "TypeError: it: nested more than 10000 deep: it contains itself");
  PyDict_Clear(dict.get());
}

TEST_CASE("json: an error says where") {
  Python python;
  CHECK(written(python, "{'a': [0, {'b': object()}]}") ==
        "TypeError: args[0]['a'][1]['b']: object has no counterpart outside Python");
  CHECK(written(python, "[{1: 2}]") == "TypeError: args[0][0]: a dict key must be str, not int");
  CHECK(written(python, "(1.0, float('nan'))") ==
        "ValueError: args[0][1]: nan cannot stand in a container");
  CHECK(written(python, "{'x': float('-inf')}") ==
        "ValueError: args[0]['x']: inf cannot stand in a container");
}

TEST_CASE("json: text that is not JSON is refused") {
  Python python;
  for (const char* text :
       {"", "[", "[1,]", "{\"a\"}", "[1] 2", "nan", "[NaN]", "'a'", "[\"\xff\"]"}) {
    CAPTURE(text);
    CHECK(refused(python, text).starts_with("ValueError: "));
  }
  CHECK(refused(python, R"(["\u0000?"])") == "ValueError: an unknown escape in JSON text");
  CHECK(refused(python, R"(["\u0000ixyz"])").starts_with("ValueError: "));
  CHECK(refused(python, R"(["\u0000b0"])").starts_with("ValueError: "));
}
