// A run that is interrupted in the middle of an epoch and continues as if nothing had happened.
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "shared/atomic_file.hpp"

int main() {
  std::vector<int> labels(90, 0);
  labels.insert(labels.end(), 10, 1);
  evendraw::batch_sampler batches(evendraw::inverse_frequency_sampler(labels, {.seed = 1}), 30);

  char const* const file = "resume.checkpoint";
  evendraw::cursor run(batches);
  for (int step = 0; step < 6; ++step) {
    (void)run.next();                                        // and train on it
    shared::write_atomically(file, run.save().to_string());  // one line of text; the file never has a part of it
  }
  std::string saved;
  std::getline(std::ifstream(file), saved);
  fmt::print("interrupted in epoch {} after {} batches\n{}\n", run.epoch(), run.position(), saved);

  evendraw::cursor resumed(batches, evendraw::checkpoint::from_string(saved));
  fmt::print("uninterrupted: {}\n", run.next().first(8));
  fmt::print("resumed:       {}\n", resumed.next().first(8));

  try {  // a refused checkpoint says what is different
    evendraw::batch_sampler other(evendraw::inverse_frequency_sampler(labels, {.seed = 1}), 25);
    evendraw::cursor wrong(other, evendraw::checkpoint::from_string(saved));
  } catch (std::invalid_argument const& error) {
    fmt::print("{}\n", error.what());
  }
  std::filesystem::remove(file);
}
