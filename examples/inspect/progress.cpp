#include "progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <utility>

#if defined(_WIN32)
#include <io.h>
#else
#include <unistd.h>
#endif

namespace inspect {
namespace {

bool is_terminal() {
#if defined(_WIN32)
  return _isatty(_fileno(stderr)) != 0;
#else
  return isatty(fileno(stderr)) != 0;
#endif
}

}  // namespace

progress::progress(std::string what)
    : what_(std::move(what)), terminal_(is_terminal()), next_(clock::now() + std::chrono::seconds(1)) {}

progress::~progress() {
  if (shown_) fmt::print(stderr, "\r{:{}}\r", "", what_.size() + 30);
}

void progress::show(double part) {
  if (!terminal_ || clock::now() < next_) return;
  next_ = clock::now() + std::chrono::milliseconds(100);
  shown_ = true;
  constexpr std::size_t width = 20;
  double const done = std::clamp(part, 0.0, 1.0);
  fmt::print(stderr, "\r{} [{:<{}}] {:3.0f} %", what_,
             std::string(static_cast<std::size_t>(std::floor(done * static_cast<double>(width))), '#'), width,
             std::floor(done * 100));
  static_cast<void>(std::fflush(stderr));
}

}  // namespace inspect
