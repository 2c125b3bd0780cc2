// Whole numbers of draws for cells, whose sums are exact for two attributes at once.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/crossed_classes.hpp>
#include <evendraw/classes/detail/controlled_rounding.hpp>
#include <evendraw/classes/per_label.hpp>
#include <evendraw/classes/split.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/class_shares.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// The number of draws of each cell in an epoch, by the cell's label. Give them to balanced_epoch_sampler as .quotas.
///
///   cells       crossed_classes of two or more attributes
///   shares      a share of each cell, by cell number, such as raked_shares(...).shares
///   epoch_size  draws in every epoch
///   options     .seed: chooses which cells are rounded up
///
/// Needs      as many shares as cells; finite, >= 0, one positive; 1 <= epoch_size < 2^32 -> else std::invalid_argument
/// Exact      quotas sum to epoch_size. The quota of a cell, and the sum for each value of the first two attributes, is
///            epoch_size * share, rounded down or up. On average over all seeds it is exactly epoch_size * share
/// Cost       O(cells * (values of both attributes)) at most; about 100 bytes per cell
/// Stable     the same shares and seed give the same quotas on every platform
/// Source     see controlled_rounding
template <std::unsigned_integral Index, detail::weight_range Shares = std::initializer_list<double>>
[[nodiscard]] per_label<std::string, std::uint64_t> epoch_quotas(crossed_classes<Index> const& cells,
                                                                 Shares const& shares, std::uint64_t epoch_size,
                                                                 seed_options options = {}) {
  constexpr std::string_view context = "epoch_quotas";
  if (epoch_size == 0 || epoch_size >> 32 != 0) {
    detail::invalid(context, "epoch_size is ", detail::text(epoch_size), "; needs 1 <= epoch_size < 2^32");
  }
  auto const parts = detail::integer_shares(detail::checked_shares(context, cells.index(), shares));
  std::uint64_t whole = 0;
  for (std::uint64_t const part : parts) whole += part;
  std::size_t const rows = cells.values(0).size(), columns = cells.values(1).size();
  std::vector<std::uint64_t> quotas(parts.size()), row_remainders(rows), column_remainders(columns);
  // One more row and one more column fill up the sum of each column and row to a whole number.
  detail::controlled_rounding rounding(rows + 1, columns + 1, whole, stream_key(options.seed, 0, random_stream::quota));
  auto const up = [&](detail::table_cell const& done) {
    if (done.remainder > 0 && done.number < quotas.size()) ++quotas[done.number];
  };
  for (std::size_t c = 0; c < parts.size(); ++c) {
    auto const [quotient, remainder] = detail::scaled(parts[c], epoch_size, whole);
    std::size_t const row = cells.values_of_cells(0)[c], column = cells.values_of_cells(1)[c];
    quotas[c] = quotient;
    if (remainder > 0) rounding.add({row, column, remainder, c}, up);
    for (std::uint64_t* const sum : {&row_remainders[row], &column_remainders[column]}) {
      *sum = *sum >= whole - remainder ? *sum - (whole - remainder) : *sum + remainder;
    }
  }
  for (std::size_t r = 0; r < rows; ++r) {
    if (row_remainders[r] > 0) rounding.add({r, columns, whole - row_remainders[r], parts.size()}, up);
  }
  for (std::size_t c = 0; c < columns; ++c) {
    if (column_remainders[c] > 0) rounding.add({rows, c, whole - column_remainders[c], parts.size()}, up);
  }
  std::vector<std::pair<std::string, std::uint64_t>> result;
  for (std::size_t c = 0; c < quotas.size(); ++c) result.emplace_back(cells.index().labels()[c], quotas[c]);
  return result;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
