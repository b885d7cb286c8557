// A thread that calls JavaScript, by way of Node's event loop, and waits for each answer.
#include <chrono>
#include <semaphore>
#include <thread>

#include "floor.h"

namespace bare {
namespace {

struct Caller {
  std::int64_t count = 0;
  napi_ref function = nullptr;
  napi_deferred done = nullptr;
  napi_threadsafe_function queue = nullptr;
  std::binary_semaphore answered{0};
  std::thread thread;
};

// In Node's thread.
void call(napi_env env, napi_value, void* context, void*) {
  auto* caller = static_cast<Caller*>(context);
  napi_value undefined = nullptr, function = nullptr, text = nullptr, result = nullptr;
  napi_get_undefined(env, &undefined);
  napi_get_reference_value(env, caller->function, &function);
  napi_create_string_utf8(env, "alice", NAPI_AUTO_LENGTH, &text);
  napi_call_function(env, undefined, function, 1, &text, &result);
  read_number(result);
  caller->answered.release();
}

// Once the thread has ended its use of the queue.
void finish(napi_env env, void* data, void*) {
  auto* caller = static_cast<Caller*>(data);
  caller->thread.join();
  napi_resolve_deferred(env, caller->done, make_number(caller->count));
  napi_delete_reference(env, caller->function);
  delete caller;
}

void work(Caller* caller) {
  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; i < caller->count; ++i) {
    napi_call_threadsafe_function(caller->queue, nullptr, napi_tsfn_blocking);
    caller->answered.acquire();
  }
  caller->count = std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
  napi_release_threadsafe_function(caller->queue, napi_tsfn_release);
}

// (function, count) -> promise of the nanoseconds that so many calls took
napi_value call_from_thread(napi_env env, napi_callback_info info) {
  const Arguments<2> argv(env, info);
  auto* caller = new Caller;
  caller->count = read_number(argv[1]);
  napi_value name = nullptr, promise = nullptr;
  napi_create_string_utf8(env, "floor", NAPI_AUTO_LENGTH, &name);
  napi_create_reference(env, argv[0], 1, &caller->function);
  napi_create_promise(env, &caller->done, &promise);
  napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, caller, finish, caller, call,
                                  &caller->queue);
  caller->thread = std::thread(work, caller);
  return promise;
}

}  // namespace

void export_threads(napi_value exports) {
  export_function(exports, "callFromThread", call_from_thread);
}

}  // namespace bare
