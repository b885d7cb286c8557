#include "core/script_threads.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "core/async_exception.h"
#include "core/encoding.h"
#include "core/frames.h"
#include "core/running.h"
#include "core/script.h"
#include "core/thread_states.h"

namespace vh::script_threads {
namespace {

// By Python's numbers. Never destroyed: threads outlive main() at exit.
struct Started {
  std::mutex mutex;
  std::map<unsigned long, const Script*> by_thread;
};
Started& started() {
  static Started& started = *new Started;
  return started;
}

// A thread of a script, from its start on. Until it has begun the script has but its count: an end
// waits for it as for the others. It is let begin as Python would have it, since whoever started it
// waits for that, and threading keeps it in its list meanwhile. With the GIL held.
class Start {
 public:
  explicit Start(Script& script) : script_(script.shared_from_this()) { ++script.starts; }
  ~Start() {
    if (waits_) --script_->starts;
  }
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  const Script& script() const { return *script_; }
  // The calling thread is the one.
  void begin() {
    t_data.starter = script_.get();
    {
      const std::lock_guard lock(started().mutex);
      started().by_thread[PyThread_get_thread_ident()] = script_.get();
    }
    if (std::exchange(waits_, false)) --script_->starts;
  }
  void end() {
    const std::lock_guard lock(started().mutex);
    started().by_thread.erase(PyThread_get_thread_ident());
    t_data.starter = nullptr;
  }

 private:
  const std::shared_ptr<Script> script_;
  bool waits_ = true;
};

constexpr const char* kCapsule = "vh.start";

// A thread of a script begins: `self` is (its start, its own function).
PyObject* run(PyObject* self, PyObject* args, PyObject* keywords) {
  auto* start = static_cast<Start*>(PyCapsule_GetPointer(PyTuple_GET_ITEM(self, 0), kCapsule));
  if (!start) return nullptr;
  start->begin();
  PyObject* result = PyObject_Call(PyTuple_GET_ITEM(self, 1), args, keywords);
  start->end();
  // What the threads of an unloaded script complain of is the unloading.
  if (result || !start->script().cut_off) return result;
  PyErr_Clear();
  Py_RETURN_NONE;
}
PyMethodDef kRun = {"run", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(run)),
                    METH_VARARGS | METH_KEYWORDS, nullptr};

void let_go(PyObject* capsule) {
  delete static_cast<Start*>(PyCapsule_GetPointer(capsule, kCapsule));
}

// `function` as a thread of the script is to run it.
Owned of_script(Script& script, PyObject* function) {
  auto start = std::make_unique<Start>(script);
  Owned capsule(PyCapsule_New(start.get(), kCapsule, let_go));
  if (!capsule) return Owned();
  start.release();
  Owned self(PyTuple_Pack(2, capsule.get(), function));
  return self ? Owned(PyCFunction_New(&kRun, self.get())) : Owned();
}

// Starts a thread: `self` is the function of `_thread` that does, whose first argument is the
// thread's own function.
PyObject* start(PyObject* self, PyObject* args, PyObject* keywords) {
  Script* script = running_script() ? running_script() : t_data.starter;
  PyObject* function = PyTuple_GET_SIZE(args) > 0 ? PyTuple_GET_ITEM(args, 0) : nullptr;
  if (!script || !function || !PyCallable_Check(function))
    return PyObject_Call(self, args, keywords);
  // In the main interpreter nothing else keeps a thread from outliving the script.
  if (script->cut_off && script->interpreter->is_main()) {
    PyErr_SetString(PyExc_RuntimeError, "can't start a new thread: the script is being unloaded");
    return nullptr;
  }
  Owned owned = of_script(*script, function);
  Owned rest(owned ? PyTuple_GetSlice(args, 1, PyTuple_GET_SIZE(args)) : nullptr);
  Owned first(rest ? PyTuple_Pack(1, owned.get()) : nullptr);
  Owned changed(first ? PySequence_Concat(first.get(), rest.get()) : nullptr);
  return changed ? PyObject_Call(self, changed.get(), keywords) : nullptr;
}
PyMethodDef kStart = {"start_new_thread",
                      reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(start)),
                      METH_VARARGS | METH_KEYWORDS, nullptr};

// Puts `start` in the place of a module's function, where it has one.
bool wrap(PyObject* module, const char* name) {
  Owned original(PyObject_GetAttrString(module, name));
  if (!original) {
    PyErr_Clear();
    return true;
  }
  Owned wrapped(PyCFunction_New(&kStart, original.get()));
  return wrapped && PyObject_SetAttrString(module, name, wrapped.get()) == 0;
}

// threading's Thread objects, by Python's numbers; null when the script has not imported it.
PyObject* known_threads() {
  PyObject* threading = PyDict_GetItemString(PyImport_GetModuleDict(), "threading");
  PyObject* known = threading && PyModule_Check(threading)
                        ? PyDict_GetItemString(PyModule_GetDict(threading), "_active")
                        : nullptr;
  return known && PyDict_Check(known) ? known : nullptr;
}

ThreadInfo describe(const Script& script, PyObject* known, unsigned long number) {
  ThreadInfo info{"", true, frames::where(script, number)};
  Owned key(PyLong_FromUnsignedLong(number));
  Owned thread = Owned::borrow(known && key ? PyDict_GetItem(known, key.get()) : nullptr);
  Owned name(thread ? PyObject_GetAttrString(thread.get(), "_name") : nullptr);
  Owned daemon(thread ? PyObject_GetAttrString(thread.get(), "_daemonic") : nullptr);
  if (name && PyUnicode_Check(name.get())) info.name = to_utf8(name.get());
  if (daemon) info.daemon = daemon.get() == Py_True;
  PyErr_Clear();
  return info;
}

}  // namespace

bool watch() {
  Owned thread(PyImport_ImportModule("_thread"));
  Owned known(thread ? PyObject_GetAttrString(thread.get(), "start_new_thread") : nullptr);
  if (!known) return false;
  if (PyCFunction_Check(known.get()) && PyCFunction_GET_FUNCTION(known.get()) == kStart.ml_meth)
    return true;
  bool good = true;
  for (const char* name : {"start_new_thread", "start_new", "start_joinable_thread"})
    good = good && wrap(thread.get(), name);
  // A program that started Python itself may have imported it before.
  PyObject* threading = PyDict_GetItemString(PyImport_GetModuleDict(), "threading");
  for (const char* name : {"_start_new_thread", "_start_joinable_thread"})
    good = good && (!threading || wrap(threading, name));
  return good;
}

std::vector<unsigned long> of(const Script& script) {
  std::vector<unsigned long> threads;
  const unsigned long here = PyThread_get_thread_ident();
  const bool all = !script.interpreter->is_main();
  const std::lock_guard lock(started().mutex);
  PyThreadState* state = PyInterpreterState_ThreadHead(script.interpreter->state());
  for (; state; state = PyThreadState_Next(state)) {
    const auto known = started().by_thread.find(state->thread_id);
    const bool its = all || (known != started().by_thread.end() && known->second == &script);
    if (its && state->thread_id != here) threads.push_back(state->thread_id);
  }
  return threads;
}

std::vector<ThreadInfo> describe(const Script& script, const std::vector<unsigned long>& threads) {
  PyObject* known = known_threads();
  std::vector<ThreadInfo> infos;
  for (const unsigned long number : threads) infos.push_back(describe(script, known, number));
  return infos;
}

bool interrupt(const Script& script, unsigned long thread, waits::Why why, bool first,
               Caution caution) {
  const bool woken = waits::cancel(thread, why);
  if (woken && first) return true;
  const auto awkward = caution == Caution::Library ? frames::in_library : frames::takes_lock;
  if (caution != Caution::None && awkward(script, thread)) return woken;
  // One that is about to begin is in a list of threading's, which its first lines take it out of.
  if (caution == Caution::None || frames::in_python(script, thread))
    PyThreadState_SetAsyncExc(thread, interruption(why));
  return true;
}

int count() {
  const std::lock_guard lock(started().mutex);
  return static_cast<int>(started().by_thread.size());
}

}  // namespace vh::script_threads
