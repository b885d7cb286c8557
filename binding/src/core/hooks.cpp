#include "core/hooks.h"

#include <algorithm>
#include <array>
#include <vector>

namespace vh {
namespace {

constexpr HookInfo kHooks[] = {
    {"OnNewConn", "s"},
    {"OnCloseConn", "s"},
    {"OnCloseConnEx", "sls"},
    {"OnParsedMsgChat", "ss"},
    {"OnParsedMsgPM", "sss"},
    {"OnParsedMsgMCTo", "sss"},
    {"OnParsedMsgSearch", "ss"},
    {"OnParsedMsgSR", "ss"},
    {"OnParsedMsgMyINFO", "ssssss"},
    {"OnFirstMyINFO", "ssssss"},
    {"OnParsedMsgValidateNick", "s"},
    {"OnParsedMsgAny", "ss"},
    {"OnParsedMsgAnyEx", "ss"},
    {"OnOpChatMessage", "ss"},
    {"OnPublicBotMessage", "ssll"},
    {"OnUnLoad", "l"},
    {"OnCtmToHub", "sslls"},
    {"OnParsedMsgSupports", "sss"},
    {"OnParsedMsgMyHubURL", "ss"},
    {"OnParsedMsgExtJSON", "ss"},
    {"OnParsedMsgBotINFO", "ss"},
    {"OnParsedMsgVersion", "ss"},
    {"OnParsedMsgMyPass", "ss"},
    {"OnParsedMsgConnectToMe", "ssss"},
    {"OnParsedMsgRevConnectToMe", "ss"},
    {"OnUnknownMsg", "ss"},
    {"OnOperatorCommand", "ss"},
    {"OnOperatorKicks", "sss"},
    {"OnOperatorDrops", "ss"},
    {"OnOperatorDropsWithReason", "sss"},
    {"OnValidateTag", "ss"},
    {"OnUserCommand", "ss"},
    {"OnHubCommand", "sslls"},
    {"OnScriptCommand", "ssss"},
    {"OnUserInList", "s"},
    {"OnUserLogin", "s"},
    {"OnUserLogout", "s"},
    {"OnTimer", "d"},
    {"OnNewReg", "ssl"},
    {"OnNewBan", "ssss"},
    {"OnSetConfig", "sssssl"},
    {"OnScriptQuery", "ssss"},
};

constexpr int number(std::string_view name) {
  for (int i = 0; i < static_cast<int>(std::size(kHooks)); ++i)
    if (kHooks[i].name == name) return i;
  return kNoHook;
}

constexpr int kChat = number("OnParsedMsgChat");
constexpr int kMyInfo = number("OnParsedMsgMyINFO");
constexpr int kFirstMyInfo = number("OnFirstMyINFO");

constexpr const char* kNewRegNames[] = {"nick", "user_class", "op_nick"};
constexpr int kNewRegPositions[] = {1, 2, 0};
constexpr const char* kNewBanNames[] = {"ip", "nick", "op_nick", "reason"};
constexpr int kNewBanPositions[] = {1, 2, 0, 3};
constexpr const char* kSetConfigNames[] = {"config", "variable", "value"};
constexpr int kSetConfigPositions[] = {1, 2, 3};

constexpr OtherOrder kOtherOrders[] = {
    {number("OnNewReg"), kNewRegNames, kNewRegPositions},
    {number("OnNewBan"), kNewBanNames, kNewBanPositions},
    {number("OnSetConfig"), kSetConfigNames, kSetConfigPositions},
};

// Levenshtein's distance: how many letters to add, drop or change.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

const int kHookOnUnLoad = number("OnUnLoad");
const int kHookOnScriptCommand = number("OnScriptCommand");
const int kHookOnScriptQuery = number("OnScriptQuery");

std::span<const HookInfo> all_hooks() {
  return kHooks;
}

bool is_hook(int number) {
  return number >= 0 && number < static_cast<int>(std::size(kHooks));
}

std::size_t argument_count(int hook) {
  static constexpr auto kCounts = [] {
    std::array<std::uint8_t, std::size(kHooks)> counts{};
    for (std::size_t i = 0; i < counts.size(); ++i)
      counts[i] = static_cast<std::uint8_t>(kHooks[i].format.size());
    return counts;
  }();
  return kCounts[static_cast<std::size_t>(hook)];
}

int hook_number(std::string_view name) {
  return number(name);
}

const char* nearest_hook(std::string_view name) {
  return std::ranges::min_element(kHooks, {},
                                  [&](const HookInfo& hook) { return distance(name, hook.name); })
      ->name;
}

Substitution substitution(int hook) {
  if (hook == kChat) return {0, 2};
  if (hook == kMyInfo || hook == kFirstMyInfo) return {1, 5};
  return {0, 0};
}

const OtherOrder* other_order(int hook) {
  for (const OtherOrder& order : kOtherOrders)
    if (order.hook == hook) return &order;
  return nullptr;
}

}  // namespace vh
