// Packed containers (lib/packer.ts) to Python; test/unit/packer.test.ts has the other half.
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "core/json.h"
#include "harness.h"

namespace vh::test {
namespace {

constexpr std::int32_t kString = 0, kInteger = 1, kNumber = 2, kConstant = 3, kArray = 4, kKeys = 5,
                       kObject = 6;

std::int32_t code(std::int32_t tag, std::int32_t number) {
  return number * 8 + tag;
}

Owned read(std::vector<std::int32_t> codes, std::u16string_view strings = u"") {
  codes.insert(codes.begin(), static_cast<std::int32_t>(codes.size() + 1));
  std::u16string units(codes.size() * 2, u'\0');
  std::memcpy(units.data(), codes.data(), units.size() * 2);
  units += strings;
  Value packed = Value::view(Kind::Json, {units.data(), units.size(), Width::Utf16});
  packed.dialect = Dialect::Packed;
  return read_json(packed);
}

std::vector<std::int32_t> number(double number) {
  std::vector<std::int32_t> codes{kNumber, 0, 0};
  std::memcpy(codes.data() + 1, &number, sizeof number);
  return codes;
}

bool refused(std::vector<std::int32_t> codes, std::u16string_view strings = u"") {
  return !read(std::move(codes), strings) && take_error() != "";
}

}  // namespace

TEST_CASE("packed containers are lists and dicts") {
  const Gil gil;
  CHECK(repr(read({code(kArray, 0)}).get()) == "[]");
  CHECK(repr(read({code(kKeys, 0), code(kObject, 0)}).get()) == "{}");
  CHECK(repr(read({code(kInteger, 1), code(kInteger, -(1 << 28)), code(kConstant, 0),
                   code(kConstant, 1), code(kConstant, 2), code(kArray, 5)})
                 .get()) == "[1, -268435456, None, False, True]");
  CHECK(repr(read({code(kString, 1), code(kString, 0), code(kString, 2), code(kArray, 3)}, u"жab")
                 .get()) == "['ж', '', 'ab']");
}

TEST_CASE("packed objects share their keys") {
  const Gil gil;
  const Owned list = read({code(kInteger, 1), code(kInteger, 2), code(kKeys, 2), 1, 2,
                           code(kObject, 0), code(kInteger, 3), code(kKeys, 1), 1, code(kObject, 1),
                           code(kInteger, 4), code(kInteger, 5), code(kObject, 0), code(kArray, 3)},
                          u"abcd");
  CHECK(repr(list.get()) == "[{'a': 1, 'bc': 2}, {'d': 3}, {'a': 4, 'bc': 5}]");
}

TEST_CASE("packed numbers are ints where they are whole") {
  const Gil gil;
  CHECK(repr(read(number(0.5)).get()) == "0.5");
  CHECK(repr(read(number(9007199254740991)).get()) == "9007199254740991");
  CHECK(repr(read(number(-536870913)).get()) == "-536870913");
}

TEST_CASE("what is not packed is refused") {
  const Gil gil;
  CHECK(refused({}));
  CHECK(refused({7}));                                    // no such tag
  CHECK(refused({code(kConstant, 3)}));                   // no such constant
  CHECK(refused({code(kArray, 1)}));                      // no item
  CHECK(refused({code(kObject, 0)}));                     // no keys
  CHECK(refused({code(kKeys, 1), 0, code(kObject, 0)}));  // no value
  CHECK(refused({code(kKeys, 2), 0}));                    // no length
  CHECK(refused({code(kKeys, 1), 1}));                    // no text
  CHECK(refused({code(kKeys, 1), -1}));
  CHECK(refused({code(kString, 2)}, u"a"));
  CHECK(refused({code(kString, 1)}, u"ab"));               // some is left
  CHECK(refused({code(kInteger, 1), code(kInteger, 1)}));  // two
  CHECK(refused({kNumber, 0}));
  CHECK(refused(number(std::numeric_limits<double>::infinity())));
  CHECK(refused(number(std::numeric_limits<double>::quiet_NaN())));
  Value empty = Value::view(Kind::Json, {u"a", 1, Width::Utf16});
  empty.dialect = Dialect::Packed;
  CHECK(!read_json(empty));
  CHECK(take_error() != "");
}

}  // namespace vh::test
