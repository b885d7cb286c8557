// Any units as JavaScript's JSON text to Python: what becomes an object becomes the same again by
// way of text; and no exception is left behind.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "core/attach.h"
#include "core/core.h"
#include "core/json.h"

using vh::Owned;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  std::string error;
  if (vh_core_v1()->start("", error)) return 0;
  std::fprintf(stderr, "%s\n", error.c_str());
  std::abort();
}

// The first byte tells how wide the others are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const vh::Attach attach(vh::Interpreter::main());
  std::u16string text;
  if (size > 0 && data[0] == 2) {
    text.resize((size - 1) / 2);
    std::memcpy(text.data(), data + 1, text.size() * 2);
  } else {
    text.assign(data, data + size);
  }
  const Owned object =
      vh::read_json(vh::Value::view(vh::Kind::Json, {text.data(), text.size(), vh::Width::Utf16}));
  require(!object == !!PyErr_Occurred());
  PyErr_Clear();
  if (!object || (!PyList_Check(object.get()) && !PyDict_Check(object.get()))) return 0;
  vh::Value again;
  require(vh::write_json(object.get(), "value", vh::Dialect::Js, again));
  const Owned back = vh::read_json(again);
  require(back && !PyErr_Occurred());
  const int equal = PyObject_RichCompareBool(object.get(), back.get(), Py_EQ);
  // Python compares deep ones by recursion, and gives up.
  require(equal == 1 || PyErr_ExceptionMatches(PyExc_RecursionError));
  PyErr_Clear();
  return 0;
}
