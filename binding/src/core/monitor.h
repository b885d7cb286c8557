// The thread that looks after scripts: what is slow is noticed, what is over its limit interrupted,
// what goes on nevertheless reported.
#pragma once

namespace vh::watchdog {

// Looks at all watches every few milliseconds, for ever.
[[noreturn]] void monitor();

}  // namespace vh::watchdog
