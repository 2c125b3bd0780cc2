// The classes of the data, as the reports name and order them.
#pragma once

#include <evendraw/classes/class_index.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace inspect {

using label_index = evendraw::class_index<std::string>;

/// Class numbers, the largest class first.
std::vector<std::size_t> by_size(label_index const& classes);

/// The label of the class, without characters that could upset a terminal.
std::string name_of(label_index const& classes, std::size_t c);

/// "660 samples in 3 classes, the largest 42.0 times as large as the smallest"
std::string describe(label_index const& classes);

}  // namespace inspect
