#include "core/waits.h"

namespace vh::waits {

void serve(WaitServer&) {}
void stop_serving(WaitServer&) {}
void knock(WaitServer&) {}
void serve_now() {}
void cancel(unsigned long, Why) {}

}  // namespace vh::waits
