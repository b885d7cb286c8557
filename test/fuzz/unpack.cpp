// Format strings of w_pack and w_unpack: "<packed>,<wanted>". What is packed is read back by its
// own format, and by another just when that fits; a format that does not fit writes nothing.
#include <wrapper.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

constexpr std::size_t kMost = 12;

// Whatever letter reads a pointer to it, it is valid: text that ends, or a list that does.
char g_text[] = "text";
char* g_list[] = {g_text, nullptr};

w_Targs* pack(const std::string& format) {
  void* p = g_list;
  return w_pack(format.c_str(), p, p, p, p, p, p, p, p, p, p, p, p);
}

using Targets = std::uint64_t[kMost];
constexpr std::uint64_t kUntouched = 0x5555555555555555;

bool unpack(w_Targs* args, const std::string& format, Targets& t) {
  std::fill_n(t, kMost, kUntouched);
  return w_unpack(args, format.c_str(), t, t + 1, t + 2, t + 3, t + 4, t + 5, t + 6, t + 7, t + 8,
                  t + 9, t + 10, t + 11) == 1;
}

bool all_letters(const std::string& format) {
  return format.find_first_not_of("lsdpDLO") == format.npos;
}

// What the contract says of formats, in other words than the code's.
bool fits(const std::string& packed, const std::string& wanted) {
  const std::size_t bar = wanted.find('|');
  if (bar == wanted.npos) return packed == wanted && all_letters(wanted);
  const std::string required = wanted.substr(0, bar), optional = wanted.substr(bar + 1);
  const std::string all = required + optional;
  return all_letters(all) && packed.size() >= required.size() &&
         all.compare(0, packed.size(), packed) == 0;
}

void expect(bool truth) {
  if (!truth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string packed(reinterpret_cast<const char*>(data), size), wanted;
  const std::size_t comma = packed.find(',');
  if (comma != packed.npos) {
    wanted = packed.substr(comma + 1).c_str();  // as C sees it: up to a NUL
    packed.resize(comma);
  }
  packed = packed.c_str();
  if (packed.size() > kMost || wanted.size() > kMost) return 0;

  w_Targs* args = pack(packed);
  expect((args != nullptr) == all_letters(packed));
  Targets targets;
  if (args) {
    expect(packed == args->format);
    expect(unpack(args, packed, targets));
    for (std::size_t i = 0; i < packed.size(); ++i)
      if (std::strchr("sD", packed[i]))
        expect(std::strcmp(reinterpret_cast<char*>(targets[i]), reinterpret_cast<char*>(g_list)) ==
               0);
    expect(std::strlen(w_packprint(args)) > 0);
  }
  const bool done = unpack(args, wanted, targets);
  expect(done == (args && fits(packed, wanted)));
  const std::size_t written =
      done ? wanted.size() - std::count(wanted.begin(), wanted.end(), '|') : 0;
  for (std::size_t i = written; i < kMost; ++i) expect(targets[i] == kUntouched);
  w_free_args(args);
  return 0;
}
