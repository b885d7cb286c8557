// What a script's hook returned, read as the caller wants it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/core.h"
#include "core/ref.h"

namespace vh {

// What a script said of an event.
struct HookResult {
  enum class Said { Allow, Block, Substitute, Text, Nonsense, Raised };
  Said said = Said::Allow;
  std::vector<Value>
      values;            // Substitute: as many as the hook has arguments. Text: one. Owned texts.
  std::string nonsense;  // what was returned instead of a verdict
  std::optional<Failure> failure;  // Raised
};

// The GIL is held in both.

// As a verdict on the event; `out` is fresh.
void read_verdict(int hook, PyObject* result, HookResult& out);

// As it is, for C: int, bool, float, str and None, or a tuple of these; `out` is fresh. When it is
// anything else: why it cannot be read.
std::optional<std::string> read_returned(PyObject* result, Returned& out);

}  // namespace vh
