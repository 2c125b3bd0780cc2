// What a program says to its user instead of working.
#pragma once

#include <stdexcept>

namespace shared {

/// Something the user can put right. what() says what is wrong and what to do.
struct user_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace shared
