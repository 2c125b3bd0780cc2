// Several samplers, each with a data set of its own, and one numbering of all their samples.
#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// An index of concatenated data sets as two numbers: the number of the data set, and the index in it.
template <std::unsigned_integral Index>
struct source_index {
  std::size_t source;
  Index index;
  friend bool operator==(source_index const&, source_index const&) = default;
};

/// Samplers whose data sets are concatenated. The sizes of the data sets before it are added to a data set's indices.
template <std::unsigned_integral Index>
class source_list {
 public:
  /// Needs      at least one source; data sets that fit into Index together -> else std::invalid_argument
  source_list(std::string_view context, std::vector<any_sampler<Index>> sources) : sources_(std::move(sources)) {
    if (sources_.empty()) invalid(context, "no sources; give at least one sampler");
    for (auto const& source : sources_) {
      std::uint64_t const bound = source.index_bound();
      if (bound > std::numeric_limits<std::uint64_t>::max() - index_bound()) {
        invalid(context, "the data sets have more than 2^64 - 1 samples, which no index type can number");
      }
      first_index_.push_back(index_bound() + bound);
      num_samples_ += source.num_samples();
    }
    check_index_fits<Index>(context, index_bound());
  }

  [[nodiscard]] std::size_t size() const noexcept { return sources_.size(); }
  [[nodiscard]] any_sampler<Index> const& operator[](std::size_t s) const noexcept { return sources_[s]; }
  /// The number that is added to the indices of a source.
  [[nodiscard]] Index first_index(std::size_t s) const noexcept { return static_cast<Index>(first_index_[s]); }
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return first_index_.back(); }
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return num_samples_; }

  /// The number of draws in an epoch of a source. Throws std::invalid_argument if it is 0.
  [[nodiscard]] std::uint64_t checked_epoch_size(std::string_view context, std::size_t s) const {
    std::uint64_t const size = sources_[s].epoch_size();
    if (size == 0) invalid(context, "the epochs of sources[", text(s), "] are empty; leave it out");
    return size;
  }

  [[nodiscard]] source_index<Index> source_of(Index index) const noexcept {
    assert(index < index_bound());
    std::size_t const source = count_below(first_index_.data(), first_index_.size(), std::uint64_t{index} + 1) - 1;
    return {source, static_cast<Index>(index - first_index(source))};
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    fingerprint_builder hash("sources");
    for (auto const& source : sources_) hash.add(source.fingerprint()).add(source.index_bound());
    return hash.value();
  }

 private:
  std::vector<any_sampler<Index>> sources_;
  std::vector<std::uint64_t> first_index_{0};  // by source; the last element is index_bound()
  std::uint64_t num_samples_ = 0;
};

/// Reads consecutive draws of a source's epoch, as indices of the concatenated data sets.
template <class Draws, std::unsigned_integral Index>
void read_raised(Draws const& draws, std::uint64_t first, Index raise, std::span<Index> out) noexcept {
  draws.read(first, out);
  for (Index& index : out) index = static_cast<Index>(raise + index);
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
