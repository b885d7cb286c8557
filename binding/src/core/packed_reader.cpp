#include "core/packed_reader.h"

#include <cmath>
#include <cstring>

#include "core/encoding.h"

namespace vh {
namespace {

constexpr std::size_t kUnitsOfCode = sizeof(std::int32_t) / sizeof(char16_t);

Owned constant(std::uint32_t which) {
  PyObject* const constants[] = {Py_None, Py_False, Py_True};
  return which < std::size(constants) ? Owned::borrow(constants[which]) : Owned();
}

}  // namespace

PackedReader::PackedReader(const Text& packed) {
  const auto* codes = static_cast<const std::int32_t*>(packed.data);
  const std::size_t most = packed.length / kUnitsOfCode;
  const std::size_t count = most > 0 ? static_cast<std::uint32_t>(*codes) : 0;
  if (count == 0 || count > most) return;
  codes_ = {codes + 1, count - 1};
  const auto* units = static_cast<const char16_t*>(packed.data);
  strings_ = {units + count * kUnitsOfCode, packed.length - count * kUnitsOfCode};
  done_.reserve(64);
}

Owned PackedReader::read() {
  bool good = !codes_.empty();
  while (good && !codes_.empty()) good = item();
  if (good && done_.size() == 1 && strings_.empty()) return std::move(done_.back());
  if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "not a packed container");
  return Owned();
}

bool PackedReader::item() {
  const std::int32_t code = codes_.front();
  const auto number_of = static_cast<std::uint32_t>(code) >> kBits;
  codes_ = codes_.subspan(1);
  switch (static_cast<Code>(code & ((1 << kBits) - 1))) {
    case Code::String:
      return put(string(number_of));
    case Code::Integer:
      return put(Owned(PyLong_FromLong(code >> kBits)));
    case Code::Number:
      return put(number());
    case Code::Constant:
      return put(constant(number_of));
    case Code::Array:
      return array(number_of);
    case Code::Keys:
      return keys(number_of);
    case Code::Object:
      return object(number_of);
  }
  return false;
}

Owned PackedReader::string(std::size_t length) {
  if (length > strings_.size()) return Owned();
  const std::u16string_view text = strings_.substr(0, length);
  strings_.remove_prefix(length);
  return to_str(text);
}

// A float, or an int where it is whole.
Owned PackedReader::number() {
  double number = 0;
  constexpr std::size_t kCodes = sizeof number / sizeof(std::int32_t);
  if (codes_.size() < kCodes) return Owned();
  std::memcpy(&number, codes_.data(), sizeof number);
  codes_ = codes_.subspan(kCodes);
  if (!std::isfinite(number)) return Owned();
  return Owned(number == std::trunc(number) ? PyLong_FromDouble(number)
                                            : PyFloat_FromDouble(number));
}

bool PackedReader::array(std::size_t length) {
  if (length > done_.size()) return false;
  Owned list(PyList_New(static_cast<Py_ssize_t>(length)));
  if (!list) return false;
  Py_ssize_t at = 0;
  for (Owned& item : last(length)) PyList_SET_ITEM(list.get(), at++, item.release());
  return replace(length, std::move(list));
}

bool PackedReader::keys(std::size_t count) {
  if (count > codes_.size()) return false;
  lists_.push_back({keys_.size(), count});
  for (const std::int32_t length : codes_.first(count)) {
    keys_.push_back(string(static_cast<std::uint32_t>(length)));
    if (!keys_.back()) return false;
  }
  codes_ = codes_.subspan(count);
  return true;
}

bool PackedReader::object(std::size_t number) {
  if (number >= lists_.size() || lists_[number].count > done_.size()) return false;
  const auto [first, count] = lists_[number];
  Owned dict(_PyDict_NewPresized(static_cast<Py_ssize_t>(count)));
  if (!dict) return false;
  const Owned* key = keys_.data() + first;
  for (const Owned& item : last(count))
    if (PyDict_SetItem(dict.get(), key++->get(), item.get()) != 0) return false;
  return replace(count, std::move(dict));
}

bool PackedReader::replace(std::size_t count, Owned made) {
  done_.resize(done_.size() - count);
  return put(std::move(made));
}

}  // namespace vh
