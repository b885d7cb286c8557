#include "core/hub_results.h"

#include <iterator>

#include "core/convert.h"
#include "core/encoding.h"
#include "core/vh_module.h"

namespace vh {
namespace {

const char* kind_name(const Value& value) {
  switch (value.kind()) {
    case Kind::None:
      return "nothing";
    case Kind::Bool:
      return "a boolean";
    case Kind::Int:
    case Kind::BigInt:
      return "an integer";
    case Kind::Float:
      return "a number that is no integer";
    case Kind::String:
      return "a string";
    case Kind::Bytes:
      return "bytes";
    case Kind::Object:
      return "an object of Python's";
    case Kind::Json:
      return "an array or object of another shape";
  }
  Py_UNREACHABLE();
}

bool is_str_list(PyObject* object) {
  if (!object || !PyList_Check(object)) return false;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); ++i)
    if (!PyUnicode_Check(PyList_GET_ITEM(object, i))) return false;
  return true;
}

bool is_row_list(PyObject* object) {
  if (!object || !PyList_Check(object)) return false;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); ++i) {
    PyObject* row = PyList_GET_ITEM(object, i);
    if (!PyList_Check(row)) return false;
    for (Py_ssize_t j = 0; j < PyList_GET_SIZE(row); ++j) {
      PyObject* cell = PyList_GET_ITEM(row, j);
      if (cell != Py_None && !PyUnicode_Check(cell)) return false;
    }
  }
  return true;
}

// ["nick", "desc", "tag", "speed", "email", "share"]
Owned make_my_info(PyObject* module, PyObject* fields) {
  if (!is_str_list(fields) || PyList_GET_SIZE(fields) != 6) return Owned();
  Owned tuple(PyList_AsTuple(fields));
  return tuple ? Owned(PyObject_CallOneArg(vh_module::state(module).my_info, tuple.get()))
               : Owned();
}

// JavaScript has no other numbers: 48.0 comes as the integer 48.
Owned make_geo_ip(Owned dict) {
  if (!dict || !PyDict_Check(dict.get())) return Owned();
  for (const char* key : {"latitude", "longitude"}) {
    PyObject* number = PyDict_GetItemString(dict.get(), key);
    if (!number || !PyLong_Check(number)) continue;
    Owned real(PyNumber_Float(number));
    if (!real || PyDict_SetItemString(dict.get(), key, real.get()) < 0) return Owned();
  }
  return dict;
}

// [ok, rows]
Owned make_sql(PyObject* pair) {
  if (!pair || !PyList_Check(pair) || PyList_GET_SIZE(pair) != 2) return Owned();
  PyObject *ok = PyList_GET_ITEM(pair, 0), *rows = PyList_GET_ITEM(pair, 1);
  if (!PyBool_Check(ok) || !is_row_list(rows)) return Owned();
  return Owned(PyTuple_Pack(2, ok, rows));
}

// Null without a Python error: the value is not of the promised shape.
Owned make(PyObject* module, Give give, const Value& result) {
  const bool is_json = result.kind() == Kind::Json;
  switch (give) {
    case Give::Bool:
      return result.kind() == Kind::Bool ? to_object(result) : Owned();
    case Give::Int:
      return result.kind() == Kind::Int ? to_object(result) : Owned();
    case Give::Str:
    case Give::StrOrNone:
      return result.kind() == Kind::String || result.kind() == Kind::None ? to_object(result)
                                                                          : Owned();
    case Give::StrList: {
      Owned list = is_json ? to_object(result) : Owned();
      return is_str_list(list.get()) ? std::move(list) : Owned();
    }
    case Give::MyInfo:
      if (result.kind() == Kind::None) return to_object(result);
      return is_json ? make_my_info(module, to_object(result).get()) : Owned();
    case Give::GeoIp:
      if (result.kind() == Kind::None) return to_object(result);
      return is_json ? make_geo_ip(to_object(result)) : Owned();
    case Give::Sql:
      return is_json ? make_sql(to_object(result).get()) : Owned();
    case Give::List:
    case Give::Anything:  // of functions that the core serves: no hub returns these
      return to_object(result);
  }
  Py_UNREACHABLE();
}

const char* expected(Give give) {
  switch (give) {
    case Give::MyInfo:
      return "six strings or nothing";
    case Give::Sql:
      return "[ok, rows] with rows of strings and nulls";
    default:
      return spelling(give);
  }
}

}  // namespace

Owned make_result(PyObject* module, const Function& function, const Value& result,
                  std::string& error) {
  Owned object = make(module, function.give, result);
  if (!object && !PyErr_Occurred())
    error = std::string("vh.") + function.name + ": the hub returned " + kind_name(result) +
            ", not " + expected(function.give);
  return object;
}

}  // namespace vh
