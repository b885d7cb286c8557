// The plugin for a hub in TypeScript: its functions, for all scripts of the host.
#include <vh_plugin.h>

#include "functions.h"

int vh_plugin_init(const vh_plugin_api* api) {
  for (const Function& function : kFunctions)
    if (!api->register_function(api, function.name, function.call)) return -1;
  return 0;
}
