// JSON text made of what callbacks return.
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstring>
#include <string_view>

#include "core/value.h"

namespace vh::capi {

inline Value json_view(std::string_view text) {
  Value value = Value::view(Kind::Json, {text.data(), text.size(), Width::Utf8});
  value.dialect = Dialect::C;
  return value;
}

// Bytes that are not UTF-8 go through it unchanged.
class JsonBuilder : public rapidjson::Writer<rapidjson::StringBuffer> {
 public:
  JsonBuilder() : Writer(buffer_) {}

  // A string, or null.
  void text(const char* text) {
    if (text)
      String(text, static_cast<rapidjson::SizeType>(std::strlen(text)));
    else
      Null();
  }

  Value take() const {
    Value value = Value::copy(Kind::Json, {buffer_.GetString(), buffer_.GetSize()});
    value.dialect = Dialect::C;
    return value;
  }

 private:
  rapidjson::StringBuffer buffer_;
};

inline Value json_of_list(char* const* list) {
  JsonBuilder json;
  json.StartArray();
  for (; *list; ++list) json.text(*list);
  json.EndArray();
  return json.take();
}

}  // namespace vh::capi
