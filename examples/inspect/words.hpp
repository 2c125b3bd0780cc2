// A summary of a run in words.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "classes.hpp"
#include "sampling.hpp"

namespace inspect {

/// "In words, over 3 epochs"
std::string heading_of_words(std::span<outcome const> outcomes);

/// Sentences about the lengths of epochs, if they differ, and about the smallest and the largest class.
std::vector<std::string> in_words(label_index const& classes, std::span<outcome const> outcomes, charset set);

}  // namespace inspect
