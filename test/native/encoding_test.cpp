// Texts keep every unit, whichever way they are stored.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "core/convert.h"
#include "core/encoding.h"
#include "harness.h"

namespace vh::test {

TEST_CASE("UTF-16 becomes the code points it stands for; lone surrogates stay") {
  const Gil gil;
  const auto from = [](std::u16string_view units) {
    return repr(to_str({units.data(), units.size(), Width::Utf16}).get());
  };
  CHECK(from(u"") == "''");
  CHECK(from(u"plain") == "'plain'");
  CHECK(from(u"\u00e9\u00ff") == "'éÿ'");
  CHECK(from(u"привет") == "'привет'");
  CHECK(from(u"a\U0001F600b") == "'a😀b'");
  const char16_t lone[] = {'x', 0xD83D, 'y', 0xDE00, 0xD800};
  CHECK(from({lone, 5}) == R"('x\ud83dy\ude00\ud800')");
  const char16_t nul[] = {'a', 0, 'b'};
  CHECK(from({nul, 3}) == R"('a\x00b')");
}

TEST_CASE("pairs are joined wherever they stand in a long text") {
  const Gil gil;
  for (std::size_t before = 0; before < 20; ++before) {
    for (const auto& written :
         {std::pair<std::u16string, std::string>{u"\U0001F600", "\\U0001f600"},
          {u"\U0010FFFF", "\\U0010ffff"},
          {{0xDE00, 0xDE00, 0xD83D, 0xD83D, 'x'}, "\\ude00\\ude00\\ud83d\\ud83dx"},
          {u"中", "中"},
          {u"é", "é"}}) {
      const auto& units = written.first;
      const std::string& point = written.second;
      CAPTURE(before);
      CAPTURE(point);
      std::u16string text(before, 'a');
      for (int i = 0; i < 21; ++i) text += units;
      text += u"ab\U0001F600";
      const std::string expression =
          "'a' * " + std::to_string(before) + " + '" + point + "' * 21 + 'ab\\U0001f600'";
      CHECK(PyObject_RichCompareBool(to_str(text).get(), evaluate(expression.c_str()).get(),
                                     Py_EQ) == 1);
    }
  }
}

TEST_CASE("bytes that are not UTF-8 pass as surrogate escapes") {
  const Gil gil;
  Owned str = to_str("caf\xe9");
  CHECK(repr(str.get()) == R"('caf\udce9')");
  CHECK(to_utf8(str.get()) == "caf\xe9");
}

TEST_CASE("every scalar comes back as it was") {
  const Gil gil;
  for (const char* expression :
       {"None", "True", "0", "-1", "2**63 - 1", "-2**63", "2**63", "-2**63 - 1", "10**5000 // 3",
        "0.1", "-0.0", "float('inf')", "'\\ud800'", "'😀'", "b'\\x00'", "''"}) {
    CAPTURE(expression);
    Owned object = evaluate(expression);
    Value value;
    REQUIRE(to_value(object.get(), "value", Dialect::Js, value));
    Owned back = to_object(value);
    REQUIRE(back);
    CHECK(Py_TYPE(back.get()) == Py_TYPE(object.get()));
    CHECK(PyObject_RichCompareBool(back.get(), object.get(), Py_EQ) == 1);
  }
}

TEST_CASE("hexadecimal that is none is refused") {
  const Gil gil;
  for (const char* hex : {"0", "0g", "AB", " 1"}) {
    CHECK_FALSE(bytes_from_hex(hex));
    PyErr_Clear();
  }
  CHECK(to_hex("\x01\xfe") == "01fe");
}

}  // namespace vh::test
