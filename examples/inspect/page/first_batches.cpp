#include "first_batches.hpp"

#include "pictures.hpp"

namespace inspect {

std::string file_name(std::string const& picture, std::string name) {
  std::ranges::replace(name, ' ', '_');
  return picture + '-' + name;
}

picture picture_first_batches(label_index const& classes, std::span<outcome const> outcomes) {
  if (classes.num_classes() <= coloured_classes) {
    return {.title = "The first batches",
            .caption =
                "Each bar is a batch, with the rarest class at the bottom. Where a colour is missing, the batch "
                "has no sample of that class.",
            .panels = draw_batch_bars(classes, outcomes)};
  }
  return {.title = "The first batches",
          .caption =
              "Each row is a class, the largest at the top; each column is a batch. Empty cells are batches "
              "without a sample of the class. The colours mean the same in all of the maps.",
          .panels = draw_heat_maps(classes, outcomes)};
}

}  // namespace inspect
