// A value that is replaced as a whole, and read by any thread without a lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace vh {

// A reader costs two atomic operations: the address of the value and the number of its present
// readers share a word, so that one addition gets the one and counts in the other. A value that was
// replaced while it was read goes with its last reader.
template <typename T>
class Snapshot {
  struct Held {
    T value;
    std::atomic<std::int64_t> readers = 0;  // since it was replaced; less those who left meanwhile
  };

 public:
  Snapshot() : word_(word_of(new Held{})) {}
  ~Snapshot() { delete held_of(word_); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  // While it lives, the value as it was when it was made stays.
  class Reader {
   public:
    explicit Reader(Snapshot& snapshot)
        : snapshot_(snapshot), held_(held_of(snapshot.word_.fetch_add(1))) {}
    ~Reader() {
      for (Word word = snapshot_.word_; held_of(word) == held_;)
        if (snapshot_.word_.compare_exchange_weak(word, word - 1)) return;
      if (held_->readers.fetch_sub(1) == 1) delete held_;
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    const T& operator*() const { return held_->value; }
    const T* operator->() const { return &held_->value; }

   private:
    Snapshot& snapshot_;
    Held* held_;
  };

  // Writers exclude each other.
  void replace(T value) {
    const Word old = word_.exchange(word_of(new Held{std::move(value)}));
    Held* held = held_of(old);
    const auto readers = static_cast<std::int64_t>(old & kCount);
    if (held->readers.fetch_add(readers) + readers == 0) delete held;
  }

 private:
  using Word = std::uint64_t;
  static constexpr int kCountBits = 16;  // what Linux leaves free in an address of a program's
  static constexpr Word kCount = (Word{1} << kCountBits) - 1;

  static Word word_of(Held* held) {
    return static_cast<Word>(reinterpret_cast<std::uintptr_t>(held)) << kCountBits;
  }
  static Held* held_of(Word word) {
    return reinterpret_cast<Held*>(static_cast<std::uintptr_t>(word >> kCountBits));
  }

  std::atomic<Word> word_;
};

}  // namespace vh
