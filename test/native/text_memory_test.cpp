// The memory of texts: large blocks serve again.
#include <doctest/doctest.h>

#include <thread>

#include "core/text_memory.h"

namespace vh::test {

// In a thread of its own, which has kept nothing yet.

TEST_CASE("the two largest blocks serve again") {
  std::thread([] {
    const char *first = nullptr, *second = nullptr;
    {
      const TextMemory small(1 << 15), large(1 << 17), larger(1 << 18);
      first = large.get();
      second = larger.get();
    }
    const TextMemory one(100'000), two(100'000);
    const bool in_order = one.get() == first && two.get() == second;
    CHECK((in_order || (one.get() == second && two.get() == first)));
    const TextMemory third(100'000);
    CHECK(third.get() != first);
    CHECK(third.get() != second);
  }).join();
}

TEST_CASE("a kept block is not given out for more than it holds") {
  std::thread([] {
    { const TextMemory block(1 << 16); }
    const TextMemory larger((1 << 16) + 1);
    CHECK(larger.size() == 1 << 17);
  }).join();
}

}  // namespace vh::test
