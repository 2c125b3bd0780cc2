#include "classes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "shared/text.hpp"

namespace inspect {

using namespace shared;
namespace {

std::string in_proportion(label_index const& classes) {
  if (classes.num_classes() == 1) return "";
  std::uint64_t const largest = std::ranges::max(classes.counts()), smallest = std::ranges::min(classes.counts());
  if (largest == smallest) return ", all of the same size";
  return fmt::format(", the largest {:.1f} times as large as the smallest",
                     static_cast<double>(largest) / static_cast<double>(smallest));
}

}  // namespace

std::vector<std::size_t> by_size(label_index const& classes) {
  std::vector<std::size_t> order(static_cast<std::size_t>(classes.num_classes()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t c) { return std::pair(~classes.counts()[c], c); });  // largest first
  return order;
}

std::string name_of(label_index const& classes, std::size_t c) { return printable(classes.labels()[c]); }

std::string describe(label_index const& classes) {
  return fmt::format("{} in {}{}", counted(classes.num_samples(), "sample", "samples"),
                     counted(classes.num_classes(), "class", "classes"), in_proportion(classes));
}

}  // namespace inspect
