// Counts labels and sorts samples by class, in several threads.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/classes/detail/counting_sort.hpp>
#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/classes/detail/label_words.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/function_ref.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/parallel.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The number of threads that are worth starting, at most `allowed`. Starting a thread takes as long as reading about
/// ten thousand labels.
inline unsigned useful_threads(unsigned allowed, std::uint64_t size) {
  if (auto const given = static_cast<int>(allowed); given < 0) {
    invalid("class_index", "threads is ", text(given), "; it must be >= 0");
  }
  return static_cast<unsigned>(std::clamp<std::uint64_t>(size >> 16, 1, std::max(allowed, 1u)));
}

/// The smallest and the largest label, and the number of runs. A run is a stretch of samples with the same label. If
/// there are as many runs as different labels, the samples of every label are consecutive.
template <std::unsigned_integral Word>
struct label_spread {
  Word smallest = std::numeric_limits<Word>::max();
  Word largest = 0;
  std::uint64_t runs = 0;

  void add(label_spread const& other) noexcept {
    smallest = std::min(smallest, other.smallest);
    largest = std::max(largest, other.largest);
    runs += other.runs;
  }

  /// The distance from the smallest label to the largest.
  [[nodiscard]] std::uint64_t width() const noexcept { return static_cast<Word>(largest - smallest); }
};

/// Finds the spread of labels. `sign` is the bit that is set in negative labels, or 0 if labels are unsigned. Words
/// with this bit flipped are in the order of the labels.
template <std::unsigned_integral Word>
label_spread<Word> spread_of(label_words<Word> labels, Word sign, unsigned threads) {
  of_parts<label_spread<Word>> of_thread(threads);
  run_parts(threads, [&](unsigned thread) {
    std::uint64_t const begin = stretch_begin(labels.size, threads, thread);
    std::uint64_t const end = stretch_begin(labels.size, threads, thread + 1);
    label_spread<Word> result;
    for (std::uint64_t i = begin; i < end; ++i) {
      auto const value = static_cast<Word>(labels[i] ^ sign);
      result.smallest = std::min(result.smallest, value);
      result.largest = std::max(result.largest, value);
    }
    if (begin == 0) ++result.runs;
    for (std::uint64_t i = std::max<std::uint64_t>(begin, 1); i < end; ++i) {
      result.runs += static_cast<std::uint64_t>(labels[i] != labels[i - 1]);
    }
    of_thread[thread] = result;
  });
  for (unsigned thread = 1; thread < threads; ++thread) of_thread[0].add(of_thread[thread]);
  of_thread[0].smallest ^= sign;
  of_thread[0].largest ^= sign;
  return of_thread[0];
}

/// The labels of samples as numbers, in order of first occurrence.
template <class Label>
struct numbered_labels {
  numbered_keys<Label> keys;                // the label of each number
  huge_page_vector<std::uint32_t> numbers;  // the number of each sample's label
};

/// A stretch of consecutive samples. One thread numbers their labels.
template <class Label>
struct numbered_stretch {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint32_t* numbers = nullptr;  // the numbers of all samples
  label_numbering<Label> numbering = {};
  huge_page_vector<std::uint32_t> final_numbers = {};  // by number in this stretch; empty in the first stretch
};

/// Numbers `size` labels. `number(stretch)` numbers the labels of one stretch; several threads call it at once.
template <class Label>
numbered_labels<Label> number_labels(std::uint64_t size, unsigned threads,
                                     function_ref<void(numbered_stretch<Label>&)> number) {
  numbered_labels<Label> result{{}, huge_page_vector<std::uint32_t>(static_cast<std::size_t>(size))};
  of_parts<numbered_stretch<Label>> stretches(threads);
  run_parts(threads, [&](unsigned thread) {
    auto& stretch = stretches[thread];
    stretch.begin = stretch_begin(size, threads, thread);
    stretch.end = stretch_begin(size, threads, thread + 1);
    stretch.numbers = result.numbers.data();
    number(stretch);
  });
  auto& all = stretches[0].numbering;
  for (unsigned thread = 1; thread < threads; ++thread) {
    auto const& keys = stretches[thread].numbering.keys();
    stretches[thread].final_numbers = huge_page_vector<std::uint32_t>(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) stretches[thread].final_numbers[i] = all.number(keys[i]);
  }
  if (threads > 1) {
    run_parts(threads, [&](unsigned thread) {
      auto const& stretch = stretches[thread];
      if (stretch.final_numbers.empty()) return;
      for (std::uint64_t i = stretch.begin; i < stretch.end; ++i) {
        stretch.numbers[i] = stretch.final_numbers[stretch.numbers[i]];
      }
    });
  }
  result.keys = std::move(all.keys());
  return result;
}

/// Numbers integers that are not close together.
template <std::unsigned_integral Word>
numbered_labels<std::uint64_t> number_words(label_words<Word> labels, unsigned threads) {
  return number_labels<std::uint64_t>(labels.size, threads, [&](numbered_stretch<std::uint64_t>& stretch) {
    for (std::uint64_t i = stretch.begin; i < stretch.end; ++i) {
      stretch.numbers[i] = stretch.numbering.number(std::uint64_t{labels[i]});
    }
  });
}

/// Numbers texts one by one, for ranges that may be readable only once.
template <label_range Labels>
numbered_labels<std::string> number_texts(Labels& labels) {
  label_numbering<std::string> numbering;
  numbered_labels<std::string> result;
  if constexpr (std::ranges::sized_range<Labels>) {
    result.numbers.reserve(static_cast<std::size_t>(std::ranges::size(labels)));
  }
  for (auto const& label : labels) result.numbers.push_back(numbering.number(label));
  result.keys = std::move(numbering.keys());
  return result;
}

/// Numbers the texts of `size` samples: those with the indices in `samples`, or all if it is null.
template <std::unsigned_integral Index, label_range Labels>
numbered_labels<std::string> number_texts(Labels& labels, std::uint64_t size, Index const* samples, unsigned threads) {
  auto const first = std::ranges::begin(labels);
  return number_labels<std::string>(size, threads, [&](numbered_stretch<std::string>& stretch) {
    for (std::uint64_t i = stretch.begin; i < stretch.end; ++i) {
      auto const place = static_cast<std::ranges::range_difference_t<Labels>>(samples ? samples[i] : i);
      stretch.numbers[i] = stretch.numbering.number(first[place]);
    }
  });
}

/// Groups samples by their keys: counts the samples of each key, and then finds the members of each class.
template <std::unsigned_integral Word, std::unsigned_integral Index>
class sample_groups {
 public:
  /// Counts labels that are close together.
  ///
  ///   samples  the index of each sample; null: sample i has the index i
  sample_groups(label_words<Word> labels, label_spread<Word> const& spread, Index const* samples, unsigned threads)
      : key_{labels, spread.smallest},
        samples_(samples),
        runs_(spread.runs),
        num_keys_(spread.width() + 1),
        sorting_(labels.size, num_keys_, threads) {
    sorting_.count(key_);
    for (std::uint64_t key = 0; key < num_keys_; ++key) {
      std::uint64_t const count = sorting_[key];
      if (count == 0) continue;
      found.push_back(key);
      counts.push_back(count);
    }
  }

  huge_page_vector<std::uint64_t> found;   ///< the keys that occur, ascending
  huge_page_vector<std::uint64_t> counts;  ///< the number of samples of each found key

  /// The index of the first sample that has found key number f.
  [[nodiscard]] std::uint64_t first_sample(std::size_t f) const noexcept {
    std::uint64_t i = 0;
    while (key_(i) != found[f]) ++i;
    return index_of(i);
  }

  /// Writes where the members of each class are. class_of[f] is the class of found key f. `members` already has the
  /// places that the classes have if members are stored.
  void place(huge_page_vector<std::uint32_t> const& class_of, class_members<Index>& members) {
    if (contiguous()) {
      huge_page_vector<std::uint32_t> class_of_key(static_cast<std::size_t>(num_keys_));
      for (std::size_t f = 0; f < found.size(); ++f) class_of_key[static_cast<std::size_t>(found[f])] = class_of[f];
      for (std::uint64_t i = 0; i < key_.labels.size;) {  // one class per step
        auto& [begin, count] = members.classes[class_of_key[static_cast<std::size_t>(key_(i))]];
        begin = index_of(i);
        i += count;
      }
      return;
    }
    for (std::size_t f = 0; f < found.size(); ++f) sorting_.start(found[f], members.classes[class_of[f]].begin);
    members.samples = huge_page_vector<Index>(static_cast<std::size_t>(key_.labels.size));
    sorting_.place(key_, members.samples.data());
    if (samples_ == nullptr) return;
    for (auto& sample : members.samples) sample = samples_[static_cast<std::size_t>(sample)];
  }

 private:
  struct label_key {
    label_words<Word> labels;
    Word smallest;
    std::uint64_t operator()(std::uint64_t i) const noexcept { return static_cast<Word>(labels[i] - smallest); }
  };

  [[nodiscard]] std::uint64_t index_of(std::uint64_t i) const noexcept { return samples_ ? samples_[i] : i; }

  /// Whether the samples of each key are consecutive and have consecutive indices.
  [[nodiscard]] bool contiguous() const noexcept {
    if (runs_ != found.size()) return false;
    for (std::uint64_t i = 0; i < key_.labels.size && samples_ != nullptr;) {
      std::uint64_t const count = sorting_[key_(i)];
      if (index_of(i + count - 1) - index_of(i) != count - 1) return false;
      i += count;
    }
    return true;
  }

  label_key key_;
  Index const* samples_;
  std::uint64_t runs_;
  std::uint64_t num_keys_;
  counting_sort<Index> sorting_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
