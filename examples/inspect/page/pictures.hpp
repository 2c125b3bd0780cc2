// The pictures: what a training run sees, before and after.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "inspect/classes.hpp"
#include "inspect/coverage.hpp"
#include "inspect/sampling.hpp"

namespace inspect {

/// One drawing. All drawings are as wide as a narrow screen, so that a page can put them side by side or below each
/// other.
struct panel {
  std::string name;  ///< of the file, without .svg
  std::string title;
  double height = 0;
  std::string svg;  ///< an <svg> element
};

struct picture {
  std::string title;
  std::string caption;  ///< says what to look at, in a sentence or two
  std::vector<panel> panels;
};

/// The classes in the first batches, as stacked bars, or as a heat map if there are many. A panel for each outcome.
picture picture_first_batches(label_index const& classes, std::span<outcome const> outcomes);

/// The same, for a few classes that each have a colour; and for many.
std::vector<panel> draw_batch_bars(label_index const& classes, std::span<outcome const> outcomes);
std::vector<panel> draw_heat_maps(label_index const& classes, std::span<outcome const> outcomes);

/// The classes that stacked bars have colours for.
inline constexpr std::size_t coloured_classes = 7;

/// How often the samples of the largest and of the smallest class were drawn.
picture picture_repeats(label_index const& classes, std::span<outcome const> outcomes);

/// A coverage, and the name and colour of its line.
struct named_coverage {
  std::string name;
  coverage covered;
  std::size_t colour = 0;  ///< 0: plain shuffling; 1, 2, ...: the samplers
};

/// The chance that every sample has been seen, by epoch.
panel draw_chances(std::span<named_coverage const> subjects);

/// The samples seen by the end of each requested epoch, and the chance that every sample has been seen, by epoch. The
/// chance is left out if it goes from 0 to 1 at once under all samplers, because the table says it then.
picture picture_samples_seen(label_index const& classes, std::span<outcome const> outcomes,
                             std::span<coverage const> coverages);

}  // namespace inspect
