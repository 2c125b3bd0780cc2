// Finds the classes of labels, with their counts and members.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_builder.hpp>
#include <evendraw/classes/detail/class_counting.hpp>
#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/classes/detail/class_names.hpp>
#include <evendraw/classes/detail/label_runs.hpp>
#include <evendraw/classes/detail/part_samples.hpp>
#include <evendraw/classes/labelled.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Labels, and the number of samples that have each of them.
template <class Label>
using label_counts = std::vector<std::pair<Label, std::uint64_t>>;

/// The classes of a data set. Samplers, weights and reports are built from it. It is built once, and is cheap to copy.
///
///   labels   n labels, one per sample; integers of any width and sign, enumerators, bools or strings
///   indices  optional: the samples to index, such as a training split; they keep their indices in `labels`
///   options  .classes: all classes, in the order of their numbers (default: those found, sorted); .allow_empty: a
///            class in .classes may have no samples; .threads: the number of threads that read the labels and build the
///            index. The result does not depend on it. One thread is used for strings in a range without random access,
///            and below 2^17 samples
///
/// Needs      n >= 1; n <= max of Index; if .classes is given, it has every label that occurs, and unless .allow_empty
///            is set, each of its classes has a sample; indices in range and distinct -> else std::invalid_argument or
///            std::out_of_range
/// Cost       O(n + K log K) time for K classes. Integers and enumerators that are close together are sorted by
///            counting; other labels are hashed. Memory: 4 n bytes for 32-bit indices, or none if the samples of every
///            class are consecutive; about 40 bytes per class of integers; while building at most 12 n + 80 K bytes,
///            and a copy of integers that are not contiguous in memory
/// Stable     the same labels give the same classes in the same order. The order of plain char depends on whether it is
///            signed on the platform
template <class Label, std::unsigned_integral Index = std::uint32_t>
class class_index {
 public:
  using label_type = Label;
  using index_type = Index;

  template <detail::given_labels Labels = detail::labels_in_braces>
  requires detail::gives_labels<Labels, Label>
  explicit class_index(Labels&& labels, std::type_identity_t<class_index_options<Label>> options = {}) {
    if constexpr (detail::are_labels<Labels>()) {
      builder built(options);
      if constexpr (std::same_as<Label, std::string> && std::ranges::random_access_range<Labels> &&
                    std::ranges::sized_range<Labels>) {
        auto const size = static_cast<std::uint64_t>(std::ranges::distance(labels));
        unsigned const threads = detail::useful_threads(options.threads, size);
        auto numbered = detail::number_texts<Index>(labels, size, nullptr, threads);
        built.build_numbered(numbered.numbers, std::move(numbered.keys), builder::all_samples(size));
      } else if constexpr (std::same_as<Label, std::string>) {
        auto numbered = detail::number_texts(labels);
        built.build_numbered(numbered.numbers, std::move(numbered.keys), builder::all_samples(numbered.numbers.size()));
      } else if constexpr (std::ranges::contiguous_range<Labels>) {
        auto const size = static_cast<std::uint64_t>(std::ranges::distance(labels));
        built.build(words{std::ranges::data(labels), size}, builder::all_samples(size));
      } else {
        auto const copy = detail::copied_words(labels);
        built.build(words{copy.data(), copy.size()}, builder::all_samples(copy.size()));
      }
      contents_ = built.result();
    }
  }

  template <detail::given_labels Labels = detail::labels_in_braces, detail::index_range Indices>
  requires detail::gives_labels<Labels, Label> && std::ranges::random_access_range<Labels> class_index(
      Labels&& labels, Indices&& indices, std::type_identity_t<class_index_options<Label>> options = {}) {
    if constexpr (detail::are_labels<Labels>()) {
      auto const bound = static_cast<std::uint64_t>(std::ranges::distance(labels));
      detail::check_index_fits<Index>(context, bound);
      auto const part = detail::sorted_part<Index>(context, indices, bound);
      builder built(options);
      if constexpr (std::same_as<Label, std::string>) {
        unsigned const threads = detail::useful_threads(options.threads, part.size());
        auto numbered = detail::number_texts(labels, part.size(), part.data(), threads);
        built.build_numbered(numbered.numbers, std::move(numbered.keys), {part.data(), bound});
      } else {
        auto const copy = detail::copied_words(labels, part);
        built.build(words{copy.data(), copy.size()}, {part.data(), bound});
      }
      contents_ = built.result();
    }
  }

  /// The classes of labels that come in runs. The first run gives the label and the number of the first samples, the
  /// second run those of the next samples, and so on. The result equals the class_index of a list of these labels.
  ///
  ///   runs     pairs of a label and a count: {{"dry", 900}, {"ice", 100}} or any range of pairs, such as a std::map
  ///   options  as above; .allow_empty also allows labels whose counts sum to 0
  ///
  /// Needs      as above; counts >= 0 that sum to at most 2^63 - 1 -> else std::invalid_argument
  /// Edge       if a label has several runs, an index is stored for every sample, as for a list of labels
  /// Cost       O(number of runs) time and memory if each label has one run; otherwise O(n) time, 4 n bytes
  template <class Runs = std::initializer_list<detail::given_pair<Label, std::uint64_t>>>
  requires detail::label_run_range<Runs, Label>
  [[nodiscard]] static class_index from_runs(Runs&& runs,
                                             std::type_identity_t<class_index_options<Label>> options = {}) {
    detail::label_runs<Label> labels;
    for (auto const& run : runs) {
      if constexpr (requires { run.problem; }) detail::refuse_problem("class_index::from_runs", "a run", run.problem);
      labels.add("class_index::from_runs", run.first, run.second);
    }
    builder built(options);
    built.build_runs(labels);
    return class_index(built);
  }

  /// The classes 0, 1, ... from their counts. The first counts[0] samples have the label 0, the next counts[1] samples
  /// the label 1, and so on. class_index<int, std::uint64_t>::from_counts({5'000'000'000, 100'000}) takes a few
  /// hundred bytes.
  ///
  ///   counts   the number of samples of each class
  ///   options  as for from_runs
  ///
  /// Needs      as for from_runs; no more counts than Label has values >= 0; counts > 0 unless .allow_empty -> else
  ///            std::invalid_argument
  /// Cost       O(K) time and memory
  template <detail::count_range Counts = std::initializer_list<std::uint64_t>>
  requires std::integral<Label>
  [[nodiscard]] static class_index from_counts(Counts&& counts,
                                               std::type_identity_t<class_index_options<Label>> options = {}) {
    constexpr std::string_view from_counts = "class_index::from_counts";
    constexpr auto last = static_cast<std::uint64_t>(std::numeric_limits<Label>::max());
    detail::label_runs<Label> labels;
    std::uint64_t c = 0;
    for (auto const count : counts) {
      if (c > last) {
        detail::invalid(from_counts, "counts[", detail::text(c), "] has no label, since the largest one is ",
                        detail::text(last), "; use a wider label type");
      }
      if (count == 0 && !options.allow_empty) {
        detail::invalid(from_counts, "counts[", detail::text(c),
                        "] is 0; set .allow_empty if there may be classes without samples");
      }
      labels.add(from_counts, static_cast<Label>(c++), count);
    }
    builder built(options);
    built.build_runs(labels);
    return class_index(built);
  }

  /// The classes of a part of the samples. The classes keep their labels and numbers, even if they have no samples in
  /// the part. The samples keep their indices.
  ///
  ///   part  indices of samples of this class_index
  ///
  /// Needs      at least one index; distinct indices of samples that are in it -> else std::invalid_argument or
  ///            std::out_of_range
  /// Cost       O(index_bound()) time and memory
  template <detail::index_range Indices = std::initializer_list<Index>>
  [[nodiscard]] class_index subset(Indices&& part) const {
    constexpr std::string_view subset = "class_index::subset";
    auto const samples = detail::sorted_part<Index>(subset, part, index_bound());
    class_index_options<Label> options{.classes = labels(), .allow_empty = true};
    builder built(options);
    built.build_part(subset, sample_classes(), samples);
    return class_index(built);
  }

  /// The number of classes, including those without samples.
  [[nodiscard]] std::uint64_t num_classes() const noexcept { return contents_->names.labels().size(); }
  /// The number of indexed samples.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return contents_->num_samples; }
  /// The number of labels that were given. Every index is below it. A subset has fewer samples.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return contents_->index_bound; }

  /// The label of each class, by class number.
  [[nodiscard]] std::vector<Label> const& labels() const& noexcept { return contents_->names.labels(); }
  [[nodiscard]] std::vector<Label> labels() && { return contents_->names.labels(); }
  /// The number of samples of each class.
  [[nodiscard]] std::span<std::uint64_t const> counts() const& noexcept {
    return {contents_->names.counts().data(), contents_->names.counts().size()};
  }
  [[nodiscard]] std::vector<std::uint64_t> counts() && {
    auto const& counts = contents_->names.counts();
    return {counts.begin(), counts.end()};
  }
  /// The label and the number of samples of each class, as ranks exchange them: see partitioned_classes.
  [[nodiscard]] evendraw::label_counts<Label> label_counts() const {
    evendraw::label_counts<Label> result;
    for (std::size_t c = 0; c < counts().size(); ++c) result.emplace_back(labels()[c], counts()[c]);
    return result;
  }

  [[nodiscard]] member_range<Index> members(std::uint64_t c) && = delete;
  /// The members of class c, ascending. Needs c < num_classes() -> else std::out_of_range. Valid while the class_index
  /// or any copy of it lives.
  [[nodiscard]] member_range<Index> members(std::uint64_t c) const& {
    if (c >= num_classes()) {
      detail::out_of_range("class_index", "class number ", detail::text(c), "; there are ",
                           detail::counted(num_classes(), "class", "classes"), ", numbered from 0");
    }
    return member_range<Index>(contents_->members, static_cast<std::size_t>(c));
  }

  /// The number of the class with this label. O(log K). Needs a class with the label -> else std::out_of_range.
  [[nodiscard]] std::uint64_t class_of(Label const& label) const { return class_of<Label>(label); }
  template <detail::label_name<Label> Name>
  [[nodiscard]] std::uint64_t class_of(Name const& label) const {
    if (auto const found = contents_->names.find(label); found != num_classes()) return found;
    detail::out_of_range("class_index", "no class has the label ", detail::text(label), contents_->names.list());
  }
  /// The first labels, as the end of an error message: "; the classes are 'cat', 'dog'".
  [[nodiscard]] std::string known_labels() const { return contents_->names.list(); }
  /// Whether there is a class with this label.
  [[nodiscard]] bool contains(Label const& label) const { return contains<Label>(label); }
  template <detail::label_name<Label> Name>
  [[nodiscard]] bool contains(Name const& label) const {
    return contents_->names.find(label) != num_classes();
  }

  /// The class number of every index below index_bound(), or num_classes() if the index is outside the subset. O(n).
  [[nodiscard]] std::vector<std::uint32_t> sample_classes() const {
    std::vector<std::uint32_t> result(static_cast<std::size_t>(index_bound()),
                                      static_cast<std::uint32_t>(num_classes()));
    for (std::uint64_t c = 0; c < num_classes(); ++c) {
      for (Index const sample : members(c)) result[static_cast<std::size_t>(sample)] = static_cast<std::uint32_t>(c);
    }
    return result;
  }

  /// The members, which samplers share with this class_index.
  [[nodiscard]] detail::shared<detail::class_members<Index> const> shared_members() const noexcept {
    return {contents_, &contents_->members};
  }

 private:
  using builder = detail::class_builder<Label, Index>;
  using words = typename builder::words;
  static constexpr char const* context = "class_index";

  explicit class_index(builder const& built) : contents_(built.result()) {}

  detail::shared<detail::class_contents<Label, Index> const> contents_;
};

template <detail::given_labels Labels = detail::labels_in_braces>
class_index(Labels&&) -> class_index<detail::label_of<Labels>>;
template <detail::given_labels Labels = detail::labels_in_braces>
class_index(Labels&&, class_index_options<detail::label_of<Labels>>) -> class_index<detail::label_of<Labels>>;
template <detail::given_labels Labels = detail::labels_in_braces, detail::index_range Indices>
class_index(Labels&&, Indices&&) -> class_index<detail::label_of<Labels>>;
template <detail::given_labels Labels = detail::labels_in_braces, detail::index_range Indices>
class_index(Labels&&, Indices&&, class_index_options<detail::label_of<Labels>>)
    -> class_index<detail::label_of<Labels>>;

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
