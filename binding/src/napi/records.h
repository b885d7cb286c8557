// What the core tells of scripts, as JavaScript values that lib/native.ts describes. Raw calls:
// where JavaScript may not run any more they give null, and the wrappers' exceptions would abort
// the process.
#pragma once

#include <node_api.h>

#include <initializer_list>
#include <vector>

#include "core/core.h"

namespace vh::js {

napi_value make_array(napi_env env, std::initializer_list<napi_value> items);

napi_value to_js(napi_env env, const Failure& failure);    // [type, message, traceback]
napi_value to_js(napi_env env, const ScriptInfo& info);    // [id, name, version, path]
napi_value to_js(napi_env env, const ScriptStats& stats);  // [vhCalls, [hook, calls, …], …]
napi_value to_js(napi_env env, const EndReport& report);   // { ended, stages, threads }
napi_value to_js(napi_env env, const std::vector<Zombie>& zombies);  // [{ id, path, threads }, …]
napi_value to_js(napi_env env, const Population& population);        // { interpreters, threads }

}  // namespace vh::js
