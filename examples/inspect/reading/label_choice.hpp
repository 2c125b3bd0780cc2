// One label per sample, or several?
#pragma once

#include "inspect/options.hpp"
#include "labelled_data.hpp"

namespace inspect {

/// Decides what label sets become. If the options say so, samples without a label are left out or given one. If every
/// set has one label, the sets become labels. With --combinations, every set that occurs becomes a class. Otherwise
/// they stay sets, and a note says how many samples have no label.
labelled_data choose_labels(labelled_data data, options const& settings);

}  // namespace inspect
