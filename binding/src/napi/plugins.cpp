#include "napi/plugins.h"

#include <algorithm>
#include <exception>

#include "napi/shared_object.h"

namespace vh::js {

bool Plugins::load(const std::string& path, const vh_plugin_api* api, std::string& error) {
  void* plugin = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!plugin) {
    error = last_error();
    return false;
  }
  if (std::ranges::find(loaded_, plugin) != loaded_.end()) {
    error = "it is loaded already";
    return false;
  }
  auto* init = symbol<decltype(&vh_plugin_init)>(plugin, "vh_plugin_init");
  if (!init) {
    error = "it defines no vh_plugin_init (see vh_plugin.h)";
    return false;
  }
  try {
    const int answer = init(api);
    if (answer >= 0) {
      loaded_.push_back(plugin);
      return true;
    }
    error = "its vh_plugin_init returned " + std::to_string(answer);
  } catch (const std::exception& exception) {
    error = std::string("its vh_plugin_init threw: ") + exception.what();
  } catch (...) {
    error = "its vh_plugin_init threw a C++ exception";
  }
  return false;
}

void Plugins::exit() {
  while (!loaded_.empty()) {
    void* plugin = loaded_.back();
    loaded_.pop_back();
    if (auto* exit = symbol<decltype(&vh_plugin_exit)>(plugin, "vh_plugin_exit")) exit();
  }
}

}  // namespace vh::js
