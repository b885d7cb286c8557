// The values in a container of a JsonValue, one after the other.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "json_marshal.h"

namespace vh {

using nVerliHub::nPythonPlugin::JsonType;
using nVerliHub::nPythonPlugin::JsonValue;

class JsonChildren {
 public:
  explicit JsonChildren(const JsonValue& container)
      : container_(&container),
        entry_(container.object_val.begin()),
        element_(container.set_val.begin()) {}

  JsonType type() const { return container_->type; }

  // Null at the end, and for what is no container.
  const JsonValue* next() {
    switch (type()) {
      case JsonType::ARRAY:
        return next_of(container_->array_val);
      case JsonType::TUPLE:
        return next_of(container_->tuple_val);
      case JsonType::SET:
        return element_ == container_->set_val.end() ? nullptr : &*element_++;
      case JsonType::OBJECT:
        if (entry_ == container_->object_val.end()) return nullptr;
        key_ = &entry_->first;
        return &entry_++->second;
      default:
        return nullptr;
    }
  }

  // The key of the value that next() gave, in an object.
  const std::string& key() const { return *key_; }

 private:
  const JsonValue* next_of(const std::vector<JsonValue>& values) {
    return index_ == values.size() ? nullptr : &values[index_++];
  }

  const JsonValue* container_;
  std::size_t index_ = 0;
  std::map<std::string, JsonValue>::const_iterator entry_;
  std::set<JsonValue>::const_iterator element_;
  const std::string* key_ = nullptr;
};

}  // namespace vh
