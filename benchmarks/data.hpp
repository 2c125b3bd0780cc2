// Data sets. They are compiled once, so that flags change no weight and all executables have the same data.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace benchmark {

using labels = std::shared_ptr<std::vector<std::uint32_t> const>;
using string_labels = std::shared_ptr<std::vector<std::string> const>;
using weights = std::shared_ptr<std::vector<double> const>;

/// Class 0 with 90 % of the samples, class 1 with 10 %, in random order.
labels two_classes(std::uint64_t samples);

/// 1,000 classes, class c about as frequent as 1 / (c + 1), in random order.
labels long_tail(std::uint64_t samples);

labels sorted(labels const& data);

/// "class 0", "class 1", ...
string_labels as_strings(labels const& data);

/// For every sample 1 / the number of samples of its class.
weights inverse_frequency(labels const& data);

weights log_normal(std::uint64_t samples);

}  // namespace benchmark
