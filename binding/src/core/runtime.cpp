#include "core/runtime.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "core/blocking_methods.h"
#include "core/interpreter.h"
#include "core/libc_hooks.h"
#include "core/signals.h"
#include "core/vh_module.h"
#include "core/waits.h"

namespace vh::runtime {
namespace {

std::atomic<bool> g_forked_child{false};

// Extension modules of the standard library do not link libpython: its symbols have to be global
// before the first of them is imported, whoever loaded us and however.
bool make_libpython_global(std::string& error) {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<void*>(&Py_InitializeFromConfig), &info) || !info.dli_fname) {
    error = "cannot tell which libpython is loaded";
    return false;
  }
  if (dlopen(info.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD)) return true;
  // A program with libpython linked in statically has its symbols global already.
  dlerror();
  return true;
}

// Node closes its standard streams to the programs it starts, since it gives them others; those
// that a script starts are to have the process's own.
void inherit_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    const int flags = fcntl(descriptor, F_GETFD);
    if (flags >= 0) fcntl(descriptor, F_SETFD, flags & ~FD_CLOEXEC);
  }
}

// signal.alarm() and setitimer() would end the process: by default these signals do.
void survive_timers() {
  for (const int signal : {SIGALRM, SIGVTALRM}) make_harmless(signal, SA_RESTART);
}

struct Config {
  PyConfig config;
  Config() { PyConfig_InitPythonConfig(&config); }
  ~Config() { PyConfig_Clear(&config); }
};

bool failed(const PyStatus& status, std::string& error) {
  if (!PyStatus_Exception(status)) return false;
  error = std::string("CPython does not start: ") +
          (status.err_msg ? status.err_msg : "it wants to exit");
  return true;
}

// In a process with sub-interpreters CPython's own child deadlocks or dies before it gets to run
// any Python, and who waits for it waits for ever.
int refuse_fork(const char* event, PyObject*, void*) {
  if ((std::strcmp(event, "os.fork") != 0 && std::strcmp(event, "os.forkpty") != 0) ||
      Interpreter::count() == 0)
    return 0;
  PyErr_SetString(
      PyExc_RuntimeError,
      "fork is not possible beside scripts in interpreters of their own: use subprocess, or "
      "multiprocessing's start method 'spawn'");
  return -1;
}

void recognise_forked_children() {
  pthread_atfork(nullptr, nullptr, [] { g_forked_child = true; });
}

// The program embeds Python itself and has started it, in its own way. Whoever has the GIL, it is
// not the calling thread.
bool join(std::string& error) {
  const PyGILState_STATE state = PyGILState_Ensure();
  const bool audited = PySys_AddAuditHook(refuse_fork, nullptr) == 0;
  PyErr_Clear();
  if (audited) blocking_methods::install();
  PyGILState_Release(state);
  if (!audited) {
    error = "the program's own audit hooks refuse another one";
    return false;
  }
  recognise_forked_children();
  Interpreter::join_main();
  return true;
}

bool initialize(const std::string& executable, std::string& error) {
  if (!make_libpython_global(error)) return false;
  static std::once_flag hooked;
  std::call_once(hooked, [] {
    waits::install();
    libc_hooks::install();
  });
  if (Py_IsInitialized()) return join(error);
  if (PySys_AddAuditHook(refuse_fork, nullptr) < 0 ||
      PyImport_AppendInittab("vh", &create_vh_module) < 0) {
    error = "out of memory";
    return false;
  }

  PyPreConfig preconfig;
  PyPreConfig_InitPythonConfig(&preconfig);
  preconfig.utf8_mode = 1;
  preconfig.configure_locale = 0;  // the locale is Node's
  preconfig.parse_argv = 0;
  if (failed(Py_PreInitialize(&preconfig), error)) return false;

  Config wrapped;
  PyConfig& config = wrapped.config;
  config.install_signal_handlers = 0;  // Ctrl-C is Node's
  config.parse_argv = 0;
  config.safe_path = 1;  // no folder of the hub's in sys.path
  // Not `executable`: from the program's name CPython derives the prefix as well, and follows a
  // pyvenv.cfg.
  if (failed(PyConfig_SetBytesString(&config, &config.program_name, executable.c_str()), error))
    return false;
  if (failed(Py_InitializeFromConfig(&config), error)) return false;

  blocking_methods::install();
  inherit_standard_streams();
  survive_timers();
  recognise_forked_children();
  Interpreter::adopt_main();  // lets go of the GIL
  return true;
}

}  // namespace

bool start(const std::string& executable, std::string& error) {
  static std::mutex mutex;
  static bool started = false;
  const std::lock_guard lock(mutex);
  if (started && !Py_IsInitialized()) {
    error = "CPython has been finalized in this process";
    return false;
  }
  if (!started) started = initialize(executable.empty() ? VH_PYTHON_EXECUTABLE : executable, error);
  return started;
}

void end_forked_child(const Failure& failure) {
  int code = failure.type.empty() ? 0 : 1;
  if (failure.type == "SystemExit")
    code = failure.message == "None" ? 0 : std::atoi(failure.message.c_str());
  else
    std::fputs(failure.traceback.c_str(), stderr);
  std::fflush(nullptr);
  _exit(code);
}

bool is_forked_child() {
  return g_forked_child.load(std::memory_order_relaxed);
}

}  // namespace vh::runtime
