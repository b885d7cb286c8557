// The functions that scripts call by vh.CallDynamicFunction.
#pragma once

#include <wrapper.h>

struct Function {
  const char* name;
  w_Tcallback call;
};

extern const Function kFunctions[6];
