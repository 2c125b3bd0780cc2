// The report: the data, the methods side by side, and each method class by class.
#pragma once

#include <span>
#include <string>

#include "methods.hpp"
#include "options.hpp"

namespace train {

/// The classes and the number of samples of each.
std::string report_data(data_set const& data, options const& settings);

/// Scores and calibration of all methods.
std::string report_methods(data_set const& data, std::span<method_outcomes const> methods, options const& settings);

/// Precision, recall and mistakes of each class.
std::string report_classes(method_outcomes const& method, options const& settings);

}  // namespace train
