// Runs the parts of some work on several threads.
#pragma once

#include <exception>

#include <evendraw/detail/function_ref.hpp>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>  // <thread> takes a tenth of the time that the whole library takes to compile
#else
#include <system_error>
#include <thread>
#endif

namespace evendraw::detail {

/// One T for every part of the work, initially T{}. A std::vector would take ten times as long to compile.
template <class T>
class of_parts {
 public:
  explicit of_parts(unsigned parts) : first_(new T[parts]()), parts_(parts) {}
  ~of_parts() { delete[] first_; }
  of_parts(of_parts const&) = delete;
  of_parts& operator=(of_parts const&) = delete;

  [[nodiscard]] T& operator[](unsigned part) noexcept { return first_[part]; }
  [[nodiscard]] T const& operator[](unsigned part) const noexcept { return first_[part]; }
  [[nodiscard]] unsigned size() const noexcept { return parts_; }

 private:
  T* first_;
  unsigned parts_;
};

/// One part of the work, which may run on its own thread.
class part_run {
 public:
  /// Calls f(part), and stores its exception if it throws.
  void run(function_ref<void(unsigned)> const& f, unsigned part) noexcept {
    try {
      f(part);
    } catch (...) {
      thrown_ = std::current_exception();
    }
  }

  /// Calls run(f, part) on another thread. Returns false if the system refuses one. `f` and this object must stay where
  /// they are until join().
  bool start(function_ref<void(unsigned)> const& f, unsigned part) noexcept {
    f_ = &f;
    part_ = part;
#if defined(__unix__) || defined(__APPLE__)
    auto const body = [](void* argument) -> void* {
      auto& self = *static_cast<part_run*>(argument);
      self.run(*self.f_, self.part_);
      return nullptr;
    };
    return ::pthread_create(&thread_, nullptr, body, this) == 0;
#else
    try {
      thread_ = std::thread([this] { run(*f_, part_); });
    } catch (std::system_error const&) {
      return false;
    }
    return true;
#endif
  }

  /// Waits for the started thread.
  void join() noexcept {
#if defined(__unix__) || defined(__APPLE__)
    ::pthread_join(thread_, nullptr);
#else
    thread_.join();
#endif
  }

  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  function_ref<void(unsigned)> const* f_ = nullptr;
  unsigned part_ = 0;
  std::exception_ptr thrown_;
#if defined(__unix__) || defined(__APPLE__)
  ::pthread_t thread_ = {};
#else
  std::thread thread_;
#endif
};

/// Calls f(part) for every part below `threads`: part 0 on the calling thread, every other part on its own thread.
/// Returns when all parts have returned. If some throw, it rethrows the exception of the lowest of these parts.
///
/// Edge       0 or 1 threads: calls f(0) on the calling thread. If the system refuses a thread, the part runs on the
///            calling thread
inline void run_parts(unsigned threads, function_ref<void(unsigned)> f) {
  if (threads <= 1) return f(0);
  of_parts<part_run> parts(threads);
  unsigned started = 1;
  while (started < threads && parts[started].start(f, started)) ++started;
  parts[0].run(f, 0);
  for (unsigned part = started; part < threads; ++part) parts[part].run(f, part);  // the system refused threads
  for (unsigned part = 1; part < started; ++part) parts[part].join();
  for (unsigned part = 0; part < threads; ++part) parts[part].rethrow();
}

}  // namespace evendraw::detail
