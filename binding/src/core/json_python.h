// Python objects as a source and as a sink of JSON's events (json_text.h). The GIL is held.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/encoding.h"
#include "core/json.h"
#include "core/json_escapes.h"
#include "core/json_text.h"
#include "core/ref.h"

namespace vh {

// A source: walks a Python object and sends events to a sink, which has a size() as well: how much
// text it holds.
template <typename Sink>
class PythonSource {
 public:
  PythonSource(Sink& sink, std::string_view where, Dialect dialect)
      : sink_(sink), where_(where), is_js_(dialect == Dialect::Js) {}

  bool walk(PyObject* root) {
    if (!value(root)) return false;
    while (!stack_.empty())
      if (!step()) return false;
    return true;
  }

  bool escaped() const { return escaped_; }

 private:
  enum class Shape { List, Tuple, Set, Dict };
  struct Frame {
    PyObject* container;  // kept alive by its parent, or by the caller
    Shape shape;
    Py_ssize_t next = 0;       // PyDict_Next's position for a dict
    PyObject* key = nullptr;   // of the dict entry under way
    Owned iterator = Owned();  // of a set
  };

  // Sends one element of the innermost container, or closes it. No Python code runs between two
  // steps, so nothing changes under the walk.
  bool step() {
    if (sink_.size() > kMaxText) return too_long();
    Frame& top = stack_.back();
    PyObject* item = nullptr;
    switch (top.shape) {
      case Shape::List:
        if (top.next < PyList_GET_SIZE(top.container))
          item = PyList_GET_ITEM(top.container, top.next++);
        break;
      case Shape::Tuple:
        if (top.next < PyTuple_GET_SIZE(top.container))
          item = PyTuple_GET_ITEM(top.container, top.next++);
        break;
      case Shape::Set:
        // The set holds the item as well, so this reference may go at once.
        item = Owned(PyIter_Next(top.iterator.get())).get();
        if (!item && PyErr_Occurred()) return false;
        ++top.next;
        break;
      case Shape::Dict:
        if (!PyDict_Next(top.container, &top.next, &top.key, &item)) break;
        if (!PyUnicode_Check(top.key)) {
          PyErr_Format(PyExc_TypeError, "%s: a dict key must be str, not %.200s",
                       path(stack_.size() - 1).c_str(), Py_TYPE(top.key)->tp_name);
          return false;
        }
        if (!string(top.key, true)) return false;
        break;
    }
    if (item) return value(item);
    if (top.shape == Shape::Dict)
      sink_.EndObject();
    else
      sink_.EndArray();
    stack_.pop_back();
    return true;
  }

  bool value(PyObject* object) {
    if (PyUnicode_Check(object)) return string(object, false);
    if (object == Py_None) return sink_.Null();
    if (PyBool_Check(object)) return sink_.Bool(object == Py_True);
    if (PyLong_Check(object)) return integer(object);
    if (PyFloat_Check(object)) return real(PyFloat_AS_DOUBLE(object));
    if (PyList_Check(object)) return open(object, Shape::List);
    if (PyDict_Check(object)) return open(object, Shape::Dict);
    if (PyTuple_Check(object)) return open(object, Shape::Tuple);
    if (PyAnySet_Check(object)) return open(object, Shape::Set);
    if (PyBytes_Check(object) && is_js_)
      return escaped('b', to_hex({PyBytes_AS_STRING(object),
                                  static_cast<std::size_t>(PyBytes_GET_SIZE(object))}));
    PyErr_Format(PyExc_TypeError, "%s: %.200s has no counterpart outside Python",
                 path(stack_.size()).c_str(), Py_TYPE(object)->tp_name);
    return false;
  }

  bool open(PyObject* container, Shape shape) {
    if (stack_.size() == kMaxDepth) {
      PyErr_Format(PyExc_TypeError, "%.*s: nested more than %zu deep%s",
                   static_cast<int>(where_.size()), where_.data(), kMaxDepth,
                   on_stack(container) ? ": it contains itself" : "");
      return false;
    }
    Frame frame{container, shape};
    if (shape == Shape::Set) {
      // A subclass's own __iter__ may give what the set does not hold.
      frame.iterator = Owned(PySet_Type.tp_iter(container));
      if (!frame.iterator) return false;
    }
    stack_.push_back(std::move(frame));
    switch (shape) {
      case Shape::List:
        return sink_.StartArray();
      case Shape::Tuple:
        return sink_.StartTuple();
      case Shape::Set:
        return sink_.StartSet();
      case Shape::Dict:
        return sink_.StartObject();
    }
    Py_UNREACHABLE();
  }

  bool integer(PyObject* object) {
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (is_js_ ? !overflow && number <= kMaxSafeInteger && number >= -kMaxSafeInteger : !overflow)
      return sink_.Int64(number);
    if (is_js_) return escaped('i', integer_to_hex(object));
    PyErr_Format(PyExc_OverflowError, "%s: an int beyond 64 bits", path(stack_.size()).c_str());
    return false;
  }

  bool real(double number) {
    if (std::isfinite(number)) return sink_.Double(number);
    PyErr_Format(PyExc_ValueError, "%s: %s cannot stand in a container",
                 path(stack_.size()).c_str(), std::isnan(number) ? "nan" : "inf");
    return false;
  }

  bool string(PyObject* str, bool key) {
    Py_ssize_t size = 0;
    const char* data = PyUnicode_AsUTF8AndSize(str, &size);
    if (!data) {
      if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return false;
      PyErr_Clear();
      return is_js_ ? escaped('u', utf16_hex(str), key) : raw_bytes(str, key);
    }
    const std::string_view text(data, static_cast<std::size_t>(size));
    if (is_js_ && is_escaped(text)) return escaped('s', text, key);
    return send(text, key);
  }

  bool raw_bytes(PyObject* str, bool key) {
    if (const auto bytes = to_raw_bytes(str)) return send(*bytes, key);
    PyErr_Format(PyExc_ValueError, "%s: a str with a lone surrogate",
                 path(stack_.size() - key).c_str());
    return false;
  }

  bool escaped(char letter, std::string_view rest, bool key = false) {
    escaped_ = true;
    return send(escape(letter, rest), key);
  }

  bool send(std::string_view text, bool key) {
    if (sink_.size() + text.size() > kMaxText) return too_long();
    return send_text(sink_, text, key);
  }

  bool too_long() const {
    PyErr_Format(PyExc_OverflowError, "%.*s: more than 512 MB of text",
                 static_cast<int>(where_.size()), where_.data());
    return false;
  }

  bool on_stack(PyObject* container) const {
    for (const Frame& frame : stack_)
      if (frame.container == container) return true;
    return false;
  }

  // The way to the element under way, through the outermost `depth` containers.
  std::string path(std::size_t depth) const {
    std::string path(where_);
    for (std::size_t i = 0; i < depth; ++i) {
      const Frame& frame = stack_[i];
      if (frame.shape == Shape::Dict) {
        Owned repr(PyObject_Repr(frame.key));
        if (!repr) PyErr_Clear();
        path += '[' + (repr ? to_utf8(repr.get()) : "?") + ']';
      } else {
        path += '[' + std::to_string(frame.next - 1) + ']';
      }
    }
    return path;
  }

  Sink& sink_;
  std::string_view where_;
  const bool is_js_;
  std::vector<Frame> stack_;
  bool escaped_ = false;
};

// A sink: Python objects. Every event returns false with a Python error set when it cannot go on.
class PythonSink : public NumbersAsWritten {
 public:
  explicit PythonSink(Dialect dialect) : is_js_(dialect == Dialect::Js) {}

  bool Null() { return put(Owned::borrow(Py_None)); }
  bool Bool(bool b) { return put(Owned(PyBool_FromLong(b))); }
  bool Int64(std::int64_t i) { return put(Owned(PyLong_FromLongLong(i))); }
  bool Double(double d) { return put(Owned(PyFloat_FromDouble(d))); }

  // An integer of any size stays exact, or is refused.
  bool RawNumber(const char* data, rapidjson::SizeType length, bool) {
    const std::string_view number(data, length);
    if (!is_integer(number)) {
      if (const auto real = to_real(number)) return Double(*real);
      return refuse("the number %.50s is out of range", number);
    }
    if (const auto integer = to_integer(number)) return Int64(*integer);
    if (!is_js_) return refuse("the integer %.50s is beyond 64 bits", number);
    return put(Owned(PyLong_FromString(std::string(number).c_str(), nullptr, 10)));
  }

  bool String(const char* data, rapidjson::SizeType length, bool) {
    return put(decode({data, length}));
  }

  bool Key(const char* data, rapidjson::SizeType length, bool) {
    Owned key = decode({data, length});
    if (!key) return false;
    stack_.back().key = std::move(key);
    return true;
  }

  bool StartObject() { return open(Shape::Dict, Owned(PyDict_New())); }
  bool StartArray() { return open(Shape::List, Owned(PyList_New(0))); }
  bool StartTuple() { return open(Shape::Tuple, Owned(PyList_New(0))); }
  // In a set stands only what can be hashed.
  bool StartSet() {
    return open(Shape::Set, Owned(in_set() ? PyFrozenSet_New(nullptr) : PySet_New(nullptr)));
  }
  bool EndObject(rapidjson::SizeType = 0) { return close(); }
  bool EndArray(rapidjson::SizeType = 0) { return close(); }

  Owned take() { return std::move(root_); }

 private:
  enum class Shape { List, Tuple, Set, Dict };
  struct Frame {
    Owned container;  // of a tuple: a list, until it ends
    Shape shape;
    bool in_set;          // it is one, or within one
    Owned key = Owned();  // of the dict entry under way
  };

  Owned decode(std::string_view text) const {
    return is_js_ && is_escaped(text) ? unescape(text) : to_str(text);
  }

  bool refuse(const char* why, std::string_view number) const {
    PyErr_Format(PyExc_ValueError, why, std::string(number).c_str());
    return false;
  }

  bool in_set() const { return !stack_.empty() && stack_.back().in_set; }

  bool put(Owned object) {
    if (!object) return false;
    if (stack_.empty()) {
      root_ = std::move(object);
      return true;
    }
    const Frame& top = stack_.back();
    switch (top.shape) {
      case Shape::List:
      case Shape::Tuple:
        return PyList_Append(top.container.get(), object.get()) == 0;
      case Shape::Set:
        return PySet_Add(top.container.get(), object.get()) == 0;
      case Shape::Dict:
        return PyDict_SetItem(top.container.get(), top.key.get(), object.get()) == 0;
    }
    Py_UNREACHABLE();
  }

  bool open(Shape shape, Owned container) {
    if (!container) return false;
    if (stack_.size() == kMaxDepth) {
      PyErr_Format(PyExc_ValueError, "JSON nested more than %zu deep", kMaxDepth);
      return false;
    }
    stack_.push_back({std::move(container), shape, shape == Shape::Set || in_set()});
    return true;
  }

  bool close() {
    Owned container = std::move(stack_.back().container);
    if (stack_.back().shape == Shape::Tuple) container = Owned(PyList_AsTuple(container.get()));
    stack_.pop_back();
    return put(std::move(container));
  }

  const bool is_js_;
  std::vector<Frame> stack_;
  Owned root_;
};

}  // namespace vh
