#include "core/constants.h"

namespace vh {
namespace {

constexpr ConstantInfo kConstants[] = {
    // Why a connection is closed.
    {"eCR_DEFAULT", 0},
    {"eCR_INVALID_USER", 1},
    {"eCR_KICKED", 2},
    {"eCR_BANNED", 2},
    {"eCR_FORCEMOVE", 3},
    {"eCR_QUIT", 4},
    {"eCR_HUB_LOAD", 5},
    {"eCR_TIMEOUT", 6},
    {"eCR_TO_ANYACTION", 7},
    {"eCR_USERLIMIT", 8},
    {"eCR_SHARE_LIMIT", 9},
    {"eCR_TAG_NONE", 10},
    {"eCR_TAG_INVALID", 11},
    {"eCR_PASSWORD", 12},
    {"eCR_LOGIN_ERR", 13},
    {"eCR_SYNTAX", 14},
    {"eCR_INVALID_KEY", 15},
    {"eCR_RECONNECT", 16},
    {"eCR_CLONE", 17},
    {"eCR_SELF", 18},
    {"eCR_BADNICK", 19},
    {"eCR_NOREDIR", 20},
    {"eCR_PLUGIN", 21},
    // What is wrong with a bot's nick.
    {"eBOT_OK", 0},
    {"eBOT_EXISTS", 1},
    {"eBOT_WITHOUT_NICK", 2},
    {"eBOT_BAD_CHARS", 3},
    {"eBOT_RESERVED_NICK", 4},
    {"eBOT_API_ERROR", 5},
    // What a ban is by; bits.
    {"eBF_NICKIP", 1},
    {"eBF_IP", 2},
    {"eBF_NICK", 4},
    {"eBF_RANGE", 8},
    {"eBF_HOST1", 16},
    {"eBF_HOST2", 32},
    {"eBF_HOST3", 64},
    {"eBF_SHARE", 128},
    {"eBF_PREFIX", 256},
    {"eBF_HOSTR1", 512},
    {"eBF_REVERSE", 512},
    // Types of configuration variables.
    {"eIT_VOID", 0},
    {"eIT_BOOL", 1},
    {"eIT_CHAR", 2},
    {"eIT_INT", 3},
    {"eIT_UINT", 4},
    {"eIT_LONG", 5},
    {"eIT_ULONG", 6},
    {"eIT_PCHAR", 7},
    {"eIT_TIMET", 8},
    {"eIT_LLONG", 9},
    {"eIT_ULLONG", 10},
    {"eIT_AR_BYTE", 11},
    {"eIT_STRING", 12},
    {"eIT_DOUBLE", 13},
    // Classes of users.
    {"eUC_PINGER", -1},
    {"eUC_NORM", 0},
    {"eUC_REG", 1},
    {"eUC_VIP", 2},
    {"eUC_OP", 3},
    {"eUC_CHEEF", 4},
    {"eUC_ADMIN", 5},
    {"eUC_MASTER", 10},
    // Bits of the flag in MyINFO.
    {"eMF_NORM", 1},
    {"eMF_AWAY", 2},
    {"eMF_SERV", 4},
    {"eMF_FIRE", 8},
    {"eMF_TLS", 16},
    {"eMF_NAT", 32},
    // What a user is restricted from; bits.
    {"eUR_CHAT", 1},
    {"eUR_PM", 2},
    {"eUR_SEARCH", 4},
    {"eUR_CTM", 8},
};

}  // namespace

std::span<const ConstantInfo> all_constants() {
  return kConstants;
}

}  // namespace vh
