#include "core/script_hooks.h"

#include <algorithm>
#include <chrono>

#include "core/convert.h"
#include "core/encoding.h"
#include "core/failure.h"

namespace vh {
namespace {

using Said = HookResult::Said;

// Times are measured in one call of this many: reading the clock costs a seventh of a whole call.
constexpr std::uint64_t kTimedEvery = 64;

int hook_arguments(int hook) {
  return static_cast<int>(
      std::string_view(all_hooks()[static_cast<std::size_t>(hook)].format).size());
}

struct Parameters {
  int positional = static_cast<int>(kMaxHookArguments);
  bool variadic = true;
  std::vector<std::string> names;  // of the positional ones
};

// A plain function's parameters, from its code object.
Parameters of_function(PyObject* function, int bound) {
  auto* code = reinterpret_cast<PyCodeObject*>(PyFunction_GET_CODE(function));
  Parameters parameters;
  parameters.positional = code->co_argcount - bound;
  parameters.variadic = (code->co_flags & CO_VARARGS) != 0;
  Owned names(PyCode_GetVarnames(code));
  for (int i = bound; names && i < code->co_argcount; ++i)
    parameters.names.push_back(to_utf8(PyTuple_GET_ITEM(names.get(), i)));
  PyErr_Clear();
  return parameters;
}

// Any other callable's: a wrapper, a partial, an object with __call__. One that cannot be asked
// gets all arguments.
Parameters of_callable(PyObject* callable) {
  Parameters parameters;
  Owned inspect(PyImport_ImportModule("inspect"));
  Owned signature, by_name, each;
  if (inspect) signature = Owned(PyObject_CallMethod(inspect.get(), "signature", "O", callable));
  if (signature) by_name = Owned(PyObject_GetAttrString(signature.get(), "parameters"));
  if (by_name) each = Owned(PyMapping_Values(by_name.get()));
  if (each) {
    parameters.variadic = false;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(each.get()); ++i) {
      PyObject* parameter = PyList_GET_ITEM(each.get(), i);
      Owned name(PyObject_GetAttrString(parameter, "name")),
          kind(PyObject_GetAttrString(parameter, "kind"));
      const long number =
          kind ? PyLong_AsLong(kind.get()) : -1;  // inspect's _ParameterKind, an IntEnum
      if (name && (number == 0 || number == 1)) parameters.names.push_back(to_utf8(name.get()));
      parameters.variadic |= number == 2;
    }
    parameters.positional = static_cast<int>(parameters.names.size());
  }
  PyErr_Clear();
  return parameters;
}

Parameters parameters_of(PyObject* callable) {
  const auto is_wrapper = [](PyObject* function) {
    Owned wrapped(PyObject_GetAttrString(function, "__wrapped__"));
    if (!wrapped) PyErr_Clear();
    return static_cast<bool>(wrapped);
  };
  if (PyFunction_Check(callable) && !is_wrapper(callable)) return of_function(callable, 0);
  if (PyMethod_Check(callable) && PyFunction_Check(PyMethod_GET_FUNCTION(callable)) &&
      !is_wrapper(PyMethod_GET_FUNCTION(callable)))
    return of_function(PyMethod_GET_FUNCTION(callable), 1);
  return of_callable(callable);
}

// Reads a tuple that substitutes arguments; false when it is none.
bool read_substitutes(int hook, PyObject* result, HookResult& out) {
  const Substitution rule = substitution(hook);
  if (!rule.count || !PyTuple_Check(result) || PyTuple_GET_SIZE(result) != rule.count) return false;
  std::vector<Value> values(static_cast<std::size_t>(hook_arguments(hook)));
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

void read_result(int hook, PyObject* result, HookResult& out) {
  if (result == Py_None || result == Py_True) return;
  if (result == Py_False) {
    out.said = Said::Block;
    return;
  }
  if (PyLong_Check(result)) {
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(result, &overflow);
    if (!overflow && (number == 0 || number == 1)) {
      if (number == 0) out.said = Said::Block;
      return;
    }
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

}  // namespace

void ScriptHooks::bind(int hook, PyObject* function) {
  const auto index = static_cast<std::size_t>(hook);
  Slot& slot = slots_[index];
  const bool callable = function && PyCallable_Check(function);
  Owned old = std::exchange(slot.function, callable ? Owned::borrow(function) : Owned());
  slot.arity = -1;
  if (has_[index].exchange(callable) != callable && active_) count(hook, callable ? 1 : -1);
}

void ScriptHooks::count(int hook, int change) {
  std::atomic_ref<std::uint32_t>(counts_[hook])
      .fetch_add(static_cast<std::uint32_t>(change), std::memory_order_relaxed);
}

void ScriptHooks::activate() {
  active_ = true;
  for (std::size_t i = 0; i < all_hooks().size(); ++i)
    if (has_[i]) count(static_cast<int>(i), 1);
}

void ScriptHooks::deactivate() {
  if (!active_) return;
  active_ = false;
  for (std::size_t i = 0; i < all_hooks().size(); ++i)
    if (has_[i]) count(static_cast<int>(i), -1);
}

void ScriptHooks::clear() {
  for (std::size_t i = 0; i < all_hooks().size(); ++i) bind(static_cast<int>(i), nullptr);
}

void ScriptHooks::look_at(int hook, Slot& slot) {
  const Parameters parameters = parameters_of(slot.function.get());
  const int all = hook_arguments(hook);
  slot.arity = parameters.variadic ? all : std::min(parameters.positional, all);
  const OtherOrder* other = other_order(hook);
  slot.order = other && std::ranges::equal(parameters.names, other->names) ? other : nullptr;
}

void ScriptHooks::call(int hook, std::span<const Value> args, HookResult& out) {
  Slot& slot = slots_[static_cast<std::size_t>(hook)];
  Owned function = Owned::borrow(slot.function.get());  // the hook may delete or rebind itself
  if (slot.arity < 0) look_at(hook, slot);

  const bool timed = slot.calls++ % kTimedEvery == 0;
  const auto start =
      timed ? std::chrono::steady_clock::now() : std::chrono::steady_clock::time_point();

  const auto arity = static_cast<std::size_t>(slot.arity);
  std::array<Owned, kMaxHookArguments> objects;
  std::array<PyObject*, kMaxHookArguments + 1> stack{};  // the first is the callee's to use
  bool made = true;
  for (std::size_t i = 0; made && i < arity; ++i) {
    objects[i] =
        to_object(args[slot.order ? static_cast<std::size_t>(slot.order->positions[i]) : i]);
    stack[i + 1] = objects[i].get();
    made = static_cast<bool>(objects[i]);
  }
  Owned result;
  if (made)
    result = Owned(PyObject_Vectorcall(function.get(), stack.data() + 1,
                                       arity | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr));
  if (result) {
    read_result(hook, result.get(), out);
  } else {
    ++slot.errors;
    out.said = Said::Raised;
    out.failure = take_failure();
  }

  if (timed) {
    slot.nanoseconds +=
        static_cast<std::uint64_t>((std::chrono::steady_clock::now() - start).count());
    ++slot.timed;
  }
}

bool ScriptHooks::warn_once(int hook) {
  return !std::exchange(slots_[static_cast<std::size_t>(hook)].warned, true);
}

std::vector<HookStats> ScriptHooks::stats() const {
  std::vector<HookStats> stats;
  for (std::size_t i = 0; i < all_hooks().size(); ++i) {
    const Slot& slot = slots_[i];
    if (!slot.calls) continue;
    const double each =
        slot.timed ? static_cast<double>(slot.nanoseconds) / static_cast<double>(slot.timed) : 0;
    stats.push_back({static_cast<int>(i), slot.calls, slot.errors,
                     each * static_cast<double>(slot.calls) / 1e6});
  }
  return stats;
}

}  // namespace vh
