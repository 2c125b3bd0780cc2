// What a person reads where samples have several labels: samples per label, and what became of every label.
#pragma once

#include <string>

#include "options.hpp"
#include "reading/labelled_data.hpp"

namespace inspect {

/// The labels, plain shuffling and the samplers that were asked for, by default repeat_factor. Throws user_error if one
/// of them needs one label for each sample, or if pictures were asked for.
std::string report_label_sets(label_sets const& sets, options const& of);

}  // namespace inspect
