// The data of a source: the labels of every sample.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace inspect {

/// The labels of samples that may have any number of labels.
class label_sets {
 public:
  std::vector<std::string> names;  ///< of the labels, by number; some may occur on no sample

  /// Adds a sample with these label numbers, each of which counts once.
  void add(std::vector<std::uint32_t>& numbers) {
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    numbers_.insert(numbers_.end(), numbers.begin(), numbers.end());
    ends_.push_back(numbers_.size());
  }

  std::size_t size() const { return ends_.size(); }
  /// The label numbers of sample i, ascending.
  std::span<std::uint32_t const> operator[](std::size_t i) const {
    std::size_t const begin = i == 0 ? 0 : ends_[i - 1];
    return std::span(numbers_).subspan(begin, ends_[i] - begin);
  }
  /// The sets of all samples, in their order.
  std::vector<std::span<std::uint32_t const>> all() const {
    std::vector<std::span<std::uint32_t const>> result;
    result.reserve(size());
    for (std::size_t i = 0; i < size(); ++i) result.push_back((*this)[i]);
    return result;
  }
  /// For each label the number of samples that have it.
  std::vector<std::uint64_t> counts() const {
    std::vector<std::uint64_t> result(names.size());
    for (std::uint32_t const number : numbers_) ++result[number];
    return result;
  }

 private:
  std::vector<std::uint32_t> numbers_;  // of the labels of all samples, one after the other
  std::vector<std::size_t> ends_;       // where the numbers of each sample end
};

struct labelled_data {
  std::vector<std::string> labels = {};  ///< one per sample; empty if `sets` is used
  label_sets sets = {};
  std::vector<std::string> second = {};  ///< each sample's value in the column of --and; empty without it
  std::vector<std::string> groups = {};  ///< each sample's value in the column of --group; empty without it
  std::vector<std::string> notes = {};   ///< sentences that the user should know
  std::string header_like = {};          ///< the label of the first sample, if that line looks like a header

  bool has_sets() const { return sets.size() > 0; }
  bool empty() const { return labels.empty() && !has_sets(); }
};

}  // namespace inspect
