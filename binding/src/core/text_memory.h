// Memory for the units of texts. When a large block is freed, malloc gives its pages back to the
// system, and the next one is filled with zeros page by page. So a thread keeps two of them: one
// for a text that comes, one for a text that goes.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace vh {

class TextMemory {
 public:
  TextMemory() = default;
  // Of at least `size` bytes.
  explicit TextMemory(std::size_t size) : block_(take(size)) {}

  char* get() const { return block_ ? reinterpret_cast<char*>(block_.get() + 1) : nullptr; }
  std::size_t size() const { return block_ ? block_->size : 0; }
  explicit operator bool() const { return block_ != nullptr; }

 private:
  struct alignas(std::max_align_t) Block {
    std::size_t size;  // of what follows
  };
  struct Free {
    void operator()(Block* block) const { ::operator delete(block); }
  };
  struct Keep {
    void operator()(Block* block) const { keep(std::unique_ptr<Block, Free>(block)); }
  };

  // malloc holds on to what is smaller by itself.
  static constexpr std::size_t kLeast = std::size_t{1} << 15, kMost = std::size_t{1} << 20;
  static inline thread_local std::array<std::unique_ptr<Block, Free>, 2> kept_;

  static Block* take(std::size_t size) {
    if (size >= kLeast && size <= kMost) {
      size = std::bit_ceil(size);
      for (auto& kept : kept_)
        if (kept && kept->size >= size) return kept.release();
    }
    return new (::operator new(sizeof(Block) + size)) Block{size};
  }

  // In place of the smaller one. Not inline: few Values own a text.
  [[gnu::noinline, gnu::cold]] static void keep(std::unique_ptr<Block, Free> block) {
    if (block->size < kLeast || block->size > kMost) return;
    const auto size_of = [](const auto& kept) { return kept ? kept->size : 0; };
    auto& smaller = size_of(kept_[0]) < size_of(kept_[1]) ? kept_[0] : kept_[1];
    if (size_of(smaller) < block->size) smaller = std::move(block);
  }

  std::unique_ptr<Block, Keep> block_;
};

}  // namespace vh
