// Errors that a program reports to its user.
#pragma once

#include <stdexcept>

namespace shared {

/// An error that the user can correct. what() says what is wrong and what to do.
struct user_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace shared
