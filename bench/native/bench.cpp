// `native_bench SCRIPT TRIAL`: a trial of the C API beside its floor, in turn. Prints its figures as JSON.
#include <time.h>
#include <wrapper.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "calls.h"
#include "floor.h"

namespace {

constexpr int kRounds = 40;
constexpr double kBatchNs = 5e6;

using calls::Work;

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
  if (!calls::begin()) return 1;
  const int one = calls::load(argv[1]), two = calls::load(argv[1]);
  if (two < 0) return 1;
  floor_::set_up(argv[1]);

  const std::string trial = argv[2];
  if (trial == "hook") {
    compare([&](long n) { calls::call_hook(one, n); }, floor_::call_hook);
  } else if (trial == "vh-call") {
    compare(calls::python(one, "ask"), floor_::call_released);
  } else if (trial == "dynamic-function") {
    compare(calls::python(one, "add"), floor_::call_add);
  } else if (trial == "dict") {
    compare(calls::python(one, "echo"), calls::python(one, "echo_json"));
  } else if (trial == "two-threads") {
    // Each thread makes half of the calls, on a script of its own; so many that starting a thread does not count.
    compare(
        [&](long n) {
          std::thread other([&] { calls::call_hook(two, n / 2); });
          calls::call_hook(one, n / 2);
          other.join();
        },
        [&](long n) { calls::call_hook(one, n); }, CLOCK_MONOTONIC, 100'000);
  }
  w_End();
}
