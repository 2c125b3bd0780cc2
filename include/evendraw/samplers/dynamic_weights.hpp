// Weights that change between draws: hard examples, prioritised replay, a curriculum.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/kernels/words.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/sum_tree.hpp>
#include <evendraw/weights/detail/weight_quantum.hpp>

namespace evendraw {

/// Options of dynamic_weights.
struct dynamic_weights_options {
  double largest = 0;  ///< the largest weight that will ever be set; 0: the largest of the first weights
  std::uint64_t seed = 0;
};

/// Draws i with probability weight(i) / sum of all weights, with replacement. Weights may change between any two draws.
///
///   weights  n finite numbers >= 0 of any arithmetic type; they may all be zero if .largest is given
///   options  .largest weight that will ever be set (default: the largest of `weights`), .seed
///   saved    optional: the checkpoint of a table with these weights and options, to continue from
///
/// Needs      1 <= n <= max of Index; no weight negative, NaN, infinite or above .largest; .largest finite and >= 0,
///            and > 0 if all weights are zero; a checkpoint of such a table -> else std::invalid_argument
/// Edge       an index with weight zero is never drawn; any positive weight can be drawn, however small it is; while
///            all weights are zero, draw() throws std::logic_error; dynamic_weights<>{5, 1.0}, in braces, has the two
///            weights 5 and 1, and dynamic_weights<>(5, 1.0) has five weights of 1
/// Exact      the table keeps weights as multiples of a power of two that is at most n * 2^-61 * .largest, rounded down
///            (a positive one never to 0); their sum is always exact. The total variation distance to the law of the
///            given weights is at most n * 2^-61 * .largest / their mean; drawing by one word adds n / 2^64
/// Cost       O(n) to build and to copy, 9.2 n bytes; O(log n) per draw and per update. Drawing many at once is two to
///            three times as fast as drawing one by one at n = 10^6
/// Stable     same weights, options, updates and draws: same indices on every platform. The order of the updates
///            between two draws does not matter, only their result: ranks that make the same updates draw the same
///            indices
/// Source     prioritised replay: Schaul, Quan, Antonoglou, Silver, ICLR 2016; a sum tree, in integers
template <std::unsigned_integral Index = std::uint32_t>
class dynamic_weights {
 public:
  using index_type = Index;

  template <weight_range Weights>
  explicit dynamic_weights(Weights&& weights, dynamic_weights_options options = {}) {
    if constexpr (detail::readable_in_place<Weights>) {
      build(std::span<std::ranges::range_value_t<Weights> const>(weights), options);
    } else {
      build(std::span<double const>(detail::weights_as_doubles(weights)), options);
    }
  }

  explicit dynamic_weights(std::initializer_list<double> weights, dynamic_weights_options options = {})
      : dynamic_weights(std::span(weights.begin(), weights.size()), options) {}

  /// Builds a table of n equal weights.
  dynamic_weights(std::uint64_t n, double weight, dynamic_weights_options options = {}) {
    detail::check_index_fits<Index>(context, n);
    if (!std::in_range<std::size_t>(n) || n > most_weights) {
      detail::invalid(context, detail::text(n), " weights do not fit into memory; at most 2^40 can be held");
    }
    auto const weight_at = [weight](std::size_t) { return weight; };
    build(static_cast<std::size_t>(n), weight_at, options);
  }

  /// Continues from a checkpoint. Give the weights() and options() that the table had when save() was called.
  template <weight_range Weights>
  dynamic_weights(Weights&& weights, dynamic_weights_options options, checkpoint const& saved)
      : dynamic_weights(weights, options) {
    if (saved.fingerprint != fingerprint()) {
      detail::invalid(context,
                      "the checkpoint was made with other weights, .largest, .seed or version; give weights() and "
                      "options() as they were when it was saved, or start without the checkpoint");
    }
    version_ = saved.epoch;
    position_ = saved.position;
  }

  /// Number of weights.
  [[nodiscard]] std::uint64_t size() const noexcept { return tree_.size(); }

  /// Sets weight i.
  ///
  /// Needs      i < size() -> else std::out_of_range; a finite weight in [0, .largest] -> else std::invalid_argument
  void set(std::uint64_t i, double weight) {
    check_update(i, weight);
    update(i, weight);
  }

  /// Sets the weights of many indices. Changes nothing if anything is wrong. If an index comes twice, its last weight
  /// counts.
  ///
  /// Needs      as many weights as indices -> else std::invalid_argument; each index and weight as above
  template <weight_range Weights>
  requires std::ranges::forward_range<Weights const>
  void set(std::span<Index const> indices, Weights const& weights) {
    auto const count = static_cast<std::uint64_t>(std::ranges::distance(weights));
    if (count != indices.size()) {
      detail::invalid(context, detail::text(indices.size()), " indices and ", detail::text(count),
                      " weights; give one weight for each index");
    }
    for_each_pair(indices, weights, [this](Index i, double weight) { check_update(i, weight); });
    for_each_pair(indices, weights, [this](Index i, double weight) { update(i, weight); });
  }

  /// The weight of i in the table: the one that was set, rounded down to a multiple of the quantum. Setting this value
  /// again changes nothing. Needs i < size() (asserted).
  [[nodiscard]] double weight(std::uint64_t i) const noexcept { return quantum_.weight(units(i)); }

  /// All weights, by index. O(n).
  [[nodiscard]] std::vector<double> weights() const {
    std::vector<double> result(tree_.size());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = weight(i);
    return result;
  }

  /// The probability that a draw gives i; 0 while all weights are zero. Needs i < size() (asserted).
  [[nodiscard]] double probability(std::uint64_t i) const noexcept {
    return static_cast<double>(units(i)) / static_cast<double>(std::max<std::uint64_t>(tree_.total(), 1));
  }

  /// The index that a uniform 64-bit word selects. Needs a weight > 0 (asserted).
  [[nodiscard]] Index at(std::uint64_t word) const noexcept {
    return static_cast<Index>(tree_.find(bounded(word, tree_.total())));
  }

  /// Draws the next index, by word number position().
  ///
  /// Needs      a weight > 0 -> else std::logic_error
  [[nodiscard]] Index draw() {
    check_drawable();
    return at(random_word(key_, position_++));
  }

  /// Draws the next out.size() indices, the same as drawing them one by one.
  ///
  /// Needs      a weight > 0, unless `out` is empty -> else std::logic_error
  void draw(std::span<Index> out) {
    if (out.empty()) return;
    check_drawable();
    for (auto const [done, part] : detail::blocks(out)) draw_block(position_ + done, part);
    position_ += out.size();
  }

  /// Number of updates so far.
  [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
  /// Number of indices drawn so far.
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
  /// The options that the table was built with, where a .largest of 0 is replaced by the value used.
  [[nodiscard]] dynamic_weights_options options() const noexcept { return options_; }

  /// A hash of the current weights and the options. O(1).
  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return detail::fingerprint_builder(context)
        .add(size())
        .add(std::bit_cast<std::uint64_t>(options_.largest))
        .add(options_.seed)
        .add(weights_hash_)
        .value();
  }

  /// The state of the run. To continue later, keep it together with weights() and options(). Its epoch is version().
  /// O(1).
  [[nodiscard]] checkpoint save() const noexcept {
    return {.fingerprint = fingerprint(), .epoch = version_, .position = position_};
  }

 private:
  static constexpr std::string_view context = "dynamic_weights";
  static constexpr std::uint64_t most_weights = std::uint64_t{1} << 40;

  template <class Weight>
  void build(std::span<Weight const> weights, dynamic_weights_options options) {
    detail::check_index_fits<Index>(context, weights.size());
    auto const weight_at = [weights](std::size_t i) { return static_cast<double>(weights[i]); };
    build(weights.size(), weight_at, options);
  }

  template <class WeightAt>
  void build(std::size_t n, WeightAt weight_at, dynamic_weights_options options) {
    if (n == 0) detail::no_weights(context, "weights");
    if (options.largest < 0 || !detail::is_finite(options.largest)) {
      detail::invalid(context, ".largest is ", detail::text(options.largest),
                      "; give the largest weight that will be set, or 0 for the largest of the weights");
    }
    options_ = options;
    double heaviest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      check_weight(i, weight_at(i));
      heaviest = std::max(heaviest, weight_at(i));
    }
    if (options.largest == 0) options_.largest = heaviest;
    if (options_.largest == 0) {
      detail::invalid(context, "all ", detail::text(n),
                      " weights are zero and .largest is 0; give the largest weight that will be set as .largest");
    }
    quantum_ = detail::weight_quantum(options_.largest, n);
    tree_ = detail::sum_tree(n, [&](std::size_t i) { return quantum_.units(weight_at(i)); });
    for (std::size_t i = 0; i < n; ++i) weights_hash_ += hash_of(i, tree_[i]);
    key_ = stream_key(options_.seed, 0, random_stream::draw);
  }

  void check_weight(std::size_t i, double weight) const {
    if (weight < 0 || !detail::is_finite(weight)) detail::bad_weight(context, "weights", i, weight);
    if (options_.largest > 0 && weight > options_.largest) {
      detail::invalid(context, "weights[", detail::text(i), "] is ", detail::text(weight),
                      ", above .largest, which is ", detail::text(options_.largest),
                      "; build the table with the largest weight that will be set");
    }
  }

  void check_update(std::uint64_t i, double weight) const {
    if (i >= size()) {
      detail::out_of_range(context, "index ", detail::text(i), " of a table of ", detail::text(size()),
                           " weights; needs index < size()");
    }
    check_weight(static_cast<std::size_t>(i), weight);
  }

  void check_drawable() const {
    if (tree_.total() != 0) return;
    throw std::logic_error(detail::joined("evendraw::", context, ": all ", detail::text(size()),
                                          " weights are zero, so that nothing can be drawn; set one > 0 first"));
  }

  template <class Weights, class F>
  static void for_each_pair(std::span<Index const> indices, Weights const& weights, F f) {
    auto weight = std::ranges::begin(weights);
    for (Index const i : indices) {
      std::ranges::range_value_t<Weights> const value = *weight++;
      f(i, detail::weight_as_double(value));
    }
  }

  void update(std::uint64_t index, double weight) noexcept {
    auto const i = static_cast<std::size_t>(index);
    std::uint64_t const before = tree_[i], after = quantum_.units(weight);
    tree_.add(i, after - before);
    weights_hash_ += hash_of(i, after) - hash_of(i, before);
    ++version_;
  }

  void draw_block(std::uint64_t first, std::span<Index> out) const noexcept {
    detail::block_of<std::uint64_t> words;
    detail::make_words(key_, first, 1, out.size(), words);
    std::uint64_t const total = tree_.total();
    for (std::size_t i = 0; i < out.size(); ++i) words[i] = bounded(words[i], total);
    tree_.find(words, out);
  }

  [[nodiscard]] std::uint64_t units(std::uint64_t i) const noexcept { return tree_[static_cast<std::size_t>(i)]; }

  static std::uint64_t hash_of(std::size_t i, std::uint64_t units) noexcept { return random_word(mix64(units), i); }

  dynamic_weights_options options_;
  detail::weight_quantum quantum_;
  detail::sum_tree tree_;
  std::uint64_t key_ = 0;
  std::uint64_t weights_hash_ = 0;  // the sum of hash_of(i, units(i))
  std::uint64_t version_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace evendraw
