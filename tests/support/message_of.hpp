// What a call throws, in words.
#pragma once

#include <stdexcept>
#include <string>

/// The message of the exception; one of std::out_of_range is told apart.
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
