#include "core/convert.h"

#include "core/encoding.h"
#include "core/json.h"

namespace vh {

namespace {

bool fail(PyObject* type, std::string_view where, const char* why) {
  PyErr_Format(type, "%.*s: %s", static_cast<int>(where.size()), where.data(), why);
  return false;
}

}  // namespace

bool to_number(PyObject* object, Value& value) {
  if (PyLong_Check(object)) {
    if (PyBool_Check(object)) return false;
    const auto* small = reinterpret_cast<const PyLongObject*>(object);
    if (PyUnstable_Long_IsCompact(small)) {
      value = Value::integer(PyUnstable_Long_CompactValue(small));
      return true;
    }
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (!overflow) value = Value::integer(number);
    return !overflow;
  }
  const bool is_real = PyFloat_Check(object);
  if (is_real) value = Value::real(PyFloat_AS_DOUBLE(object));
  return is_real;
}

const char* to_c_text(PyObject* str, Value& value) {
  Py_ssize_t size = 0;
  if (const char* data = PyUnicode_AsUTF8AndSize(str, &size)) {
    value = Value::view({data, static_cast<std::size_t>(size)});
  } else {
    PyErr_Clear();
    const auto bytes = to_raw_bytes(str);
    if (!bytes) return "a str with a lone surrogate";
    value = Value::copy(Kind::String, *bytes);
  }
  return value.bytes().find('\0') == std::string_view::npos ? nullptr : "a str with a NUL in it";
}

bool to_value(PyObject* object, std::string_view where, Dialect dialect, Value& value) {
  const bool is_js = dialect == Dialect::Js;
  if (PyUnicode_Check(object)) {
    if (!is_js) {
      const char* problem = to_c_text(object, value);
      return !problem || fail(PyExc_ValueError, where, problem);
    }
    if (!fits(object))
      return fail(PyExc_OverflowError, where, "a str longer than 512 M characters");
    value = Value::view(Kind::String, view_of(object));
  } else if (object == Py_None) {
    value = Value();
  } else if (PyBool_Check(object)) {
    value = Value::boolean(object == Py_True);
  } else if (to_number(object, value)) {
    return true;
  } else if (PyLong_Check(object)) {
    if (!is_js) return fail(PyExc_OverflowError, where, "an int beyond 64 bits");
    if (!fits_bigint(object))
      return fail(PyExc_OverflowError, where, "an int longer than JavaScript's can be");
    const auto hex = integer_to_hex(object);
    if (hex) value = Value::copy(Kind::BigInt, *hex);
    return hex.has_value();
  } else if (PyBytes_Check(object) && is_js) {
    value =
        Value::view(Kind::Bytes, {PyBytes_AS_STRING(object),
                                  static_cast<std::size_t>(PyBytes_GET_SIZE(object)), Width::Utf8});
  } else if (PyList_Check(object) || PyDict_Check(object) || PyTuple_Check(object) ||
             PyAnySet_Check(object)) {
    return write_json(object, where, dialect, value);
  } else {
    PyErr_Format(PyExc_TypeError, "%.*s: %.200s has no counterpart outside Python",
                 static_cast<int>(where.size()), where.data(), Py_TYPE(object)->tp_name);
    return false;
  }
  return true;
}

bool fits(PyObject* str) {
  // A character beyond the first plane takes two of JavaScript's.
  const std::size_t units = PyUnicode_KIND(str) == PyUnicode_4BYTE_KIND ? 2 : 1;
  return static_cast<std::size_t>(PyUnicode_GET_LENGTH(str)) <= kMaxText / units;
}

Owned to_object(const Value& value) {
  switch (value.kind()) {
    case Kind::None:
      return Owned::borrow(Py_None);
    case Kind::Bool:
      return Owned(PyBool_FromLong(value.as_bool()));
    case Kind::Int:
      return Owned(PyLong_FromLongLong(value.as_int()));
    case Kind::Object:
      return Owned::borrow(static_cast<PyObject*>(value.as_object()));
    case Kind::BigInt:
      return integer_from_hex(value.bytes());
    case Kind::Float:
      return Owned(PyFloat_FromDouble(value.as_float()));
    case Kind::String:
      return to_str(value.text());
    case Kind::Bytes:
      return Owned(PyBytes_FromStringAndSize(value.bytes().data(),
                                             static_cast<Py_ssize_t>(value.bytes().size())));
    case Kind::Json:
      return read_json(value);
  }
  Py_UNREACHABLE();
}

Owned to_object(const Returned& returned) {
  if (!returned.is_tuple) return to_object(returned.single);
  Owned tuple(PyTuple_New(static_cast<Py_ssize_t>(returned.items.size())));
  for (std::size_t i = 0; tuple && i < returned.items.size(); ++i) {
    Owned item = to_object(returned.items[i]);
    if (!item) return item;
    PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(i), item.release());
  }
  return tuple;
}

}  // namespace vh
