// Python objects as a source of JSON's events (json_text.h). The GIL is held.
#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "core/encoding.h"
#include "core/json.h"
#include "core/json_text.h"
#include "core/ref.h"

namespace vh {

// Walks a Python object and sends events to a sink, which has a size() as well: how much text it
// holds. One for JavaScript (js_json_writer.h) is also sent what plain JSON cannot say, and each
// str as it is stored.
template <typename Sink>
class PythonSource {
 public:
  PythonSource(Sink& sink, std::string_view where) : sink_(sink), where_(where) {
    stack_.reserve(8);
  }

  bool walk(PyObject* root) {
    if (!value(root)) return false;
    while (!stack_.empty())
      if (!items()) return false;
    return true;
  }

 private:
  static constexpr bool kIsJs = requires(Sink sink) { sink.escaped('i', ""); };

  enum class Shape { List, Tuple, Set, Dict };
  struct Frame {
    PyObject* container;  // kept alive by its parent, or by the caller
    Shape shape;
    Py_ssize_t next = 0;       // PyDict_Next's position for a dict
    PyObject* key = nullptr;   // of the dict entry under way
    Owned iterator = Owned();  // of a set
  };

  // Sends the items of the innermost container, up to one that is a container as well, or closes
  // it. No Python code runs meanwhile, so nothing changes under the walk.
  bool items() {
    const std::size_t depth = stack_.size();
    Frame& top = stack_.back();
    for (PyObject* item = nullptr; next(top, item);) {
      if (!item) return close();
      if (!value(item)) return false;
      if (stack_.size() > depth) return true;
    }
    return false;
  }

  // Null after the last one. Sends the key of an entry.
  bool next(Frame& top, PyObject*& item) {
    item = nullptr;
    if (!has_room(0)) return false;
    switch (top.shape) {
      case Shape::List:
        if (top.next < PyList_GET_SIZE(top.container))
          item = PyList_GET_ITEM(top.container, top.next++);
        return true;
      case Shape::Tuple:
        if (top.next < PyTuple_GET_SIZE(top.container))
          item = PyTuple_GET_ITEM(top.container, top.next++);
        return true;
      case Shape::Set:
        // The set holds the item as well, so this reference may go at once.
        item = Owned(PyIter_Next(top.iterator.get())).get();
        ++top.next;
        return item || !PyErr_Occurred();
      case Shape::Dict:
        return !PyDict_Next(top.container, &top.next, &top.key, &item) || key(top.key);
    }
    Py_UNREACHABLE();
  }

  bool key(PyObject* key) {
    if (PyUnicode_Check(key)) return string(key, true);
    PyErr_Format(PyExc_TypeError, "%s: a dict key must be str, not %.200s",
                 path(stack_.size() - 1).c_str(), Py_TYPE(key)->tp_name);
    return false;
  }

  bool close() {
    const bool is_dict = stack_.back().shape == Shape::Dict;
    stack_.pop_back();
    is_dict ? sink_.EndObject() : sink_.EndArray();
    return true;
  }

  bool value(PyObject* object) {
    if (PyUnicode_Check(object)) return string(object, false);
    if (object == Py_None) return sink_.Null();
    if (PyBool_Check(object)) return sink_.Bool(object == Py_True);
    if (PyLong_Check(object)) return integer(object);
    if (PyList_Check(object)) return open(object, Shape::List);
    if (PyDict_Check(object)) return open(object, Shape::Dict);
    if (PyFloat_Check(object)) return real(PyFloat_AS_DOUBLE(object));
    if (PyTuple_Check(object)) return open(object, Shape::Tuple);
    if (PyAnySet_Check(object)) return open(object, Shape::Set);
    if constexpr (kIsJs)
      if (PyBytes_Check(object))
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
    if constexpr (kIsJs) {
      if (overflow || number > kMaxSafeInteger || number < -kMaxSafeInteger) {
        if (!fits_bigint(object)) {
          PyErr_Format(PyExc_OverflowError, "%s: an int longer than JavaScript's can be",
                       path(stack_.size()).c_str());
          return false;
        }
        const auto hex = integer_to_hex(object);
        return hex && escaped('i', *hex);
      }
    }
    if (!overflow) return sink_.Int64(number);
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
    if constexpr (kIsJs) {
      const Text text = view_of(str);
      return has_room(text.length) && (key ? sink_.key(text) : sink_.string(text));
    } else {
      Py_ssize_t size = 0;
      const char* data = PyUnicode_AsUTF8AndSize(str, &size);
      if (data) return send({data, static_cast<std::size_t>(size)}, key);
      if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return false;
      PyErr_Clear();
      return raw_bytes(str, key);
    }
  }

  bool raw_bytes(PyObject* str, bool key) {
    if (const auto bytes = to_raw_bytes(str)) return send(*bytes, key);
    PyErr_Format(PyExc_ValueError, "%s: a str with a lone surrogate",
                 path(stack_.size() - key).c_str());
    return false;
  }

  bool escaped(char letter, std::string_view rest) {
    return has_room(rest.size()) && sink_.escaped(letter, rest);
  }

  bool send(std::string_view text, bool key) {
    return has_room(text.size()) && send_text(sink_, text, key);
  }

  bool has_room(std::size_t more) const {
    if (sink_.size() + more <= kMaxText) return true;
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
  std::vector<Frame> stack_;
};

}  // namespace vh
