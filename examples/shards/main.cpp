// Trains from data in shards, of which only a few are open at the same time. See --help.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include "options.hpp"
#include "store.hpp"
#include "training.hpp"

namespace {

std::string output_of(shards::options const& settings) {
  if (settings.what == shards::command::write) return shards::write_data(settings);
  if (settings.what == shards::command::train) return shards::train(settings);
  return shards::help();
}

}  // namespace

int main(int count, char** arguments) {
  try {
    std::vector<char const*> const all(arguments, arguments + count);
    std::string const text = output_of(shards::parse(std::span(all).subspan(all.empty() ? 0 : 1)));
    std::fwrite(text.data(), 1, text.size(), stdout);  // checked when the program ends: shared/checked_output.cpp
    return 0;
  } catch (std::exception const& error) {
    fmt::print(stderr, "shards: {}\n", error.what());
  }
  return 2;
}
