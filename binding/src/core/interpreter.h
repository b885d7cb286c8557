// One Python interpreter: the main one, or a sub-interpreter that a script has for itself.
//
// A sub-interpreter shares the GIL and bears every extension module ("legacy"). It is created and
// ended on one thread, its owner; ending it elsewhere hangs or aborts on some builds. Only when
// that thread lives no more may another end it.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/fairness.h"
#include "core/ref.h"
#include "core/thread_states.h"

namespace vh {

class Interpreter {
 public:
  // The main interpreter. It lives as long as the process.
  static Interpreter& main();
  // CPython has just been started: its state is ours, and the GIL is let go.
  static void adopt_main();
  // CPython was started by somebody else, who keeps its state and the signals.
  static void join_main();

  // Whether it was.
  static bool joined() { return joined_; }

  // A new sub-interpreter; null: `error` says why. The calling thread becomes its owner. The GIL is
  // not held, before or after.
  static std::unique_ptr<Interpreter> create(std::string& error);

  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // Ends a sub-interpreter, on its owner's thread, without the GIL. No other thread may enter it
  // any more. False when threads of it still live: then it is as it was.
  bool end();

  // Forgets what visitors left behind in it, so that the threads still counted in it are its own.
  // On the thread that is going to end it, without the GIL; nobody enters it any more.
  void clear_out();

  // Raises SystemExit in what end() makes Python code do: finalizers. Any thread, without the GIL.
  void interrupt_end();

  // Keeps the interpreter from ending. Any thread, without the GIL. False: it is too late for that.
  class Guest {
   public:
    explicit Guest(Interpreter& interpreter);
    ~Guest();
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;
    explicit operator bool() const { return admitted_; }

   private:
    Interpreter& interpreter_;
    bool admitted_ = false;
  };

  // Whether the calling thread may end it.
  bool ends_here() const;

  // How many sub-interpreters there are. Any thread.
  static int count();

  // Sees to it that threads of the interpreter do not keep others from the GIL. The GIL is held, in
  // it.
  void keep_fair();

  InterpreterId id() const { return id_; }
  PyInterpreterState* state() const { return state_; }
  ThreadId owner() const { return owner_; }
  // The owner's state in it; null when that is not ours.
  PyThreadState* owners_state() const { return owners_state_; }
  // The calling thread's state in it. The GIL need not be held.
  PyThreadState* here() const {
    return owners_state_ && t_data.id == owner_ ? owners_state_ : thread_states::get(id_, state_);
  }
  bool is_main() const { return is_main_; }

 private:
  explicit Interpreter(PyInterpreterState* state);
  void watch_finalizing();
  // What an interpreter is made with outlives all that its script makes: while it is frozen, no
  // collection of garbage goes through it.
  void freeze();
  void unfreeze();

  static inline bool joined_ = false;  // written before the first script is there

  InterpreterId id_;
  PyInterpreterState* state_;
  bool is_main_;
  ThreadId owner_;
  std::optional<fairness::Member> fair_;  // until it ends
  PyObject* unfreeze_ = nullptr;          // gc's own function, whatever the script does to gc
  PyThreadState* owners_state_ = nullptr;

  std::mutex door_;
  std::condition_variable left_;
  int guests_ = 0;
  bool closed_ = false;
  bool finalizing_ = false;  // Python code may run in end(), under the lock
};

}  // namespace vh
