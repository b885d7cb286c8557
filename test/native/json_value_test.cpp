// JsonValue by itself: copied, moved, compared and destroyed at any depth, without Python.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "json_marshal.h"

namespace vh::test {
namespace {

using nVerliHub::nPythonPlugin::JsonType;
using nVerliHub::nPythonPlugin::JsonValue;

constexpr int kDeep = 1'000'000;

// A value within `depth` containers: wrap(i, inner, outer) puts one into the next.
template <typename Wrap>
JsonValue nested(int depth, Wrap wrap, JsonValue value = JsonValue(1)) {
  for (int i = 0; i < depth; ++i) {
    JsonValue outer;
    wrap(i, std::move(value), outer);
    value = std::move(outer);
  }
  return value;
}

void in_array(int, JsonValue inner, JsonValue& outer) {
  outer.type = JsonType::ARRAY;
  outer.array_val.push_back(std::move(inner));
}
void in_tuple(int, JsonValue inner, JsonValue& outer) {
  outer.type = JsonType::TUPLE;
  outer.tuple_val.push_back(std::move(inner));
}
void in_object(int, JsonValue inner, JsonValue& outer) {
  outer.type = JsonType::OBJECT;
  outer.object_val["key"] = std::move(inner);
}
void in_set(int, JsonValue inner, JsonValue& outer) {
  outer.type = JsonType::SET;
  outer.set_val.insert(std::move(inner));
}
// With a leaf on either side of what is nested.
void in_each(int i, JsonValue inner, JsonValue& outer) {
  void (*const wraps[])(int, JsonValue, JsonValue&) = {in_array, in_tuple, in_object, in_set};
  wraps[i % 4](i, JsonValue("before"), outer);
  switch (outer.type) {
    case JsonType::ARRAY:
      outer.array_val.push_back(std::move(inner));
      outer.array_val.push_back(JsonValue("after"));
      break;
    case JsonType::TUPLE:
      outer.tuple_val.push_back(std::move(inner));
      outer.tuple_val.push_back(JsonValue("after"));
      break;
    case JsonType::OBJECT:
      outer.object_val["next"] = std::move(inner);
      outer.object_val["other"] = JsonValue("after");
      break;
    default:
      outer.set_val.insert(std::move(inner));
      outer.set_val.insert(JsonValue("after"));
  }
}
// Members that the type does not count.
void in_no_type(int i, JsonValue inner, JsonValue& outer) {
  in_each(i, std::move(inner), outer);
  outer.type = JsonType::NULL_TYPE;
}

bool equal(const JsonValue& a, const JsonValue& b) {
  return !(a < b) && !(b < a);
}

}  // namespace

TEST_CASE("a JsonValue is what it is made from") {
  CHECK(JsonValue().isNull());
  CHECK(JsonValue(static_cast<const char*>(nullptr)).isNull());
  CHECK(JsonValue(true).isBool());
  CHECK(JsonValue(true).bool_val);
  CHECK(JsonValue(-7).isInt());
  CHECK(JsonValue(-7).int_val == -7);
  CHECK(JsonValue(std::int64_t{1} << 60).int_val == std::int64_t{1} << 60);
  CHECK(JsonValue(0.5).isDouble());
  CHECK(JsonValue(0.5).double_val == 0.5);
  CHECK(JsonValue("text").isString());
  CHECK(JsonValue("text").string_val == "text");
  CHECK(JsonValue(std::string("a\0b", 3)).string_val.size() == 3);
  CHECK(std::is_nothrow_move_constructible_v<JsonValue>);
  CHECK(std::is_nothrow_move_assignable_v<JsonValue>);
}

TEST_CASE("values are in order by type, then by value") {
  JsonValue empty_array, empty_object, empty_set, empty_tuple;
  empty_array.type = JsonType::ARRAY;
  empty_object.type = JsonType::OBJECT;
  empty_set.type = JsonType::SET;
  empty_tuple.type = JsonType::TUPLE;
  const auto array = [](std::vector<JsonValue> values) {
    JsonValue array;
    array.type = JsonType::ARRAY;
    array.array_val = std::move(values);
    return array;
  };
  const auto object = [](std::map<std::string, JsonValue> entries) {
    JsonValue object;
    object.type = JsonType::OBJECT;
    object.object_val = std::move(entries);
    return object;
  };
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<JsonValue> ordered = {
      JsonValue(),
      JsonValue(false),
      JsonValue(true),
      JsonValue(std::numeric_limits<std::int64_t>::min()),
      JsonValue(-1),
      JsonValue(std::numeric_limits<std::int64_t>::max()),
      JsonValue(-infinity),
      JsonValue(-0.5),
      JsonValue(0.0),
      JsonValue(infinity),
      JsonValue(std::nan("")),
      JsonValue(""),
      JsonValue("a"),
      JsonValue(std::string("a\0", 2)),
      JsonValue("\x7f"),
      JsonValue("\x80"),
      empty_array,
      array({JsonValue()}),
      array({JsonValue(1)}),
      array({JsonValue(1), JsonValue()}),
      array({JsonValue(2)}),
      array({empty_array, JsonValue()}),
      array({array({JsonValue()})}),
      empty_object,
      object({{"a", JsonValue(1)}}),
      object({{"a", JsonValue(1)}, {"b", JsonValue()}}),
      object({{"a", JsonValue(2)}}),
      object({{"b", JsonValue()}}),
      empty_set,
      nested(1, in_set),
      empty_tuple,
      nested(1, in_tuple),
  };
  for (std::size_t i = 0; i < ordered.size(); ++i)
    for (std::size_t j = 0; j < ordered.size(); ++j) {
      CAPTURE(i);
      CAPTURE(j);
      CHECK((ordered[i] < ordered[j]) == (i < j));
    }
  CHECK(equal(JsonValue(0.0), JsonValue(-0.0)));
}

TEST_CASE("depth takes no stack") {
  for (const auto wrap : {in_array, in_tuple, in_object, in_set, in_each, in_no_type}) {
    const int depth = wrap == in_each || wrap == in_no_type ? kDeep / 4 : kDeep;
    const JsonValue value = nested(depth, wrap);
    JsonValue copy(value);
    CHECK(equal(copy, value));
    JsonValue assigned = JsonValue("before");
    assigned = value;
    CHECK(equal(assigned, value));
    assigned = JsonValue("after");
    copy = nested(depth, wrap, JsonValue(2));
    CHECK((value < copy) == (wrap != in_no_type));
    CHECK_FALSE(copy < value);
    const JsonValue moved = std::move(copy);
    CHECK(copy.isNull());
  }
}

TEST_CASE("width takes no more than it must") {
  JsonValue value;
  value.type = JsonType::SET;
  for (int i = 0; i < 100'000; ++i) value.set_val.insert(nested(2, in_each, JsonValue(i)));
  const JsonValue copy(value);
  CHECK(copy.set_val.size() == 100'000);
  CHECK(equal(copy, value));
}

TEST_CASE("a copy has all that a value has, and stands by itself") {
  JsonValue value = nested(4, in_each);
  value.bool_val = true;
  value.int_val = 1;
  value.double_val = 0.5;
  value.string_val = "text";
  value.array_val.push_back(JsonValue(1));
  value.tuple_val.push_back(JsonValue(2));
  value.object_val["key"] = JsonValue(3);
  value.set_val = {JsonValue(5), JsonValue("6"), nested(3, in_each)};
  JsonValue copy(value);
  CHECK(copy.bool_val);
  CHECK(copy.int_val == 1);
  CHECK(copy.double_val == 0.5);
  CHECK(copy.string_val == "text");
  for (const JsonType type : {JsonType::ARRAY, JsonType::TUPLE, JsonType::OBJECT, JsonType::SET}) {
    value.type = copy.type = type;
    CHECK(equal(copy, value));
  }
  CHECK(copy.set_val.count(JsonValue("6")) == 1);
  copy.set_val.insert(JsonValue(-1));
  CHECK(copy.set_val.begin()->int_val == -1);
  CHECK(value.set_val.size() == 3);
}

TEST_CASE("a value may be assigned to itself, from its parts, and into them") {
  const JsonValue original = nested(3, in_array);
  JsonValue value = original;
  JsonValue& self = value;
  value = self;
  CHECK(equal(value, original));
  value = std::move(self);
  CHECK(equal(value, original));
  value = value.array_val[0];
  CHECK(equal(value, original.array_val[0]));
  value = std::move(value.array_val[0]);
  CHECK(equal(value, nested(1, in_array)));
  value.array_val.push_back(value);
  value.array_val[0] = value;
  CHECK(value.array_val[0].array_val.size() == 2);
}

}  // namespace vh::test
