// Linked with every example. If its output could not be written, for instance because the disk is full, the program
// says so at its end, and its exit status is 2. Otherwise it would be 0, because output is written when the program
// ends.
#include <cstdio>
#include <cstdlib>

namespace {

void check_output() {
  bool const failed_before = std::ferror(stdout) != 0;
  bool const failed_now = std::fflush(stdout) != 0;
  if (!failed_before && !failed_now) return;
  constexpr char const* message = EVENDRAW_EXAMPLE ": standard output cannot be written";
  if (failed_now) {
    std::perror(message);  // adds the reason
  } else {
    std::fprintf(stderr, "%s\n", message);
  }
  std::_Exit(2);
}

[[maybe_unused]] int const registered = std::atexit(check_output);

}  // namespace
