#include "napi/records.h"

#include "napi/values.h"

namespace vh::js {
namespace {

napi_value number(napi_env env, auto value) {
  return to_js(env, static_cast<double>(value));
}

napi_value boolean(napi_env env, bool value) {
  napi_value out = nullptr;
  napi_get_boolean(env, value, &out);
  return out;
}

struct Property {
  const char* name;
  napi_value value;
};

napi_value make_object(napi_env env, std::initializer_list<Property> properties) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  for (const auto& [name, value] : properties) napi_set_named_property(env, object, name, value);
  return object;
}

// An array that begins with `first`, of what `convert` makes of each item.
template <typename Item>
napi_value make_list(napi_env env, std::initializer_list<napi_value> first,
                     const std::vector<Item>& items, napi_value (*convert)(napi_env, const Item&)) {
  napi_value array = make_array(env, first);
  auto i = static_cast<std::uint32_t>(first.size());
  for (const Item& item : items) napi_set_element(env, array, i++, convert(env, item));
  return array;
}

napi_value hook_row(napi_env env, const HookStats& hook) {
  return make_array(env, {number(env, hook.hook), number(env, hook.calls), number(env, hook.errors),
                          number(env, hook.milliseconds)});
}

napi_value stage_object(napi_env env, const EndReport::Stage& stage) {
  return make_object(
      env, {{"name", to_js(env, stage.name)}, {"timeMs", number(env, stage.milliseconds)}});
}

napi_value thread_object(napi_env env, const ThreadInfo& thread) {
  return make_object(env, {{"name", to_js(env, thread.name)},
                           {"daemon", boolean(env, thread.daemon)},
                           {"where", to_js(env, thread.where)}});
}

napi_value zombie_object(napi_env env, const Zombie& zombie) {
  return make_object(env, {{"id", number(env, zombie.id)},
                           {"path", to_js(env, zombie.path)},
                           {"threads", make_list(env, {}, zombie.threads, thread_object)}});
}

}  // namespace

napi_value make_array(napi_env env, std::initializer_list<napi_value> items) {
  napi_value array = nullptr;
  napi_create_array(env, &array);
  std::uint32_t i = 0;
  for (napi_value item : items) napi_set_element(env, array, i++, item);
  return array;
}

napi_value to_js(napi_env env, const Failure& failure) {
  return make_array(
      env, {to_js(env, failure.type), to_js(env, failure.message), to_js(env, failure.traceback)});
}

napi_value to_js(napi_env env, const ScriptInfo& info) {
  return make_array(env, {number(env, info.id), to_js(env, info.name), to_js(env, info.version),
                          to_js(env, info.path)});
}

napi_value to_js(napi_env env, const ScriptStats& stats) {
  return make_list(env, {number(env, stats.vh_calls)}, stats.hooks, hook_row);
}

napi_value to_js(napi_env env, const EndReport& report) {
  return make_object(env, {{"ended", boolean(env, report.ended)},
                           {"stages", make_list(env, {}, report.stages, stage_object)},
                           {"threads", make_list(env, {}, report.threads, thread_object)}});
}

napi_value to_js(napi_env env, const std::vector<Zombie>& zombies) {
  return make_list(env, {}, zombies, zombie_object);
}

napi_value to_js(napi_env env, const Population& population) {
  return make_object(env, {{"interpreters", number(env, population.interpreters)},
                           {"threads", number(env, population.threads)}});
}

}  // namespace vh::js
