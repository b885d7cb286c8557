// The functions of the vh module, as one table. Adding one is a row here and a method of the hub.
#pragma once

#include <vector>

#include "core/core.h"
#include "core/ref.h"

namespace vh {

class Script;

// What a parameter accepts, and what it becomes on the way to the hub.
enum class Take {
  Str,         // str
  StrOrNone,   // str or None
  Int,         // int, 64 bits
  Text,        // str or int; a str to the hub
  TextOrNone,  // str, int or None; a str or None
  Scalar,      // str, int, float or bool; a str ("1" and "0" for a bool)
  Delay,       // int; a str (the wild passes a reason there) is 0
  Flag,        // bool or int; a bool
  Any,         // *args of CallDynamicFunction
};

// What a function returns, and so what the hub has to.
enum class Give { Bool, Int, Str, StrOrNone, StrList, MyInfo, GeoIp, Sql, List, Anything };

struct Parameter {
  const char* name;
  Take take;
  const char* default_value = nullptr;  // in Python's spelling; null: required
};

// A call of a function that the core serves: all parameters in order, those not given as their
// default.
struct VhCall {
  PyObject* module;
  Script& script;
  PyObject* const* args;  // borrowed
  Py_ssize_t count;
};

struct Function {
  const char* name;
  std::vector<Parameter> parameters;
  Give give;
  Owned (*serve)(const VhCall&);  // null: the hub serves it
  const char* doc;
  // Its first two are a message and a nick, in whichever order (pair_order.h).
  bool is_pair = false;
  // What serves in its place on a hub that lacks it: with the same arguments and None for more; of
  // a list, what it is the raw form of.
  const char* substitute = nullptr;
  int number = -1;  // its position in the table, by which the hub knows it
};

const std::vector<Function>& all_functions();
// Null when there is none of that name.
const Function* find_function(std::string_view name);

// Python's spelling of what a parameter accepts, and of what a function returns.
const char* spelling(Take take);
const char* spelling(Give give);

// Functions that the core serves. `name_and_version` is the hub's when called without arguments.
Owned serve_encode(const VhCall& call);
Owned serve_decode(const VhCall& call);
Owned serve_call_dynamic_function(const VhCall& call);
Owned serve_script_command(const VhCall& call);
Owned serve_script_query(const VhCall& call);
Owned serve_name_and_version(const VhCall& call);

}  // namespace vh
