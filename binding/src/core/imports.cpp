#include "core/imports.h"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <span>

namespace vh::imports {
namespace {

#ifdef __x86_64__
constexpr auto kSlot = R_X86_64_JUMP_SLOT, kAddress = R_X86_64_GLOB_DAT;
#else
constexpr auto kSlot = R_AARCH64_JUMP_SLOT, kAddress = R_AARCH64_GLOB_DAT;
#endif

using Info = dl_phdr_info;

// Objects are told apart by their program headers' place in memory.
template <typename Each>
void for_each_object(Each each) {
  dl_iterate_phdr(
      [](Info* info, std::size_t, void* data) {
        (*static_cast<Each*>(data))(*info);
        return 0;
      },
      &each);
}

std::span<const ElfW(Phdr)> headers(const Info& info) {
  return {info.dlpi_phdr, info.dlpi_phnum};
}

// What an object says of its imports.
struct Dynamic {
  explicit Dynamic(const Info& info) : base(info.dlpi_addr) {
    for (const auto& header : headers(info))
      if (header.p_type == PT_DYNAMIC)
        for (auto* entry = at<ElfW(Dyn)>(base + header.p_vaddr); entry->d_tag != DT_NULL; ++entry)
          read(*entry);
  }

  void read(const ElfW(Dyn) & entry) {
    // Some C libraries leave these addresses relative.
    const auto address = entry.d_un.d_ptr < base ? entry.d_un.d_ptr + base : entry.d_un.d_ptr;
    if (entry.d_tag == DT_SYMTAB) symbols = at<ElfW(Sym)>(address);
    if (entry.d_tag == DT_STRTAB) names = at<char>(address);
    if (entry.d_tag == DT_JMPREL) calls = at<ElfW(Rela)>(address);
    if (entry.d_tag == DT_RELA) others = at<ElfW(Rela)>(address);
    if (entry.d_tag == DT_PLTRELSZ) calls_size = entry.d_un.d_val;
    if (entry.d_tag == DT_RELASZ) others_size = entry.d_un.d_val;
  }

  // each(name, slot)
  template <typename Each>
  void for_each_import(Each each) const {
    for (const auto list : {std::span(calls, calls_size / sizeof(ElfW(Rela))),
                            std::span(others, others_size / sizeof(ElfW(Rela)))})
      for (const ElfW(Rela) & entry : list) {
        const auto type = ELF64_R_TYPE(entry.r_info);
        if (type != kSlot && type != kAddress) continue;
        const auto& symbol = symbols[ELF64_R_SYM(entry.r_info)];
        if (symbol.st_shndx == SHN_UNDEF)
          each(std::string_view(names + symbol.st_name), at<void*>(base + entry.r_offset));
      }
  }

  template <typename T>
  static T* at(ElfW(Addr) address) {
    return reinterpret_cast<T*>(address);
  }

  ElfW(Addr) base;
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const ElfW(Rela) * calls = nullptr;
  const ElfW(Rela) * others = nullptr;
  std::size_t calls_size = 0, others_size = 0;
};

// Makes an object's read-only relocations writable for a while.
class Writable {
 public:
  explicit Writable(const Info& info) {
    const auto page = static_cast<ElfW(Addr)>(sysconf(_SC_PAGESIZE));
    for (const auto& header : headers(info)) {
      if (header.p_type != PT_GNU_RELRO) continue;
      begin_ = (info.dlpi_addr + header.p_vaddr) & ~(page - 1);
      end_ = (info.dlpi_addr + header.p_vaddr + header.p_memsz) & ~(page - 1);
    }
    protect(PROT_READ | PROT_WRITE);
  }
  ~Writable() { protect(PROT_READ); }
  Writable(const Writable&) = delete;
  Writable& operator=(const Writable&) = delete;

 private:
  void protect(int access) const {
    if (end_ > begin_) mprotect(reinterpret_cast<void*>(begin_), end_ - begin_, access);
  }
  ElfW(Addr) begin_ = 0, end_ = 0;
};

}  // namespace

std::set<Object> objects() {
  std::set<Object> all;
  for_each_object([&](const Info& info) { all.insert(info.dlpi_phdr); });
  return all;
}

Object program() {
  return reinterpret_cast<Object>(getauxval(AT_PHDR));
}

Object object_of(const void* address) {
  Object found = nullptr;
  for_each_object([&](const Info& info) {
    const auto offset = reinterpret_cast<ElfW(Addr)>(address) - info.dlpi_addr;
    for (const auto& header : headers(info))
      if (header.p_type == PT_LOAD && offset - header.p_vaddr < header.p_memsz)
        found = info.dlpi_phdr;
  });
  return found;
}

std::set<Object> importers(std::string_view prefix) {
  std::set<Object> found;
  for_each_object([&](const Info& info) {
    Dynamic(info).for_each_import([&](std::string_view name, void**) {
      if (name.starts_with(prefix)) found.insert(info.dlpi_phdr);
    });
  });
  return found;
}

void redirect(const std::set<Object>& objects, const Redirect& redirect) {
  static std::mutex& mutex = *new std::mutex;
  const std::lock_guard lock(mutex);  // one would protect what another is writing to
  for_each_object([&](const Info& info) {
    if (!objects.contains(info.dlpi_phdr)) return;
    const Writable writable(info);
    Dynamic(info).for_each_import([&](std::string_view name, void** slot) {
      if (void* function = redirect(name))
        std::atomic_ref(*slot).store(function, std::memory_order_release);
    });
  });
}

}  // namespace vh::imports

#else

namespace vh::imports {

std::set<Object> objects() {
  return {};
}
Object program() {
  return nullptr;
}
Object object_of(const void*) {
  return nullptr;
}
std::set<Object> importers(std::string_view) {
  return {};
}
void redirect(const std::set<Object>&, const Redirect&) {}

}  // namespace vh::imports

#endif
