// CPython's memory under a sanitizer: each object an allocation of its own, so that what is used
// after its end is seen, and each with a frame of this file, so that lsan.supp can tell CPython's
// leaks, which nobody here can mend, from ours. PYTHONMALLOC=malloc does only the first.
#include <Python.h>

#include <cstdlib>
#include <initializer_list>

namespace {

// CPython wants a pointer for 0 bytes, too.
void* python_malloc(void*, size_t size) {
  return std::malloc(size ? size : 1);
}
void* python_calloc(void*, size_t count, size_t size) {
  return count && size ? std::calloc(count, size) : std::calloc(1, 1);
}
void* python_realloc(void*, void* block, size_t size) {
  return std::realloc(block, size ? size : 1);
}
void python_free(void*, void* block) {
  std::free(block);
}

// Before main(), and so before CPython starts.
[[maybe_unused]] const bool installed = [] {
  PyMemAllocatorEx allocator{nullptr, python_malloc, python_calloc, python_realloc, python_free};
  for (const auto domain : {PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ})
    PyMem_SetAllocator(domain, &allocator);
  return true;
}();

}  // namespace
