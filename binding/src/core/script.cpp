#include "core/script.h"

#include <filesystem>

#include "core/host.h"

namespace vh {

namespace fs = std::filesystem;

Script::Script(HostImpl& owner, ScriptId number, const LoadOptions& given)
    : host(owner),
      id(number),
      options(given),
      path(fs::absolute(given.path).lexically_normal().string()),
      stem(fs::path(path).extension() == ".py" ? fs::path(path).stem().string()
                                               : fs::path(path).filename().string()),
      hooks(owner.hook_counts()) {}

// Its Python objects are let go by unload_module(), in its interpreter.
Script::~Script() = default;

ScriptInfo Script::info() const {
  return {id, declared_name.empty() ? stem : declared_name, declared_version, path};
}

}  // namespace vh
