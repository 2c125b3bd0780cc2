// Draws in proportion to weights, in O(1) and with exact integer arithmetic.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/kernels/alias.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/weights/detail/alias_pairing.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/quantise.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Draws i with probability weights[i] / sum(weights). A draw takes one 64-bit word and one read of 8 bytes.
///
///   weights  n finite numbers >= 0 of any arithmetic type; their sum need not be 1
///   options  .threads: number of threads that build the table (default 1)
///
/// Needs      1 <= n <= 2^32 - 1; no weight negative, NaN or infinite; one positive -> else std::invalid_argument
/// Edge       a zero weight is never drawn; every positive weight can be drawn, however small; no sum overflows
/// Exact      the total variation distance between table and weights is at most 2^-32 (2^-30 beyond 2^29 weights);
///            drawing by one word adds n / 2^64
/// Cost       O(n) to build, 8 n bytes; O(1) per draw. Building copies the weights (8 n bytes more) unless they are a
///            contiguous range of double or float
/// Stable     same weights and word: same index on every platform; weights multiplied by a power of two: same table
/// Source     Walker 1974; Vose, IEEE TSE 17(9), 1991; sweeping: Hübschle-Schneider & Sanders, ACM TOMS 48, 2022
class alias_table {
 public:
  using result_type = std::uint64_t;

  /// How a table is built.
  struct build_options {
    unsigned threads;  ///< number of threads that build the table; 0: one. The table does not depend on it
  };

  /// Slot i gives i for fractions below .threshold, and .alias otherwise. A slot that always gives i has alias i.
  using slot = detail::alias_slot;

  template <detail::weight_range Range>
  explicit alias_table(Range&& weights, build_options options = {})
      : alias_table(detail::caller{"alias_table"}, weights, options) {}

  template <class Weight = double>  // never deduced; a template, so that only programs that use it compile it
  explicit alias_table(std::initializer_list<std::type_identity_t<Weight>> weights, build_options options = {})
      : alias_table(std::span(weights.begin(), weights.size()), options) {}

  /// For samplers: error messages name the sampler.
  template <detail::weight_range Range>
  alias_table(detail::caller context, Range&& weights, build_options options = {}) {
    if constexpr (detail::readable_in_place<Range>) {
      fill(context, std::span<std::ranges::range_value_t<Range> const>(weights), options);
    } else {
      fill(context, std::span<double const>(detail::weights_as_doubles(weights)), options);
    }
  }

  /// The number of weights.
  [[nodiscard]] std::uint64_t size() const noexcept { return slots_.size(); }

  /// The index for a uniform 64-bit word. The high 64 bits of word * n are the slot, the next 32 bits the fraction.
  [[nodiscard]] std::uint64_t at(std::uint64_t word) const noexcept {
    auto const [index, low] = detail::multiply(word, slots_.size());
    slot const s = slots_[static_cast<std::size_t>(index)];
    std::uint64_t const keep = std::uint64_t{0} - static_cast<std::uint64_t>(low >> 32 < s.threshold);
    return s.alias ^ ((s.alias ^ index) & keep);  // a select that no compiler turns into a branch
  }

  /// at() for a block of words. Needs out.size() words; those up to the end of the last group must be initialised, too.
  template <std::unsigned_integral Index>
  void at(detail::block_of<std::uint64_t> const& words, std::span<Index> out) const noexcept {
    detail::alias_places places;
    find_slots(words, out.size(), places);
    read(places, out);
  }

  /// The first step of at(): finds the slots, without reading the table.
  void find_slots(detail::block_of<std::uint64_t> const& words, std::size_t count,
                  detail::alias_places& places) const noexcept {
    detail::find_alias_slots(words, slots_.size(), count, places);
  }
  /// Whether the table is too large for fast caches, so that a prefetcher pays between the steps.
  [[nodiscard]] bool is_large() const noexcept { return detail::is_large(slots_); }
  /// What asks for the slots, so that they are in a cache when read() needs them.
  [[nodiscard]] detail::prefetcher prefetcher_for(detail::alias_places const& places,
                                                  std::size_t count) const noexcept {
    return {slots_.data(), places.index, count};
  }
  /// The second step of at(): reads the slots, and writes the index that each gives.
  template <std::unsigned_integral Index>
  void read(detail::alias_places const& places, std::span<Index> out) const noexcept {
    if constexpr (std::same_as<Index, std::uint32_t>) {
      detail::choose_aliases(slots_.data(), places, out.size(), out.data());
    } else {
      detail::block_of<std::uint32_t> indices;
      read(places, std::span(indices).first(out.size()));
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<Index>(indices[i]);
    }
  }

  /// Draws an index with any standard generator.
  template <detail::random_bit_generator Engine>
  [[nodiscard]] std::uint64_t operator()(Engine& engine) const {
    return at(detail::word_from(engine));
  }

  /// The table itself: n slots.
  [[nodiscard]] std::span<slot const> slots() const noexcept { return slots_; }

  /// The probabilities in the table, in units of 1 / (n * 2^32); their sum is exactly n * 2^32. O(n).
  [[nodiscard]] std::vector<std::uint64_t> shares() const {
    std::vector<std::uint64_t> result(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      std::uint64_t const own = slots_[i].alias == i ? detail::slot_size : slots_[i].threshold;
      result[i] += own;
      result[slots_[i].alias] += detail::slot_size - own;
    }
    return result;
  }

  /// A hash of the table.
  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("alias_table");
    for (slot const s : slots_) hash.add(std::uint64_t{s.threshold} << 32 | s.alias);
    return hash.value();
  }

 private:
  template <class Weight>
  void fill(detail::caller context, std::span<Weight const> weights, build_options options) {
    detail::quantiser<Weight> const items(context.name, weights, options.threads);
    slots_.resize(items.size());
    detail::alias_sweep<Weight>(items, slots_).run();
  }

  detail::huge_page_vector<slot> slots_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
