// Work that is done by several threads at once.
#pragma once

#include <exception>
#include <thread>
#include <vector>

namespace evendraw::detail {

/// Calls f(part) for every part below `threads`, each on a thread of its own, part 0 on the calling one. Returns when
/// all have returned; if some threw, throws what the first of them threw.
///
/// Edge       0 or 1 threads: f(0), in place; a thread that the system refuses: its part runs on the calling thread
template <class F>
void run_parts(unsigned threads, F&& f) {
  if (threads <= 1) {
    f(0u);
    return;
  }
  std::vector<std::exception_ptr> thrown(threads);
  auto const run = [&f, &thrown](unsigned part) noexcept {
    try {
      f(part);
    } catch (...) {
      thrown[part] = std::current_exception();
    }
  };
  std::vector<std::thread> started;
  started.reserve(threads - 1);
  unsigned part = 1;
  try {
    for (; part < threads; ++part) started.emplace_back(run, part);
  } catch (...) {  // no thread to be had: the rest is done here
  }
  run(0);
  for (; part < threads; ++part) run(part);
  for (auto& thread : started) thread.join();
  for (auto const& error : thrown) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace evendraw::detail
