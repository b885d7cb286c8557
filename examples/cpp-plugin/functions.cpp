#include "functions.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace nVerliHub::nPythonPlugin;

namespace {

std::atomic<long> calls{0};
const std::time_t started = std::time(nullptr);

// What a callback throws is vh.HubError in the script.
template <typename... Target>
void unpack(w_Targs* args, const char* format, const char* usage, Target*... targets) {
  ++calls;
  if (!w_unpack(args, format, targets...)) throw std::invalid_argument(usage);
}

JsonValue parse(const char* json) {
  JsonValue value;
  if (!json || !parseJson(json, value)) throw std::invalid_argument("this is no JSON");
  return value;
}

w_Targs* pack_json(const JsonValue& value) {
  return w_pack("D", toJsonString(value).c_str());
}

// Several values: a tuple in Python.
w_Targs* get_stats(int, w_Targs* args) {
  unpack(args, "", "get_stats()");
  return w_pack("lds", calls.load(), std::difftime(std::time(nullptr), started), "example 1.0");
}

w_Targs* add(int, w_Targs* args) {
  long a = 0, b = 0, sum = 0;
  unpack(args, "ll", "add(a, b): two ints", &a, &b);
  if (__builtin_add_overflow(a, b, &sum))
    throw std::overflow_error("the sum needs more than 64 bits");
  return w_pack("l", sum);
}

// Where the UTF-8 character that ends before `end` begins; a byte that is no part of one stands for
// itself.
std::size_t start_of_character(std::string_view text, std::size_t end) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t start = end - 1;
  while (start > 0 && end - start < 4 && (byte(start) & 0xC0) == 0x80) --start;
  const unsigned char lead = byte(start);
  const std::size_t length = lead < 0x80    ? 1
                             : lead >= 0xF0 ? 4
                             : lead >= 0xE0 ? 3
                             : lead >= 0xC0 ? 2
                                            : 0;
  return length == end - start ? start : end - 1;
}

w_Targs* reverse(int, w_Targs* args) {
  const char* given = nullptr;
  unpack(args, "s", "reverse(text): a string", &given);
  const std::string_view text = given ? given : "";
  std::string reversed;
  for (std::size_t end = text.size(); end > 0;) {
    const std::size_t start = start_of_character(text, end);
    reversed += text.substr(start, end - start);
    end = start;
  }
  return w_pack("s", reversed.c_str());
}

w_Targs* reverse_list(int, w_Targs* args) {
  const char* json = nullptr;
  unpack(args, "D", "reverse_list(items): a list", &json);
  JsonValue list = parse(json);
  if (!list.isArray()) throw std::invalid_argument("reverse_list(items): a list");
  std::reverse(list.array_val.begin(), list.array_val.end());
  return pack_json(list);
}

w_Targs* add_field(int, w_Targs* args) {
  const char *json = nullptr, *key = nullptr, *value = nullptr;
  unpack(args, "Dss", "add_field(dict, key, value): a dict and two strings", &json, &key, &value);
  JsonValue object = parse(json);
  if (!object.isObject() || !key)
    throw std::invalid_argument("add_field(dict, key, value): a dict");
  object.object_val[key] = JsonValue(value);
  return pack_json(object);
}

// {"users": [{"nick": "alice", "class": 3, "share": 100}, …]} -> how many, and how much.
w_Targs* process_user_data(int, w_Targs* args) {
  const char* json = nullptr;
  unpack(args, "D", "process_user_data(data): a dict", &json);
  JsonValue data = parse(json);
  std::int64_t operators = 0, share = 0;
  std::vector<JsonValue>& users = data.object_val["users"].array_val;
  for (JsonValue& user : users) {
    operators += user.object_val["class"].int_val >= 3;
    share += user.object_val["share"].int_val;
  }
  JsonValue counts;
  counts.type = JsonType::OBJECT;
  counts.object_val["users"] = JsonValue(static_cast<std::int64_t>(users.size()));
  counts.object_val["operators"] = JsonValue(operators);
  counts.object_val["share"] = JsonValue(share);
  return pack_json(counts);
}

}  // namespace

const Function kFunctions[6] = {
    {"get_stats", get_stats}, {"add", add},
    {"reverse", reverse},     {"reverse_list", reverse_list},
    {"add_field", add_field}, {"process_user_data", process_user_data},
};
