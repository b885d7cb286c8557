#include "core/script.h"

#include <filesystem>

#include "core/host.h"

namespace vh {

namespace fs = std::filesystem;

namespace {

// As it was given where that cannot be told: "" is no path, and the current folder may be gone.
std::string absolute(const std::string& given) {
  std::error_code error;
  const fs::path path = fs::absolute(given, error);
  return error ? given : path.lexically_normal().string();
}

}  // namespace

Script::Script(HostImpl& owner, ScriptId number, const LoadOptions& given)
    : host(owner),
      id(number),
      options(given),
      path(absolute(given.path)),
      stem(fs::path(path).extension() == ".py" ? fs::path(path).stem().string()
                                               : fs::path(path).filename().string()),
      hooks(owner.hook_counts()) {}

// Its Python objects are let go by unload_module(), in its interpreter.
Script::~Script() {
  watchdog::forget(*this);
}

ScriptInfo Script::info() const {
  const std::lock_guard lock(mutex_);
  return {id, declared_name_.empty() ? stem : declared_name_, declared_version_, path};
}

void Script::declare(std::string name, std::string version) {
  const std::lock_guard lock(mutex_);
  declared_name_ = std::move(name);
  declared_version_ = std::move(version);
}

}  // namespace vh
