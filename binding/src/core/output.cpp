#include "core/output.h"

#include <structmember.h>
#include <string>

#include "core/attach.h"
#include "core/host.h"
#include "core/running.h"
#include "core/runtime.h"
#include "core/script.h"
#include "core/vh_module.h"

namespace vh::output {
namespace {

// The raw end of a text stream: takes bytes, cuts them into lines.
struct RawObject {
  PyObject_HEAD PyObject* module;  // the vh module: who is writing
  Stream stream;
  std::string* rest;  // what follows the last newline
};

RawObject* raw(PyObject* self) {
  return reinterpret_cast<RawObject*>(self);
}

// A line of a script goes to its hub. Of nobody's (a thread in the main interpreter that no script
// can be told by), and in a forked child: to the process's own stream.
void send(RawObject* self, const std::string& lines) {
  Script* script = vh_module::script(self->module);
  if (!script || runtime::is_forked_child()) {
    std::FILE* file = self->stream == Stream::Out ? stdout : stderr;
    std::fwrite(lines.data(), 1, lines.size(), file);
    std::fflush(file);
    return;
  }
  // What threads of an unloaded script complain of is the unloading.
  if (script->cut_off && self->stream == Stream::Err && !running_script()) return;
  const std::shared_ptr<Script> alive = script->shared_from_this();
  const Detach detach(*script->interpreter);
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    script->host.hub().on_output(script->id, self->stream,
                                 std::string_view(lines).substr(at, end - at));
    at = end + 1;
  }
}

PyObject* write(PyObject* self, PyObject* data) {
  Py_buffer buffer;
  if (PyObject_GetBuffer(data, &buffer, PyBUF_SIMPLE) < 0) return nullptr;
  std::string& rest = *raw(self)->rest;
  rest.append(static_cast<const char*>(buffer.buf), static_cast<std::size_t>(buffer.len));
  const Py_ssize_t written = buffer.len;
  PyBuffer_Release(&buffer);
  const std::size_t end = rest.rfind('\n');
  if (end != rest.npos) {
    const std::string lines = rest.substr(0, end + 1);
    rest.erase(0, end + 1);  // before sending: other threads write meanwhile
    send(raw(self), lines);
  }
  return PyLong_FromSsize_t(written);
}

// Called by the streams' users too, so it must not cut a line in two: the rest goes when the script
// does.
PyObject* do_nothing(PyObject*, PyObject*) {
  Py_RETURN_NONE;
}

PyObject* finish(PyObject* self, PyObject*) {
  std::string& rest = *raw(self)->rest;
  if (!rest.empty()) {
    const std::string line = std::exchange(rest, std::string()) + '\n';
    send(raw(self), line);
  }
  Py_RETURN_NONE;
}

PyObject* yes(PyObject*, PyObject*) {
  Py_RETURN_TRUE;
}
PyObject* no(PyObject*, PyObject*) {
  Py_RETURN_FALSE;
}

PyObject* file_number(PyObject* self, PyObject*) {
  return PyLong_FromLong(raw(self)->stream == Stream::Out ? 1 : 2);
}

PyObject* is_closed(PyObject*, void*) {
  Py_RETURN_FALSE;
}

void dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  Py_XDECREF(raw(self)->module);
  delete raw(self)->rest;
  type->tp_free(self);
  Py_DECREF(type);
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(raw(self)->module);
  return 0;
}

PyMethodDef kMethods[] = {
    {"write", write, METH_O, nullptr},
    {"flush", do_nothing, METH_NOARGS, nullptr},
    {"close", do_nothing, METH_NOARGS, nullptr},
    {"finish", finish, METH_NOARGS, nullptr},
    {"writable", yes, METH_NOARGS, nullptr},
    {"readable", no, METH_NOARGS, nullptr},
    {"seekable", no, METH_NOARGS, nullptr},
    {"isatty", no, METH_NOARGS, nullptr},
    {"fileno", file_number, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef kAttributes[] = {
    {"closed", is_closed, nullptr, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot kSlots[] = {
    {Py_tp_methods, kMethods},
    {Py_tp_getset, kAttributes},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {0, nullptr},
};

PyType_Spec kSpec = {
    .name = "vh._Output",
    .basicsize = sizeof(RawObject),
    .itemsize = 0,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = kSlots,
};

Owned make_raw(PyTypeObject* type, PyObject* module, Stream stream) {
  Owned object(type->tp_alloc(type, 0));
  if (!object) return object;
  raw(object.get())->module = Py_NewRef(module);
  raw(object.get())->stream = stream;
  raw(object.get())->rest = new std::string;
  return object;
}

// A text stream over `raw`, like the one Python opens on a descriptor.
Owned make_text(PyObject* io, PyObject* raw) {
  Owned type(PyObject_GetAttrString(io, "TextIOWrapper"));
  Owned args(Py_BuildValue("(O)", raw));
  Owned options(Py_BuildValue("{s:s,s:s,s:s,s:O,s:O}", "encoding", "utf-8", "errors",
                              "backslashreplace", "newline", "\n", "line_buffering", Py_True,
                              "write_through", Py_True));
  if (!type || !args || !options) return Owned();
  return Owned(PyObject_Call(type.get(), args.get(), options.get()));
}

// sys.stdin at its end: the process's own is the hub's, and reading a terminal would hold the hub's
// thread.
bool install_input(PyObject* io) {
  Owned text(PyObject_CallMethod(io, "StringIO", nullptr));
  return text && PySys_SetObject("stdin", text.get()) == 0 &&
         PySys_SetObject("__stdin__", text.get()) == 0;
}

}  // namespace

bool install(PyObject* module) {
  Owned type(PyType_FromSpec(&kSpec));
  Owned io(PyImport_ImportModule("io"));
  if (!type || !io || !install_input(io.get())) return false;
  for (const Stream stream : {Stream::Out, Stream::Err}) {
    const bool out = stream == Stream::Out;
    Owned raw = make_raw(reinterpret_cast<PyTypeObject*>(type.get()), module, stream);
    Owned text = raw ? make_text(io.get(), raw.get()) : Owned();
    if (!text || PySys_SetObject(out ? "stdout" : "stderr", text.get()) < 0 ||
        PySys_SetObject(out ? "__stdout__" : "__stderr__", text.get()) < 0)
      return false;
  }
  return true;
}

void flush() {
  for (const char* name : {"__stdout__", "__stderr__"}) {
    PyObject* text = PySys_GetObject(name);
    Owned raw(text ? PyObject_GetAttrString(text, "buffer") : nullptr);
    Owned done(raw ? PyObject_CallMethod(raw.get(), "finish", nullptr) : nullptr);
    PyErr_Clear();
  }
}

}  // namespace vh::output
