// CPython, started for the native tests: nothing of Node's is here, so the core stands alone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/attach.h"
#include "core/core.h"
#include "core/ref.h"

namespace vh::test {

// Starts CPython on first use.
Core& core();

// The main interpreter, entered while this lives.
struct Gil {
  Attach attach{(core(), Interpreter::main())};
};

// The value of a Python expression.
Owned evaluate(const char* expression);
std::string repr(PyObject* object);
// The exception that is set, as "Type: message"; cleared.
std::string take_error();

// A script file that lives as long as the object.
class ScriptFile {
 public:
  explicit ScriptFile(const std::string& source);
  ~ScriptFile() { std::filesystem::remove_all(folder_); }
  ScriptFile(const ScriptFile&) = delete;
  ScriptFile& operator=(const ScriptFile&) = delete;
  std::string path() const { return (folder_ / "script.py").string(); }

 private:
  std::filesystem::path folder_;
};

// A hub in C++ that remembers what it was told, and says true to everything, or fails.
class RecordingHub final : public Hub {
 public:
  Dialect dialect() const noexcept override { return Dialect::C; }
  bool run(const std::function<void()>& work, std::string&) noexcept override {
    work();
    return true;
  }
  bool implements(int) const noexcept override { return true; }
  bool call(int function, ScriptId caller, std::span<const Value> args, Value& result,
            std::string& error) noexcept override;
  void on_error(ScriptId, int, const Failure& failure) noexcept override {
    errors.push_back(failure.type);
  }
  void on_warning(ScriptId, std::string_view message) noexcept override {
    warnings.emplace_back(message);
  }
  void on_output(ScriptId, Stream, std::string_view line) noexcept override {
    lines.emplace_back(line);
  }
  void on_slow(ScriptId, int hook, double) noexcept override { slow.push_back(hook); }
  void on_stuck(ScriptId, std::string_view, std::string_view message) noexcept override {
    stuck.emplace_back(message);
  }
  void on_unloaded(ScriptId script) noexcept override { unloaded.push_back(script); }
  void wants_owner() noexcept override {}

  std::vector<std::string> errors, warnings, lines, calls, stuck;
  std::vector<int> slow;
  std::vector<ScriptId> unloaded;
  bool fails = false;
};

}  // namespace vh::test
