// Blocking calls of scripts: given up, and served in the middle.
#include "core/waits.h"

#include <doctest/doctest.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <iterator>
#include <span>
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

  std::int64_t call(std::string_view function, std::int64_t argument = 0) {
    const Value args[] = {Value::integer(argument)};
    Value result;
    Failure failure;
    REQUIRE(host->call(script, function, args, result, failure) == Outcome::Ok);
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

// Waits for locks, which raise what they are told to.
constexpr const char* kLocks[] = {"lock = threading.Lock(); lock.acquire(); lock.acquire()",
                                  "lock = threading.Lock(); lock.acquire(); lock.acquire_lock()",
                                  "lock = threading.Lock(); lock.acquire(); lock.acquire(True, 60)",
                                  "lock = threading.Lock(); lock.acquire(); lock.__enter__()",
                                  "lock = taken(threading.RLock()); lock.acquire()",
                                  "lock = taken(threading.RLock()); lock.__enter__()",
                                  "threading.Event().wait()",
                                  "threading.Event().wait(60)",
                                  "c = threading.Condition(); c.acquire(); c.wait()",
                                  "t = sleeper(); threading.Thread.join(t)",
                                  "t = sleeper(); t.join(60)",
                                  "queue.Queue().get()",
                                  "queue.SimpleQueue().get()",
                                  "queue.SimpleQueue().get(timeout=60)",
                                  "concurrent.futures.Future().result()"};
// And others, which say that they were cancelled.
constexpr const char* kOthers[] = {
    "time.sleep(3600)",
    "r, w = os.pipe(); os.read(r, 1)",
    "r, w = os.pipe(); open(r).read()",
    "r, w = os.pipe(); os.write(w, bytes(1 << 16)); os.write(w, bytes(1 << 20))",
    "path = fifo(); open(path)",
    "r, w = os.pipe(); select.select([r], [], [])",
    "r, w = os.pipe(); p = select.poll(); p.register(r); p.poll()",
    "r, w = os.pipe(); p = select.epoll(); p.register(r); p.poll(60)",
    "s = socket.create_server(('127.0.0.1', 0)); s.accept()",
    "a, b = socket.socketpair(); a.recv(1)",
    "a, b = socket.socketpair(); a.settimeout(60); a.recv(1)",
    "a, b = socket.socketpair(); a.sendall(bytes(1 << 24))",
    "child = subprocess.Popen(['sleep', '60']); children.append(child); child.wait()",
    "child = subprocess.Popen(['sleep', '60']); children.append(child); os.waitpid(child.pid, 0)",
    "child = subprocess.Popen(['sleep', '60'], stdout=-1); children.append(child); "
    "child.communicate()",
    "a, b = open(os.__file__), open(os.__file__); fcntl.flock(a, fcntl.LOCK_EX); fcntl.flock(b, "
    "fcntl.LOCK_EX)",
    "signal.sigwait([signal.SIGUSR2])",
    "signal.sigtimedwait([signal.SIGUSR2], 60)",
    "asyncio.run(asyncio.sleep(60))"};

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
    "chosen = 'wait'\n"
    "def choose(i):\n"
    "    global chosen\n"
    "    chosen = 'wait_' + str(i)\n"
    "    ended.clear()\n"
    "    finished.clear()\n"
    "def attempt():\n"
    "    try:\n"
    "        globals()[chosen]()\n"
    "        print('went on')\n"
    "    except BaseException as e: print(type(e).__name__)\n"
    "    ended.append(1)\n"
    "def OnTimer(ms): attempt()\n"
    "def start(_):\n"
    "    t = threading.Thread(target=attempt)\n"
    "    t.start()\n"
    "    return t.ident\n"
    "def has_ended(_): return len(ended)\n"
    "def finish(_):\n"
    "    finished.set()\n"
    "    for child in children: child.kill(); child.wait()\n";

// Each call makes the wait of the number that `choose` was given.
std::string source(std::span<const char* const> waits) {
  std::string text = kPrelude;
  for (std::size_t i = 0; i < waits.size(); ++i)
    text += "def wait_" + std::to_string(i) + "():\n    " + waits[i] + "\n";
  return text;
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
  const auto give_up = [&](std::span<const char* const> waits, const char* end, Home home,
                           bool may_fail = false) {
    load(source(waits), home);
    for (std::size_t i = 0; i < waits.size(); ++i) {
      CAPTURE(std::string(waits[i]));
      hub.lines.clear();
      call("choose", static_cast<std::int64_t>(i));
      const auto start = Clock::now();
      {
        const Meanwhile meanwhile([&](unsigned long thread) {
          if (seconds_since(start) > 0.05) waits::cancel(thread, Why::Timeout);
        });
        run();
      }
      CHECK(seconds_since(start) < 5);
      REQUIRE(hub.lines.size() == 1);
      CHECK((hub.lines[0] == end || (may_fail && hub.lines[0] == "OSError")));
      call("finish");
    }
    host->unload(script);
  };
  for (const Home home : {Home::Own, Home::Main}) {
    give_up(kLocks, "HookTimeout", home);
    give_up(kOthers, "HookTimeout", home, true);
  }
}

TEST_CASE_FIXTURE(Fixture, "a wait of a script's thread is given up") {
  const auto give_up = [&](std::span<const char* const> waits, const char* end,
                           bool may_fail = false) {
    load(source(waits));
    for (std::size_t i = 0; i < waits.size(); ++i) {
      CAPTURE(std::string(waits[i]));
      hub.lines.clear();
      call("choose", static_cast<std::int64_t>(i));
      const auto start = Clock::now();
      const auto thread = static_cast<unsigned long>(call("start"));
      while (call("has_ended") == 0 && seconds_since(start) < 5) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        if (seconds_since(start) > 0.05) waits::cancel(thread, Why::End);
      }
      REQUIRE(hub.lines.size() == 1);
      CHECK((hub.lines[0] == end || (may_fail && hub.lines[0] == "OSError")));
      call("finish");
    }
    host->unload(script);
  };
  give_up(kLocks, "SystemExit");
  give_up(kOthers, "SystemExit", true);
}

TEST_CASE_FIXTURE(Fixture, "a lock that was not got is not released by its with statement") {
  for (const char* lock :
       {"taken(threading.Lock())", "taken(threading.RLock())", "taken(threading.Condition())"}) {
    CAPTURE(std::string(lock));
    load(std::string(kPrelude) + "lock = " + lock +
         "\n"
         "def wait():\n"
         "    with lock: print('got it')\n"
         "def is_free(_):\n"
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
  constexpr const char* kWaits[] = {"time.sleep(0.2)",
                                    "taken(threading.Lock()).acquire(True, 0.2)",
                                    "threading.Event().wait(0.2)",
                                    "sleeper().join(0.2)",
                                    "select.select([], [], [], 0.2)",
                                    "select.poll().poll(200)",
                                    "queue.SimpleQueue().get(timeout=0.2)",
                                    "queue.Queue().get(timeout=0.2)",
                                    "asyncio.run(asyncio.sleep(0.2))",
                                    "signal.sigtimedwait([signal.SIGUSR2], 0.2)"};
  load(source(kWaits));
  for (const auto pause : {microseconds(2000), microseconds(10)})
    for (std::int64_t i = 0; i < std::ssize(kWaits); ++i) {
      CAPTURE(std::string(kWaits[i]));
      CAPTURE(pause.count());
      call("choose", i);
      Counter counter;
      const auto start = Clock::now();
      {
        const Meanwhile meanwhile([&](unsigned long) { vh_core_v1()->knock(counter); }, pause);
        run();
      }
      CHECK(seconds_since(start) >= 0.199);
      CHECK(seconds_since(start) < 1);
      CHECK(counter.served > 5);
      call("finish");
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
  CHECK(hub.lines.back() == "HookTimeout");
}

}  // namespace vh::test

TEST_SUITE_END();
