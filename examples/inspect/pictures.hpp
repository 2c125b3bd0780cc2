// The pictures: what a training run sees, before and after.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "classes.hpp"
#include "coverage.hpp"
#include "options.hpp"
#include "sampling.hpp"

namespace inspect {

struct picture {
  std::string name;  ///< of the file, without .svg
  std::string title;
  std::string caption;  ///< what to look at, in a sentence or two
  std::string svg;      ///< an <svg> element
};

/// The classes in the first batches, as stacked bars.
picture picture_first_batches(label_index const& classes, std::span<outcome const> outcomes);

/// How often samples were drawn, as the share that was drawn at most so often.
picture picture_draws_per_sample(label_index const& classes, std::span<outcome const> outcomes);

/// The samples seen by the end of each epoch. runs: of the last outcome.
picture picture_samples_seen(label_index const& classes, std::span<outcome const> outcomes, coverage const& runs);

/// How many epochs it took until every sample was seen.
picture picture_epochs_to_cover(std::string const& sampler, coverage const& runs);

/// The same for two classes, in several proportions.
picture picture_imbalance_ratios(label_index const& classes, options const& of);

/// All of them; simulates what they need.
std::vector<picture> draw_pictures(label_index const& classes, std::span<outcome const> outcomes, options const& of);

}  // namespace inspect
