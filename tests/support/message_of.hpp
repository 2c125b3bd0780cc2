// The message of the exception that a call throws.
#pragma once

#include <stdexcept>
#include <string>

/// The message; that of a std::out_of_range has a prefix.
template <class Function>
std::string message_of(Function function) {
  try {
    function();
  } catch (std::invalid_argument const& error) {
    return error.what();
  } catch (std::out_of_range const& error) {
    return std::string("out of range: ") + error.what();
  }
  return "nothing was thrown";
}
