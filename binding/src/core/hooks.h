// The hooks: names, numbers, argument formats, and what a script's answer means.
#pragma once

#include <span>
#include <string_view>

#include "core/core.h"

namespace vh {

// The position of a hook in all_hooks() is its number, the same as W_On… of the C API.
std::span<const HookInfo> all_hooks();

inline constexpr int kNoHook = -1;

extern const int kHookOnUnLoad;
extern const int kHookOnScriptCommand;
extern const int kHookOnScriptQuery;

bool is_hook(int number);

std::size_t argument_count(int hook);

// kNoHook when there is no hook of that name.
int hook_number(std::string_view name);

// The hook whose name differs least from `name`.
const char* nearest_hook(std::string_view name);

// The arguments that a tuple may substitute: `count` of them from `first`; none when count is 0.
struct Substitution {
  int first, count;
};
Substitution substitution(int hook);

// The manual's summary gives three hooks other parameters than its reference. A function whose
// parameters are named exactly so gets arguments `positions[0]`, `positions[1]` … of the hook.
struct OtherOrder {
  int hook;
  std::span<const char* const> names;
  std::span<const int> positions;
};
const OtherOrder* other_order(int hook);

}  // namespace vh
