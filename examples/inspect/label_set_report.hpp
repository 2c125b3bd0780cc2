// The report for samples with several labels: the samples with each label, and the draws of each label.
#pragma once

#include <string>

#include "options.hpp"
#include "reading/labelled_data.hpp"

namespace inspect {

/// Reports on the labels, plain shuffling and the requested samplers, by default repeat_factor. Throws user_error if
/// one of the samplers needs one label for each sample, or if pictures are requested.
std::string report_label_sets(label_sets const& sets, options const& settings);

}  // namespace inspect
