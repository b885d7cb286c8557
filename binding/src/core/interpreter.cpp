#include "core/interpreter.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "core/attach.h"
#include "core/pending_call.h"

namespace vh {
namespace {

Interpreter* g_main = nullptr;
std::atomic<int> g_count{0};

std::size_t count_threads(PyInterpreterState* interpreter) {
  std::size_t count = 0;
  for (PyThreadState* t = PyInterpreterState_ThreadHead(interpreter); t; t = PyThreadState_Next(t))
    ++count;
  return count;
}

// Lets other threads run for about a millisecond.
void pause() {
  PyThreadState* state = PyEval_SaveThread();
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  fairness::take(state);
}

// Whether any thread but the caller ever ran in the interpreter: states are numbered as they are
// made.
bool was_threaded(PyThreadState* mine) {
  PyThreadState* probe = PyThreadState_New(PyThreadState_GetInterpreter(mine));
  const auto made = PyThreadState_GetID(probe) - PyThreadState_GetID(mine);
  PyThreadState_Clear(probe);
  PyThreadState_Delete(probe);
  return made > 1;
}

}  // namespace

Interpreter::Interpreter(PyInterpreterState* state)
    : id_(PyInterpreterState_GetID(state)),
      state_(state),
      is_main_(state == PyInterpreterState_Main()),
      owner_(thread_states::this_thread()),
      fair_(std::in_place, state) {}

Interpreter& Interpreter::main() {
  return *g_main;
}

namespace {

PyObject* refuse_signal(PyObject*, PyObject*) {
  PyErr_SetString(PyExc_ValueError, "signals are the hub's: a script cannot handle them");
  return nullptr;
}

PyMethodDef kRefuseSignal = {"signal", refuse_signal, METH_VARARGS, nullptr};

// A handler of Python's would take Ctrl-C from Node. Sub-interpreters refuse by themselves.
void leave_signals_to_node() {
  Owned module(PyImport_ImportModule("_signal"));
  Owned refuse(PyCFunction_New(&kRefuseSignal, nullptr));
  for (const char* name : {"signal", "set_wakeup_fd"})
    if (!module || !refuse || PyObject_SetAttrString(module.get(), name, refuse.get()) < 0)
      PyErr_Clear();
}

}  // namespace

void Interpreter::adopt_main() {
  leave_signals_to_node();
  PyThreadState* first = PyThreadState_Get();
  g_main = new Interpreter(PyInterpreterState_Main());
  g_main->owners_state_ = first;
  thread_states::adopt_main(g_main->id(), first);
  PyEval_SaveThread();
}

void Interpreter::join_main() {
  joined_ = true;
  g_main = new Interpreter(PyInterpreterState_Main());
}

std::unique_ptr<Interpreter> Interpreter::create(std::string& error) {
  const PyInterpreterConfig config = {
      .use_main_obmalloc = 1,
      .allow_fork =
          0,  // CPython's child would die at once: it can go on in the main interpreter only
      .allow_exec = 1,
      .allow_threads = 1,
      .allow_daemon_threads = 1,
      .check_multi_interp_extensions = 0,
      .gil = PyInterpreterConfig_SHARED_GIL,
  };
  const fairness::Wanting wanting;
  PyThreadState* in_main = main().here();
  fairness::take(in_main);
  PyThreadState* fresh = nullptr;
  const PyStatus status = Py_NewInterpreterFromConfig(&fresh, &config);
  std::unique_ptr<Interpreter> interpreter;
  if (PyStatus_Exception(status)) {
    error =
        std::string("no new interpreter: ") + (status.err_msg ? status.err_msg : "out of memory");
  } else {
    interpreter.reset(new Interpreter(PyThreadState_GetInterpreter(fresh)));
    interpreter->owners_state_ = fresh;
    thread_states::adopt(interpreter->id(), fresh);
    interpreter->freeze();
    ++g_count;
  }
  PyThreadState_Swap(in_main);
  PyEval_SaveThread();
  return interpreter;
}

void Interpreter::freeze() {
  Owned collector(PyImport_ImportModule("gc"));
  Owned done(collector ? PyObject_CallMethod(collector.get(), "freeze", nullptr) : nullptr);
  if (done) unfreeze_ = PyObject_GetAttrString(collector.get(), "unfreeze");
  PyErr_Clear();
}

// Or it would not be freed with the interpreter.
void Interpreter::unfreeze() {
  Owned function(std::exchange(unfreeze_, nullptr));
  Owned done(function ? PyObject_CallNoArgs(function.get()) : nullptr);
  PyErr_Clear();
}

int Interpreter::count() {
  return g_count;
}

void Interpreter::keep_fair() {
  fair_->set_threaded(PyThreadState_Next(PyInterpreterState_ThreadHead(state_)));
}

bool Interpreter::ends_here() const {
  return owner_ == thread_states::this_thread() || thread_states::has_ended(owner_);
}

Interpreter::Guest::Guest(Interpreter& interpreter) : interpreter_(interpreter) {
  const std::lock_guard lock(interpreter.door_);
  admitted_ = !interpreter.closed_;
  interpreter.guests_ += admitted_;
}

Interpreter::Guest::~Guest() {
  if (!admitted_) return;
  const std::lock_guard lock(interpreter_.door_);
  --interpreter_.guests_;
  interpreter_.left_.notify_all();
}

void Interpreter::clear_out() {
  const fairness::Wanting wanting;
  thread_states::purge();
  PyThreadState* mine = here();
  fairness::take(mine);
  thread_states::reclaim(id_);
  PyEval_SaveThread();
}

namespace {

constexpr const char* kFinalizerKey = "vh.finalizing";

int raise_exit(void*) {
  PyErr_SetNone(PyExc_SystemExit);
  return -1;
}

}  // namespace

// CPython lets go of an interpreter's dict when its modules have gone, and frees the interpreter
// after that.
void Interpreter::watch_finalizing() {
  const auto over = [](PyObject* capsule) {
    auto& interpreter = *static_cast<Interpreter*>(PyCapsule_GetPointer(capsule, kFinalizerKey));
    const std::lock_guard lock(interpreter.door_);
    interpreter.finalizing_ = false;
  };
  Owned capsule(PyCapsule_New(this, kFinalizerKey, over));
  PyObject* dict = PyInterpreterState_GetDict(state_);
  const std::lock_guard lock(door_);
  finalizing_ = capsule && dict && PyDict_SetItemString(dict, kFinalizerKey, capsule.get()) == 0;
}

// 3.12 lets nobody of another interpreter in while Python code computes; see pending_call.h.
void Interpreter::interrupt_end() {
  std::optional<Attach> attach;
  if (PY_VERSION_HEX >= 0x030D0000) attach.emplace(main());
  const std::lock_guard lock(door_);
  if (finalizing_) _PyEval_AddPendingCall(state_, raise_exit, nullptr, 0);
}

bool Interpreter::end() {
  {
    std::unique_lock lock(door_);
    closed_ = true;
    left_.wait(lock, [this] { return guests_ == 0; });
  }
  const fairness::Wanting wanting;
  PyThreadState* mine = here();
  fairness::take(mine);
  // A thread that has just left the list may still be on its way out of CPython.
  if (was_threaded(mine)) pause();
  if (count_threads(state_) > 1) {
    PyEval_SaveThread();
    const std::lock_guard lock(door_);
    closed_ = false;
    return false;
  }
  fair_.reset();
  unfreeze();
  watch_finalizing();
  Py_EndInterpreter(mine);
  --g_count;
  thread_states::forget(id_);
  // CPython has left us without a state but with the GIL.
  PyThreadState_Swap(main().here());
  PyEval_SaveThread();
  return true;
}

}  // namespace vh
