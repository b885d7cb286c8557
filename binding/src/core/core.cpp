#include "core/core.h"

#include "core/constants.h"
#include "core/fairness.h"
#include "core/hooks.h"
#include "core/host.h"
#include "core/runtime.h"
#include "core/script.h"
#include "core/script_threads.h"
#include "core/teardown.h"
#include "core/vh_functions.h"
#include "core/visit.h"
#include "core/waits.h"

namespace vh {
namespace {

std::vector<FunctionInfo> describe_functions() {
  std::vector<FunctionInfo> described;
  for (const Function& function : all_functions()) {
    FunctionInfo info{function.name, {}, spelling(function.give), true, function.doc};
    info.of_hub = !function.serve || std::string_view(function.name) == "name_and_version";
    for (const Parameter& parameter : function.parameters)
      info.parameters.push_back(
          {parameter.name, spelling(parameter.take), parameter.default_value});
    described.push_back(std::move(info));
  }
  return described;
}

class CoreImpl final : public Core {
 public:
  bool start(const std::string& executable, std::string& error) noexcept override {
    return runtime::start(executable, error);
  }
  std::string python_version() const noexcept override {
    const std::string version = Py_GetVersion();
    return version.substr(0, version.find(' '));
  }
  void tend() noexcept override { teardown::tend(); }
  std::shared_ptr<void> visit(ScriptId script) noexcept override {
    struct Stay {
      explicit Stay(std::shared_ptr<Script> visited) : script(std::move(visited)), visit(script) {}
      ~Stay() { ++fairness::g_served; }
      const std::shared_ptr<Script> script;
      const Visit visit;
    };
    auto visited = script_ids::find(script);
    auto stay = visited ? std::make_shared<Stay>(std::move(visited)) : nullptr;
    return stay && stay->visit ? stay : nullptr;
  }
  Population population() const noexcept override {
    return {Interpreter::count() + 1, script_threads::count()};
  }
  void serve_waits(WaitServer& server) noexcept override { waits::serve(server); }
  void stop_serving(WaitServer& server) noexcept override { waits::stop_serving(server); }
  void knock(WaitServer& server) noexcept override { waits::knock(server); }
  std::unique_ptr<Host> open(Hub& hub, std::uint32_t* hook_counts) noexcept override {
    return std::make_unique<HostImpl>(hub, hook_counts);
  }
  std::span<const HookInfo> hooks() const noexcept override { return all_hooks(); }
  const std::vector<FunctionInfo>& functions() const noexcept override {
    static const auto& functions = *new std::vector<FunctionInfo>(describe_functions());
    return functions;
  }
  std::span<const ConstantInfo> constants() const noexcept override { return all_constants(); }
};

}  // namespace
}  // namespace vh

vh::Core* vh_core_v1() {
  static vh::CoreImpl core;
  return &core;
}
