#include "core/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <cmath>
#include <vector>

#include "core/encoding.h"

namespace vh {
namespace {

// What a string that begins with this stands for is told by the letter after it.
constexpr char kEscape = '\0';

std::string escape(char letter, std::string_view rest) {
  std::string text{kEscape, letter};
  return text.append(rest);
}

std::string utf16_hex(PyObject* str) {
  std::string units;
  const auto put = [&units](Py_UCS4 unit) {
    units += static_cast<char>(unit >> 8);
    units += static_cast<char>(unit);
  };
  for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(str); ++i) {
    const Py_UCS4 point = PyUnicode_READ_CHAR(str, i);
    if (point < 0x10000) {
      put(point);
    } else {
      put(0xD800 + ((point - 0x10000) >> 10));
      put(0xDC00 + (point & 0x3FF));
    }
  }
  return to_hex(units);
}

Owned str_from_utf16_hex(std::string_view hex) {
  Owned bytes = bytes_from_hex(hex);
  if (!bytes) return bytes;
  int big_endian = 1;
  return Owned(PyUnicode_DecodeUTF16(PyBytes_AS_STRING(bytes.get()), PyBytes_GET_SIZE(bytes.get()),
                                     "surrogatepass", &big_endian));
}

// A source: walks a Python container and sends events to a sink.
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
      frame.iterator = Owned(PyObject_GetIter(container));
      if (!frame.iterator) return false;
    }
    stack_.push_back(std::move(frame));
    return shape == Shape::Dict ? sink_.StartObject() : sink_.StartArray();
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
    if (is_js_ && !text.empty() && text[0] == kEscape) return escaped('s', text, key);
    return send(text, key);
  }

  bool raw_bytes(PyObject* str, bool key) {
    Owned bytes(PyUnicode_AsEncodedString(str, "utf-8", "surrogateescape"));
    if (bytes)
      return send(
          {PyBytes_AS_STRING(bytes.get()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get()))},
          key);
    PyErr_Clear();
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
    const auto length = static_cast<rapidjson::SizeType>(text.size());
    return key ? sink_.Key(text.data(), length) : sink_.String(text.data(), length);
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

// A sink: JSON text.
class TextSink : public rapidjson::Writer<rapidjson::StringBuffer> {
 public:
  TextSink() : Writer(buffer_) {}
  std::size_t size() const { return buffer_.GetSize(); }
  std::string_view text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  rapidjson::StringBuffer buffer_;
};

// A sink: Python objects. Every event returns false with a Python error set when it cannot go on.
class PythonSink {
 public:
  explicit PythonSink(Dialect dialect) : is_js_(dialect == Dialect::Js) {}

  bool Null() { return put(Owned::borrow(Py_None)); }
  bool Bool(bool b) { return put(Owned(PyBool_FromLong(b))); }
  bool Int(int i) { return Int64(i); }
  bool Uint(unsigned u) { return Int64(u); }
  bool Int64(std::int64_t i) { return put(Owned(PyLong_FromLongLong(i))); }
  bool Uint64(std::uint64_t u) { return put(Owned(PyLong_FromUnsignedLongLong(u))); }
  bool Double(double d) { return put(Owned(PyFloat_FromDouble(d))); }

  // A number as it was written: an integer of any size stays exact.
  bool RawNumber(const char* data, rapidjson::SizeType length, bool) {
    const std::string_view number(data, length);
    if (number.find_first_of(".eE") != number.npos) {
      double real = 0;
      const auto end = std::from_chars(data, data + length, real);
      if (end.ec == std::errc()) return Double(real);
      PyErr_Format(PyExc_ValueError, "the number %.50s is out of range",
                   std::string(number).c_str());
      return false;
    }
    std::int64_t integer = 0;
    if (std::from_chars(data, data + length, integer).ec == std::errc()) return Int64(integer);
    if (!is_js_) {
      PyErr_Format(PyExc_ValueError, "the integer %.50s is beyond 64 bits",
                   std::string(number).c_str());
      return false;
    }
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

  bool StartObject() { return open(Owned(PyDict_New())); }
  bool StartArray() { return open(Owned(PyList_New(0))); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  Owned take() { return std::move(root_); }

 private:
  struct Frame {
    Owned container;
    Owned key = Owned();  // the entry under way, of a dict
  };

  Owned decode(std::string_view text) const {
    if (!is_js_ || text.empty() || text[0] != kEscape) return to_str(text);
    const char letter = text.size() > 1 ? text[1] : '\0';
    const std::string_view rest = text.substr(text.size() > 1 ? 2 : 1);
    switch (letter) {
      case 's':
        return to_str(rest);
      case 'u':
        return str_from_utf16_hex(rest);
      case 'i':
        return integer_from_hex(rest);
      case 'b':
        return bytes_from_hex(rest);
      default:
        PyErr_SetString(PyExc_ValueError, "an unknown escape in JSON text");
        return Owned();
    }
  }

  bool put(Owned object) {
    if (!object) return false;
    if (stack_.empty()) {
      root_ = std::move(object);
      return true;
    }
    Frame& top = stack_.back();
    return top.key ? PyDict_SetItem(top.container.get(), top.key.get(), object.get()) == 0
                   : PyList_Append(top.container.get(), object.get()) == 0;
  }

  bool open(Owned container) {
    if (!container) return false;
    if (stack_.size() == kMaxDepth) {
      PyErr_Format(PyExc_ValueError, "JSON nested more than %zu deep", kMaxDepth);
      return false;
    }
    stack_.push_back({std::move(container)});
    return true;
  }

  bool close() {
    Owned container = std::move(stack_.back().container);
    stack_.pop_back();
    return put(std::move(container));
  }

  const bool is_js_;
  std::vector<Frame> stack_;
  Owned root_;
};

}  // namespace

bool write_json(PyObject* container, std::string_view where, Dialect dialect, Value& json) {
  TextSink sink;
  PythonSource source(sink, where, dialect);
  if (!source.walk(container)) return false;
  json = Value::copy(Kind::Json, sink.text());
  json.dialect = dialect;
  json.escaped = source.escaped();
  return true;
}

Owned read_json(std::string_view text, Dialect dialect) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  PythonSink sink(dialect);
  const auto result =
      reader.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag>(stream,
                                                                                           sink);
  if (!result.IsError()) return sink.take();
  if (!PyErr_Occurred())
    PyErr_Format(PyExc_ValueError, "not JSON at offset %zu: %s", result.Offset(),
                 rapidjson::GetParseError_En(result.Code()));
  return Owned();
}

std::string integer_to_hex(PyObject* integer) {
  Owned hex(PyNumber_ToBase(integer, 16));  // "0x1f" or "-0x1f"
  if (!hex) {
    PyErr_Clear();
    return "0";
  }
  std::string digits = to_utf8(hex.get());
  return digits.erase(digits.find("0x"), 2);
}

Owned integer_from_hex(std::string_view hex) {
  return Owned(PyLong_FromString(std::string(hex).c_str(), nullptr, 16));
}

}  // namespace vh
