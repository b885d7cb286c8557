// Any bytes as JSON text: what parses is written so that it parses to the same again.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "json_marshal.h"

using namespace nVerliHub::nPythonPlugin;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_value(const std::string& text) {
  JsonValue value;
  if (!parseJson(text, value)) return;
  for (const bool pretty : {false, true}) {
    if (pretty && text.size() > 1000) break;  // it grows with the square of the depth
    const std::string written = toJsonString(value, pretty);
    JsonValue back;
    require(parseJson(written, back));
    require(!(value < back) && !(back < value));
    require(toJsonString(back, pretty) == written);
  }
  const JsonValue copy = value;
  require(!(value < copy) && !(copy < value));
}

void check_list(const std::string& text) {
  std::vector<std::string> list, back;
  if (!jsonToStringList(text, list)) return;
  require(jsonToStringList(stringListToJson(list), back) && back == list);
}

void check_map(const std::string& text) {
  std::map<std::string, std::string> map, back;
  if (!jsonToStringMap(text, map)) return;
  require(jsonToStringMap(stringMapToJson(map), back) && back == map);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_value(text);
  check_list(text);
  check_map(text);
  return 0;
}
