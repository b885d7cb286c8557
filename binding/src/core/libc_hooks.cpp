#include "core/libc_hooks.h"

#ifdef __linux__

#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/blocking_call.h"
#include "core/imports.h"

namespace vh::libc_hooks {
namespace {

using SetOfSignals = const sigset_t*;

// glibc's begins again by itself.
int wait_for_signal(SetOfSignals signals, int* signal) {
  const int got =
      Hooked<"sigwaitinfo", kWait, int(SetOfSignals, siginfo_t*)>::call(signals, nullptr);
  if (got < 0) return errno;
  *signal = got;
  return 0;
}

// A script that blocks all signals does not mean ours.
int (*g_real_mask)(int, SetOfSignals, sigset_t*) = nullptr;
int mask_signals(int how, SetOfSignals given, sigset_t* before) {
  if (!given || how == SIG_UNBLOCK || waits::wake_signal() == 0)
    return g_real_mask(how, given, before);
  sigset_t signals = *given;
  sigdelset(&signals, waits::wake_signal());
  return g_real_mask(how, &signals, before);
}

// CPython tells the world of a lock's wait that fails.
void (*g_real_perror)(const char*) = nullptr;
void say_error(const char* text) {
  const WaitingThread::Method* method = WaitingThread::method();
  if (!method || !method->given_up) g_real_perror(text);
}

// From 3.13 on Thread.join() goes on waiting until its time is up, by this clock.
int (*g_real_clock)(clockid_t, timespec*) = nullptr;
int read_clock(clockid_t clock, timespec* time) {
  const WaitingThread::Method* method = WaitingThread::method();
  if (!method || !method->given_up || !holds_gil()) return g_real_clock(clock, time);
  *time = {std::numeric_limits<std::int64_t>::max() / 1'000'000'000, 0};
  return 0;
}

void* (*g_real_dlopen)(const char*, int) = nullptr;
void* open_library(const char* path, int mode);

struct Hook {
  const char* name;
  void* ours;
  void** real;
};

template <Name name, Way way, typename Signature>
Hook hook() {
  using H = Hooked<name, way, Signature>;
  static constexpr Name kName = name;
  return {kName.text.data(), reinterpret_cast<void*>(&H::call), reinterpret_cast<void**>(&H::real)};
}
template <Name name, typename Signature>
Hook lock_hook() {
  using H = Hooked<name, kLock, Signature>;
  static constexpr Name kName = name;
  return {kName.text.data(), reinterpret_cast<void*>(&H::call_in_method),
          reinterpret_cast<void**>(&H::real)};
}
template <Name name, typename... Args>
Hook writing_hook() {
  using W = Writing<name, Args...>;
  static constexpr Name kName = name;
  return {kName.text.data(), reinterpret_cast<void*>(&W::call), reinterpret_cast<void**>(&W::real)};
}
template <typename Function>
Hook hook(const char* name, Function* ours, Function** real) {
  return {name, reinterpret_cast<void*>(ours), reinterpret_cast<void**>(real)};
}

using Time = const timespec*;

// Of libpython itself.
std::vector<Hook> hooks_of_libpython() {
  std::vector<Hook> hooks = {
      lock_hook<"sem_wait", int(sem_t*)>(),
      lock_hook<"sem_timedwait", int(sem_t*, Time)>(),
      lock_hook<"sem_clockwait", int(sem_t*, clockid_t, Time)>(),
      hook("perror", &say_error, &g_real_perror),
      hook("dlopen", &open_library, &g_real_dlopen),
  };
  if (PY_VERSION_HEX >= 0x030D0000)
    hooks.push_back(hook("clock_gettime", &read_clock, &g_real_clock));
  return hooks;
}

// Of extension modules, as far as libpython's are others.
std::vector<Hook> hooks_of_extensions() {
  return {
      hook<"sem_wait", kWait, int(sem_t*)>(),
      hook<"sem_timedwait", kWait, int(sem_t*, Time)>(),
      hook<"sem_clockwait", kWait, int(sem_t*, clockid_t, Time)>(),
  };
}

std::vector<Hook> hooks_of_all() {
  using Count = ssize_t;
  using Vector = const iovec*;
  using Address = sockaddr*;
  using Length = socklen_t*;
  return {
      hook<"read", kTransfer, Count(int, void*, size_t)>(),
      hook<"__read_chk", kTransfer, Count(int, void*, size_t, size_t)>(),
      writing_hook<"write">(),
      hook<"readv", kTransfer, Count(int, Vector, int)>(),
      hook<"writev", kTransfer, Count(int, Vector, int)>(),
      hook<"pread", kTransfer, Count(int, void*, size_t, off_t)>(),
      hook<"pread64", kTransfer, Count(int, void*, size_t, off_t)>(),
      hook<"pwrite", kTransfer, Count(int, const void*, size_t, off_t)>(),
      hook<"pwrite64", kTransfer, Count(int, const void*, size_t, off_t)>(),
      hook<"preadv2", kTransfer, Count(int, Vector, int, off_t, int)>(),
      hook<"preadv64v2", kTransfer, Count(int, Vector, int, off_t, int)>(),
      hook<"pwritev2", kTransfer, Count(int, Vector, int, off_t, int)>(),
      hook<"pwritev64v2", kTransfer, Count(int, Vector, int, off_t, int)>(),
      hook<"sendfile", kTransfer, Count(int, int, off_t*, size_t)>(),
      hook<"sendfile64", kTransfer, Count(int, int, off_t*, size_t)>(),
      hook<"splice", kTransfer, Count(int, off_t*, int, off_t*, size_t, unsigned)>(),
      hook<"copy_file_range", kTransfer, Count(int, off_t*, int, off_t*, size_t, unsigned)>(),
      hook<"eventfd_read", kTransfer, int(int, eventfd_t*)>(),
      hook<"eventfd_write", kTransfer, int(int, eventfd_t)>(),
      hook<"open", kTransfer, int(const char*, int, mode_t)>(),
      hook<"open64", kTransfer, int(const char*, int, mode_t)>(),
      hook<"__open64_2", kTransfer, int(const char*, int)>(),
      hook<"openat", kTransfer, int(int, const char*, int, mode_t)>(),
      hook<"openat64", kTransfer, int(int, const char*, int, mode_t)>(),
      hook<"fcntl", kTransfer, int(int, int, long)>(),
      hook<"fcntl64", kTransfer, int(int, int, long)>(),
      hook<"flock", kTransfer, int(int, int)>(),
      hook<"lockf", kTransfer, int(int, int, off_t)>(),
      hook<"lockf64", kTransfer, int(int, int, off_t)>(),
      hook<"accept", kTransfer, int(int, Address, Length)>(),
      hook<"accept4", kTransfer, int(int, Address, Length, int)>(),
      hook<"connect", kConnect, int(int, const sockaddr*, socklen_t)>(),
      hook<"recv", kTransfer, Count(int, void*, size_t, int)>(),
      hook<"__recv_chk", kTransfer, Count(int, void*, size_t, size_t, int)>(),
      hook<"recvfrom", kTransfer, Count(int, void*, size_t, int, Address, Length)>(),
      hook<"__recvfrom_chk", kTransfer, Count(int, void*, size_t, size_t, int, Address, Length)>(),
      hook<"recvmsg", kTransfer, Count(int, msghdr*, int)>(),
      writing_hook<"send", int>(),
      hook<"sendto", kTransfer, Count(int, const void*, size_t, int, const sockaddr*, socklen_t)>(),
      hook<"sendmsg", kTransfer, Count(int, const msghdr*, int)>(),

      hook<"wait", kWait, pid_t(int*)>(),
      hook<"wait3", kWait, pid_t(int*, int, rusage*)>(),
      hook<"wait4", kWait, pid_t(pid_t, int*, int, rusage*)>(),
      hook<"waitid", kWait, int(idtype_t, id_t, siginfo_t*, int)>(),
      hook<"waitpid", kWait, pid_t(pid_t, int*, int)>(),
      hook<"pause", kWait, int()>(),
      hook<"sigwaitinfo", kWait, int(SetOfSignals, siginfo_t*)>(),

      hook<"sigtimedwait", kTimed, int(SetOfSignals, siginfo_t*, Time)>(),
      hook<"poll", kTimed, int(pollfd*, nfds_t, int)>(),
      hook<"__poll_chk", kTimed, int(pollfd*, nfds_t, int, size_t)>(),
      hook<"ppoll", kTimed, int(pollfd*, nfds_t, Time, SetOfSignals)>(),
      hook<"select", kTimed, int(int, fd_set*, fd_set*, fd_set*, timeval*)>(),
      hook<"pselect", kTimed, int(int, fd_set*, fd_set*, fd_set*, Time, SetOfSignals)>(),
      hook<"epoll_wait", kTimed, int(int, epoll_event*, int, int)>(),
      hook<"epoll_pwait", kTimed, int(int, epoll_event*, int, int, SetOfSignals)>(),
      hook<"nanosleep", kTimed, int(Time, timespec*)>(),
      hook<"clock_nanosleep", kSleep, int(clockid_t, int, Time, timespec*)>(),

      {"sigwait", reinterpret_cast<void*>(&wait_for_signal), nullptr},
      hook("pthread_sigmask", &mask_signals, &g_real_mask),
  };
}

// By the names under which they are imported. What this system does not have is left out.
using Table = std::unordered_map<std::string_view, void*>;
void add(Table& table, const std::vector<Hook>& hooks) {
  for (const Hook& hook : hooks) {
    void* const real = dlsym(RTLD_DEFAULT, hook.name);
    if (!real) continue;
    if (hook.real) *hook.real = real;
    table[hook.name] = hook.ours;
  }
}
void redirect(const std::set<imports::Object>& objects, const Table& table) {
  imports::redirect(objects, [&](std::string_view name) {
    const auto found = table.find(name);
    return found == table.end() ? nullptr : found->second;
  });
}

const Table& table_of_extensions() {
  static const Table& table = *[] {
    auto* const made = new Table;
    add(*made, hooks_of_all());
    add(*made, hooks_of_extensions());
    return made;
  }();
  return table;
}

// Another thread may open one of the program's at the same time: that is taken for Python's.
void* open_library(const char* path, int mode) {
  const auto before = imports::objects();
  void* const library = g_real_dlopen(path, mode);
  auto fresh = imports::objects();
  std::erase_if(fresh, [&](imports::Object object) { return before.contains(object); });
  if (!fresh.empty()) redirect(fresh, table_of_extensions());
  return library;
}

}  // namespace

void install() {
  const imports::Object libpython =
      imports::object_of(reinterpret_cast<const void*>(&Py_InitializeFromConfig));
  const imports::Object own = imports::object_of(reinterpret_cast<const void*>(&install));
  if (!libpython || libpython == own) return;

  // In a program that has started Python itself, extension modules may have been loaded already.
  auto extensions = imports::importers("PyModule");
  for (const imports::Object object : {libpython, own, imports::program()})
    extensions.erase(object);
  redirect(extensions, table_of_extensions());

  Table table = table_of_extensions();
  add(table, hooks_of_libpython());
  redirect({libpython}, table);
}

}  // namespace vh::libc_hooks

#else

namespace vh::libc_hooks {

void install() {}

}  // namespace vh::libc_hooks

#endif
