#include "core/script_hooks.h"

#include <algorithm>
#include <chrono>

#include "core/arguments.h"
#include "core/encoding.h"

namespace vh {
namespace {

// Times are measured in one call of this many: reading the clock costs a seventh of a whole call.
constexpr std::uint64_t kTimedEvery = 64;

struct Parameters {
  std::size_t positional = 0;
  bool variadic = true;
  std::vector<std::string> names;  // of the positional ones
};

// A plain function's parameters, from its code object.
Parameters of_function(PyObject* function, int bound) {
  auto* code = reinterpret_cast<PyCodeObject*>(PyFunction_GET_CODE(function));
  Parameters parameters;
  parameters.positional = static_cast<std::size_t>(std::max(code->co_argcount - bound, 0));
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
    parameters.positional = parameters.names.size();
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

}  // namespace

void ScriptHooks::bind(int hook, PyObject* function) {
  const auto index = static_cast<std::size_t>(hook);
  Slot& slot = slots_[index];
  const bool callable = function && PyCallable_Check(function);
  Owned old = std::exchange(slot.function, callable ? Owned::borrow(function) : Owned());
  slot.arity = kUnknown;
  const std::lock_guard lock(mutex_);
  if (has_[index].exchange(callable) != callable && active_) count(hook, callable ? 1 : -1);
}

void ScriptHooks::count(int hook, int change) {
  std::atomic_ref<std::uint32_t>(counts_[hook])
      .fetch_add(static_cast<std::uint32_t>(change), std::memory_order_relaxed);
}

void ScriptHooks::activate() {
  const std::lock_guard lock(mutex_);
  active_ = true;
  for (std::size_t i = 0; i < all_hooks().size(); ++i)
    if (has_[i]) count(static_cast<int>(i), 1);
}

void ScriptHooks::deactivate() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(active_, false)) return;
  for (std::size_t i = 0; i < all_hooks().size(); ++i)
    if (has_[i]) count(static_cast<int>(i), -1);
}

void ScriptHooks::clear() {
  for (std::size_t i = 0; i < all_hooks().size(); ++i) bind(static_cast<int>(i), nullptr);
}

void ScriptHooks::look_at(int hook, Slot& slot) {
  const Parameters parameters = parameters_of(slot.function.get());
  slot.arity = parameters.variadic ? kUnlimited : parameters.positional;
  const OtherOrder* other = other_order(hook);
  slot.order = other && std::ranges::equal(parameters.names, other->names) ? other : nullptr;
}

Owned ScriptHooks::call(int hook, std::span<const Value> args) {
  Slot& slot = slots_[static_cast<std::size_t>(hook)];
  Owned function = Owned::borrow(slot.function.get());  // the hook may delete or rebind itself
  if (slot.arity == kUnknown) look_at(hook, slot);

  const bool timed = slot.calls.value() % kTimedEvery == 0;
  slot.calls.add(1);
  const auto start =
      timed ? std::chrono::steady_clock::now() : std::chrono::steady_clock::time_point();

  const std::size_t arity = std::min(slot.arity, args.size());
  const OtherOrder* order = args.size() == argument_count(hook) ? slot.order : nullptr;
  Arguments arguments(arity);
  bool made = true;
  for (std::size_t i = 0; made && i < arity; ++i)
    made = arguments.add(args[order ? static_cast<std::size_t>(order->positions[i]) : i]);
  Owned result = made ? arguments.call(function.get()) : Owned();
  if (!result) slot.errors.add(1);

  if (timed) {
    slot.nanoseconds.add(
        static_cast<std::uint64_t>((std::chrono::steady_clock::now() - start).count()));
    slot.timed.add(1);
  }
  return result;
}

bool ScriptHooks::warn_once(int hook) {
  return !slots_[static_cast<std::size_t>(hook)].warned.exchange(true);
}

std::vector<HookStats> ScriptHooks::stats() const {
  std::vector<HookStats> stats;
  for (std::size_t i = 0; i < all_hooks().size(); ++i) {
    const Slot& slot = slots_[i];
    const std::uint64_t calls = slot.calls.value(), timed = slot.timed.value();
    if (!calls) continue;
    const double each =
        timed ? static_cast<double>(slot.nanoseconds.value()) / static_cast<double>(timed) : 0;
    stats.push_back(
        {static_cast<int>(i), calls, slot.errors.value(), each * static_cast<double>(calls) / 1e6});
  }
  return stats;
}

}  // namespace vh
