// `native_bench SCRIPT TRIAL`: a trial of the C API beside its floor, in turn. Prints its figures as JSON.
#include <time.h>
#include <wrapper.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "floor.h"

namespace {

constexpr int kRounds = 40;
constexpr double kBatchNs = 5e6;

using Work = std::function<void(long)>;

w_Targs* get_class(int, w_Targs* args) {
  const char* nick = nullptr;
  return w_unpack(args, "s", &nick) ? w_pack("l", static_cast<long>(nick[0])) : nullptr;
}

w_Targs* add(int, w_Targs* args) {
  long a = 0, b = 0;
  return w_unpack(args, "ll", &a, &b) ? w_pack("l", a + b) : nullptr;
}

w_Targs* echo(int, w_Targs* args) {
  const char* json = nullptr;
  return w_unpack(args, "D", &json) ? w_pack("D", json) : nullptr;
}

int load(const char* path) {
  const int id = w_ReserveID();
  w_Targs* how = w_pack("lssssls", static_cast<long>(id), path, "Bot", "OpChat", "/tmp", 0L, "config");
  const int loaded = w_Load(how);
  w_free_args(how);
  w_RegisterFunction(loaded, "add", add);
  w_RegisterFunction(loaded, "echo", echo);
  return loaded;
}

void call_hook(int script, long count) {
  w_Targs* args = w_pack("ss", "SomeNick", "hello world, this is a chat message");
  for (long i = 0; i < count; ++i) w_free_args(w_CallHook(script, W_OnParsedMsgChat, args));
  w_free_args(args);
}

Work python(int script, const char* function) {
  return [script, function](long count) {
    w_Targs* args = w_pack("l", count);
    w_free_args(w_CallFunction(script, function, args));
    w_free_args(args);
  };
}

double now(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

double timed(const Work& work, long count, clockid_t clock) {
  const double start = now(clock);
  work(count);
  return (now(clock) - start) / static_cast<double>(count);
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

// Prints the medians of both, and of the ratios of the rounds. Processor time holds on a busy machine; where threads
// wait for each other the time on the wall counts.
void compare(const Work& subject, const Work& floor, clockid_t clock = CLOCK_PROCESS_CPUTIME_ID, long least = 1) {
  const Work* sides[] = {&subject, &floor};
  long counts[] = {least, least};
  std::vector<double> times[2], ratios;
  for (int side : {0, 1})
    for (double ns = 0; ns * static_cast<double>(counts[side]) < kBatchNs; counts[side] *= 2)
      ns = timed(*sides[side], counts[side], clock);
  for (int round = 0; round < kRounds; ++round) {
    for (int side : {0, 1}) times[side].push_back(timed(*sides[side], counts[side], clock));
    ratios.push_back(times[0].back() / times[1].back());
  }
  std::printf("{\"subject\": %.1f, \"floor\": %.1f, \"ratio\": %.3f}\n", median(times[0]), median(times[1]),
              median(ratios));
}

}  // namespace

int main(int, char** argv) {
  static w_Tcallback callbacks[W_MAX_CALLBACKS];
  callbacks[W_GetUserClass] = get_class;
  if (!w_Begin(callbacks)) return 1;
  const int one = load(argv[1]), two = load(argv[1]);
  if (two < 0) return 1;
  std::stringstream source;
  source << std::ifstream(argv[1]).rdbuf();
  floor_::set_up(source.str().substr(source.str().find("def OnParsed")).c_str());

  const std::string trial = argv[2];
  if (trial == "hook") {
    compare([&](long n) { call_hook(one, n); }, floor_::call_hook);
  } else if (trial == "vh-call") {
    compare(python(one, "ask"), floor_::call_released);
  } else if (trial == "dynamic-function") {
    compare(python(one, "add"), floor_::call_add);
  } else if (trial == "dict") {
    compare(python(one, "echo"), python(one, "echo_json"));
  } else if (trial == "two-threads") {
    // Each thread makes half of the calls, on a script of its own; so many that starting a thread does not count.
    compare(
        [&](long n) {
          std::thread other([&] { call_hook(two, n / 2); });
          call_hook(one, n / 2);
          other.join();
        },
        [&](long n) { call_hook(one, n); }, CLOCK_MONOTONIC, 100'000);
  }
  w_End();
}
