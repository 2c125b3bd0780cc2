// The samples that a sampler without classes draws from: the whole data set, or a part of it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/classes/detail/part_samples.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/detail/shared.hpp>

namespace evendraw {

template <class Label, std::unsigned_integral Index>
class class_index;

namespace detail {

/// The samples that are drawn, by their places 0, 1, 2, ... A whole data set needs no list, because places are indices.
template <std::unsigned_integral Index>
class sampled_part {
 public:
  sampled_part() = default;

  /// The samples of a class_index, ascending.
  template <class Label>
  sampled_part(std::string_view context, class_index<Label, Index> const& classes) {
    if (classes.num_samples() == classes.index_bound()) return;
    part_mask mask(context, classes.index_bound());
    for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
      for (Index const sample : classes.members(c)) mask.add(sample, false);
    }
    keep(mask.template samples<Index>());
  }

  /// The samples with these indices, in this order.
  template <index_range Indices>
  sampled_part(std::string_view context, Indices&& indices) {
    keep(listed_part<Index>(context, indices));
  }

  /// The number of samples, if there is a list.
  [[nodiscard]] std::uint64_t size() const noexcept { return list_->samples.size(); }
  /// A number that all samples are below, if there is a list.
  [[nodiscard]] std::uint64_t bound() const noexcept {
    Index largest = 0;
    for (Index const sample : list_->samples) largest = largest < sample ? sample : largest;
    return std::uint64_t{largest} + 1;
  }

  [[nodiscard]] Index sample(std::uint64_t place) const noexcept {
    return list_ ? list_->sample(place) : static_cast<Index>(place);
  }
  /// The inverse of sample(). For a sample that is not here, it returns a number that is not a place.
  [[nodiscard]] std::uint64_t place_of(Index sample) const { return list_ ? list_->place_of(sample) : sample; }

  template <std::unsigned_integral Place>
  void read(block_of<Place> const& places, std::span<Index> out) const noexcept {
    if (list_) {
      list_->read(places, out);
    } else {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<Index>(places[i]);
    }
  }

  /// See class_members.
  [[nodiscard]] bool is_large() const noexcept { return list_ && list_->is_large(); }
  template <std::unsigned_integral Place>
  [[nodiscard]] prefetcher prefetcher_for(block_of<Place> const& places, std::size_t count) const noexcept {
    return list_->prefetcher_for(places, count);
  }

  /// 0 if there is no list.
  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return list_ ? list_->fingerprint() : 0; }

 private:
  void keep(huge_page_vector<Index> samples) {
    list_ = share<class_members<Index> const>(class_members<Index>{.classes = {}, .samples = std::move(samples)});
  }

  shared<class_members<Index> const> list_;
};

}  // namespace detail

}  // namespace evendraw
