// The files of a host's scripts, for any thread: also of those that are being loaded, which the
// core does not know by their ids yet.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "core/core.h"

namespace vh::js {

class ScriptPaths {
 public:
  // The host, before its scripts are asked for.
  void know(const Host& host) { host_ = &host; }

  // "" for a script that has gone.
  std::string of(ScriptId id) const {
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = loading_.find(id); found != loading_.end()) return found->second;
    }
    ScriptInfo info;
    return host_->info(id, info) ? info.path : "";
  }

  // While it lives, a script is being loaded.
  class Loading {
   public:
    Loading(ScriptPaths& paths, ScriptId id, const std::string& path) : paths_(paths), id_(id) {
      const std::lock_guard lock(paths_.mutex_);
      paths_.loading_.emplace(id, path);
    }
    ~Loading() {
      const std::lock_guard lock(paths_.mutex_);
      paths_.loading_.erase(id_);
    }
    Loading(const Loading&) = delete;
    Loading& operator=(const Loading&) = delete;

   private:
    ScriptPaths& paths_;
    const ScriptId id_;
  };

 private:
  const Host* host_ = nullptr;
  mutable std::mutex mutex_;
  std::map<ScriptId, std::string> loading_;
};

}  // namespace vh::js
