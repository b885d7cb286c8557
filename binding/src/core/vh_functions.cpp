#include "core/vh_functions.h"

#include <string_view>

namespace vh {

namespace {

std::vector<Function>& make_table() {
  using enum Take;
  auto& functions = *new std::vector<Function>{
      {"SendToAll",
       {{"message", Str}},
       Give::Bool,
       nullptr,
       "Main chat to all, from the hub's bot.",
       false,
       "mc"},
      {"mc",
       {{"message", Str}, {"from_nick", StrOrNone, "None"}},
       Give::Bool,
       nullptr,
       "Main chat to all, from the hub's bot unless from_nick is given."},
      {"usermc",
       {{"message", Str}, {"nick", Str}, {"from_nick", StrOrNone, "None"}},
       Give::Bool,
       nullptr,
       "A main chat line that one user sees.",
       true},
      {"classmc",
       {{"message", Str}, {"min_class", Int}, {"max_class", Int}, {"from_nick", StrOrNone, "None"}},
       Give::Bool,
       nullptr,
       "Main chat to the users of a class range."},
      {"pm",
       {{"message", Str},
        {"nick", Str},
        {"from_nick", StrOrNone, "None"},
        {"back_nick", StrOrNone, "None"}},
       Give::Bool,
       nullptr,
       "A private message.",
       true},
      {"SendPMToAll",
       {{"message", Str}, {"from_nick", Str}, {"min_class", Int, "0"}, {"max_class", Int, "10"}},
       Give::Bool,
       nullptr,
       "A private message to the users of a class range."},
      {"SendToOpChat",
       {{"message", Str}, {"from_nick", StrOrNone, "None"}},
       Give::Bool,
       nullptr,
       "A message to the operators' chat."},
      {"SendDataToUser",
       {{"data", Str}, {"nick", Str}, {"delay", Int, "0"}},
       Give::Bool,
       nullptr,
       "Raw protocol to one user; a missing final | is added."},
      {"SendDataToAll",
       {{"data", Str}, {"min_class", Int, "0"}, {"max_class", Int, "10"}, {"delay", Int, "0"}},
       Give::Bool,
       nullptr,
       "Raw protocol to the users of a class range."},
      {"SendToActive",
       {{"data", Str}, {"delay", Int, "0"}},
       Give::Bool,
       nullptr,
       "Raw protocol to users in active mode."},
      {"SendToPassive",
       {{"data", Str}, {"delay", Int, "0"}},
       Give::Bool,
       nullptr,
       "Raw protocol to users in passive mode."},
      {"SendToActiveClass",
       {{"data", Str}, {"min_class", Int}, {"max_class", Int}, {"delay", Int, "0"}},
       Give::Bool,
       nullptr,
       "Raw protocol to users in active mode of a class range."},
      {"SendToPassiveClass",
       {{"data", Str}, {"min_class", Int}, {"max_class", Int}, {"delay", Int, "0"}},
       Give::Bool,
       nullptr,
       "Raw protocol to users in passive mode of a class range."},
      {"GetUserClass",
       {{"nick", Str}},
       Give::Int,
       nullptr,
       "The user's class (eUC_*), -2 when nobody of that name is online."},
      {"GetUserHost", {{"nick", Str}}, Give::StrOrNone, nullptr, "The user's host name."},
      {"GetUserIP", {{"nick", Str}}, Give::StrOrNone, nullptr, "The user's address."},
      {"GetUserCC", {{"nick", Str}}, Give::StrOrNone, nullptr, "The user's country code."},
      {"GetUserHubURL",
       {{"nick", Str}},
       Give::StrOrNone,
       nullptr,
       "The hub URL that the user's client told."},
      {"GetUserExtJSON",
       {{"nick", Str}},
       Give::StrOrNone,
       nullptr,
       "The $ExtJSON that the user's client sent."},
      {"GetIPCC", {{"ip", Str}}, Give::StrOrNone, nullptr, "The country code of an address."},
      {"GetIPCN", {{"ip", Str}}, Give::StrOrNone, nullptr, "The country name of an address."},
      {"GetIPCity",
       {{"ip", Str}, {"db", StrOrNone, "None"}},
       Give::StrOrNone,
       nullptr,
       "The city of an address."},
      {"GetIPASN",
       {{"ip", Str}, {"db", StrOrNone, "None"}},
       Give::StrOrNone,
       nullptr,
       "The autonomous system of an address."},
      {"GetGeoIP",
       {{"ip", Str}, {"db", StrOrNone, "None"}},
       Give::GeoIp,
       nullptr,
       "All that is known of an address, as a dict."},
      {"GetMyINFO",
       {{"nick", Str}},
       Give::MyInfo,
       nullptr,
       "The user's MyINFO: a str that unpacks into nick, desc, tag, speed, email, share."},
      {"SetMyINFO",
       {{"nick", Str},
        {"desc", StrOrNone, "None"},
        {"tag", StrOrNone, "None"},
        {"speed", StrOrNone, "None"},
        {"email", StrOrNone, "None"},
        {"share", TextOrNone, "None"}},
       Give::Bool,
       nullptr,
       "Changes fields of a user's MyINFO; None keeps a field."},
      {"SetMyINFOFlag",
       {{"nick", Str}, {"flag", Int}},
       Give::Bool,
       nullptr,
       "Sets bits (eMF_*) of a MyINFO flag."},
      {"UnsetMyINFOFlag",
       {{"nick", Str}, {"flag", Int}},
       Give::Bool,
       nullptr,
       "Clears bits (eMF_*) of a MyINFO flag."},
      {"SetUserIP",
       {{"nick", Str}, {"ip", Str}},
       Give::Bool,
       nullptr,
       "Changes the address the hub holds for a user."},
      {"GetNickList", {}, Give::StrList, nullptr, "The nicks of all users."},
      {"GetOpList", {}, Give::StrList, nullptr, "The nicks of all operators."},
      {"GetBotList", {}, Give::StrList, nullptr, "The nicks of all bots."},
      {"GetRawNickList", {}, Give::Str, nullptr, "$NickList a$$b$$", false, "GetNickList"},
      {"GetRawOpList", {}, Give::Str, nullptr, "$OpList a$$b$$", false, "GetOpList"},
      {"GetRawBotList", {}, Give::Str, nullptr, "$BotList a$$b$$", false, "GetBotList"},
      {"AddRegUser",
       {{"nick", Str}, {"user_class", Int}, {"password", Str, "''"}, {"op_note", Str, "''"}},
       Give::Bool,
       nullptr,
       "Registers a user with a class of 0..5 or 10."},
      {"DelRegUser", {{"nick", Str}}, Give::Bool, nullptr, "Removes a registration."},
      {"SetRegClass",
       {{"nick", Str}, {"user_class", Int}},
       Give::Bool,
       nullptr,
       "Changes a registered user's class."},
      {"KickUser",
       {{"op_nick", Str},
        {"target_nick", Str},
        {"reason", Str},
        {"note", Text, "''"},
        {"op_note", Text, "''"},
        {"ban_time", Text, "0"}},
       Give::Bool,
       nullptr,
       "Kicks a user."},
      {"Ban",
       {{"op_nick", Str},
        {"target_nick", Str},
        {"reason", Str},
        {"duration_sec", Int},
        {"ban_type", Int}},
       Give::Bool,
       nullptr,
       "Bans a user for duration_sec seconds; ban_type is made of eBF_* bits."},
      {"DelNickTempBan",
       {{"nick", Str}},
       Give::Bool,
       nullptr,
       "Lifts the temporary ban of a nick."},
      {"DelIPTempBan",
       {{"ip", Str}},
       Give::Bool,
       nullptr,
       "Lifts the temporary ban of an address."},
      {"CloseConnection",
       {{"nick", Str}, {"reason_code", Int, "0"}, {"delay", Delay, "0"}},
       Give::Bool,
       nullptr,
       "Disconnects a user after delay milliseconds; reason_code is one of eCR_*."},
      {"UserRestrictions",
       {{"nick", Str},
        {"nochat", Str, "''"},
        {"nopm", Str, "''"},
        {"nosearch", Str, "''"},
        {"noctm", Str, "''"}},
       Give::Bool,
       nullptr,
       "Per field: '' leave, '0' lift, '1' one week, else a period such as '10m', '2h', '3d'."},
      {"ParseCommand",
       {{"nick", Str}, {"command", Str}, {"is_pm", Int, "0"}},
       Give::Bool,
       nullptr,
       "Runs a hub command as that user."},
      {"ScriptCommand",
       {{"cmd", Str}, {"data", Str}, {"plugin", Str, "''"}, {"script", Str, "''"}},
       Give::Bool,
       serve_script_command,
       "Calls every script's OnScriptCommand, the caller's too."},
      {"ScriptQuery",
       {{"cmd", Str}, {"data", Str}, {"recipient", Str, "''"}, {"verbose", Flag, "False"}},
       Give::List,
       serve_script_query,
       "The answers of the scripts' OnScriptQuery; verbose: (name, path, answer) tuples."},
      {"GetConfig",
       {{"config_type", Str}, {"variable", Str}, {"default", StrOrNone, "None"}},
       Give::StrOrNone,
       nullptr,
       "A configuration variable as text."},
      {"SetConfig",
       {{"config_type", Str}, {"variable", Str}, {"value", Scalar}},
       Give::Bool,
       nullptr,
       "Sets a configuration variable."},
      {"Topic",
       {{"new_topic", StrOrNone, "None"}},
       Give::StrOrNone,
       nullptr,
       "Sets the topic when given one; returns it in any case."},
      {"GetUsersCount", {}, Give::Int, nullptr, "How many users are online."},
      {"GetServFreq", {}, Give::Int, nullptr, "How often the hub's main loop turns, per second."},
      {"GetTotalShareSize", {}, Give::Str, nullptr, "The bytes that all users share, decimal."},
      {"name_and_version",
       {{"name", StrOrNone, "None"}, {"version", StrOrNone, "None"}},
       Give::Str,
       serve_name_and_version,
       "With arguments: names this script for the others. Without: the hub's name and version."},
      {"StopHub",
       {{"exit_code", Int, "0"}, {"delay", Int, "0"}},
       Give::Bool,
       nullptr,
       "Stops the hub after delay seconds."},
      {"AddRobot",
       {{"nick", Str},
        {"user_class", Int},
        {"desc", Str},
        {"speed", Str},
        {"email", Str},
        {"share", Text}},
       Give::Bool,
       nullptr,
       "Adds a bot."},
      {"DelRobot", {{"nick", Str}}, Give::Bool, nullptr, "Removes a bot."},
      {"IsRobotNickBad",
       {{"nick", Str}},
       Give::Int,
       nullptr,
       "Whether a nick will do for a bot: one of eBOT_*."},
      {"SQL",
       {{"query", Str}, {"limit", Int, "100"}},
       Give::Sql,
       nullptr,
       "Runs a query on the hub's database: (ok, rows), rows of str and None."},
      {"Encode",
       {{"string", Str}},
       Give::Str,
       serve_encode,
       "Replaces $ | ` ~ and \\x05 by their DC entities."},
      {"Decode", {{"string", Str}}, Give::Str, serve_decode, "Puts back what Encode replaced."},
      {"CallDynamicFunction",
       {{"func_name", Str}, {"args", Any}},
       Give::Anything,
       serve_call_dynamic_function,
       "Calls a function that the hub or a plugin registered."},
  };
  for (std::size_t i = 0; i < functions.size(); ++i) functions[i].number = static_cast<int>(i);
  return functions;
}

}  // namespace

const std::vector<Function>& all_functions() {
  static const auto& functions = make_table();
  return functions;
}

const Function* find_function(std::string_view name) {
  for (const Function& function : all_functions())
    if (function.name == name) return &function;
  return nullptr;
}

const char* spelling(Take take) {
  switch (take) {
    case Take::Str:
      return "str";
    case Take::StrOrNone:
      return "str | None";
    case Take::Int:
    case Take::Delay:
      return "int";
    case Take::Text:
      return "str | int";
    case Take::TextOrNone:
      return "str | int | None";
    case Take::Scalar:
      return "str | int | float | bool";
    case Take::Flag:
      return "bool";
    case Take::Any:
      return "object";
  }
  Py_UNREACHABLE();
}

const char* spelling(Give give) {
  switch (give) {
    case Give::Bool:
      return "bool";
    case Give::Int:
      return "int";
    case Give::Str:
      return "str";
    case Give::StrOrNone:
      return "str | None";
    case Give::StrList:
      return "list[str]";
    case Give::MyInfo:
      return "MyINFO | None";
    case Give::GeoIp:
      return "dict | None";
    case Give::Sql:
      return "tuple[bool, list[list[str | None]]]";
    case Give::List:
      return "list";
    case Give::Anything:
      return "object";
  }
  Py_UNREACHABLE();
}

}  // namespace vh
