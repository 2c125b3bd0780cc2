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
#include <evendraw/weights/detail/changing_weights.hpp>
#include <evendraw/weights/detail/changing_weights_checks.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options of dynamic_weights.
struct dynamic_weights_options {
  double largest = 0;          ///< the largest weight that will ever be set; 0: the largest of the first weights
  std::uint64_t seed = 0;      ///< chooses the draws
  std::uint64_t capacity = 0;  ///< how many weights there may be after append(); 0: as many as the first weights
};

/// Draws i with probability weight(i) / sum of all weights, with replacement. Weights may change between any two draws.
///
///   weights  n finite numbers >= 0 of any arithmetic type; they may all be zero if .largest is given
///   options  .largest weight that will ever be set (default: the largest of `weights`; a larger one costs nothing),
///            .seed, .capacity for append()
///   saved    optional: the checkpoint of a table with these weights and options, to continue from
///
/// Needs      1 <= n <= max of Index, or no weights and a .capacity; .capacity 0, or from n to the max of Index; no
///            weight negative, NaN, infinite or above .largest; .largest finite and >= 0, and > 0 if all weights are
///            zero; a checkpoint of a table with these weights and options -> else std::invalid_argument
/// Edge       an index with weight zero is never drawn; any positive weight can be drawn, however small it is; while
///            all weights are zero, draw() throws std::logic_error; with braces, dynamic_weights<>{5, 1.0} has the two
///            weights 5 and 1; with parentheses, dynamic_weights<>(5, 1.0) has five weights of 1
/// Exact      the table rounds weights down to multiples of a quantum (a positive weight never to 0). The quantum is a
///            power of two that is at most n * 2^-61 * .largest. The sum of the weights is always exact. The total
///            variation distance to the law of the given weights is at most n * 2^-61 * .largest / mean weight;
///            drawing by one word adds n / 2^64. If there is a .capacity, it stands for n here
/// Cost       O(n) to build and to copy, 10.4 n bytes; O(log n) per draw and per update. Drawing many at once is two to
///            three times as fast as drawing one by one at n = 10^6. If there is a .capacity, it stands for n here
/// Stable     same weights, options, updates and draws: same indices on every platform. The order of the updates
///            between two draws does not matter, only their result: ranks that make the same updates draw the same
///            indices
/// Source     prioritised replay: Schaul, Quan, Antonoglou, Silver, ICLR 2016; here with a sum tree of integers
template <std::unsigned_integral Index = std::uint32_t>
class dynamic_weights {
 public:
  using index_type = Index;

  template <detail::weight_range Weights>
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
    check_fits(n);
    auto const weight_at = [weight](std::size_t) { return weight; };
    build(static_cast<std::size_t>(n), weight_at, options);
  }

  /// Continues from a checkpoint. Give the weights() and options() that the table had when save() was called, each
  /// weight to the last bit. Decimal text keeps a double if it has 17 digits.
  template <detail::weight_range Weights>
  dynamic_weights(Weights&& weights, dynamic_weights_options options, checkpoint const& saved)
      : dynamic_weights(weights, options) {
    if (saved.fingerprint != fingerprint()) {
      detail::invalid(context,
                      "the checkpoint was made with other weights, .largest, .seed, .capacity or version; give "
                      "options() and weights() as they were when it was saved, every weight to the last bit (in text: "
                      "17 digits), or start without the checkpoint");
    }
    version_ = saved.epoch;
    position_ = saved.position;
  }

  dynamic_weights(dynamic_weights const&) = default;
  dynamic_weights(dynamic_weights&&) noexcept = default;
  /// Changes nothing if memory runs out.
  dynamic_weights& operator=(dynamic_weights const& other) { return *this = dynamic_weights(other); }
  dynamic_weights& operator=(dynamic_weights&&) noexcept = default;
  ~dynamic_weights() = default;

  /// The number of weights.
  [[nodiscard]] std::uint64_t size() const noexcept { return table_.size(); }
  /// The number of weights that the table has room for.
  [[nodiscard]] std::uint64_t capacity() const noexcept { return table_.capacity(); }

  /// Sets weight i.
  ///
  /// Needs      i < size() -> else std::out_of_range; a finite weight in [0, .largest] -> else std::invalid_argument
  void set(std::uint64_t i, double weight) {
    checks::update(i, weight, options_.largest, size());
    table_.set(static_cast<std::size_t>(i), weight);
    ++version_;
  }

  /// Sets the weights of many indices, or none of them if it throws. If an index comes twice, its last weight counts. A
  /// range that computes its elements is read once.
  ///
  /// Needs      as many weights as indices -> else std::invalid_argument; each index and weight as above
  template <detail::weight_range Weights>
  void set(std::span<Index const> indices, Weights&& weights) {
    if constexpr (detail::readable_in_place<Weights>) {
      set_all(indices, std::span<std::ranges::range_value_t<Weights> const>(weights));
    } else {
      set_all(indices, std::span<double const>(detail::weights_as_doubles(weights)));
    }
  }

  /// Adds a weight after the others, and returns its index. version() counts this as an update.
  ///
  /// Needs      size() < capacity() -> else std::length_error; a finite weight in [0, .largest]
  ///            -> else std::invalid_argument
  /// Cost       O(log n)
  Index append(double weight) {
    checks::room(size(), capacity());
    checks::weight(table_.size(), weight, options_.largest);
    table_.append(weight);
    ++version_;
    return static_cast<Index>(size() - 1);
  }

  /// A copy of this table with another .largest, to continue with: table = table.rescaled(100). It has the same
  /// position() and version(). Its weights are rounded down to multiples of its own quantum (a positive weight never to
  /// 0).
  ///
  /// Needs      a finite `largest` >= largest(), and > 0 -> else std::invalid_argument
  /// Cost       O(n)
  [[nodiscard]] dynamic_weights rescaled(double largest) const {
    if (!(largest > 0)) {
      detail::invalid(context, "rescaled to ", detail::text(largest), "; give the largest weight that will be set");
    }
    auto options = options_;
    options.largest = largest;
    dynamic_weights result(weights(), options);
    result.version_ = version_;
    result.position_ = position_;
    return result;
  }

  /// The weight of index i in the table: the weight that was set, rounded down to a multiple of the quantum. Setting
  /// this value again changes nothing. Needs i < size() (asserted).
  [[nodiscard]] double weight(std::uint64_t i) const noexcept { return table_[static_cast<std::size_t>(i)]; }

  /// The largest weight in the table at present; prioritised replay gives it to new samples. O(1).
  [[nodiscard]] double largest() const noexcept { return table_.largest(); }

  /// All weights, by index. O(n).
  [[nodiscard]] std::vector<double> weights() const {
    std::vector<double> result(table_.size());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = weight(i);
    return result;
  }

  /// The probability that a draw gives i; 0 while all weights are zero. Needs i < size() (asserted).
  [[nodiscard]] double probability(std::uint64_t i) const noexcept {
    return static_cast<double>(tree()[static_cast<std::size_t>(i)]) /
           static_cast<double>(std::max<std::uint64_t>(tree().total(), 1));
  }

  /// The index that a uniform 64-bit word selects. Needs a weight > 0 (asserted).
  [[nodiscard]] Index at(std::uint64_t word) const noexcept {
    return static_cast<Index>(tree().find(bounded(word, tree().total())));
  }

  /// Draws the next index, by word number position().
  ///
  /// Needs      a weight > 0 -> else std::logic_error
  [[nodiscard]] Index draw() {
    checks::drawable(tree().total(), size());
    return at(random_word(key_, position_++));
  }

  /// Draws the next out.size() indices. They are the same as if they were drawn one by one.
  ///
  /// Needs      a weight > 0, unless `out` is empty -> else std::logic_error
  void draw(std::span<Index> out) {
    if (out.empty()) return;
    checks::drawable(tree().total(), size());
    for (auto const [done, part] : detail::blocks(out)) draw_block(position_ + done, part);
    position_ += out.size();
  }

  /// The number of updates so far.
  [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
  /// The number of indices drawn so far.
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
  /// The options that the table was built with. If .largest was 0, it is replaced by the value that is used.
  [[nodiscard]] dynamic_weights_options options() const noexcept { return options_; }

  /// A hash of the current weights and the options. O(1).
  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash(context);
    hash.add(size()).add(std::bit_cast<std::uint64_t>(options_.largest)).add(options_.seed).add(table_.hash());
    if (options_.capacity != 0) hash.add(options_.capacity);
    return hash.value();
  }

  /// The state of the run. To continue later, save it together with weights() and options(). The epoch of this
  /// checkpoint is version(). O(1).
  [[nodiscard]] checkpoint save() const noexcept {
    return {.fingerprint = fingerprint(), .epoch = version_, .position = position_};
  }

 private:
  using checks = detail::changing_weights_checks<>;
  static constexpr std::string_view context = checks::context;
  static constexpr std::uint64_t most_weights = std::uint64_t{1} << 40;

  template <class Weight>
  void build(std::span<Weight const> weights, dynamic_weights_options options) {
    auto const weight_at = [weights](std::size_t i) { return static_cast<double>(weights[i]); };
    build(weights.size(), weight_at, options);
  }

  template <class WeightAt>
  void build(std::size_t n, WeightAt weight_at, dynamic_weights_options options) {
    if (n == 0 && options.capacity == 0) detail::no_weights(context, "weights");
    check_fits(std::max<std::uint64_t>(n, options.capacity));
    checks::capacity(options.capacity, n);
    checks::largest(options.largest);
    options_ = options;
    double heaviest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      checks::weight(i, weight_at(i), options.largest);
      heaviest = std::max(heaviest, weight_at(i));
    }
    if (options.largest == 0) options_.largest = heaviest;
    checks::some_largest(options_.largest, n);
    auto const capacity = options.capacity == 0 ? n : static_cast<std::size_t>(options.capacity);
    table_ = detail::changing_weights(n, capacity, options_.largest, weight_at);
    key_ = stream_key(options_.seed, 0, random_stream::draw);
  }

  template <class Weight>
  void set_all(std::span<Index const> indices, std::span<Weight const> weights) {
    if (weights.size() != indices.size()) {
      detail::invalid(context, detail::counted(indices.size(), "index", "indices"), " and ",
                      detail::counted(weights.size(), "weight", "weights"), "; give one weight for each index");
    }
    for (std::size_t k = 0; k < weights.size(); ++k) {
      checks::update(indices[k], static_cast<double>(weights[k]), options_.largest, size());
    }
    for (std::size_t k = 0; k < weights.size(); ++k) {
      table_.set(static_cast<std::size_t>(indices[k]), static_cast<double>(weights[k]));
    }
    version_ += weights.size();
  }

  static void check_fits(std::uint64_t n) {
    detail::check_index_fits<Index>(context, n);
    if (std::in_range<std::size_t>(n) && n <= most_weights) return;
    detail::invalid(context, detail::text(n), " weights do not fit into memory; at most 2^40 can be held");
  }

  void draw_block(std::uint64_t first, std::span<Index> out) const noexcept {
    detail::block_of<std::uint64_t> words;
    detail::make_words(key_, first, 1, out.size(), words);
    std::uint64_t const total = tree().total();
    for (std::size_t i = 0; i < out.size(); ++i) words[i] = bounded(words[i], total);
    tree().find(words, out);
  }

  [[nodiscard]] detail::sum_tree const& tree() const noexcept { return table_.sums(); }

  dynamic_weights_options options_;
  detail::changing_weights table_;
  std::uint64_t key_ = 0;
  std::uint64_t version_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
