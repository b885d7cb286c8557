#include "core/blocking_methods.h"

#include "core/async_exception.h"
#include "core/name.h"
#include "core/ref.h"
#include "core/waiting_thread.h"

namespace vh::blocking_methods {
namespace {

using waits::WaitingThread;
using waits::Why;

// Whoever had the wait given up has also asked for an exception in the thread: this is it.
PyObject* raise(Why why) {
  PyErr_Clear();
  take_back_async_exception();
  PyErr_SetNone(interruption(why));
  return nullptr;
}

// How a method says that its time is up: by an exception, or by returning this.
enum class Refusal { Exception, False, None };

bool is_refusal(PyObject* result, Refusal refusal) {
  return !result || (refusal == Refusal::False && result == Py_False) ||
         (refusal == Refusal::None && result == Py_None);
}

bool is_restoring() {
  PyFrameObject* frame = PyEval_GetFrame();
  if (!frame) return false;
  Owned code(reinterpret_cast<PyObject*>(PyFrame_GetCode(frame)));
  PyObject* name = reinterpret_cast<PyCodeObject*>(code.get())->co_name;
  return PyUnicode_CompareWithASCIIString(name, "_acquire_restore") == 0;
}

// One of these for each method, told apart by the name.
template <Name method, Refusal refusal, typename... Args>
struct Replaced {
  using Function = PyObject* (*)(PyObject*, Args...);
  static inline Function original = nullptr;

  static PyObject* call(PyObject* self, Args... args) {
    for (;;) {
      const WaitingThread::Method wait;
      Owned result(original(self, args...));
      if (!wait.given_up || !is_refusal(result.get(), refusal)) return result.release();
      // Who comes back from a Condition's wait() without the lock would release somebody else's.
      if (!is_restoring()) return raise(*wait.given_up);
      PyErr_Clear();
    }
  }
};

#if PY_VERSION_HEX >= 0x030D0000
// A join that has no end of its own goes on for ever, whatever its waits say.
struct Join : Replaced<"_ThreadHandle.join", Refusal::None, PyObject*> {
  static PyObject* call(PyObject* self, PyObject* args) {
    if (PyTuple_GET_SIZE(args) > 0 && PyTuple_GET_ITEM(args, 0) != Py_None)
      return Replaced::call(self, args);
    constexpr double kCentury = 3.2e9;
    Owned with_end(Py_BuildValue("(d)", kCentury));
    return with_end ? Replaced::call(self, with_end.get()) : nullptr;
  }
};
#endif

// A definition that is not as expected stays as it is: its waits are not interrupted.
template <typename Replacement>
void replace(const char* module_name, const char* type_name, const char* name, int flags) {
  Owned module(PyImport_ImportModule(module_name));
  Owned owner(!module     ? nullptr
              : type_name ? PyObject_GetAttrString(module.get(), type_name)
                          : module.release());
  Owned method(owner ? PyObject_GetAttrString(owner.get(), name) : nullptr);
  PyErr_Clear();
  if (!method) return;
  const bool is_method = Py_IS_TYPE(method.get(), &PyMethodDescr_Type);
  if (!is_method && !PyCFunction_CheckExact(method.get())) return;
  PyMethodDef& definition = is_method
                                ? *reinterpret_cast<PyMethodDescrObject*>(method.get())->d_method
                                : *reinterpret_cast<PyCFunctionObject*>(method.get())->m_ml;
  if (definition.ml_flags != flags) return;
  const auto plain = [](auto function) { return reinterpret_cast<void (*)()>(function); };
  Replacement::original =
      reinterpret_cast<typename Replacement::Function>(plain(definition.ml_meth));
  definition.ml_meth = reinterpret_cast<PyCFunction>(plain(&Replacement::call));
}

template <Name method>
using Acquire = Replaced<method, Refusal::False, PyObject*, PyObject*>;
template <Name method>
using One = Replaced<method, Refusal::Exception, PyObject*>;
template <Name method>
using Keywords = Replaced<method, Refusal::Exception, PyObject*, PyObject*>;
template <Name method>
using Fast = Replaced<method, Refusal::Exception, PyObject* const*, Py_ssize_t>;
template <Name method>
using FastKeywords = Replaced<method, Refusal::Exception, PyObject* const*, Py_ssize_t, PyObject*>;
template <Name method>
using OfClass =
    Replaced<method, Refusal::Exception, PyTypeObject*, PyObject* const*, size_t, PyObject*>;

}  // namespace

void install() {
  constexpr int kKeywords = METH_VARARGS | METH_KEYWORDS;
  replace<Acquire<"Lock.acquire">>("_thread", "LockType", "acquire", kKeywords);
  replace<Acquire<"Lock.acquire_lock">>("_thread", "LockType", "acquire_lock", kKeywords);
  replace<Acquire<"Lock.__enter__">>("_thread", "LockType", "__enter__", kKeywords);
  replace<Acquire<"RLock.acquire">>("_thread", "RLock", "acquire", kKeywords);
  replace<Acquire<"RLock.__enter__">>("_thread", "RLock", "__enter__", kKeywords);
  replace<OfClass<"SimpleQueue.get">>("_queue", "SimpleQueue", "get",
                                      METH_METHOD | METH_FASTCALL | METH_KEYWORDS);
  // What waits for the system would fail by OSError, which scripts take for the system's.
  replace<One<"sleep">>("time", nullptr, "sleep", METH_O);
  replace<One<"socket._accept">>("_socket", "socket", "_accept", METH_NOARGS);
  replace<One<"socket.connect">>("_socket", "socket", "connect", METH_O);
  replace<One<"socket.recv">>("_socket", "socket", "recv", METH_VARARGS);
  replace<One<"socket.recvfrom">>("_socket", "socket", "recvfrom", METH_VARARGS);
  replace<One<"socket.send">>("_socket", "socket", "send", METH_VARARGS);
  replace<One<"socket.sendall">>("_socket", "socket", "sendall", METH_VARARGS);
  replace<Keywords<"socket.recv_into">>("_socket", "socket", "recv_into", kKeywords);
  replace<Fast<"select">>("select", nullptr, "select", METH_FASTCALL);
  replace<FastKeywords<"epoll.poll">>("select", "epoll", "poll", METH_FASTCALL | METH_KEYWORDS);
  replace<Fast<"read">>("posix", nullptr, "read", METH_FASTCALL);
  replace<Fast<"waitpid">>("posix", nullptr, "waitpid", METH_FASTCALL);
#if PY_VERSION_HEX >= 0x030D0000
  replace<Join>("_thread", "_ThreadHandle", "join", METH_VARARGS);
#endif
}

}  // namespace vh::blocking_methods
