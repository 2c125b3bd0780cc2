// A progress bar on the terminal for long work.
#pragma once

#include <chrono>
#include <string>

namespace inspect {

/// Shows on standard error how much is done, but only after a second, and only if standard error is a terminal. It
/// disappears when the work is done.
class progress {
 public:
  explicit progress(std::string what);
  progress(progress const&) = delete;
  progress& operator=(progress const&) = delete;
  ~progress();

  /// `part` is the done part of the work, from 0 to 1.
  void show(double part);

 private:
  using clock = std::chrono::steady_clock;

  std::string what_;
  bool terminal_;
  bool shown_ = false;
  clock::time_point next_;
};

}  // namespace inspect
