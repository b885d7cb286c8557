// A JsonValue as a source and as a sink of JSON's events (core/json_text.h).
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "capi/json_children.h"
#include "core/json.h"
#include "core/json_text.h"

namespace vh {

// A source. It refuses NaN, infinities, and nesting that no sink would have.
template <typename Sink>
class JsonValueSource {
 public:
  explicit JsonValueSource(Sink& sink) : sink_(sink) {}

  bool walk(const JsonValue& root) {
    if (!value(root)) return false;
    while (!stack_.empty())
      if (!step()) return false;
    return true;
  }

 private:
  // Sends one value of the innermost container, or closes it.
  bool step() {
    JsonChildren& top = stack_.back();
    const JsonValue* const child = top.next();
    const bool is_object = top.type() == JsonType::OBJECT;
    if (child) return (!is_object || send_text(sink_, top.key(), true)) && value(*child);
    stack_.pop_back();
    return is_object ? sink_.EndObject() : sink_.EndArray();
  }

  bool value(const JsonValue& value) {
    switch (value.type) {
      case JsonType::NULL_TYPE:
        return sink_.Null();
      case JsonType::BOOL:
        return sink_.Bool(value.bool_val);
      case JsonType::INT:
        return sink_.Int64(value.int_val);
      case JsonType::DOUBLE:
        return std::isfinite(value.double_val) && sink_.Double(value.double_val);
      case JsonType::STRING:
        return send_text(sink_, value.string_val);
      case JsonType::ARRAY:
        return open(value) && sink_.StartArray();
      case JsonType::TUPLE:
        return open(value) && sink_.StartTuple();
      case JsonType::SET:
        return open(value) && sink_.StartSet();
      case JsonType::OBJECT:
        return open(value) && sink_.StartObject();
    }
    return false;
  }

  bool open(const JsonValue& container) {
    if (stack_.size() == kMaxDepth) return false;
    stack_.emplace_back(container);
    return true;
  }

  Sink& sink_;
  std::vector<JsonChildren> stack_;
};

// A sink. Every event returns false when it cannot go on.
class JsonValueSink : public NumbersAsWritten {
 public:
  bool Null() { return put(JsonValue()); }
  bool Bool(bool b) { return put(JsonValue(b)); }
  bool Int64(std::int64_t i) { return put(JsonValue(i)); }
  bool Double(double d) { return put(JsonValue(d)); }

  bool RawNumber(const char* data, rapidjson::SizeType length, bool) {
    const std::string_view number(data, length);
    if (!is_integer(number)) {
      const auto real = to_real(number);
      return real && Double(*real);
    }
    const auto integer = to_integer(number);
    return integer && Int64(*integer);
  }

  bool String(const char* data, rapidjson::SizeType length, bool) {
    return put(JsonValue(std::string(data, length)));
  }

  bool Key(const char* data, rapidjson::SizeType length, bool) {
    stack_.back().key.assign(data, length);
    return true;
  }

  bool StartObject() { return open(JsonType::OBJECT); }
  bool StartArray() { return open(JsonType::ARRAY); }
  bool StartTuple() { return open(JsonType::TUPLE); }
  bool StartSet() { return open(JsonType::SET); }
  bool EndObject(rapidjson::SizeType = 0) { return close(); }
  bool EndArray(rapidjson::SizeType = 0) { return close(); }

  // It holds no text.
  std::size_t size() const { return 0; }
  JsonValue take() { return std::move(root_); }

 private:
  struct Frame {
    JsonValue container;
    std::string key;  // of the entry under way, of an object
  };

  bool put(JsonValue value) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return true;
    }
    auto& [container, key] = stack_.back();
    switch (container.type) {
      case JsonType::SET:
        container.set_val.insert(std::move(value));
        break;
      case JsonType::TUPLE:
        container.tuple_val.push_back(std::move(value));
        break;
      case JsonType::OBJECT:
        container.object_val[std::move(key)] = std::move(value);
        break;
      default:
        container.array_val.push_back(std::move(value));
    }
    return true;
  }

  bool open(JsonType type) {
    if (stack_.size() == kMaxDepth) return false;
    stack_.emplace_back().container.type = type;
    return true;
  }

  bool close() {
    JsonValue container = std::move(stack_.back().container);
    stack_.pop_back();
    return put(std::move(container));
  }

  std::vector<Frame> stack_;
  JsonValue root_;
};

}  // namespace vh
