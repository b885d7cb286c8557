// Blocking calls of scripts: given up, and served in the middle.
#include "core/waits.h"

#include <doctest/doctest.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "core/hooks.h"
#include "harness.h"

TEST_SUITE_BEGIN("waits");

namespace vh::test {
namespace {

using Clock = std::chrono::steady_clock;
using waits::Why;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// A script whose OnTimer runs `body` after the imports; what it prints is remembered.
struct Fixture {
  RecordingHub hub;
  std::array<std::uint32_t, 64> counts{};
  std::unique_ptr<Host> host = core().open(hub, counts.data());
  ScriptId script = -1;

  void load(const std::string& body, Home home = Home::Own) {
    const ScriptFile file(body);
    LoadOptions options;
    options.path = file.path();
    options.home = home;
    ScriptInfo info;
    Failure failure;
    REQUIRE_MESSAGE(host->load(options, info, failure), failure.traceback);
    script = info.id;
  }

  void run() {
    const Value args[] = {Value::real(1)};
    Verdict verdict;
    host->dispatch(hook_number("OnTimer"), args, verdict);
  }

  std::int64_t call(std::string_view function) {
    Value result;
    Failure failure;
    REQUIRE(host->call(script, function, {}, result, failure) == Outcome::Ok);
    return result.as_int();
  }
};

// Does something to the thread that makes it, again and again, until it is destroyed.
class Meanwhile {
 public:
  explicit Meanwhile(std::function<void(unsigned long thread)> work,
                     std::chrono::microseconds pause = std::chrono::milliseconds(2))
      : thread_([work = std::move(work), pause, here = pthread_self(), this] {
          while (!stop_) {
            std::this_thread::sleep_for(pause);
            work(reinterpret_cast<unsigned long>(here));
          }
        }) {}
  ~Meanwhile() {
    stop_ = true;
    thread_.join();
  }
  Meanwhile(const Meanwhile&) = delete;
  Meanwhile& operator=(const Meanwhile&) = delete;

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

struct Case {
  const char* wait;      // in Python
  const char* prepared;  // before it
  const char* end;       // the exception's class
};
constexpr Case kCases[] = {
    {"lock.acquire()", "lock = threading.Lock(); lock.acquire()", "HookTimeout"},
    {"lock.acquire_lock()", "lock = threading.Lock(); lock.acquire()", "HookTimeout"},
    {"lock.acquire(True, 60)", "lock = threading.Lock(); lock.acquire()", "HookTimeout"},
    {"lock.__enter__()", "lock = threading.Lock(); lock.acquire()", "HookTimeout"},
    {"lock.acquire()", "lock = taken(threading.RLock())", "HookTimeout"},
    {"lock.__enter__()", "lock = taken(threading.RLock())", "HookTimeout"},
    {"threading.Event().wait()", "", "HookTimeout"},
    {"threading.Event().wait(60)", "", "HookTimeout"},
    {"c.wait()", "c = threading.Condition(); c.acquire()", "HookTimeout"},
    {"threading.Thread.join(t)", "t = sleeper()", "HookTimeout"},
    {"t.join(60)", "t = sleeper()", "HookTimeout"},
    {"queue.Queue().get()", "", "HookTimeout"},
    {"queue.SimpleQueue().get()", "", "HookTimeout"},
    {"queue.SimpleQueue().get(timeout=60)", "", "HookTimeout"},
    {"concurrent.futures.Future().result()", "", "HookTimeout"},
    {"time.sleep(3600)", "", "OSError"},
    {"os.read(r, 1)", "r, w = os.pipe()", "OSError"},
    {"open(r).read()", "r, w = os.pipe()", "OSError"},
    {"os.write(w, bytes(1 << 20))", "r, w = os.pipe(); os.write(w, bytes(1 << 16))", "OSError"},
    {"open(path)", "path = fifo()", "OSError"},
    {"select.select([r], [], [])", "r, w = os.pipe()", "OSError"},
    {"p.poll()", "r, w = os.pipe(); p = select.poll(); p.register(r)", "OSError"},
    {"p.poll(60)", "r, w = os.pipe(); p = select.epoll(); p.register(r)", "OSError"},
    {"s.accept()", "s = socket.create_server(('127.0.0.1', 0))", "OSError"},
    {"a.recv(1)", "a, b = socket.socketpair()", "OSError"},
    {"a.recv(1)", "a, b = socket.socketpair(); a.settimeout(60)", "OSError"},
    {"a.sendall(bytes(1 << 24))", "a, b = socket.socketpair()", "OSError"},
    {"child.wait()", "child = subprocess.Popen(['sleep', '60']); children.append(child)",
     "OSError"},
    {"os.waitpid(child.pid, 0)",
     "child = subprocess.Popen(['sleep', '60']); children.append(child)", "OSError"},
    {"child.communicate()",
     "child = subprocess.Popen(['sleep', '60'], stdout=-1); children.append(child)", "OSError"},
    {"fcntl.flock(b, fcntl.LOCK_EX)",
     "a, b = open(os.__file__), open(os.__file__); fcntl.flock(a, fcntl.LOCK_EX)", "OSError"},
    {"signal.sigwait([signal.SIGUSR2])", "", "OSError"},
    {"signal.sigtimedwait([signal.SIGUSR2], 60)", "", "OSError"},
    {"signal.pause()", "", "went on"},  // asks for no error, nor says one
    {"asyncio.run(asyncio.sleep(60))", "", "OSError"},
};

// What the cases have in common. The waits of its other threads are ended by finish().
constexpr const char* kPrelude =
    "import asyncio, concurrent.futures, fcntl, os, queue, select, signal, socket, subprocess\n"
    "import tempfile, threading, time, vh\n"
    "finished, ended, children = threading.Event(), [], []\n"
    "def fifo():\n"
    "    path = tempfile.mktemp()\n"
    "    os.mkfifo(path)\n"
    "    return path\n"
    "def sleeper():\n"
    "    t = threading.Thread(target=finished.wait)\n"
    "    t.start()\n"
    "    return t\n"
    "def taken(lock):\n"
    "    t = threading.Thread(target=lock.acquire)\n"
    "    t.start()\n"
    "    t.join()\n"
    "    return lock\n"
    "def attempt():\n"
    "    try:\n"
    "        wait()\n"
    "        print('went on')\n"
    "    except BaseException as e: print(type(e).__name__)\n"
    "    ended.append(1)\n"
    "def OnTimer(ms): attempt()\n"
    "def start():\n"
    "    t = threading.Thread(target=attempt)\n"
    "    t.start()\n"
    "    return t.ident\n"
    "def has_ended(): return len(ended)\n"
    "def finish():\n"
    "    finished.set()\n"
    "    for child in children: child.kill(); child.wait()\n";

std::string source(const Case& tried) {
  return std::string(kPrelude) + "def wait():\n    " + tried.prepared + "\n    " + tried.wait +
         "\n";
}

// A server that counts.
struct Counter final : WaitServer {
  Counter() { core().serve_waits(*this); }
  ~Counter() { core().stop_serving(*this); }
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  void serve() noexcept override {
    ++served;
    if (work) work();
  }
  std::atomic<int> served = 0;
  std::function<void()> work;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a wait of the hub's thread is given up") {
  for (const Home home : {Home::Own, Home::Main})
    for (const Case& tried : kCases) {
      CAPTURE(std::string(tried.wait));
      CAPTURE(std::string(tried.prepared));
      load(source(tried), home);
      hub.lines.clear();
      {
        const auto start = Clock::now();
        const Meanwhile meanwhile([&](unsigned long thread) {
          if (seconds_since(start) > 0.02) waits::cancel(thread, Why::Timeout);
        });
        run();
        CHECK(seconds_since(start) < 5);
      }
      REQUIRE(hub.lines.size() == 1);
      CHECK(hub.lines[0] == tried.end);
      call("finish");
      host->unload(script);
    }
}

TEST_CASE_FIXTURE(Fixture, "a wait of a script's thread is given up") {
  for (const Case& tried : kCases) {
    CAPTURE(std::string(tried.wait));
    load(source(tried));
    hub.lines.clear();
    const auto thread = static_cast<unsigned long>(call("start"));
    const auto start = Clock::now();
    while (call("has_ended") == 0 && seconds_since(start) < 5) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      waits::cancel(thread, Why::End);
    }
    const std::string end = tried.end;
    REQUIRE(hub.lines.size() == 1);
    CHECK(hub.lines[0] == (end == "HookTimeout" ? "SystemExit" : end));
    call("finish");
    host->unload(script);
  }
}
TEST_CASE_FIXTURE(Fixture, "a lock that was not got is not released by its with statement") {
  for (const char* lock :
       {"taken(threading.Lock())", "taken(threading.RLock())", "taken(threading.Condition())"}) {
    CAPTURE(std::string(lock));
    load(std::string(kPrelude) + "lock = " + lock +
         "\n"
         "def wait():\n"
         "    with lock: print('got it')\n"
         "def is_free():\n"
         "    return lock.acquire(False)\n");
    {
      const Meanwhile meanwhile([](unsigned long t) { waits::cancel(t, Why::Timeout); });
      run();
    }
    CHECK(hub.lines.back() == "HookTimeout");
    CHECK(call("is_free") == 0);
    call("finish");
    host->unload(script);
  }
}

TEST_CASE_FIXTURE(Fixture, "a wait that goes on after it was woken ends when it was to") {
  using std::chrono::microseconds;
  for (const char* wait :
       {"time.sleep(0.2)", "lock.acquire(True, 0.2)", "threading.Event().wait(0.2)",
        "sleeper().join(0.2)", "select.select([], [], [], 0.2)", "select.poll().poll(200)",
        "queue.SimpleQueue().get(timeout=0.2)", "queue.Queue().get(timeout=0.2)",
        "asyncio.run(asyncio.sleep(0.2))", "signal.sigtimedwait([signal.SIGUSR2], 0.2)"})
    for (const auto pause : {microseconds(2000), microseconds(10)}) {
      CAPTURE(std::string(wait));
      CAPTURE(pause.count());
      load(std::string(kPrelude) + "lock = threading.Lock()\nlock.acquire()\n" +
           "def wait():\n    " + wait + "\n");
      Counter counter;
      const auto start = Clock::now();
      {
        const Meanwhile meanwhile([&](unsigned long) { vh_core_v1()->knock(counter); }, pause);
        run();
      }
      CHECK(seconds_since(start) >= 0.199);
      CHECK(seconds_since(start) < 0.3);
      CHECK(counter.served > 30);
      call("finish");
      host->unload(script);
    }
}

TEST_CASE_FIXTURE(Fixture, "what is served in the middle of a wait may run hooks that wait") {
  load(std::string(kPrelude) +
       "depth = deepest = 0\n"
       "def wait():\n"
       "    global depth, deepest\n"
       "    depth += 1\n"
       "    deepest = max(depth, deepest)\n"
       "    while deepest < 5: time.sleep(0.02)\n"
       "    depth -= 1\n");
  Counter counter;
  int depth = 0;
  counter.work = [&] {
    if (depth < 4) {
      ++depth;
      run();
      --depth;
    }
  };
  {
    const Meanwhile meanwhile([&](unsigned long) { core().knock(counter); });
    run();
  }
  CHECK(counter.served >= 4);
  CHECK(hub.lines.size() >= 5);
  CHECK(hub.lines.back() == "went on");
  CHECK(hub.errors.empty());
}

TEST_CASE_FIXTURE(Fixture, "nothing is served outside of scripts, unless asked for") {
  Counter counter;
  core().knock(counter);
  CHECK(counter.served == 0);
  waits::serve_now();
  CHECK(counter.served == 1);
}

TEST_CASE_FIXTURE(Fixture, "a script that blocks every signal is woken all the same") {
  load(std::string(kPrelude) +
       "def wait():\n"
       "    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n"
       "    try: time.sleep(60)\n"
       "    finally: signal.pthread_sigmask(signal.SIG_SETMASK, before)\n");
  const Meanwhile meanwhile([](unsigned long t) { waits::cancel(t, Why::Timeout); });
  run();
  CHECK(hub.lines.back() == "OSError");
}

}  // namespace vh::test

TEST_SUITE_END();
