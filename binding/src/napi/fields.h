// The properties of an object that the facade gives.
#pragma once

#include <napi.h>

#include <string>

#include "napi/values.h"

namespace vh::js {

// A worker may be told to end at any moment; from then on it gives nothing, which node-addon-api's
// Get() ends the process for. Here a property that cannot be had, or is of another type, is empty.
class Fields {
 public:
  explicit Fields(const Napi::Value& object) : env_(object.Env()), object_(object) {}

  // Whether all that was asked for could be had.
  bool complete() const { return complete_; }

  napi_value value(const char* name) {
    napi_value value = nullptr;
    if (napi_get_named_property(env_, object_, name, &value) != napi_ok) {
      complete_ = false;
      napi_get_undefined(env_, &value);
    }
    return value;
  }

  double number(const char* name) {
    double number = 0;
    napi_get_value_double(env_, value(name), &number);
    return number;
  }

  bool flag(const char* name) {
    bool flag = false;
    napi_get_value_bool(env_, value(name), &flag);
    return flag;
  }

  std::string text(const char* name) { return to_utf8(env_, value(name)); }

  Fields object(const char* name) { return Fields(Napi::Value(env_, value(name))); }

 private:
  napi_env env_;
  napi_value object_;
  bool complete_ = true;
};

}  // namespace vh::js
