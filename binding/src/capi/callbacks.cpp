#include "capi/callbacks.h"

#include <cmath>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "capi/args.h"
#include "capi/json_builder.h"

namespace vh::capi {
namespace {

// In the order of the enum in wrapper.h.
constexpr const char* kNames[] = {
    "SendToOpChat",
    "SendToActive",
    "SendToPassive",
    "SendToActiveClass",
    "SendToPassiveClass",
    "SendDataToUser",
    "SendDataToAll",
    "SendPMToAll",
    "CloseConnection",
    "GetMyINFO",
    "SetMyINFO",
    "GetUserClass",
    "GetUserHost",
    "GetUserIP",
    "SetUserIP",
    "SetMyINFOFlag",
    "UnsetMyINFOFlag",
    "GetUserHubURL",
    "GetUserExtJSON",
    "GetUserCC",
    "GetIPCC",
    "GetIPCN",
    "GetIPCity",
    "GetIPASN",
    "GetGeoIP",
    "GetNickList",
    "GetOpList",
    "GetBotList",
    "AddRegUser",
    "DelRegUser",
    "SetRegClass",
    "Ban",
    "KickUser",
    "DelNickTempBan",
    "DelIPTempBan",
    "ParseCommand",
    "ScriptCommand",
    "SetConfig",
    "GetConfig",
    "IsRobotNickBad",
    "AddRobot",
    "DelRobot",
    "SQL",
    "SQLQuery",
    "SQLFetch",
    "SQLFree",
    "GetServFreq",
    "GetUsersCount",
    "GetTotalShareSize",
    "UserRestrictions",
    "Topic",
    "mc",
    "usermc",
    "classmc",
    "pm",
    "name_and_version",
    "StopHub",
    "ScriptQuery",
};
static_assert(std::size(kNames) == W_ScriptQuery + 1);

// Six strings; a null one is empty.
Value my_info(const w_Targs& result) {
  JsonBuilder json;
  json.StartArray();
  for (int i = 0; i < 6; ++i) json.text(result.args[i].s ? result.args[i].s : "");
  json.EndArray();
  return json.take();
}

void key(JsonBuilder& json, const char* name) {
  json.Key(name, static_cast<rapidjson::SizeType>(std::strlen(name)));
}

// Four pairs of key and value, and a vector of keys and values that the callback keeps. Null when a
// key is missing, or a number is none of JSON's.
Value geo_ip(const w_Targs& result) {
  JsonBuilder json;
  json.StartObject();
  for (int i = 0; i < 8; i += 2) {
    if (!result.args[i].s) return Value();
    key(json, result.args[i].s);
    const w_Telement& number = result.args[i + 1];
    if (i >= 4)
      json.Int64(number.l);
    else if (!json.Double(number.d))
      return Value();
  }
  if (const auto* more = static_cast<const std::vector<std::string>*>(result.args[8].p)) {
    for (std::size_t i = 0; i + 1 < more->size(); i += 2) {
      key(json, (*more)[i].c_str());
      json.text((*more)[i + 1].c_str());
    }
  }
  json.EndObject();
  return json.take();
}

// [ok, rows] of rows that are JSON text themselves.
Value sql_of_json(bool ok, const char* rows) {
  return Value::copy(Kind::Json,
                     std::string(ok ? "[true," : "[false,") + (rows ? rows : "[]") + "]");
}

// (ok, rows, columns, texts row by row), which the callback keeps. Null when that cannot be.
Value sql_of_texts(const w_Targs& result) {
  const long rows = result.args[1].l, columns = result.args[2].l;
  auto* const* text = static_cast<char**>(result.args[3].p);
  if (rows < 0 || columns < 0 || (!text && rows > 0 && columns > 0)) return Value();
  JsonBuilder json;
  json.StartArray();
  json.Bool(result.args[0].l != 0);
  json.StartArray();
  for (long row = 0; row < rows; ++row) {
    json.StartArray();
    for (long column = 0; column < columns; ++column) json.text(*text++);
    json.EndArray();
  }
  json.EndArray();
  json.EndArray();
  return json.take();
}

// Whether JSON text is [ok, rows] already, not rows alone.
bool is_sql_pair(std::string_view json) {
  json.remove_prefix(std::min(json.find_first_not_of(" \t\r\n"), json.size()));
  if (!json.starts_with('[')) return false;
  json.remove_prefix(std::min(json.find_first_not_of(" \t\r\n", 1), json.size()));
  return json.starts_with("true") || json.starts_with("false");
}

// Where the result's format is one of those expected, and not a lone "l": whether a Value could be
// made of it.
bool read(const Function& function, const w_Targs& result, Value& out) {
  const std::string_view format = result.format;
  const w_Telement* args = result.args;
  switch (function.give) {
    case Give::Int:
      if (std::trunc(args[0].d) == args[0].d && std::abs(args[0].d) < 0x1p63)
        out = Value::integer(static_cast<std::int64_t>(args[0].d));
      else
        out = Value::real(args[0].d);
      return true;
    case Give::MyInfo:
      out = my_info(result);
      return true;
    case Give::GeoIp:
      if (format != "D")
        out = geo_ip(result);
      else
        out = to_value(format[0], args[0]);
      return format == "D" || out.kind() == Kind::Json;
    case Give::Sql:
      if (format == "lD")
        out = sql_of_json(args[0].l != 0, args[1].s);
      else if (format == "lllp")
        out = sql_of_texts(result);
      else if (args[0].s && is_sql_pair(args[0].s))
        out = to_value(format[0], args[0]);
      else
        out = sql_of_json(args[0].s != nullptr, args[0].s);
      out.dialect = Dialect::C;
      return out.kind() == Kind::Json;
    default:
      out = to_value(format[0], args[0]);
      return true;
  }
}

// The formats that a function's callback may return.
std::span<const std::string_view> expected(const Function& function) {
  static constexpr std::string_view kLong[] = {"l"}, kFrequency[] = {"d", "l"}, kText[] = {"s"},
                                    kList[] = {"D", "L"}, kMyInfo[] = {"ssssss"},
                                    kGeoIp[] = {"D", "sdsdslslp"}, kSql[] = {"lD", "D", "lllp"};
  switch (function.give) {
    case Give::Bool:
      return kLong;
    case Give::Int:
      if (function.name == std::string_view("GetServFreq")) return kFrequency;
      return kLong;
    case Give::StrList:
      return kList;
    case Give::MyInfo:
      return kMyInfo;
    case Give::GeoIp:
      return kGeoIp;
    case Give::Sql:
      return kSql;
    default:
      return kText;
  }
}

}  // namespace

const char* callback_name(int callback) {
  return callback >= 0 && callback < static_cast<int>(std::size(kNames)) ? kNames[callback]
                                                                         : nullptr;
}

std::vector<int> callbacks_by_function() {
  std::vector<int> callbacks(all_functions().size(), -1);
  for (int i = 0; i < W_ScriptQuery; ++i)
    if (const Function* function = find_function(kNames[i]))
      callbacks[static_cast<std::size_t>(function->number)] = i;
  return callbacks;
}

void put_in_order(int callback, w_Targs* args) {
  if (callback == W_CloseConnection) std::swap(args->args[1], args->args[2]);
}

bool read_result(const Function& function, const w_Targs* result, Value& out, std::string& error) {
  if (!result) {
    if (function.give == Give::Bool)
      out = Value::boolean(false);
    else if (function.give == Give::Sql)
      out = sql_of_json(false, nullptr), out.dialect = Dialect::C;
    else
      out = Value();
    return true;
  }
  // Nearly all give one number.
  const bool is_long = result->format && result->format[0] == 'l' && !result->format[1];
  if (is_long && (function.give == Give::Bool || function.give == Give::Int)) {
    const long number = result->args[0].l;
    out = function.give == Give::Bool ? Value::boolean(number != 0) : Value::integer(number);
    return true;
  }
  if (result->format)
    for (const std::string_view format : expected(function))
      if (format == result->format && read(function, *result, out)) {
        out.own();
        return true;
      }
  error = std::string("vh.") + function.name + ": the callback returned \"" +
          std::string(format_of(result)) + "\" " + print(result) + ", expected ";
  for (const std::string_view format : expected(function)) {
    if (format != expected(function).front()) error += " or ";
    error.append("\"").append(format).append("\"");
  }
  return false;
}

}  // namespace vh::capi
