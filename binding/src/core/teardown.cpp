#include "core/teardown.h"

#include <mutex>
#include <utility>

#include "core/frames.h"
#include "core/host.h"
#include "core/running.h"
#include "core/script.h"
#include "core/script_loader.h"
#include "core/script_table.h"

namespace vh::teardown {
namespace {

// How long threads that are just ending are waited for.
constexpr int kPatienceMs = 500;

// Never destroyed: threads outlive main() at exit.
struct Lists {
  std::mutex mutex;
  Scripts waiting;  // for their owners
  Scripts kept;     // by threads that live on in their interpreter
};
Lists& lists() {
  static Lists& lists = *new Lists;
  return lists;
}

bool ends_here(const Script& script) {
  return !script.own_interpreter || script.own_interpreter->ends_here();
}

Unloading end_here(const std::shared_ptr<Script>& script) {
  bool threads = false;
  {
    const Running running(*script);
    if (script->interpreter->is_main()) {
      main_scripts::remove(*script);
      threads = runs_on_other_threads(*script);
    }
    unload_module(*script);
  }
  if (script->own_interpreter && !script->own_interpreter->end(kPatienceMs)) {
    threads = true;
    const std::lock_guard lock(lists().mutex);
    lists().kept.push_back(script);
  }
  if (threads)
    script->host.hub().on_warning(
        script->id, "threads of " + script->path +
                        " are still running: its interpreter is kept until they have ended");
  return threads ? Unloading::Kept : Unloading::Gone;
}

// Takes out of a list what the calling thread may end.
Scripts take(Scripts& list) {
  const std::lock_guard lock(lists().mutex);
  Scripts mine;
  std::erase_if(list, [&](const auto& script) {
    if (!ends_here(*script)) return false;
    mine.push_back(script);
    return true;
  });
  return mine;
}

}  // namespace

Unloading end(const std::shared_ptr<Script>& script) {
  if (ends_here(*script)) return end_here(script);
  {
    const std::lock_guard lock(lists().mutex);
    lists().waiting.push_back(script);
    ++g_waiting;
  }
  script->host.hub().wants_owner();
  return Unloading::Gone;
}

void tend_now() {
  for (const auto& script : take(lists().waiting)) {
    --g_waiting;
    end_here(script);
  }
}

void retry_kept() {
  tend();
  for (const auto& script : take(lists().kept)) {
    if (script->own_interpreter->end(0)) continue;
    const std::lock_guard lock(lists().mutex);
    lists().kept.push_back(script);
  }
}

}  // namespace vh::teardown
