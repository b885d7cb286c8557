#include "json_marshal.h"

#include <rapidjson/prettywriter.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "capi/json_events.h"
#include "core/json_from_python.h"
#include "core/json_text.h"
#include "core/json_to_python.h"

namespace vh {
namespace {

using PrettySink = TextSink<rapidjson::PrettyWriter<rapidjson::StringBuffer>>;

template <typename Sink>
std::string to_text(const JsonValue& value) {
  Sink sink;
  return JsonValueSource(sink).walk(value) ? std::string(sink.text()) : std::string();
}

// A sink: strings in one array.
class StringListSink : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, StringListSink> {
 public:
  bool Default() { return false; }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
  bool StartArray() { return !std::exchange(open_, true); }
  bool EndArray(rapidjson::SizeType) { return true; }
  bool String(const char* data, rapidjson::SizeType length, bool) {
    if (open_) list.emplace_back(data, length);
    return open_;
  }

  std::vector<std::string> list;

 private:
  bool open_ = false;
};

// A sink: strings in one object.
class StringMapSink : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, StringMapSink> {
 public:
  bool Default() { return false; }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
  bool StartObject() { return !std::exchange(open_, true); }
  bool EndObject(rapidjson::SizeType) { return true; }
  bool Key(const char* data, rapidjson::SizeType length, bool) {
    key_.assign(data, length);
    return true;
  }
  bool String(const char* data, rapidjson::SizeType length, bool) {
    if (open_) map[std::move(key_)].assign(data, length);
    return open_;
  }

  std::map<std::string, std::string> map;

 private:
  bool open_ = false;
  std::string key_;
};

// What exception is set when this begins is set when it ends, and no other.
class KeepException {
 public:
  KeepException() : exception_(PyErr_GetRaisedException()) {}
  ~KeepException() { PyErr_SetRaisedException(exception_); }
  KeepException(const KeepException&) = delete;
  KeepException& operator=(const KeepException&) = delete;

 private:
  PyObject* exception_;
};

// Sends a Python object's events.
template <typename Sink>
bool walk(PyObject* object, Sink& sink) {
  return object && PythonSource(sink, "value").walk(object);
}

}  // namespace
}  // namespace vh

namespace nVerliHub {
namespace nPythonPlugin {

bool parseJson(const std::string& text, JsonValue& value) {
  vh::JsonValueSink sink;
  if (vh::parse_json(text, sink).IsError()) return false;
  value = sink.take();
  return true;
}

std::string toJsonString(const JsonValue& value, bool pretty) {
  return pretty ? vh::to_text<vh::PrettySink>(value) : vh::to_text<vh::TextSink<>>(value);
}

std::string stringListToJson(const std::vector<std::string>& list) {
  vh::TextSink<> sink;
  sink.StartArray();
  for (const std::string& text : list) vh::send_text(sink, text);
  sink.EndArray();
  return std::string(sink.text());
}

bool jsonToStringList(const std::string& text, std::vector<std::string>& list) {
  vh::StringListSink sink;
  if (vh::parse_json(text, sink).IsError()) return false;
  list = std::move(sink.list);
  return true;
}

std::string stringMapToJson(const std::map<std::string, std::string>& map) {
  vh::TextSink<> sink;
  sink.StartObject();
  for (const auto& [key, text] : map) {
    vh::send_text(sink, key, true);
    vh::send_text(sink, text);
  }
  sink.EndObject();
  return std::string(sink.text());
}

bool jsonToStringMap(const std::string& text, std::map<std::string, std::string>& map) {
  vh::StringMapSink sink;
  if (vh::parse_json(text, sink).IsError()) return false;
  map = std::move(sink.map);
  return true;
}

bool PyObjectToJsonValue(PyObject* object, JsonValue& value) {
  const vh::KeepException keep;
  vh::JsonValueSink sink;
  if (!vh::walk(object, sink)) return false;
  value = sink.take();
  return true;
}

PyObject* JsonValueToPyObject(const JsonValue& value) {
  const vh::KeepException keep;
  vh::PythonSink sink;
  return vh::JsonValueSource(sink).walk(value) ? sink.take().release() : nullptr;
}

char* PyObjectToJsonString(PyObject* object) {
  const vh::KeepException keep;
  vh::TextSink<> sink;
  if (!vh::walk(object, sink)) return nullptr;
  return strndup(sink.text().data(), sink.size());
}

PyObject* JsonStringToPyObject(const char* text) {
  const vh::KeepException keep;
  return text ? vh::read_json(std::string_view(text)).release() : nullptr;
}

}  // namespace nPythonPlugin
}  // namespace nVerliHub
