// One epoch of a sampler as a random-access sequence.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/position_iterator.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/detail/draw_cores.hpp>
#include <evendraw/epochs/sampler.hpp>
#include <evendraw/random/counter_random.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// The options of most samplers.
struct sampler_options {
  std::uint64_t epoch_size = 0;  ///< draws per epoch; 0: as many as there are samples
  std::uint64_t seed = 0;        ///< chooses the draws; two samplers with the same seed may draw the same
};

namespace detail {

/// Draws by position. If they are read in order, a few are read at once.
template <class Draws>
class read_ahead {
 public:
  read_ahead() = default;
  explicit read_ahead(Draws const& source) noexcept : source_(&source) {}

  /// One draw, without reading ahead.
  [[nodiscard]] typename Draws::index_type at(std::uint64_t i) const noexcept { return (*source_)[i]; }

  [[nodiscard]] typename Draws::index_type operator()(std::uint64_t i) const noexcept {
    if (i - first_ >= count_) {
      bool const in_order = i == first_ + count_;
      first_ = i;
      count_ = in_order ? std::min<std::uint64_t>(buffer_.size(), source_->size() - i) : 1;
      source_->read(first_, std::span(buffer_).first(static_cast<std::size_t>(count_)));
    }
    return buffer_[static_cast<std::size_t>(i - first_)];
  }

 private:
  Draws const* source_ = nullptr;
  mutable std::uint64_t first_ = ~std::uint64_t{0};  // buffer_ holds count_ draws from first_ on
  mutable std::uint64_t count_ = 0;
  mutable std::array<typename Draws::index_type, 64> buffer_{};
};

}  // namespace detail

/// One epoch of a sampler, or a part of it: a random-access range of indices that are computed when they are read.
///
///   size()           the exact number of draws
///   draws[i]         the index drawn at i, O(1)
///   read(first, out) many draws at once: the fastest way
///   drop, take, shard   parts of it, again draws<>; they compose and copy nothing
///   batches          the draws in batches
///   find(sample)     where a sample is drawn
///   word(i)          64 random bits that belong to draw i, for reproducible augmentation
///
/// Cost       O(1) memory; it shares the sampler's tables and keeps them alive
/// Stable     same sampler, seed, epoch and position: same index, whatever was read before and by how many threads
template <detail::draw_core Core>
class draws {
 public:
  using index_type = typename Core::index_type;
  using value_type = index_type;
  using iterator = detail::position_iterator<detail::read_ahead<draws>>;

  /// All `size` draws of an epoch. word() is made from `word_key`. Every index is below `index_bound`.
  draws(Core core, std::uint64_t size, std::uint64_t word_key,
        std::uint64_t index_bound = std::numeric_limits<index_type>::max())
      : core_(std::move(core)), size_(size), word_key_(word_key), index_bound_(index_bound) {}

  /// The exact number of draws.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// Whether there are no draws.
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// The index drawn at i. Needs i < size() (asserted).
  [[nodiscard]] index_type operator[](std::uint64_t i) const noexcept {
    assert(i < size_);
    return core_.at(core_position(i));
  }

  /// Writes draws first, first + 1, ... to `out`, as many as it holds. Needs first + out.size() <= size() (asserted).
  void read(std::uint64_t first, std::span<index_type> out) const noexcept {
    assert(first <= size_ && out.size() <= size_ - first);
    if (out.size() < detail::group_size) {  // too few for a vector
      for (index_type& index : out) index = core_.at(core_position(first++));
      return;
    }
    detail::read_blocks(core_, core_position(first), stride_, out);
  }

  /// The draws must outlive their iterators and must not be assigned to while an iterator is used. An iterator that
  /// moves forwards reads some draws ahead. This is fast, but it makes the iterator large, and threads must not share
  /// it. In other orders [] is faster.
  [[nodiscard]] iterator begin() const noexcept { return {detail::read_ahead(*this), 0}; }
  [[nodiscard]] iterator end() const noexcept { return {detail::read_ahead(*this), size_}; }

  /// The draws after the first n; none if there are fewer. Needs n >= 0 -> else std::invalid_argument.
  template <whole_number Count>
  [[nodiscard]] draws drop(Count n) const {
    std::uint64_t const dropped = detail::count_within("draws::drop", n, size_);
    return part(core_position(dropped), stride_, size_ - dropped);
  }

  /// The first n draws; all if there are fewer. Needs n >= 0 -> else std::invalid_argument.
  template <whole_number Count>
  [[nodiscard]] draws take(Count n) const {
    return part(first_, stride_, detail::count_within("draws::take", n, size_));
  }

  /// The draws of one rank: rank, rank + world_size, rank + 2 world_size, ...
  ///
  /// Needs      rank < world_size -> else std::invalid_argument
  /// Edge       fewer draws than ranks: the last ranks have none (uneven), or no rank has any (even)
  [[nodiscard]] draws shard(std::uint64_t rank, std::uint64_t world_size, shard_tail tail = shard_tail::uneven) const {
    detail::check_rank("draws::shard", rank, world_size);
    bool const one_more = tail == shard_tail::uneven && rank < size_ % world_size;
    return part(core_position(rank), stride_ * world_size, size_ / world_size + static_cast<std::uint64_t>(one_more));
  }

  /// The draws in batches of `batch_size`; the last batch may be shorter.
  template <whole_number Size>
  [[nodiscard]] batched_draws<draws> batches(Size batch_size) const {
    return batches(detail::batches_of(batch_size));
  }
  /// The draws in batches of .batch_size; .last says what happens to the last batch if it is shorter.
  [[nodiscard]] batched_draws<draws> batches(batch_options options) const { return {*this, options}; }

  /// Where these draws have a sample: every i with draws[i] == sample, ascending.
  ///
  /// Needs      sample < index_bound() -> else std::out_of_range
  /// Edge       if these draws leave the sample out, the result is empty
  /// Cost       for samplers that draw without replacement, and mixes of them, a few steps for each result, and
  ///            O(log K) for K classes. If the samples of a class are not contiguous in the data, the first call takes
  ///            O(n), and 4 bytes per sample are kept from then on. For samplers that draw with replacement or store
  ///            their epochs, and for cores without find(), O(size()), which is as fast as read()
  [[nodiscard]] std::vector<std::uint64_t> find(std::uint64_t sample) const {
    if (sample >= index_bound_) {
      detail::out_of_range("draws::find", "there is no sample ", detail::text(sample), "; needs sample < ",
                           detail::text(index_bound_));
    }
    if constexpr (detail::core_with_find<Core>) {
      std::vector<std::uint64_t> result;
      if (size_ == 0) return result;
      for (std::uint64_t const found : core_.find(static_cast<index_type>(sample), core_position(size_ - 1) + 1)) {
        if (found >= first_ && (found - first_) % stride_ == 0) result.push_back((found - first_) / stride_);
      }
      return result;
    } else {
      return detail::scan(core_, static_cast<index_type>(sample), size_, first_, stride_);
    }
  }

  /// A bound that every index is below.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return index_bound_; }

  /// 64 random bits that belong to draw i. Needs i < size() (asserted).
  [[nodiscard]] std::uint64_t word(std::uint64_t i) const noexcept {
    assert(i < size_);
    return evendraw::random_word(word_key_, position(i));
  }

  /// The key of word(), which is made from this key and the position.
  [[nodiscard]] std::uint64_t word_key() const noexcept { return word_key_; }

  /// The position of draw i in the whole epoch. It is i, unless these draws are a part of the epoch.
  [[nodiscard]] std::uint64_t position(std::uint64_t i) const noexcept {
    if constexpr (detail::dealt_core<Core>) {
      return core_.undealt(core_position(i));
    } else {
      return core_position(i);
    }
  }

  /// These draws in the order in which batches are dealt out to ranks. shard() then takes the draws of one rank. The
  /// order differs only for samplers that shuffle stratified batches; it gives each rank its part of every class. If
  /// the draws end within a batch, the order stays, so that the ranks have these draws and no others.
  [[nodiscard]] draws dealt(std::uint64_t world_size, std::uint64_t batch_size) const {
    draws result = *this;
    if constexpr (detail::dealt_core<Core>) {
      bool const whole = world_size > 0 && batch_size > 0 && stride_ == core_.ranks() && size_ % batch_size == 0;
      if (whole) result.core_ = core_.dealt(world_size, first_, batch_size);
    }
    return result;
  }

 private:
  [[nodiscard]] std::uint64_t core_position(std::uint64_t i) const noexcept { return first_ + i * stride_; }

  draws part(std::uint64_t first, std::uint64_t stride, std::uint64_t size) const {
    draws result = *this;
    result.first_ = first;
    result.stride_ = stride;
    result.size_ = size;
    return result;
  }

  Core core_;
  std::uint64_t first_ = 0;
  std::uint64_t stride_ = 1;
  std::uint64_t size_;
  std::uint64_t word_key_;
  std::uint64_t index_bound_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
