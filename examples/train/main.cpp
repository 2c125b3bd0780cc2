// Does balancing the classes help? Trains the same classifier in several ways and compares. See --help.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include "data.hpp"
#include "methods.hpp"
#include "options.hpp"
#include "report.hpp"

namespace {

std::string report(train::options const& settings) {
  auto const data = train::read_data(settings);
  std::string text = train::report_data(data, settings);
  auto const methods = train::compare(data, settings);
  text += '\n' + train::report_methods(data, methods, settings);
  for (auto const& method : methods) text += '\n' + train::report_classes(method, settings);
  return text;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    std::vector<char const*> const all(arguments, arguments + count);
    auto const options = train::parse(std::span(all).subspan(all.empty() ? 0 : 1));
    std::string const text = options.help ? train::help() : report(options);
    std::fwrite(text.data(), 1, text.size(), stdout);  // checked when the program ends: shared/checked_output.cpp
    return 0;
  } catch (std::exception const& error) {
    fmt::print(stderr, "train: {}\n", error.what());
  }
  return 2;
}
