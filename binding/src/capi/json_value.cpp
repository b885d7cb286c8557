// JsonValue's own functions. What it holds may be nested a million deep, so none of them recurses,
// neither itself nor by way of the standard containers.
#include <compare>
#include <utility>
#include <vector>

#include "capi/json_children.h"
#include "json_marshal.h"

namespace vh {
namespace {

// Every value in a JsonValue, those as well that its type does not count.
template <typename Do>
void for_each_child(JsonValue& value, Do&& visit) {
  for (JsonValue& child : value.array_val) visit(child);
  for (JsonValue& child : value.tuple_val) visit(child);
  for (auto& [key, child] : value.object_val) visit(child);
  // A set keeps its elements from changing for its order's sake. Who changes them sees to that.
  for (const JsonValue& child : value.set_val) visit(const_cast<JsonValue&>(child));
}

bool has_children(const JsonValue& value) {
  return !value.array_val.empty() || !value.tuple_val.empty() || !value.object_val.empty() ||
         !value.set_val.empty();
}

void swap(JsonValue& a, JsonValue& b) noexcept {
  std::swap(a.type, b.type);
  std::swap(a.bool_val, b.bool_val);
  std::swap(a.int_val, b.int_val);
  std::swap(a.double_val, b.double_val);
  a.string_val.swap(b.string_val);
  a.array_val.swap(b.array_val);
  a.object_val.swap(b.object_val);
  a.set_val.swap(b.set_val);
  a.tuple_val.swap(b.tuple_val);
}

// Empties a value of whatever is nested in it more than one deep.
void flatten(JsonValue& value) {
  std::vector<JsonValue> nested;
  const auto take = [&nested](JsonValue& child) {
    if (has_children(child)) nested.push_back(std::move(child));
  };
  for_each_child(value, take);
  while (!nested.empty()) {
    JsonValue last = std::move(nested.back());
    nested.pop_back();
    for_each_child(last, take);
  }
}

struct Copying {
  const JsonValue* from;
  JsonValue* to;
};

// Copies a value but for its children, which it makes room for and adds to `pending`.
void copy_shallow(const JsonValue& from, JsonValue& to, std::vector<Copying>& pending) {
  to.type = from.type;
  to.bool_val = from.bool_val;
  to.int_val = from.int_val;
  to.double_val = from.double_val;
  to.string_val = from.string_val;
  to.array_val.resize(from.array_val.size());
  for (std::size_t i = 0; i < from.array_val.size(); ++i)
    pending.push_back({&from.array_val[i], &to.array_val[i]});
  to.tuple_val.resize(from.tuple_val.size());
  for (std::size_t i = 0; i < from.tuple_val.size(); ++i)
    pending.push_back({&from.tuple_val[i], &to.tuple_val[i]});
  for (const auto& [key, child] : from.object_val)
    pending.push_back(
        {&child, &to.object_val.emplace_hint(to.object_val.end(), key, JsonValue())->second});
  // The elements are in order: numbers hold their places until they are copied.
  std::int64_t place = 0;
  for (const JsonValue& child : from.set_val)
    pending.push_back(
        {&child, const_cast<JsonValue*>(&*to.set_val.emplace_hint(to.set_val.end(), place++))});
}

// How two values compare by all but their children.
std::weak_ordering compare_shallow(const JsonValue& a, const JsonValue& b) {
  if (a.type != b.type) return a.type <=> b.type;
  switch (a.type) {
    case JsonType::BOOL:
      return a.bool_val <=> b.bool_val;
    case JsonType::INT:
      return a.int_val <=> b.int_val;
    case JsonType::DOUBLE:
      return std::weak_order(a.double_val, b.double_val);  // has a place for NaN
    case JsonType::STRING:
      return a.string_val <=> b.string_val;
    default:
      return std::weak_ordering::equivalent;
  }
}

// Containers compare as the standard ones do: child by child, then by length.
std::weak_ordering compare(const JsonValue& a, const JsonValue& b) {
  struct Pair {
    JsonChildren left, right;
  };
  std::weak_ordering order = compare_shallow(a, b);
  if (order != 0 || (!has_children(a) && !has_children(b))) return order;
  std::vector<Pair> open{{JsonChildren(a), JsonChildren(b)}};
  while (!open.empty()) {
    auto& [left, right] = open.back();
    const JsonValue* const one = left.next();
    const JsonValue* const other = right.next();
    if (!one && !other) {
      open.pop_back();
      continue;
    }
    if (!one || !other) return one ? std::weak_ordering::greater : std::weak_ordering::less;
    if (left.type() == JsonType::OBJECT) order = left.key() <=> right.key();
    if (order == 0) order = compare_shallow(*one, *other);
    if (order != 0) return order;
    if (has_children(*one) || has_children(*other))
      open.push_back({JsonChildren(*one), JsonChildren(*other)});
  }
  return order;
}

}  // namespace
}  // namespace vh

namespace nVerliHub {
namespace nPythonPlugin {

JsonValue::JsonValue() = default;
JsonValue::JsonValue(bool value) : type(JsonType::BOOL), bool_val(value) {}
JsonValue::JsonValue(int value) : type(JsonType::INT), int_val(value) {}
JsonValue::JsonValue(std::int64_t value) : type(JsonType::INT), int_val(value) {}
JsonValue::JsonValue(double value) : type(JsonType::DOUBLE), double_val(value) {}
JsonValue::JsonValue(const std::string& value) : type(JsonType::STRING), string_val(value) {}
JsonValue::JsonValue(const char* value) {
  if (!value) return;
  type = JsonType::STRING;
  string_val = value;
}

JsonValue::JsonValue(const JsonValue& other) : JsonValue() {
  std::vector<vh::Copying> pending{{&other, this}};
  while (!pending.empty()) {
    const vh::Copying next = pending.back();
    pending.pop_back();
    vh::copy_shallow(*next.from, *next.to, pending);
  }
}

JsonValue::JsonValue(JsonValue&& other) noexcept : JsonValue() {
  vh::swap(*this, other);
}

// By way of a third: the other one may stand within this one.
JsonValue& JsonValue::operator=(const JsonValue& other) {
  JsonValue copy(other);
  vh::swap(*this, copy);
  return *this;
}

JsonValue& JsonValue::operator=(JsonValue&& other) noexcept {
  JsonValue taken(std::move(other));
  vh::swap(*this, taken);
  return *this;
}

JsonValue::~JsonValue() {
  if (vh::has_children(*this)) vh::flatten(*this);
}

bool JsonValue::operator<(const JsonValue& other) const {
  return vh::compare(*this, other) < 0;
}

}  // namespace nPythonPlugin
}  // namespace nVerliHub
