// Labels -> classes, their counts and their members.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_counting.hpp>
#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/classes/detail/class_names.hpp>
#include <evendraw/classes/detail/counting_sort.hpp>
#include <evendraw/classes/detail/label_runs.hpp>
#include <evendraw/classes/labelled.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>

namespace evendraw {

/// The classes of a data set: what samplers, weights and reports are built from. Built once, cheap to copy.
///
///   labels   n labels, one per sample; integers of any width and sign, enumerators, bools or strings
///   indices  optional: the samples to index (a training split); members are then the original indices
///   options  .classes: all classes in the order of their numbers (default: those found, sorted); .allow_empty;
///            .threads that may build, reading the labels at the same time (ignored for strings in a range without
///            random access, and for a few ten thousand samples); the result is the same
///
/// Needs      n >= 1; n <= max of Index; a label of every sample in .classes, if given; a sample for every class
///            in .classes unless .allow_empty; indices in range and distinct -> else std::invalid_argument or
///            std::out_of_range
/// Cost       O(n + K log K); 4 n bytes held for 32-bit indices, nothing if the samples of every class are consecutive,
///            and some 40 for each of K classes of integers; at most 12 n + 80 K while building, and a copy of
///            integers that are not in one piece of memory. Counting sort for integers and enumerators close together,
///            hashing for others
/// Stable     same labels: same classes in the same order; plain char sorts as on the platform, signed or not
template <class Label, std::unsigned_integral Index = std::uint32_t>
class class_index {
 public:
  using label_type = Label;
  using index_type = Index;

  template <label_range Labels>
  requires std::same_as<label_of<Labels>, Label>
  explicit class_index(Labels&& labels, std::type_identity_t<class_index_options<Label>> options = {}) {
    auto const sample = [](std::uint64_t i) { return i; };
    if constexpr (std::same_as<Label, std::string> && !std::ranges::random_access_range<Labels>) {
      auto const numbered = detail::number_labels<Label>(labels);
      build(numbered, sample, numbered.numbers.size(), std::move(options));
    } else {
      auto&& by_place = detail::labels_by_place(labels);
      auto const size = static_cast<std::uint64_t>(std::ranges::distance(by_place));
      build(size, label_at(by_place), sample, size, std::move(options));
    }
  }

  template <label_range Labels, index_range Indices>
  requires std::same_as<label_of<Labels>, Label> && std::ranges::random_access_range<Labels> class_index(
      Labels&& labels, Indices&& indices, std::type_identity_t<class_index_options<Label>> options = {}) {
    auto&& by_place = detail::labels_by_place(labels);
    auto const bound = static_cast<std::uint64_t>(std::ranges::distance(by_place));
    detail::check_index_fits<Index>("class_index", bound);
    auto const subset = detail::subset_samples<Index>(indices, bound);
    auto const sample = [samples = subset.data()](std::uint64_t i) { return std::uint64_t{samples[i]}; };
    auto const label = [at = label_at(by_place), sample](std::uint64_t i) -> decltype(auto) { return at(sample(i)); };
    build(subset.size(), label, sample, bound, std::move(options));
  }

  /// From labels that come in runs: the first `count` samples have the first label, the next ones the second ...
  /// The same as the class_index of these labels, without writing them out.
  ///
  ///   runs     pairs of a label and a count, {{"dry", 900}, {"ice", 100}}, a std::map for instance
  ///   options  as above; .allow_empty also lets the counts of a label sum to 0
  ///
  /// Needs      as above; counts >= 0 that sum to at most 2^63 - 1 -> else std::invalid_argument
  /// Edge       a label that comes again after others: an index is stored for every sample, as for labels
  /// Cost       O(number of runs) time and memory where each label has one run; otherwise O(n), 4 n bytes
  template <class Runs = std::initializer_list<labelled<Label, std::uint64_t>>>
  requires label_run_range<Runs, Label>
  [[nodiscard]] static class_index from_runs(Runs&& runs,
                                             std::type_identity_t<class_index_options<Label>> options = {}) {
    detail::label_runs<Label> labels;
    for (auto const& run : runs) labels.add("class_index::from_runs", run.first, run.second);
    return class_index(std::move(labels), std::move(options));
  }

  /// From the number of samples of each class: the first counts[0] samples have the label 0, the next counts[1] the
  /// label 1 ... class_index<int, std::uint64_t>::from_counts({5'000'000'000, 100'000}) takes some hundred bytes.
  ///
  /// Needs      as from_runs; no more counts than Label has numbers; counts > 0 unless .allow_empty
  ///            -> else std::invalid_argument
  /// Cost       O(K) time and memory
  template <count_range Counts = std::initializer_list<std::uint64_t>>
  requires std::integral<Label>
  [[nodiscard]] static class_index from_counts(Counts&& counts,
                                               std::type_identity_t<class_index_options<Label>> options = {}) {
    constexpr std::string_view who = "class_index::from_counts";
    constexpr auto last = static_cast<std::uint64_t>(std::numeric_limits<Label>::max());
    detail::label_runs<Label> labels;
    std::uint64_t c = 0;
    for (auto const count : counts) {
      if (c > last) {
        detail::invalid(who, "counts[", detail::text(c), "] has no label, since the largest one is ",
                        detail::text(last), "; use a wider label type");
      }
      if (count == 0 && !options.allow_empty) {
        detail::invalid(who, "counts[", detail::text(c),
                        "] is 0; set .allow_empty if there may be classes without samples");
      }
      labels.add(who, static_cast<Label>(c++), count);
    }
    return class_index(std::move(labels), std::move(options));
  }

  /// Number of classes, also those without samples.
  [[nodiscard]] std::uint64_t num_classes() const noexcept { return names_->labels().size(); }
  /// Number of samples indexed.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return num_samples_; }
  /// Number of labels given: every index is below it. More than num_samples() for a subset.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return index_bound_; }

  /// The label of each class, by class number.
  [[nodiscard]] std::vector<Label> const& labels() const& noexcept { return names_->labels(); }
  [[nodiscard]] std::vector<Label> labels() && { return names_->labels(); }
  /// The number of samples of each class.
  [[nodiscard]] std::span<std::uint64_t const> counts() const& noexcept { return names_->counts(); }
  [[nodiscard]] std::vector<std::uint64_t> counts() && { return names_->counts(); }
  /// The samples of class c, ascending. Needs c < num_classes() -> else std::out_of_range. For as long as the class_index,
  /// or a copy of it, is there.
  [[nodiscard]] member_range<Index> members(std::uint64_t c) && = delete;
  [[nodiscard]] member_range<Index> members(std::uint64_t c) const& {
    if (c >= num_classes()) {
      detail::out_of_range("class_index", "class number ", detail::text(c), "; there are ", detail::text(num_classes()),
                           " classes, numbered from 0");
    }
    return member_range<Index>(*members_, static_cast<std::size_t>(c));
  }

  /// The number of the class with this label. O(log K). A label that no class has -> std::out_of_range.
  [[nodiscard]] std::uint64_t class_of(Label const& label) const { return class_of<Label>(label); }
  template <label_name<Label> Name>
  [[nodiscard]] std::uint64_t class_of(Name const& label) const {
    if (auto const found = names_->find(label); found != num_classes()) return found;
    detail::out_of_range("class_index", "no class has the label ", detail::text(label), names_->list());
  }
  /// The first labels as an error message ends with them: "; the classes are 'cat', 'dog'".
  [[nodiscard]] std::string known_labels() const { return names_->list(); }
  /// Whether there is a class with this label.
  [[nodiscard]] bool contains(Label const& label) const { return contains<Label>(label); }
  template <label_name<Label> Name>
  [[nodiscard]] bool contains(Name const& label) const {
    return names_->find(label) != num_classes();
  }

  /// The class number of every sample below index_bound(); num_classes() for samples outside a subset. O(n).
  [[nodiscard]] std::vector<std::uint32_t> sample_classes() const {
    std::vector<std::uint32_t> result(static_cast<std::size_t>(index_bound()),
                                      static_cast<std::uint32_t>(num_classes()));
    for (std::uint64_t c = 0; c < num_classes(); ++c) {
      for (Index const sample : members(c)) result[static_cast<std::size_t>(sample)] = static_cast<std::uint32_t>(c);
    }
    return result;
  }

  /// What samplers share with this index.
  [[nodiscard]] std::shared_ptr<class_members<Index> const> const& shared_members() const noexcept { return members_; }

 private:
  using options_type = class_index_options<Label>;
  using found_labels = std::vector<detail::found_label<Label>>;

  /// i -> label of sample i.
  template <class Labels>
  static auto label_at(Labels& labels) {
    if constexpr (std::ranges::contiguous_range<Labels>) {
      return [first = std::ranges::data(labels)](std::uint64_t i) -> decltype(auto) { return first[i]; };
    } else {
      return [first = std::ranges::begin(labels)](std::uint64_t i) -> decltype(auto) {
        return first[static_cast<std::ranges::range_difference_t<Labels>>(i)];
      };
    }
  }

  /// From label(i) and sample(i) of all i < size.
  template <class LabelOf, class SampleOf>
  void build(std::uint64_t size, LabelOf label, SampleOf sample, std::uint64_t bound, options_type options) {
    detail::check_index_fits<Index>("class_index", bound);
    unsigned const threads = detail::useful_threads(options.threads, size);
    if constexpr (!std::same_as<Label, std::string>) {
      auto const spread = detail::spread_of<Label>(size, label, sample, threads);
      auto const smallest = static_cast<std::uint64_t>(spread.smallest);
      auto const width = static_cast<std::uint64_t>(spread.largest) - smallest;
      if (size > 0 && width < size + 1024) {  // close together: counted by the distance to the smallest
        auto const key = [=](std::uint64_t i) { return static_cast<std::uint64_t>(Label(label(i))) - smallest; };
        auto const label_of = [=](std::uint64_t k) {
          return static_cast<Label>(static_cast<decltype(spread.smallest)>(smallest + k));
        };
        return sort(size, key, width + 1, label_of, sample, spread.pieces, bound, std::move(options));
      }
    }
    build(detail::number_labels<Label>(size, label, threads), sample, bound, std::move(options));
  }

  /// From the number of each label, and sample(i) of all i.
  template <class SampleOf>
  void build(detail::numbered_labels<Label> const& numbered, SampleOf sample, std::uint64_t bound,
             options_type options) {
    detail::check_index_fits<Index>("class_index", bound);
    std::uint64_t const size = numbered.numbers.size();
    auto const key = [numbers = numbered.numbers.data()](std::uint64_t i) { return std::uint64_t{numbers[i]}; };
    auto const label_of = [&](std::uint64_t k) { return Label(numbered.labels[static_cast<std::size_t>(k)]); };
    auto const spread =
        detail::spread_of<std::uint64_t>(size, key, sample, detail::useful_threads(options.threads, size));
    sort(size, key, numbered.labels.size(), label_of, sample, spread.pieces, bound, std::move(options));
  }

  /// From key(i) < keys and sample(i) of all i < size, which lie in so many pieces, and the label of each key.
  template <class Key, class LabelOfKey, class SampleOf>
  void sort(std::uint64_t size, Key const& key, std::uint64_t keys, LabelOfKey const& label_of, SampleOf const& sample,
            std::uint64_t pieces, std::uint64_t bound, options_type options) {
    detail::counting_sort<Index> sorting(size, keys, detail::useful_threads(options.threads, size));
    sorting.count(key);
    found_labels found;
    for (std::uint64_t k = 0; k < keys; ++k) {
      if (auto const count = sorting[k]; count > 0) found.push_back({label_of(k), k, count});
    }
    auto const members = declare(found, std::move(options), bound, [&](std::uint64_t k) {
      std::uint64_t i = 0;
      while (key(i) != k) ++i;
      return sample(i);
    });
    if (pieces == found.size()) {
      for (std::uint64_t i = 0; i < size;) {  // from one class to the next
        auto& [begin, count] = members->classes[names_->find(label_of(key(i)))];
        begin = sample(i);
        i += count;
      }
    } else {
      std::vector<std::uint64_t> order;
      for (auto const& each : found) order.push_back(each.key);
      members->samples.resize(static_cast<std::size_t>(size));
      sorting.place(key, sample, order, members->samples.data());
    }
  }

  /// From runs of samples that follow each other.
  class_index(detail::label_runs<Label> runs, options_type options) {
    detail::check_index_fits<Index>("class_index", runs.num_samples);
    if (runs.num_samples == 0) detail::invalid("class_index", "no samples; at least one count must be > 0");
    std::vector<std::size_t> class_of(runs.found.size());  // by key
    if (!options.classes.empty()) std::erase_if(runs.found, [](auto const& each) { return each.count == 0; });
    auto const members = declare(runs.found, std::move(options), runs.num_samples, [&](std::uint64_t key) {
      return std::ranges::find(runs.pieces, key, &detail::label_piece::key)->begin;
    });
    for (auto const& [label, key, count] : runs.found) class_of[static_cast<std::size_t>(key)] = names_->find(label);
    runs.place(class_of, *members);
  }

  /// Names and counts the classes, and gives them their places among stored members. Sorts `found` by class.
  template <class FirstSample>
  std::shared_ptr<class_members<Index>> declare(found_labels& found, options_type options, std::uint64_t bound,
                                                FirstSample const& first_sample) {
    names_ = std::make_shared<detail::class_names<Label> const>(found, options, first_sample);
    auto members = std::make_shared<class_members<Index>>();
    for (std::uint64_t const count : counts()) {
      members->classes.push_back({num_samples_, count});
      num_samples_ += count;
    }
    index_bound_ = bound;
    members_ = members;
    return members;
  }

  std::uint64_t num_samples_ = 0;
  std::uint64_t index_bound_ = 0;
  std::shared_ptr<detail::class_names<Label> const> names_;
  std::shared_ptr<class_members<Index> const> members_;
};

template <label_range Labels>
class_index(Labels&&) -> class_index<label_of<Labels>>;
template <label_range Labels>
class_index(Labels&&, class_index_options<label_of<Labels>>) -> class_index<label_of<Labels>>;
template <label_range Labels, index_range Indices>
class_index(Labels&&, Indices&&) -> class_index<label_of<Labels>>;
template <label_range Labels, index_range Indices>
class_index(Labels&&, Indices&&, class_index_options<label_of<Labels>>) -> class_index<label_of<Labels>>;

}  // namespace evendraw
