#include "core/hook_result.h"

#include "core/convert.h"
#include "core/encoding.h"
#include "core/failure.h"
#include "core/hooks.h"

namespace vh {
namespace {

using Said = HookResult::Said;

// Reads a tuple that substitutes arguments; false when it is none.
bool read_substitutes(int hook, PyObject* result, HookResult& out) {
  const Substitution rule = substitution(hook);
  if (!rule.count || !PyTuple_Check(result) || PyTuple_GET_SIZE(result) != rule.count) return false;
  std::vector<Value> values(static_cast<std::size_t>(argument_count(hook)));
  for (int i = 0; i < rule.count; ++i) {
    PyObject* item = PyTuple_GET_ITEM(result, i);
    if (item == Py_None) continue;
    if (!PyUnicode_Check(item) || !fits(item)) return false;
    Value& value = values[static_cast<std::size_t>(rule.first + i)];
    value = Value::view(Kind::String, view_of(item));
    value.own();
  }
  out.said = Said::Substitute;
  out.values = std::move(values);
  return true;
}

std::string describe(PyObject* object) {
  Owned repr(PyObject_Repr(object));
  if (!repr) {
    PyErr_Clear();
    return Py_TYPE(object)->tp_name;
  }
  std::string text = to_utf8(repr.get());
  constexpr std::size_t kLongest = 80;
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "…";
  return text;
}

}  // namespace

void read_verdict(int hook, PyObject* result, HookResult& out) {
  if (result == Py_None || result == Py_True) return;
  if (result == Py_False) {
    out.said = Said::Block;
    return;
  }
  if (PyLong_Check(result)) {
    Value said;
    const bool is_small = to_number(result, said) && (said.as_int() | 1) == 1;
    if (is_small && said.as_int() == 0) out.said = Said::Block;
    if (is_small) return;
  } else if (hook == kHookOnScriptQuery && PyUnicode_Check(result) && fits(result)) {
    out.said = Said::Text;
    out.values.push_back(Value::view(Kind::String, view_of(result)));
    out.values.back().own();
    return;
  } else if (read_substitutes(hook, result, out)) {
    return;
  }
  out.said = Said::Nonsense;
  out.nonsense = describe(result);
}

std::optional<std::string> read_returned(PyObject* result, Returned& out) {
  if (to_number(result, out.single)) return std::nullopt;
  const auto read = [](PyObject* object, Value& value) -> std::optional<std::string> {
    const bool scalar = object == Py_None || PyUnicode_Check(object) || PyLong_Check(object) ||
                        PyFloat_Check(object);
    if (!scalar)
      return "returned " + describe(object) +
             ": a C hub takes int, bool, float, str, None, or a tuple of these";
    if (!to_value(object, "result", Dialect::C, value)) return take_failure().message;
    value.own();
    return std::nullopt;
  };
  out.is_tuple = PyTuple_Check(result);
  if (!out.is_tuple) return read(result, out.single);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(result); ++i)
    if (auto reason = read(PyTuple_GET_ITEM(result, i), out.items.emplace_back())) return reason;
  return std::nullopt;
}

}  // namespace vh
