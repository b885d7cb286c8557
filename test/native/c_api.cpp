#include "c_api.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

namespace vh::test {
namespace {

constexpr const char* kPrelude =
    "import vh\n"
    "def run(expression):\n"
    "    try: return repr(eval(expression, globals()))\n"
    "    except BaseException as error:\n"
    "        text = f'{type(error).__name__}: {error}'\n"
    "        return text.encode('utf-8', 'backslashreplace').decode()\n";

// The library keeps the pointer beyond a hub's life.
w_Tcallback g_callbacks[W_MAX_CALLBACKS];

}  // namespace

std::string shown(w_Targs* args) {
  return args && args->format ? args->format + std::string(w_packprint(args)) : "NULL";
}

std::string taken(w_Targs* result) {
  const Args freed(result);
  return shown(result);
}

CApi::CApi() : callbacks(g_callbacks) {
  std::fill_n(callbacks, W_MAX_CALLBACKS, nullptr);
  said().clear();
  REQUIRE(w_Begin(callbacks) == 1);
}

CApi::~CApi() {
  w_End();
}

std::string CApi::write(const std::string& source) {
  return files_.emplace_back(kPrelude + source).path();
}

int CApi::load(const std::string& source, int id) {
  if (id < 0) id = w_ReserveID();
  REQUIRE(load_file(write(source), id) == id);
  return id;
}

int CApi::load_file(const std::string& path, int id) {
  const Args args(
      w_pack("lssssls", long{id}, path.c_str(), "Bot", "OpChat", "/etc/hub", 1234L, "config"));
  return w_Load(args.get());
}

std::string CApi::run(int id, const std::string& expression) {
  const Args args(w_pack("s", expression.c_str()));
  const Args result(w_CallFunction(id, "run", args.get()));
  const char* text = nullptr;
  return w_unpack(result.get(), "s", &text) && text ? text : shown(result.get());
}

std::string CApi::chat(int id, const std::string& nick, const std::string& message) {
  const Args args(w_pack("ss", nick.c_str(), message.c_str()));
  return taken(w_CallHook(id, W_OnParsedMsgChat, args.get()));
}

std::vector<std::string>& CApi::said() {
  static std::vector<std::string> said;
  return said;
}

w_Targs* CApi::say(int id, w_Targs* args) {
  const char* name = w_CallName(id);
  said().push_back((name ? std::string(name) : std::to_string(id)) + " " + shown(args));
  return nullptr;
}

Stderr::Stderr() : kept_(dup(STDERR_FILENO)), file_(memfd_create("stderr", MFD_CLOEXEC)) {
  REQUIRE(dup2(file_, STDERR_FILENO) >= 0);
}

Stderr::~Stderr() {
  dup2(kept_, STDERR_FILENO);
  close(kept_);
  close(file_);
}

std::string Stderr::text() const {
  std::string text(static_cast<std::size_t>(lseek(file_, 0, SEEK_END)), '\0');
  text.resize(static_cast<std::size_t>(std::max(pread(file_, text.data(), text.size(), 0), 0L)));
  return text;
}

std::string run_alone(const char* test_case, std::initializer_list<const char*> environment) {
  const std::string filter = "--test-case=" + std::string(test_case);
  const char* arguments[] = {"vh_python_tests", filter.c_str(), "--no-skip", "--minimal", nullptr};
  std::vector<const char*> variables(environment);
  for (char** variable = environ; *variable; ++variable) variables.push_back(*variable);
  variables.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, const_cast<char**>(arguments),
                  const_cast<char**>(variables.data())) != 0)
    return "no process";
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return "hung";
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  if (WIFSIGNALED(status)) return std::string("died: ") + strsignal(WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : "failed";
}

}  // namespace vh::test
