// The C API as a plugin or a hub in C uses it.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness.h"
#include "wrapper.h"

namespace vh::test {

struct FreeArgs {
  void operator()(w_Targs* args) const { w_free_args(args); }
};
using Args = std::unique_ptr<w_Targs, FreeArgs>;

// Format and values, as in `sl("a", 1)`; "NULL" where there are none.
std::string shown(w_Targs* args);
// The same of a result, which is freed.
std::string taken(w_Targs* result);

// A hub in C: the API is begun while it lives. One at a time.
class CApi {
 public:
  CApi();
  ~CApi();
  CApi(const CApi&) = delete;
  CApi& operator=(const CApi&) = delete;

  // Loads a script of that source, which finds `vh` imported and a function `run` defined. Fails
  // the test when it does not load. `id`: reserved, -1 for a fresh one.
  int load(const std::string& source, int id = -1);
  // The path of a file that lives as long as the hub.
  std::string write(const std::string& source);
  // The same as load(), of a path, and without a failed test.
  static int load_file(const std::string& path, int id = w_ReserveID());

  // The repr of a Python expression's value in a script's globals, or its exception.
  static std::string run(int id, const std::string& expression);
  static std::string chat(int id, const std::string& nick = "alice",
                          const std::string& message = "hello");

  // Set by what runs as a callback.
  static std::vector<std::string>& said();
  // A callback that says its name and arguments, and has nothing to say to the script.
  static w_Targs* say(int id, w_Targs* args);

  w_Tcallback* const callbacks;

 private:
  std::deque<ScriptFile> files_;
};

// What is written to stderr while it lives.
class Stderr {
 public:
  Stderr();
  ~Stderr();
  Stderr(const Stderr&) = delete;
  Stderr& operator=(const Stderr&) = delete;
  std::string text() const;

 private:
  int kept_, file_;
};

// Runs a test case in a process of its own, which has a minute. "" when it passed, or else how it
// ended.
std::string run_alone(const char* test_case, std::initializer_list<const char*> environment);

// A test case that runs in a process of its own: before w_Begin, with NAME=VALUE in the
// environment, or at the risk of a crash.
#define ALONE_TEST_CASE(name, ...)                                                      \
  static_assert(std::string_view(name).find_first_of(",*?") == std::string_view::npos); \
  TEST_CASE(name) {                                                                     \
    CHECK(run_alone("alone: " name, {__VA_ARGS__}) == "");                              \
  }                                                                                     \
  TEST_CASE("alone: " name* doctest::skip())

}  // namespace vh::test
