// A value that is replaced as a whole, and read by any thread without a lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "core/barrier.h"
#include "core/thread_states.h"

namespace vh {

// Nearly all reading is done by one thread, the owner, which made the snapshot: it counts itself
// apart, without an atomic operation (barrier.h). Any other costs two of them: the address of the
// value and the number of its present readers share a word, so that one addition gets the one and
// counts in the other. A value that was replaced while it was read goes with its last reader.
template <typename T>
class Snapshot {
  struct Held {
    T value;
    // Since it was replaced, less those who left meanwhile. The owner, if it reads anything, is
    // one.
    std::atomic<std::int64_t> readers = 0;
    Held* next = nullptr;

    void leave() {
      if (readers.fetch_sub(1) == 1) delete this;
    }
  };

 public:
  Snapshot() : word_(word_of(new Held{})) {}
  ~Snapshot() {
    free_left();
    delete held_of(word_);
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  // While it lives, the value as it was when it was made stays.
  class Reader {
   public:
    explicit Reader(Snapshot& snapshot)
        : snapshot_(snapshot),
          is_owner_(t_data.id == snapshot.owner_),
          held_(is_owner_ ? snapshot.enter_owner() : held_of(snapshot.word_.fetch_add(kOne))) {}
    ~Reader() {
      if (is_owner_) {
        snapshot_.leave_owner();
        return;
      }
      for (Word word = snapshot_.word_; held_of(word) == held_;)
        if (snapshot_.word_.compare_exchange_weak(word, word - kOne)) return;
      held_->leave();
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    const T& operator*() const { return held_->value; }
    const T* operator->() const { return &held_->value; }

   private:
    Snapshot& snapshot_;
    const bool is_owner_;
    Held* held_;
  };

  // Writers exclude each other.
  void replace(T value) {
    const Word old = word_.exchange(word_of(new Held{std::move(value)}));
    barrier::heavy();
    Held* held = held_of(old);
    const bool is_left = owners_.load(std::memory_order_acquire) > 0;
    const auto readers = static_cast<std::int64_t>(old / kOne) + is_left;
    if (held->readers.fetch_add(readers) + readers == 0)
      delete held;
    else if (is_left)
      leave_to_owner(held);
  }

 private:
  using Word = std::uint64_t;
  // A reader, in the bits that Linux leaves free in a program's addresses. Above the address, where
  // a leak checker still knows it.
  static constexpr Word kOne = Word{1} << 48;

  static Word word_of(Held* held) { return reinterpret_cast<std::uintptr_t>(held); }
  static Held* held_of(Word word) {
    return reinterpret_cast<Held*>(static_cast<std::uintptr_t>(word % kOne));
  }

  // Either replace() sees the owner reading, or the owner sees the new value.
  Held* enter_owner() {
    owners_.store(owners_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    barrier::light();
    return held_of(word_.load(std::memory_order_acquire));
  }
  void leave_owner() {
    const int owners = owners_.load(std::memory_order_relaxed) - 1;
    owners_.store(owners, std::memory_order_release);
    if (owners == 0 && left_.load(std::memory_order_relaxed)) free_left();
  }

  // What was replaced while the owner was reading goes when it reads nothing any more.
  void leave_to_owner(Held* held) {
    held->next = left_.load(std::memory_order_relaxed);
    while (!left_.compare_exchange_weak(held->next, held)) {
    }
  }
  void free_left() {
    for (Held* held = left_.exchange(nullptr); held;) std::exchange(held, held->next)->leave();
  }

  const ThreadId owner_ = thread_states::this_thread();
  std::atomic<Word> word_;
  std::atomic<int> owners_ = 0;  // readers that are the owner, written by it
  std::atomic<Held*> left_ = nullptr;
};

}  // namespace vh
