#include "core/visit.h"

#include "core/host.h"
#include "core/script.h"

namespace vh {

Visit::Visit(const std::shared_ptr<Script>& script) : script_(script) {
  if (!script_) return;
  script_->visitors.count(1);
  admitted_ = !script_->visitors.leaving();
}

Visit::~Visit() {
  if (!script_) return;
  script_->visitors.count(-1);
  if (script_->visitors.claim_end()) script_->host.finish_late(script_);
}

}  // namespace vh
