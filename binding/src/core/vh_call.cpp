#include "core/vh_call.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "core/attach.h"
#include "core/convert.h"
#include "core/encoding.h"
#include "core/host.h"
#include "core/hub_results.h"
#include "core/pair_order.h"
#include "core/runtime.h"
#include "core/script.h"
#include "core/small_array.h"
#include "core/vh_module.h"
#include "core/watchdog.h"

namespace vh {
namespace {

constexpr std::size_t kMaxParameters = 6;
using Bound = std::array<PyObject*, kMaxParameters>;  // borrowed; null: not given

std::size_t required(const Function& row) {
  std::size_t count = 0;
  for (const Parameter& parameter : row.parameters) count += parameter.default_value == nullptr;
  return count;
}

bool wrong_count(const Function& row, std::size_t given) {
  const std::size_t least = required(row), most = row.parameters.size();
  PyErr_Format(PyExc_TypeError, "%s() takes %s%zu argument%s (%zu given)", row.name,
               least == most ? "" : "at most ", most, most == 1 ? "" : "s", given);
  return false;
}

bool bind(const Function& row, PyObject* const* args, std::size_t count, PyObject* keyword_names,
          Bound& bound) {
  const auto& parameters = row.parameters;
  if (count > parameters.size()) return wrong_count(row, count);
  for (std::size_t i = 0; i < count; ++i) bound[i] = args[i];
  const Py_ssize_t keywords = keyword_names ? PyTuple_GET_SIZE(keyword_names) : 0;
  for (Py_ssize_t k = 0; k < keywords; ++k) {
    PyObject* name = PyTuple_GET_ITEM(keyword_names, k);
    std::size_t i = 0;
    while (i < parameters.size() && PyUnicode_CompareWithASCIIString(name, parameters[i].name) != 0)
      ++i;
    if (i == parameters.size()) {
      PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'", row.name, name);
      return false;
    }
    if (bound[i]) {
      PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%U'", row.name, name);
      return false;
    }
    bound[i] = args[count + static_cast<std::size_t>(k)];
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (bound[i] || parameters[i].default_value) continue;
    PyErr_Format(PyExc_TypeError, "%s() missing required argument '%s'", row.name,
                 parameters[i].name);
    return false;
  }
  return true;
}

bool wrong_type(const Function& row, const Parameter& parameter, PyObject* object) {
  PyErr_Format(PyExc_TypeError, "%s() argument '%s' must be %s, not %.200s", row.name,
               parameter.name, spelling(parameter.take),
               object == Py_None ? "None" : Py_TYPE(object)->tp_name);
  return false;
}

bool take_int(const Function& row, const Parameter& parameter, PyObject* object, Value& value) {
  if (!PyLong_Check(object)) return wrong_type(row, parameter, object);
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
  if (overflow) {
    PyErr_Format(PyExc_OverflowError, "%s() argument '%s' does not fit 64 bits", row.name,
                 parameter.name);
    return false;
  }
  value = Value::integer(number);
  return true;
}

// A number as its text. Not str(object): an int of a subclass (an IntEnum) may say anything.
bool take_number(const Function& row, const Parameter& parameter, PyObject* object, Value& value) {
  std::string text;
  if (PyLong_Check(object)) {
    if (!take_int(row, parameter, object, value)) return false;
    text = std::to_string(value.as_int());
  } else {
    Owned repr(PyFloat_Type.tp_repr(object));
    if (!repr) return false;
    text = to_utf8(repr.get());
  }
  value = Value::copy(Kind::String, text);
  return true;
}

// `value` is a view into `object`, in the hub's dialect.
bool take(const Function& row, const Parameter& parameter, PyObject* object, Dialect dialect,
          Value& value) {
  const Take accepts = parameter.take;
  const bool takes_str = accepts != Take::Int && accepts != Take::Delay && accepts != Take::Flag;
  if (PyUnicode_Check(object) && takes_str)
    return take_str(row.name, parameter.name, object, dialect, value);
  switch (accepts) {
    case Take::Str:
      break;
    case Take::StrOrNone:
    case Take::TextOrNone:
      if (object == Py_None) {
        value = Value();
        return true;
      }
      if (accepts == Take::TextOrNone && PyLong_Check(object))
        return take_number(row, parameter, object, value);
      break;
    case Take::Delay:
      if (PyUnicode_Check(object)) {
        value = Value::integer(0);
        return true;
      }
      [[fallthrough]];
    case Take::Int:
      return take_int(row, parameter, object, value);
    case Take::Text:
      if (PyLong_Check(object)) return take_number(row, parameter, object, value);
      break;
    case Take::Scalar:
      if (PyLong_Check(object) || PyFloat_Check(object))
        return take_number(row, parameter, object, value);
      break;
    case Take::Flag:
      if (PyLong_Check(object)) {
        value = Value::boolean(PyObject_IsTrue(object) == 1);
        return true;
      }
      break;
    case Take::Any:
      return true;
  }
  return wrong_type(row, parameter, object);
}

// The default of a parameter, from its Python spelling: None, '', or a number.
void take_default(const Parameter& parameter, Value& value) {
  const std::string_view text = parameter.default_value;
  if (text == "None")
    value = Value();
  else if (text == "''")
    value = Value::view("");
  else if (text == "False")
    value = Value::boolean(false);
  else if (parameter.take == Take::Int || parameter.take == Take::Delay)
    value = Value::integer(std::stoll(parameter.default_value));
  else
    value = Value::view(text);
}

// The manual's SQL(query_type, query), told by its types: the query is the second of two strings.
void accept_manual_sql(Bound& bound) {
  if (!bound[0] || !bound[1] || !PyUnicode_Check(bound[0]) || !PyUnicode_Check(bound[1])) return;
  bound[0] = bound[1];
  bound[1] = nullptr;
}

void limit_sql(Value& limit) {
  if (limit.as_int() < 1) limit = Value::integer(100);
}

// Scripts call vh while they are loaded; a child made by fork never does.
bool may_call(PyObject* module, const Function& row, const Script& script) {
  if (runtime::is_forked_child()) {
    PyErr_Format(PyExc_RuntimeError, "vh.%s: a child made by os.fork may not call vh", row.name);
    return false;
  }
  if (script.cut_off.load(std::memory_order_relaxed)) {
    vh_module::raise_hub_error(module, std::string("vh.") + row.name + ": this script is unloaded");
    return false;
  }
  if (const auto timeout = watchdog::late()) {
    PyErr_SetString(vh_module::hook_timeout(), timeout->c_str());
    return false;
  }
  return true;
}

// $NickList a$$b$$
Owned raw_list(const Function& list, PyObject* nicks) {
  Owned raw(PyUnicode_FromFormat("$%s ", list.name + std::strlen("Get")));
  for (Py_ssize_t i = 0; raw && i < PyList_GET_SIZE(nicks); ++i)
    raw = Owned(PyUnicode_FromFormat("%U%U$$", raw.get(), PyList_GET_ITEM(nicks, i)));
  return raw;
}

// What a hub that lacks a function can still do by another one.
Owned serve_without_hub(PyObject* module, Script& script, const Function& function,
                        std::span<const Value> args) {
  const Function* substitute = function.substitute ? find_function(function.substitute) : nullptr;
  if (!substitute || !script.host.hub().implements(substitute->number)) {
    PyErr_Format(PyExc_NotImplementedError, "this hub does not implement vh.%s", function.name);
    return Owned();
  }
  SmallArray<Value, kMaxParameters> given(substitute->parameters.size());
  for (std::size_t i = 0; i < substitute->parameters.size(); ++i)
    given.emplace(i < args.size() ? args[i].borrow() : Value());
  Owned result = ask_hub(module, script, *substitute, given.all());
  const bool is_list = substitute->give == Give::StrList && result && result.get() != Py_None;
  return is_list ? raw_list(*substitute, result.get()) : std::move(result);
}

}  // namespace

bool take_str(const char* function, const char* parameter, PyObject* str, Dialect dialect,
              Value& value) {
  if (dialect == Dialect::Js) {
    value = Value::view(Kind::String, view_of(str));
    return true;
  }
  const char* problem = to_c_text(str, value);
  if (problem)
    PyErr_Format(PyExc_ValueError, "%s() argument '%s' is %s", function, parameter, problem);
  return !problem;
}

Owned ask_hub(PyObject* module, Script& script, const Function& function,
              std::span<const Value> args) {
  Hub& hub = script.host.hub();
  if (!hub.implements(function.number)) return serve_without_hub(module, script, function, args);
  Value result;
  std::string error;
  bool done = false;
  {
    const Detach detach(*script.interpreter);
    done = hub.call(function.number, script.id, args, result, error);
  }
  if (done && result.kind() == Kind::Int && function.give == Give::Int)
    return Owned(PyLong_FromLongLong(result.as_int()));
  if (done && result.kind() == Kind::Bool && function.give == Give::Bool)
    return Owned::borrow(result.as_bool() ? Py_True : Py_False);
  // A callback in C may say nothing where one in JavaScript has to give what the function promises.
  if (done && result.kind() == Kind::None && hub.dialect() == Dialect::C) return to_object(result);
  if (done) {
    Owned object = make_result(module, function, result, error);
    if (object || PyErr_Occurred()) return object;
  }
  vh_module::raise_hub_error(module, error);
  return Owned();
}

Owned call_vh(PyObject* module, const Function& called, PyObject* const* args, Py_ssize_t count,
              PyObject* keyword_names) {
  Script* script = vh_module::script(module);
  if (!script) {
    PyErr_Format(PyExc_RuntimeError, "vh.%s: cannot tell which script is calling", called.name);
    return Owned();
  }
  // In the main interpreter a script may go while a thread of its is out in the hub.
  std::shared_ptr<Script> alive;
  if (script->interpreter->is_main()) alive = script->shared_from_this();
  if (!may_call(module, called, *script)) return Owned();
  script->vh_calls.add(1);

  if (!called.parameters.empty() && called.parameters.back().take == Take::Any) {
    if (keyword_names && PyTuple_GET_SIZE(keyword_names)) {
      PyErr_Format(PyExc_TypeError, "%s() takes no keyword arguments", called.name);
      return Owned();
    }
    return called.serve({module, *script, args, count});
  }

  const std::size_t size = called.parameters.size();
  const auto positional = static_cast<std::size_t>(count);
  const bool is_sql = called.give == Give::Sql;
  PyObject* const* bound = args;  // nearly all calls give everything at its place
  Bound rebound{};
  if (positional != size || keyword_names || is_sql) {
    if (!bind(called, args, positional, keyword_names, rebound)) return Owned();
    if (is_sql) accept_manual_sql(rebound);
    bound = rebound.data();
  }

  // What the core serves stays in Python.
  const Dialect dialect = called.serve ? Dialect::Js : script->host.hub().dialect();
  SmallArray<Value, kMaxParameters> values(size);
  for (std::size_t i = 0; i < size; ++i) {
    Value& value = values.emplace();
    if (!bound[i])
      take_default(called.parameters[i], value);
    else if (!take(called, called.parameters[i], bound[i], dialect, value))
      return Owned();
  }
  if (is_sql) limit_sql(values[1]);

  if (called.serve) {
    // name_and_version() without arguments is the hub's to answer; all others need some.
    const bool has_arguments = std::any_of(
        bound, bound + size, [](PyObject* object) { return object && object != Py_None; });
    if (has_arguments) return called.serve({module, *script, bound, static_cast<Py_ssize_t>(size)});
  }
  if (positional >= 2 && called.is_pair &&
      !settle_pair_order(module, *script, values[0], values[1]))
    return Owned();
  return ask_hub(module, *script, called, values.all());
}

}  // namespace vh
