// Where shared objects keep the addresses of the functions that they import: changed there, calls
// go elsewhere. ELF on Linux, x86-64 and aarch64; nothing on other systems.
#pragma once

#include <functional>
#include <set>
#include <string_view>

namespace vh::imports {

// The function to call for one that is imported by name; null: the same as before.
using Redirect = std::function<void*(std::string_view name)>;

// A shared object, for as long as it is loaded.
using Object = const void*;

// Those that are loaded.
std::set<Object> objects();

// The program itself, and the one that has an address in it.
Object program();
Object object_of(const void* address);

// Those that import something whose name begins so.
std::set<Object> importers(std::string_view prefix);

// Harmless when it is done twice.
void redirect(const std::set<Object>& objects, const Redirect& redirect);

}  // namespace vh::imports
