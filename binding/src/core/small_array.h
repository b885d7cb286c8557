// An array whose elements are made one by one, on the stack where they are few.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace vh {

template <typename T, std::size_t Few>
class SmallArray {
 public:
  explicit SmallArray(std::size_t room)
      : elements_(room <= Few ? reinterpret_cast<T*>(few_) : std::allocator<T>().allocate(room)),
        room_(room) {}
  ~SmallArray() {
    std::destroy_n(elements_, size_);
    if (room_ > Few) std::allocator<T>().deallocate(elements_, room_);
  }
  SmallArray(const SmallArray&) = delete;
  SmallArray& operator=(const SmallArray&) = delete;

  // At most as many as there is room for.
  template <typename... Args>
  T& emplace(Args&&... args) {
    return *new (elements_ + size_++) T(std::forward<Args>(args)...);
  }
  T& operator[](std::size_t i) { return elements_[i]; }
  std::span<const T> all() const { return {elements_, size_}; }

 private:
  alignas(T) std::byte few_[Few * sizeof(T)];
  T* elements_;
  std::size_t room_, size_ = 0;
};

}  // namespace vh
