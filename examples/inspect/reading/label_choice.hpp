// One label per sample, or several?
#pragma once

#include "inspect/options.hpp"
#include "labelled_data.hpp"

namespace inspect {

/// What becomes of label sets: samples without a label are left out or given one if the options say so; sets of one
/// label each are labels; with --combinations, every set that occurs is a class. Otherwise the sets stay, and a note
/// says how many samples have no label.
labelled_data choose_labels(labelled_data data, options const& of);

}  // namespace inspect
