// What is measured of the C API: calls of a script, and a script's calls of functions in C.
#pragma once

#include <functional>

namespace calls {

using Work = std::function<void(long)>;  // does a thing so many times

bool begin();                // the API, with a GetUserClass
int load(const char* path);  // a script, with functions "add" and "echo" to call; returns its id
void call_hook(int script, long count);
Work python(int script, const char* function);  // what the script's function does with the count

}  // namespace calls
