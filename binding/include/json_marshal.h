// JSON and Python objects for C++ plugins (C++17; no Python.h needed).
//
// Example:
//   using namespace nVerliHub::nPythonPlugin;
//   JsonValue value;
//   if (parseJson(R"({"nick": "alice", "class": 3})", value))
//     value.object_val["class"] = JsonValue(4);
//   w_Targs *result = w_pack("D", toJsonString(value).c_str());
#ifndef VH_PYTHON_JSON_MARSHAL_H
#define VH_PYTHON_JSON_MARSHAL_H

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

typedef struct _object PyObject;

#pragma GCC visibility push(default)

namespace nVerliHub {
namespace nPythonPlugin {

enum class JsonType { NULL_TYPE, BOOL, INT, DOUBLE, STRING, ARRAY, OBJECT, SET, TUPLE };

// A JSON value, or one of Python's that JSON knows as arrays: a set, a tuple. Only the member that
// `type` names counts. Copying, comparing and destroying a deeply nested one take no stack.
struct JsonValue {
  JsonType type = JsonType::NULL_TYPE;
  bool bool_val = false;
  std::int64_t int_val = 0;
  double double_val = 0;
  std::string string_val;
  std::vector<JsonValue> array_val;
  std::map<std::string, JsonValue> object_val;
  std::set<JsonValue> set_val;
  std::vector<JsonValue> tuple_val;

  JsonValue();
  explicit JsonValue(bool value);
  explicit JsonValue(int value);
  explicit JsonValue(std::int64_t value);
  explicit JsonValue(double value);
  explicit JsonValue(const std::string& value);
  explicit JsonValue(const char* value);  // NULL: null
  JsonValue(const JsonValue& other);
  JsonValue(JsonValue&& other) noexcept;
  JsonValue& operator=(const JsonValue& other);
  JsonValue& operator=(JsonValue&& other) noexcept;
  ~JsonValue();

  bool isNull() const { return type == JsonType::NULL_TYPE; }
  bool isBool() const { return type == JsonType::BOOL; }
  bool isInt() const { return type == JsonType::INT; }
  bool isDouble() const { return type == JsonType::DOUBLE; }
  bool isString() const { return type == JsonType::STRING; }
  bool isArray() const { return type == JsonType::ARRAY; }
  bool isObject() const { return type == JsonType::OBJECT; }
  bool isSet() const { return type == JsonType::SET; }
  bool isTuple() const { return type == JsonType::TUPLE; }

  // By type, then by value.
  bool operator<(const JsonValue& other) const;
};

// False when the text is not JSON, nested more than 10,000 deep, or holds an integer beyond 64
// bits; the value is then untouched.
bool parseJson(const std::string& text, JsonValue& value);

// JSON text, without spaces or (pretty) with four for each level; a set or a tuple becomes an
// array. "" when the value holds a number that JSON has not (NaN, infinity), or is nested more than
// 10,000 deep.
std::string toJsonString(const JsonValue& value, bool pretty = false);

std::string stringListToJson(const std::vector<std::string>& list);
// False, and the list untouched, when the text is not a JSON array of strings.
bool jsonToStringList(const std::string& text, std::vector<std::string>& list);

std::string stringMapToJson(const std::map<std::string, std::string>& map);
// False, and the map untouched, when the text is not a JSON object of strings.
bool jsonToStringMap(const std::string& text, std::map<std::string, std::string>& map);

// These four need Python started and its lock held. What is no JSON, except for sets and tuples,
// fails: bytes, keys that are not str, integers beyond 64 bits, NaN, other objects; and nesting
// more than 10,000 deep. A failure is false or NULL. A Python exception that is set before is set
// after, and no other.

// The value is untouched on failure.
bool PyObjectToJsonValue(PyObject* object, JsonValue& value);
// A new reference. A set that holds what Python cannot hash fails; one in a set is a frozenset.
PyObject* JsonValueToPyObject(const JsonValue& value);
// The caller's to free().
char* PyObjectToJsonString(PyObject* object);
// A new reference.
PyObject* JsonStringToPyObject(const char* text);

}  // namespace nPythonPlugin
}  // namespace nVerliHub

#pragma GCC visibility pop

#endif
