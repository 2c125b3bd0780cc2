// The report: the classes, the first batches, all epochs, and a summary in words.
#pragma once

#include <span>
#include <string>

#include "classes.hpp"
#include "options.hpp"
#include "sampling.hpp"

namespace inspect {

/// A text with a line under it.
std::string heading(std::string const& text, charset set);

/// The classes of the data, largest first.
std::string report_classes(label_index const& classes, options const& settings);

/// The class counts of the first batches as bars, for at most three outcomes side by side.
std::string report_first_batches(label_index const& classes, std::span<outcome const> outcomes,
                                 options const& settings);

/// The draws of every class over all epochs.
std::string report_epochs(label_index const& classes, outcome const& result, options const& settings);

/// A summary about the smallest and the largest class.
std::string report_in_words(label_index const& classes, std::span<outcome const> outcomes, charset set);

/// The line that says where the page is.
std::string report_page(options const& settings);

}  // namespace inspect
