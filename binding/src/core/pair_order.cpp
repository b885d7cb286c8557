#include "core/pair_order.h"

#include <utility>

#include "core/convert.h"
#include "core/host.h"
#include "core/script.h"
#include "core/vh_call.h"
#include "core/vh_functions.h"

namespace vh {
namespace {

enum class Online { No, Yes, Unknown, Failed };

Online ask_class(PyObject* module, Script& script, const Function& function, const Value& nick) {
  const Value args[] = {nick.borrow()};
  Owned user_class = ask_hub(module, script, function, args);
  if (!user_class) return Online::Failed;
  if (user_class.get() == Py_None) return Online::No;
  return PyLong_AsLong(user_class.get()) == -2 ? Online::No : Online::Yes;
}

Online is_online(PyObject* module, Script& script, const Value& nick) {
  static const Function& by_class = *find_function("GetUserClass");
  static const Function& by_list = *find_function("GetNickList");
  Hub& hub = script.host.hub();
  if (hub.implements(by_class.number)) return ask_class(module, script, by_class, nick);
  if (!hub.implements(by_list.number)) return Online::Unknown;
  Owned list = ask_hub(module, script, by_list, {});
  if (list.get() == Py_None) return Online::Unknown;
  Owned name = to_object(nick);
  const int found = list && name ? PySequence_Contains(list.get(), name.get()) : -1;
  return found < 0 ? Online::Failed : found ? Online::Yes : Online::No;
}

}  // namespace

bool settle_pair_order(PyObject* module, Script& script, Value& first, Value& second) {
  const Online as_written = is_online(module, script, second);
  if (as_written == Online::Failed) return false;
  const Online swapped = is_online(module, script, first);
  if (swapped == Online::Failed) return false;
  if (as_written == Online::Yes && swapped == Online::No)
    script.pair_order = PairOrder::MessageFirst;
  if (as_written == Online::No && swapped == Online::Yes) script.pair_order = PairOrder::NickFirst;
  if (swapped == Online::Yes && script.pair_order == PairOrder::NickFirst) std::swap(first, second);
  return true;
}

}  // namespace vh
