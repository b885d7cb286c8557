#include "core/frames.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/encoding.h"
#include "core/script.h"
#include "core/script_table.h"

namespace vh::frames {
namespace {

PyFrameObject* as_frame(const Owned& frame) {
  return reinterpret_cast<PyFrameObject*>(frame.get());
}

Owned innermost(PyThreadState* state) {
  return Owned(reinterpret_cast<PyObject*>(state ? PyThreadState_GetFrame(state) : nullptr));
}

Owned innermost(const Script& script, unsigned long thread) {
  PyThreadState* state = PyInterpreterState_ThreadHead(script.interpreter->state());
  while (state && state->thread_id != thread) state = PyThreadState_Next(state);
  return innermost(state);
}

void step_out(Owned& frame) {
  frame = Owned(reinterpret_cast<PyObject*>(PyFrame_GetBack(as_frame(frame))));
}

std::string file(const Owned& frame) {
  const Owned code(reinterpret_cast<PyObject*>(PyFrame_GetCode(as_frame(frame))));
  return to_utf8(reinterpret_cast<PyCodeObject*>(code.get())->co_filename);
}

std::string place(const Owned& frame) {
  return file(frame) + ":" + std::to_string(PyFrame_GetLineNumber(as_frame(frame)));
}

}  // namespace

Script* script() {
  for (Owned frame = innermost(PyThreadState_Get()); frame; step_out(frame))
    if (Script* found = main_scripts::find(file(frame))) return found;
  return nullptr;
}

std::string where(const Script& script, unsigned long thread) {
  Owned frame = innermost(script, thread);
  if (!frame) return "";
  const std::string outside = place(frame);
  for (; frame; step_out(frame))
    if (file(frame) == script.path) return place(frame);
  return outside;
}

bool in_python(const Script& script, unsigned long thread) {
  return static_cast<bool>(innermost(script, thread));
}

bool takes_lock(const Script& script, unsigned long thread) {
  const Owned frame = innermost(script, thread);
  if (!frame) return false;
  const std::string path = file(frame);
  constexpr std::array<std::string_view, 4> kModules = {
      "/threading.py", "/queue.py", "/logging/__init__.py", "<frozen importlib._bootstrap>"};
  return std::ranges::any_of(kModules, [&](auto module) { return path.ends_with(module); });
}

bool in_library(const Script& script, unsigned long thread) {
  const Owned frame = innermost(script, thread);
  if (!frame) return false;
  const std::string path = file(frame);
  PyObject* folder = PySys_GetObject("_stdlib_dir");
  return path.starts_with("<frozen ") ||
         (folder && PyUnicode_Check(folder) && path.starts_with(to_utf8(folder) + "/"));
}

}  // namespace vh::frames
