// How balanced batches really are.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/epochs/sampler.hpp>
#include <evendraw/inspect/chi_squared.hpp>
#include <evendraw/inspect/detail/class_texts.hpp>
#include <evendraw/inspect/draw_counts.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// The counts of one class in batches.
struct class_balance {
  std::uint64_t class_size = 0;       ///< samples of the class in the data
  std::uint64_t draws = 0;            ///< draws of the class, in all batches
  double share = 0;                   ///< draws / all draws
  double expected_share = 0;          ///< the given share; by default class_size / all samples
  std::uint64_t min_per_batch = 0;    ///< fewest draws of the class in a full batch
  std::uint64_t max_per_batch = 0;    ///< most draws of the class in a full batch
  std::uint64_t batches_without = 0;  ///< full batches without a draw of the class
  std::uint64_t unique_samples = 0;   ///< samples of the class that were drawn at least once
  std::uint64_t most_draws = 0;       ///< draws of the sample that was drawn most often
};

/// Options of batch_balance.
struct batch_balance_options {
  std::vector<double> expected_shares = {};  ///< by class number; empty: those of the data
  std::uint64_t keep = 0;                    ///< the number of first batches whose class counts are kept
  std::vector<std::string> names = {};       ///< the names of the classes, by class number; empty: their labels
};

/// Counts the draws of each class in batches, one batch after the other.
///
///   classes  class_index of n labels and K classes
///   options  .expected_shares: K numbers >= 0, by class number, which it divides by their sum; .keep: the number of
///            first batches whose class counts are kept; .names of the classes in tables, by class number
///
/// A batch is full if it is as large as the largest so far. Numbers per batch (minimum, maximum, batches without the
/// class) count full batches only, so that a short last batch does not distort them. All other numbers count all
/// batches.
///
/// Needs      as many expected shares and names as classes, or none; shares that are finite, >= 0, one positive -> else
///            std::invalid_argument
/// Edge       no batches: every count, share and distance is 0; an empty batch is not counted
/// Cost       O(n) to build; 12 n + 8 K keep bytes, and 16 bytes per marked epoch; add is O(batch size), and
///            O(batch size + K) for a batch whose counts are kept
template <std::unsigned_integral Index = std::uint32_t>
class batch_balance {
 public:
  using index_type = Index;

  template <class Label>
  explicit batch_balance(class_index<Label, Index> const& classes, batch_balance_options const& options = {})
      : keep_(options.keep),
        draws_per_sample_(classes),
        in_batch_(static_cast<std::size_t>(classes.num_classes())),
        in_full_batches_(in_batch_.size(), presence{}),
        classes_(in_batch_.size(), class_balance{}),
        names_(options.names.empty() ? detail::names_of(classes.labels()) : options.names),
        names_given_(!options.names.empty()),
        shares_given_(!options.expected_shares.empty()) {
    if (names_.size() != classes_.size()) {
      detail::invalid(context, detail::counted(names_.size(), "name", "names"), " for ",
                      detail::counted(classes_.size(), "class", "classes"), "; give one for each, or none");
    }
    detail::refuse_negative(context, {{"keep", keep_}});
    auto const expected = shares(classes.counts(), options.expected_shares);
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      classes_[c].class_size = classes.counts()[c];
      classes_[c].expected_share = expected[c];
    }
  }

  /// Expects the shares of a source of batches or a sampler: source.class_shares(). If it has none, the shares of
  /// the data are expected.
  template <class Label, class Source>
  requires batch_source<Source> || sampler<Source> batch_balance(class_index<Label, Index> const& classes,
                                                                 Source const& source, std::uint64_t keep = 0)
      : batch_balance(classes, {.expected_shares = detail::class_shares_of(source), .keep = keep}) {}

  batch_balance(batch_balance const&) = default;
  batch_balance(batch_balance&&) noexcept = default;
  /// Changes nothing if memory runs out.
  batch_balance& operator=(batch_balance const& other) { return *this = batch_balance(other); }
  batch_balance& operator=(batch_balance&&) noexcept = default;
  ~batch_balance() = default;

  /// Counts all batches of an epoch, batches.epoch(e), or of a part of one, and marks the end of an epoch.
  template <detail::epoch_in_batches<Index> Epoch>
  void add(Epoch const& batches) {
    for (auto const batch : batches) add(std::span<Index const>(batch));
    end_epoch();
  }

  /// Counts one batch.
  ///
  /// Needs      indices of samples of the class_index -> else std::invalid_argument
  /// Edge       if it throws, also because memory runs out, nothing is counted
  void add(std::span<Index const> batch) {
    if (batch.empty()) return;
    check_samples(batch);
    bool const is_kept = first_batches_.size() < keep_;
    if (is_kept) first_batches_.push_back(in_batch_);  // before anything is counted, since it can fail
    for (Index const sample : batch) count_sample(sample);
    if (is_kept) std::ranges::copy(in_batch_, first_batches_.back().begin());
    ++num_batches_;
    count_full_batch(batch);
    for (Index const sample : batch) in_batch_[class_of(sample)] = 0;
  }

  /// Marks the end of an epoch: see draws_per_sample().epochs().
  void end_epoch() { draws_per_sample_.end_epoch(); }

  /// The number of classes.
  [[nodiscard]] std::uint64_t num_classes() const noexcept { return classes_.size(); }
  /// The number of batches so far, without empty ones.
  [[nodiscard]] std::uint64_t num_batches() const noexcept { return num_batches_; }
  /// The number of batches so far that are as large as the largest.
  [[nodiscard]] std::uint64_t num_full_batches() const noexcept { return num_full_batches_; }
  /// The number of draws in the largest batch so far.
  [[nodiscard]] std::uint64_t batch_size() const noexcept { return batch_size_; }
  /// The number of draws in all batches.
  [[nodiscard]] std::uint64_t num_draws() const noexcept { return draws_per_sample_.num_draws(); }

  /// The names of the classes in tables, by class number: their labels as text, unless names were given.
  [[nodiscard]] std::vector<std::string> const& names() const noexcept { return names_; }
  /// Whether the names were given.
  [[nodiscard]] bool names_given() const noexcept { return names_given_; }

  /// Whether expected shares were given; otherwise those of the data are expected.
  [[nodiscard]] bool shares_given() const noexcept { return shares_given_; }

  /// The counts of class c in the batches. Needs c < num_classes() -> else std::out_of_range.
  [[nodiscard]] class_balance of_class(std::uint64_t c) const {
    if (c >= num_classes()) {
      detail::out_of_range("batch_balance", "class number ", detail::text(c), "; there are ",
                           detail::counted(num_classes(), "class", "classes"));
    }
    auto result = classes_[static_cast<std::size_t>(c)];
    auto const [batches, fewest, most, of_size] = of_full_batches(static_cast<std::size_t>(c));
    result.min_per_batch = batches < num_full_batches_ ? 0 : fewest;
    result.max_per_batch = most;
    result.batches_without = num_full_batches_ - batches;
    if (num_draws() > 0) result.share = static_cast<double>(result.draws) / static_cast<double>(num_draws());
    return result;
  }

  /// The class counts, by class number, of at most .keep first batches. Short batches are included.
  [[nodiscard]] std::vector<std::vector<std::uint64_t>> const& first_batches() const noexcept { return first_batches_; }

  /// The distance of the shares from the expected shares, from 0 (equal) to 1 (nothing in common). It is the fraction
  /// of the draws that would have to be of another class.
  [[nodiscard]] double total_variation() const {
    if (num_draws() == 0) return 0;
    double sum = 0;
    for (std::uint64_t c = 0; c < num_classes(); ++c) {
      auto const balance = of_class(c);
      sum += detail::math::fabs(balance.share - balance.expected_share);
    }
    return sum / 2;
  }

  /// Tests whether independent draws with the expected shares could have given the class counts. For samplers that
  /// follow their shares more closely than independent draws, the p_value is near 1.
  [[nodiscard]] chi_squared_test chi_squared() const {
    std::vector<std::uint64_t> draws;
    std::vector<double> expected;
    for (auto const& balance : classes_) {
      draws.push_back(balance.draws);
      expected.push_back(balance.expected_share);
    }
    return {draws, expected};
  }

  /// The draws of each sample, and the totals so far and at the end of every epoch.
  [[nodiscard]] draw_counts<Index> const& draws_per_sample() const noexcept { return draws_per_sample_; }

 private:
  static constexpr std::string_view context = "batch_balance";

  static std::vector<double> shares(std::span<std::uint64_t const> counts, std::vector<double> const& expected) {
    if (!expected.empty() && expected.size() != counts.size()) {
      detail::invalid(context, detail::text(expected.size()), " expected_shares for ",
                      detail::counted(counts.size(), "class", "classes"), "; give one for each, or none");
    }
    if (expected.empty()) return detail::as_shares({counts.begin(), counts.end()});
    return detail::as_shares(detail::checked_weights(context, "expected_shares", expected));
  }

  /// The numbers of one class in the full batches that have it.
  struct presence {
    std::uint64_t batches = 0;
    std::uint64_t fewest = 0;
    std::uint64_t most = 0;
    std::uint64_t of_size = 0;  // the size of these batches
  };

  /// Ignores batches that were full until a larger one came.
  [[nodiscard]] presence of_full_batches(std::size_t c) const {
    auto const& found = in_full_batches_[c];
    return found.of_size == batch_size_ ? found : presence{.of_size = batch_size_};
  }

  std::size_t class_of(Index sample) const { return static_cast<std::size_t>(draws_per_sample_.class_of(sample)); }

  void check_samples(std::span<Index const> batch) const {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!draws_per_sample_.contains(batch[i])) unknown_sample(i, batch[i]);
    }
  }

  [[noreturn]] void unknown_sample(std::size_t i, Index sample) const {
    std::uint64_t const bound = draws_per_sample_.index_bound();
    if (sample >= bound) {
      detail::invalid(context, "batch[", detail::text(i), "] is ", detail::text(sample),
                      "; the class_index has the samples below ", detail::text(bound),
                      "; build both from the same labels");
    }
    detail::invalid(context, "batch[", detail::text(i), "] is ", detail::text(sample),
                    ", which is outside the subset of the class_index; build both from the same subset");
  }

  void count_sample(Index sample) {
    std::size_t const c = class_of(sample);
    auto& balance = classes_[c];
    std::uint64_t const draws = draws_per_sample_.add(sample);
    if (draws == 1) ++balance.unique_samples;
    balance.most_draws = std::max(balance.most_draws, draws);
    ++balance.draws;
    ++in_batch_[c];
  }

  /// Sets in_batch_ to 0 for the classes of a full batch, so that each is counted once.
  void count_full_batch(std::span<Index const> batch) {
    std::size_t const size = batch.size();
    if (size < batch_size_) return;
    if (size > batch_size_) num_full_batches_ = 0;  // the batches before were not full
    batch_size_ = size;
    ++num_full_batches_;
    for (Index const sample : batch) {
      std::size_t const c = class_of(sample);
      std::uint64_t const count = std::exchange(in_batch_[c], 0);
      if (count == 0) continue;  // already counted
      auto found = of_full_batches(c);
      found.fewest = found.batches == 0 ? count : std::min(found.fewest, count);
      found.most = std::max(found.most, count);
      ++found.batches;
      in_full_batches_[c] = found;
    }
  }

  std::uint64_t keep_;
  std::uint64_t num_batches_ = 0;
  std::uint64_t num_full_batches_ = 0;
  std::uint64_t batch_size_ = 0;
  draw_counts<Index> draws_per_sample_;
  std::vector<std::uint64_t> in_batch_;  // the draws of each class in the current batch; 0 between batches
  detail::huge_page_vector<presence> in_full_batches_;
  detail::huge_page_vector<class_balance> classes_;  // without the numbers that of_class() computes
  std::vector<std::string> names_;
  bool names_given_;
  bool shares_given_;
  std::vector<std::vector<std::uint64_t>> first_batches_;
};

template <class Label, std::unsigned_integral Index>
batch_balance(class_index<Label, Index> const&) -> batch_balance<Index>;
template <class Label, std::unsigned_integral Index>
batch_balance(class_index<Label, Index> const&, batch_balance_options) -> batch_balance<Index>;
template <class Label, std::unsigned_integral Index, class Source>
batch_balance(class_index<Label, Index> const&, Source const&) -> batch_balance<Index>;
template <class Label, std::unsigned_integral Index, class Source>
batch_balance(class_index<Label, Index> const&, Source const&, std::uint64_t) -> batch_balance<Index>;

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
