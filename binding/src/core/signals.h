// Signals of the process, whose default is to end it.
#pragma once

#include <csignal>

namespace vh {

// From now on the signal does nothing but wake whoever it reaches. False when somebody handles it.
inline bool make_harmless(int signal, int flags) {
  struct sigaction action {};
  if (sigaction(signal, nullptr, &action) < 0 || action.sa_handler != SIG_DFL) return false;
  action.sa_handler = [](int) {};
  action.sa_flags = flags;
  return sigaction(signal, &action, nullptr) == 0;
}

}  // namespace vh
