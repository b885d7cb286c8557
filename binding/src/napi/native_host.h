// A host as an object for lib/script-host.ts: plain functions, whose data is the native host.
#pragma once

#include <napi.h>

#include <memory>

#include "core/core.h"
#include "napi/js_hub.h"
#include "napi/library.h"
#include "napi/plugins.h"
#include "napi/values.h"

namespace vh::js {

class NativeHost {
 public:
  // `setup`: { self, functions, hookCounts, packer, encode, decode, error, warning, slow, stuck,
  // output, unloaded }. The host is never deleted: threads of its scripts may live on.
  static Napi::Value open(const Library& library, const Napi::Value& setup);
  NativeHost(const NativeHost&) = delete;
  NativeHost& operator=(const NativeHost&) = delete;

 private:
  struct Setup;
  NativeHost(const Library& library, Setup setup);
  Napi::Object object();

  // The environment is going: ends the scripts without JavaScript, where the facade has not done so
  // before.
  void let_go();
  void exit_plugins();

  Napi::Value reserve(const Napi::CallbackInfo& info);
  Napi::Value load(const Napi::CallbackInfo& info);
  Napi::Value unload(const Napi::CallbackInfo& info);
  Napi::Value start_unload(const Napi::CallbackInfo& info);
  Napi::Value step_unload(const Napi::CallbackInfo& info);
  Napi::Value zombies(const Napi::CallbackInfo& info);
  Napi::Value population(const Napi::CallbackInfo& info);
  Napi::Value call(const Napi::CallbackInfo& info);
  Napi::Value query(const Napi::CallbackInfo& info);
  Napi::Value register_function(const Napi::CallbackInfo& info);
  Napi::Value unregister_function(const Napi::CallbackInfo& info);
  Napi::Value has_hook(const Napi::CallbackInfo& info);
  Napi::Value info(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value load_plugin(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  Napi::Value ref(const Napi::CallbackInfo& info);
  Napi::Value unref(const Napi::CallbackInfo& info);
  static napi_value dispatch(napi_env env, napi_callback_info info);

  template <Napi::Value (NativeHost::*Method)(const Napi::CallbackInfo&)>
  void add(Napi::Object object, const char* name);

  Core& core_;
  const decltype(&w_PluginApi) make_plugin_api_;
  Values values_;
  Napi::Reference<Napi::TypedArray> hook_counts_;  // keeps alive what the core writes to
  JsHub hub_;
  std::unique_ptr<Host> host_;
  const vh_plugin_api* plugin_api_ = nullptr;  // made when the first plugin comes
  Plugins plugins_;
};

}  // namespace vh::js
