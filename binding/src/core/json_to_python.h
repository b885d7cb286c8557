// Python objects as a sink of JSON's events (json_text.h). The GIL is held.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/encoding.h"
#include "core/json.h"
#include "core/json_text.h"
#include "core/ref.h"

namespace vh {

// Every event returns false with a Python error set when it cannot go on.
class PythonSink : public NumbersAsWritten {
 public:
  PythonSink() {
    open_.reserve(8);
    done_.reserve(128);
  }

  bool Null() { return put(Owned::borrow(Py_None)); }
  bool Bool(bool b) { return put(Owned(PyBool_FromLong(b))); }
  bool Int64(std::int64_t i) { return put(Owned(PyLong_FromLongLong(i))); }
  bool Double(double d) { return put(Owned(PyFloat_FromDouble(d))); }

  // An integer stays exact, or is refused.
  bool RawNumber(const char* data, rapidjson::SizeType length, bool) {
    const std::string_view number(data, length);
    if (!is_integer(number)) {
      if (const auto real = to_real(number)) return Double(*real);
      return refuse("the number %.50s is out of range", number);
    }
    if (const auto integer = to_integer(number)) return Int64(*integer);
    return refuse("the integer %.50s is beyond 64 bits", number);
  }

  bool String(const char* data, rapidjson::SizeType length, bool) {
    return put(to_str(std::string_view(data, length)));
  }
  bool Key(const char* data, rapidjson::SizeType length, bool) {
    return put(to_str(std::string_view(data, length)));
  }

  bool StartObject() { return open(Shape::Dict); }
  bool StartArray() { return open(Shape::List); }
  bool StartTuple() { return open(Shape::Tuple); }
  bool StartSet() { return open(Shape::Set); }
  bool EndObject(rapidjson::SizeType = 0) { return close(); }
  bool EndArray(rapidjson::SizeType = 0) { return close(); }

  // An object made elsewhere, as the next value or key.
  bool put(Owned object) {
    if (!object) return false;
    done_.push_back(std::move(object));
    return true;
  }

  bool in_dict() const { return open_.back().shape == Shape::Dict; }
  bool is_complete() const { return open_.empty(); }
  Owned take() { return std::move(done_.back()); }

 private:
  enum class Shape { List, Tuple, Set, Dict };
  struct Frame {
    Shape shape;
    bool in_set;        // it is one, or within one
    std::size_t first;  // of its items in done_
  };

  bool refuse(const char* why, std::string_view number) const {
    PyErr_Format(PyExc_ValueError, why, std::string(number).c_str());
    return false;
  }

  bool open(Shape shape) {
    if (open_.size() == kMaxDepth) {
      PyErr_Format(PyExc_ValueError, "JSON nested more than %zu deep", kMaxDepth);
      return false;
    }
    const bool in_set = shape == Shape::Set || (!open_.empty() && open_.back().in_set);
    open_.push_back({shape, in_set, done_.size()});
    return true;
  }

  // The items are all there, so that a container is made with the room it needs.
  bool close() {
    const Frame frame = open_.back();
    open_.pop_back();
    Owned made = make(frame);
    done_.resize(frame.first);
    return put(std::move(made));
  }

  Owned make(const Frame& frame) {
    const std::span<Owned> items = std::span(done_).subspan(frame.first);
    const auto size = static_cast<Py_ssize_t>(items.size());
    Py_ssize_t at = 0;
    Owned made;
    switch (frame.shape) {
      case Shape::List:
        made = Owned(PyList_New(size));
        if (!made) return made;
        for (Owned& item : items) PyList_SET_ITEM(made.get(), at++, item.release());
        return made;
      case Shape::Tuple:
        made = Owned(PyTuple_New(size));
        if (!made) return made;
        for (Owned& item : items) PyTuple_SET_ITEM(made.get(), at++, item.release());
        return made;
      case Shape::Set: {
        // In a set stands only what can be hashed.
        const bool nested = !open_.empty() && open_.back().in_set;
        made = Owned(nested ? PyFrozenSet_New(nullptr) : PySet_New(nullptr));
        if (!made) return made;
        for (const Owned& item : items)
          if (PySet_Add(made.get(), item.get()) != 0) return Owned();
        return made;
      }
      case Shape::Dict:
        made = Owned(_PyDict_NewPresized(size / 2));
        if (!made) return made;
        for (std::size_t i = 0; i < items.size(); i += 2)
          if (PyDict_SetItem(made.get(), items[i].get(), items[i + 1].get()) != 0) return Owned();
        return made;
    }
    Py_UNREACHABLE();
  }

  std::vector<Frame> open_;
  // The items of the containers that are open; a dict's keys and values take turns.
  std::vector<Owned> done_;
};

}  // namespace vh
