// A bar on the terminal for work that takes long.
#pragma once

#include <chrono>
#include <string>

namespace inspect {

/// Shows on standard error how much is done; only after a second, and only if that is a terminal. It is gone
/// when the work is.
class progress {
 public:
  explicit progress(std::string what);
  progress(progress const&) = delete;
  progress& operator=(progress const&) = delete;
  ~progress();

  /// part: from 0 to 1.
  void show(double part);

 private:
  using clock = std::chrono::steady_clock;

  std::string what_;
  bool terminal_;
  bool shown_ = false;
  clock::time_point next_;
};

}  // namespace inspect
