#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/detail/parallel.hpp>

namespace parallel_test {

using evendraw::detail::run_parts;

TEST_CASE("run_parts runs every part once, the first on the calling thread", "[parallel]") {
  for (unsigned const threads : {0u, 1u, 2u, 3u, 7u}) {
    unsigned const parts = threads == 0 ? 1 : threads;
    std::vector<int> calls(parts);
    std::vector<std::thread::id> thread_of(parts);
    run_parts(threads, [&](unsigned part) {
      ++calls.at(part);
      thread_of.at(part) = std::this_thread::get_id();
    });
    CHECK(calls == std::vector<int>(parts, 1));
    CHECK(thread_of[0] == std::this_thread::get_id());
    for (unsigned part = 1; part < parts; ++part) CHECK(thread_of[part] != thread_of[0]);
  }
}

TEST_CASE("run_parts runs the parts at the same time", "[parallel]") {
  std::atomic<int> arrived = 0;
  run_parts(3, [&](unsigned) {
    ++arrived;
    while (arrived < 3) std::this_thread::yield();  // this would never end if the parts ran one after the other
  });
  CHECK(arrived == 3);
}

TEST_CASE("run_parts throws the first exception after all parts are done", "[parallel]") {
  for (unsigned const threads : {1u, 2u, 5u}) {
    for (unsigned first = 0; first < threads; ++first) {
      std::atomic<unsigned> calls = 0;
      auto const run = [&] {
        run_parts(threads, [&](unsigned part) {
          ++calls;
          if (part >= first) throw std::runtime_error(std::to_string(part));
        });
      };
      CHECK_THROWS_WITH(run(), std::to_string(first));
      CHECK(calls == threads);
    }
  }
}

}  // namespace parallel_test
