#include "core/frames.h"

#include <string>

#include "core/encoding.h"
#include "core/script.h"
#include "core/script_table.h"

namespace vh {
namespace {

// What `found` says of the files of a frame and its callers, the first that is not null.
template <typename Find>
auto search(Owned frame, Find found) -> decltype(found(std::string())) {
  while (frame) {
    auto* current = reinterpret_cast<PyFrameObject*>(frame.get());
    Owned code(reinterpret_cast<PyObject*>(PyFrame_GetCode(current)));
    if (auto result = found(to_utf8(reinterpret_cast<PyCodeObject*>(code.get())->co_filename)))
      return result;
    frame = Owned(reinterpret_cast<PyObject*>(PyFrame_GetBack(current)));
  }
  return {};
}

}  // namespace

Script* script_of_frames() {
  return search(Owned(reinterpret_cast<PyObject*>(PyThreadState_GetFrame(PyThreadState_Get()))),
                [](const std::string& file) { return main_scripts::find(file); });
}

}  // namespace vh
