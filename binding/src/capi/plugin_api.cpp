// What a plugin is given by the host that loads it (vh_plugin.h).
#include <exception>

#include "capi/c_hub.h"
#include "capi/log.h"
#include "core/attach.h"
#include "vh_plugin.h"

namespace vh::capi {
namespace {

struct PluginApi : vh_plugin_api {
  HostImpl* host;
};

HostImpl& host_of(const vh_plugin_api* api) {
  return *static_cast<const PluginApi*>(api)->host;
}

int register_function(const vh_plugin_api* api, const char* name, w_Tcallback fn) {
  if (!api || !name || !fn) return 0;
  const StepOut step_out;
  host_of(api).register_function(-1, name, std::make_shared<CCallable>(fn));
  return 1;
}

int unregister_function(const vh_plugin_api* api, const char* name) {
  if (!api || !name) return 0;
  const StepOut step_out;
  return host_of(api).unregister_function(-1, name) ? 1 : 0;
}

int scripts(const vh_plugin_api* api, int* ids, int room) {
  if (!api) return 0;
  const auto all = host_of(api).scripts();
  for (int i = 0; ids && i < room && i < static_cast<int>(all->size()); ++i)
    ids[i] = static_cast<int>((*all)[static_cast<std::size_t>(i)]->id);
  return static_cast<int>(all->size());
}

}  // namespace
}  // namespace vh::capi

using namespace vh::capi;

const vh_plugin_api* w_PluginApi(vh::Host* host) {
  auto* api = new PluginApi;
  api->size = sizeof(vh_plugin_api);
  api->register_function = register_function;
  api->unregister_function = unregister_function;
  api->scripts = scripts;
  api->Unload = w_Unload;
  api->HasHook = w_HasHook;
  api->CallHook = w_CallHook;
  api->CallFunction = w_CallFunction;
  api->HookName = w_HookName;
  api->CallName = w_CallName;
  api->RegisterFunction = w_RegisterFunction;
  api->UnregisterFunction = w_UnregisterFunction;
  api->pack = w_pack;
  api->pack_take = w_pack_take;
  api->unpack = w_unpack;
  api->free_args = w_free_args;
  api->packprint = w_packprint;
  api->LogLevel = w_LogLevel;
  api->host = static_cast<vh::HostImpl*>(host);
  return api;
}
