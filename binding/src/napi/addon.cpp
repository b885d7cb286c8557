// The addon's entry: opens the core, describes it, makes hosts.
#include <napi.h>

#include "napi/library.h"
#include "napi/native_host.h"

namespace vh::js {
namespace {

// What belongs to one Node environment: the main thread's, or a worker's.
struct EnvData {
  Library library;
};

EnvData& data(Napi::Env env) {
  return *env.GetInstanceData<EnvData>();
}

// (libpython, wrapper, executable) -> the version of the Python that runs, whichever was started
// first.
Napi::Value start(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  std::string error;
  const auto path = [&](std::size_t i) { return info[i].As<Napi::String>().Utf8Value(); };
  data(env).library = open_library(path(0), path(1), path(2), error);
  if (!data(env).library.core) {
    Napi::Error::New(env, error).ThrowAsJavaScriptException();
    return env.Undefined();
  }
  return Napi::String::New(env, data(env).library.core->python_version());
}

Napi::Array describe_parameters(Napi::Env env, const FunctionInfo& function) {
  Napi::Array parameters = Napi::Array::New(env);
  for (std::uint32_t i = 0; i < function.parameters.size(); ++i) {
    const ParameterInfo& parameter = function.parameters[i];
    Napi::Object object = Napi::Object::New(env);
    object["name"] = parameter.name;
    object["type"] = parameter.type;
    if (parameter.default_value) object["default"] = parameter.default_value;
    parameters[i] = object;
  }
  return parameters;
}

// () -> { hooks, functions, constants }: the core's tables.
Napi::Value describe(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const Core& core = *data(env).library.core;
  Napi::Array hooks = Napi::Array::New(env);
  for (std::uint32_t i = 0; i < core.hooks().size(); ++i) {
    Napi::Object object = Napi::Object::New(env);
    object["name"] = core.hooks()[i].name;
    object["format"] = std::string(core.hooks()[i].format);
    hooks[i] = object;
  }
  Napi::Array functions = Napi::Array::New(env);
  for (std::uint32_t i = 0; i < core.functions().size(); ++i) {
    const FunctionInfo& function = core.functions()[i];
    Napi::Object object = Napi::Object::New(env);
    object["name"] = function.name;
    object["parameters"] = describe_parameters(env, function);
    object["result"] = function.result;
    object["ofHub"] = Napi::Boolean::New(env, function.of_hub);
    object["doc"] = function.doc;
    functions[i] = object;
  }
  Napi::Object constants = Napi::Object::New(env);
  for (const ConstantInfo& constant : core.constants())
    constants[constant.name] = Napi::Number::New(env, static_cast<double>(constant.value));
  Napi::Object tables = Napi::Object::New(env);
  tables["hooks"] = hooks;
  tables["functions"] = functions;
  tables["constants"] = constants;
  return tables;
}

// (setup) -> a host; see NativeHost.
Napi::Value open(const Napi::CallbackInfo& info) {
  return NativeHost::open(data(info.Env()).library, info[0]);
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new EnvData);
  exports["start"] = Napi::Function::New(env, start, "start");
  exports["describe"] = Napi::Function::New(env, describe, "describe");
  exports["open"] = Napi::Function::New(env, open, "open");
  return exports;
}

}  // namespace

NODE_API_MODULE(vh_python, initialize)

}  // namespace vh::js
