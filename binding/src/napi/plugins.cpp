#include "napi/plugins.h"

#include <algorithm>
#include <cstdio>
#include <exception>

#include "napi/shared_object.h"

namespace vh::js {
namespace {

// Does some of a plugin's work; returns what it threw, or "".
template <typename Work>
std::string exception_of(Work work) {
  try {
    work();
  } catch (const std::exception& exception) {
    return std::string("threw: ") + exception.what();
  } catch (...) {
    return "threw a C++ exception";
  }
  return "";
}

}  // namespace

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
  int answer = 0;
  const std::string exception = exception_of([&] { answer = init(api); });
  if (exception.empty() && answer >= 0) {
    loaded_.push_back(plugin);
    return true;
  }
  error = "its vh_plugin_init " +
          (exception.empty() ? "returned " + std::to_string(answer) : exception);
  return false;
}

void Plugins::exit() {
  while (!loaded_.empty()) {
    void* plugin = loaded_.back();
    loaded_.pop_back();
    auto* exit = symbol<decltype(&vh_plugin_exit)>(plugin, "vh_plugin_exit");
    if (!exit) continue;
    const std::string exception = exception_of(exit);
    if (!exception.empty())
      std::fprintf(stderr, "vh-python: a plugin's vh_plugin_exit %s\n", exception.c_str());
  }
}

}  // namespace vh::js
