// Builds the contents of a class_index.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
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
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>

namespace evendraw::detail {

/// The names and members of classes. Copies of a class_index, and the samplers built from it, share them.
template <class Label, std::unsigned_integral Index>
struct class_contents {
  class_contents(found_labels<Label>& found, class_index_options<Label>& options,
                 huge_page_vector<std::uint32_t>& class_of)
      : names(found, options, class_of) {}

  class_names<Label> names;
  class_members<Index> members;
  std::uint64_t num_samples = 0;
  std::uint64_t index_bound = 0;
};

/// Builds the contents of a class_index from labels that are words (see label_words), numbers, or runs.
template <class Label, std::unsigned_integral Index>
class class_builder {
 public:
  using words = label_words<word_of<Label>>;

  explicit class_builder(class_index_options<Label>& options) : options_(&options) {}

  [[nodiscard]] shared<class_contents<Label, Index> const> result() const noexcept { return result_; }

  /// The indices of the samples, and a bound that all indices are below.
  struct sample_indices {
    Index const* indices;  // null: sample i has the index i
    std::uint64_t bound;
  };

  static sample_indices all_samples(std::uint64_t n) {
    check_index_fits<Index>(context, n);
    return {nullptr, n};
  }

  /// Builds from integers. If they are close together, they are counted by their distance from the smallest. Otherwise
  /// they are numbered first.
  void build(words labels, sample_indices samples) {
    if (labels.size == 0) refuse_none();
    using word = word_of<Label>;
    constexpr bool is_signed = std::is_signed_v<decltype(label_integer(Label{}))>;
    constexpr word sign = is_signed ? static_cast<word>(word{1} << (std::numeric_limits<word>::digits - 1)) : word{0};
    unsigned const threads = useful_threads(options_->threads, labels.size);
    auto const spread = spread_of(labels, sign, threads);
    if (spread.width() < labels.size + 1024) {
      sample_groups<word, Index> groups(labels, spread, samples.indices, threads);
      finish(groups, labels_of(groups.found, spread.smallest), samples.bound);
    } else {
      auto const numbered = number_words(labels, threads);
      build_numbered(numbered.numbers, labels_of(numbered.keys, 0), samples);
    }
  }

  /// Builds from the number of each sample's label. `found` holds the label of each number.
  void build_numbered(huge_page_vector<std::uint32_t> const& numbers, std::vector<Label> found,
                      sample_indices samples) {
    if (numbers.empty()) refuse_none();
    unsigned const threads = useful_threads(options_->threads, numbers.size());
    label_words<std::uint32_t> const labels{numbers.data(), numbers.size()};
    auto const spread = spread_of(labels, std::uint32_t{0}, threads);
    sample_groups<std::uint32_t, Index> groups(labels, spread, samples.indices, threads);
    finish(groups, std::move(found), samples.bound);
  }

  /// Builds from some samples of an existing class_index, whose classes are declared. class_of_sample has the class
  /// number of every sample.
  void build_part(std::string_view subset, std::vector<std::uint32_t> const& class_of_sample,
                  huge_page_vector<Index> const& samples) {
    std::vector<Label> const& known = options_->classes;
    huge_page_vector<std::uint32_t> numbers(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      numbers[i] = class_of_sample[static_cast<std::size_t>(samples[i])];
      if (numbers[i] == known.size()) {
        invalid(subset, "sample ", text(samples[i]), " is in no class, since it was left out before");
      }
    }
    label_words<std::uint32_t> const labels{numbers.data(), numbers.size()};
    auto const spread = spread_of(labels, std::uint32_t{0}, 1);
    sample_groups<std::uint32_t, Index> groups(labels, spread, samples.data(), 1);
    std::vector<Label> found;
    for (std::uint64_t const number : groups.found) {
      found.push_back(known[static_cast<std::size_t>(spread.smallest + number)]);
    }
    finish(groups, std::move(found), class_of_sample.size());
  }

  /// Builds from runs of labels.
  void build_runs(label_runs<Label> const& runs) {
    check_index_fits<Index>(context, runs.num_samples);
    if (runs.num_samples == 0) invalid(context, "no samples; at least one count must be > 0");
    auto const first_sample = [&](std::size_t f) { return runs.first_sample(f); };
    huge_page_vector<std::uint32_t> class_of(runs.counts.size());
    auto& members = declare({runs.labels(), runs.counts, first_sample}, runs.num_samples, class_of);
    runs.place(class_of, members);
  }

 private:
  static constexpr char const* context = "class_index";

  static std::vector<Label> labels_of(huge_page_vector<std::uint64_t> const& words, word_of<Label> smallest) {
    std::vector<Label> result(words.size());
    for (std::size_t i = 0; i < words.size(); ++i) result[i] = from_word<Label>(smallest + words[i]);
    return result;
  }

  template <class Groups>
  void finish(Groups& groups, std::vector<Label> found, std::uint64_t bound) {
    auto const first_sample = [&](std::size_t f) { return groups.first_sample(f); };
    huge_page_vector<std::uint32_t> class_of(found.size());
    auto& members = declare({std::move(found), groups.counts, first_sample}, bound, class_of);
    groups.place(class_of, members);
  }

  [[noreturn, gnu::cold]] static void refuse_none() { invalid(context, "no samples; give at least one label"); }

  /// Names and counts the classes (see class_names), and gives each class the places that its members have if they are
  /// stored.
  class_members<Index>& declare(found_labels<Label> found, std::uint64_t bound,
                                huge_page_vector<std::uint32_t>& class_of) {
    auto const made = share<class_contents<Label, Index>>(found, *options_, class_of);
    result_ = made;
    made->index_bound = bound;
    auto const& counts = made->names.counts();
    made->members.classes = huge_page_vector<typename class_members<Index>::place>(counts.size());
    for (std::size_t c = 0; c < counts.size(); ++c) {
      made->members.classes[c] = {made->num_samples, counts[c]};
      made->num_samples += counts[c];
    }
    return made->members;
  }

  class_index_options<Label>* options_;
  shared<class_contents<Label, Index> const> result_;
};

}  // namespace evendraw::detail
