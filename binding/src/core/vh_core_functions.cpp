// The vh functions that the core serves itself.
#include <string>

#include "core/attach.h"
#include "core/convert.h"
#include "core/encoding.h"
#include "core/host.h"
#include "core/running.h"
#include "core/script.h"
#include "core/small_array.h"
#include "core/vh_call.h"
#include "core/vh_module.h"

namespace vh {
namespace {

struct Entity {
  Py_UCS4 character;
  const char* text;
};
constexpr Entity kEntities[] = {
    {'$', "&#36;"}, {'|', "&#124;"}, {'`', "&#96;"}, {'~', "&#126;"}, {0x05, "&#5;"},
};

// Replaces in one pass, so that what one replacement made is not replaced again.
template <typename Replace>
Owned replace_all(PyObject* str, Replace replacement_at) {
  const Py_ssize_t length = PyUnicode_GET_LENGTH(str);
  Owned parts(PyList_New(0));
  Py_ssize_t done = 0;
  const auto keep = [&](Py_ssize_t end) {
    if (end == done) return true;
    Owned part(PyUnicode_Substring(str, done, end));
    return part && PyList_Append(parts.get(), part.get()) == 0;
  };
  for (Py_ssize_t i = 0; parts && i < length;) {
    Py_ssize_t taken = 0;
    Owned part = replacement_at(i, taken);
    if (!taken) {
      ++i;
      continue;
    }
    if (!part || !keep(i) || PyList_Append(parts.get(), part.get()) < 0) return Owned();
    done = i += taken;
  }
  if (!parts || !keep(length)) return Owned();
  Owned empty(PyUnicode_FromString(""));
  return empty ? Owned(PyUnicode_Join(empty.get(), parts.get())) : Owned();
}

constexpr const char* kScriptCommandNames[] = {"cmd", "data", "plugin", "script"};

// False with vh.HubError set.
bool run_on_hub(const VhCall& call, const std::function<void()>& work) {
  std::string error;
  bool done = false;
  {
    const Detach detach(*call.script.interpreter);
    done = call.script.host.hub().run(work, error);
  }
  if (!done) vh_module::raise_hub_error(call.module, error);
  return done;
}

std::string text_or_empty(PyObject* str) {
  return str ? to_utf8(str) : std::string();
}

}  // namespace

Owned serve_encode(const VhCall& call) {
  PyObject* str = call.args[0];
  return replace_all(str, [str](Py_ssize_t at, Py_ssize_t& taken) {
    const Py_UCS4 character = PyUnicode_READ_CHAR(str, at);
    for (const Entity& entity : kEntities) {
      if (entity.character != character) continue;
      taken = 1;
      return Owned(PyUnicode_FromString(entity.text));
    }
    return Owned();
  });
}

Owned serve_decode(const VhCall& call) {
  PyObject* str = call.args[0];
  return replace_all(str, [str](Py_ssize_t at, Py_ssize_t& taken) {
    if (PyUnicode_READ_CHAR(str, at) != '&') return Owned();
    for (const Entity& entity : kEntities) {
      const std::string_view text = entity.text;
      std::size_t same = 0;
      while (same < text.size() && at + static_cast<Py_ssize_t>(same) < PyUnicode_GET_LENGTH(str) &&
             PyUnicode_READ_CHAR(str, at + static_cast<Py_ssize_t>(same)) ==
                 static_cast<Py_UCS4>(text[same]))
        ++same;
      if (same < text.size()) continue;
      taken = static_cast<Py_ssize_t>(text.size());
      return Owned(PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, &entity.character, 1));
    }
    return Owned();
  });
}

Owned serve_call_dynamic_function(const VhCall& call) {
  if (call.count < 1) {
    PyErr_SetString(PyExc_TypeError, "CallDynamicFunction() missing required argument 'func_name'");
    return Owned();
  }
  PyObject* name = call.args[0];
  if (!PyUnicode_Check(name)) {
    PyErr_Format(PyExc_TypeError,
                 "CallDynamicFunction() argument 'func_name' must be str, not %.200s",
                 Py_TYPE(name)->tp_name);
    return Owned();
  }
  const dynamic_functions::Found function =
      call.script.host.find_function(call.script, Utf8View(name));
  if (!function) {
    PyErr_Format(PyExc_NameError, "CallDynamicFunction: no function '%U' is registered", name);
    return Owned();
  }
  const auto count = static_cast<std::size_t>(call.count - 1);
  SmallArray<Value, 8> args(count);
  for (std::size_t i = 0; i < count; ++i) {
    Value& arg = args.emplace();
    if (!to_number(call.args[i + 1], arg) &&
        !to_value(call.args[i + 1], "CallDynamicFunction: args[" + std::to_string(i) + "]",
                  function->dialect(), arg))
      return Owned();
  }
  Returned result;
  std::string error;
  bool done = false;
  {
    const Detach detach(*call.script.interpreter);
    done = function->call(call.script.id, args.all(), result, error);
  }
  if (done) return to_object(result);
  vh_module::raise_hub_error(call.module, error);
  return Owned();
}

Owned serve_script_command(const VhCall& call) {
  if (nested_too_deep()) {
    PyErr_SetString(PyExc_RecursionError, "vh.ScriptCommand: hooks are nested too deep");
    return Owned();
  }
  const std::string path = call.script.path;
  const bool script_given = call.args[3] && PyUnicode_GET_LENGTH(call.args[3]);
  HostImpl& host = call.script.host;
  Value args[4];
  for (int i = 0; i < 4; ++i) {
    PyObject* given = i == 3 && !script_given ? nullptr : call.args[i];
    if (!given)
      args[i] = Value::view(i == 3 ? std::string_view(path) : "");
    else if (!take_str("ScriptCommand", kScriptCommandNames[i], given, host.hub().dialect(),
                       args[i]))
      return Owned();
  }
  // A hub in C may hand the command to all scripts itself before its callback returns, to those of
  // other kinds as well.
  static const Function& row = *find_function("ScriptCommand");
  const unsigned before = t_data.script_commands;
  if (host.hub().implements(row.number)) {
    Owned answer = ask_hub(call.module, call.script, row, args);
    if (!answer || t_data.script_commands != before) return answer;
  }
  const auto dispatch = [&] {
    Verdict verdict;
    host.dispatch(kHookOnScriptCommand, args, verdict);
  };
  return run_on_hub(call, dispatch) ? Owned::borrow(Py_True) : Owned();
}

Owned serve_script_query(const VhCall& call) {
  if (nested_too_deep()) {
    PyErr_SetString(PyExc_RecursionError, "vh.ScriptQuery: hooks are nested too deep");
    return Owned();
  }
  const Value command = Value::view(Kind::String, view_of(call.args[0]));
  const Value data = Value::view(Kind::String, view_of(call.args[1]));
  const std::string recipient = text_or_empty(call.args[2]);
  const bool verbose = call.args[3] && PyObject_IsTrue(call.args[3]) == 1;
  std::vector<Answer> answers;
  const auto query = [&] {
    answers = call.script.host.query(command, data, recipient, call.script.path);
  };
  if (!run_on_hub(call, query)) return Owned();
  Owned list(PyList_New(0));
  for (const Answer& answer : answers) {
    Owned text = to_object(answer.text);
    if (!text || !list) return Owned();
    if (verbose)
      text = Owned(Py_BuildValue("NNN", to_str(answer.name).release(),
                                 to_str(answer.path).release(), text.release()));
    if (!text || PyList_Append(list.get(), text.get()) < 0) return Owned();
  }
  return list;
}

Owned serve_name_and_version(const VhCall& call) {
  const auto text = [&](int i) {
    return call.args[i] == Py_None ? std::string() : text_or_empty(call.args[i]);
  };
  const std::string name = text(0), version = text(1);
  call.script.declare(name, version);
  return to_str(version.empty() ? name : name + " " + version);
}

}  // namespace vh
