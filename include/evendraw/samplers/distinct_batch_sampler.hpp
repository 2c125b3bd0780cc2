// Batches in which no two samples are of the same group.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/batches_by_cost.hpp>
#include <evendraw/epochs/detail/batch_in_place.hpp>
#include <evendraw/epochs/detail/batch_sampler_base.hpp>
#include <evendraw/epochs/detail/distinct_epoch.hpp>
#include <evendraw/random/counter_random.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// The batches of one epoch of a distinct_batch_sampler, or one rank's part of them. The first batches may have one
/// item more than the others.
template <std::unsigned_integral Index>
class distinct_batches {
 public:
  using index_type = Index;
  using iterator = detail::batch_iterator<distinct_batches>;

  distinct_batches(detail::shared<detail::distinct_epoch<Index> const> epoch, std::uint64_t num_batches,
                   std::uint64_t index_bound)
      : epoch_(std::move(epoch)),
        index_bound_(index_bound),
        end_(num_batches),
        long_items_(epoch_->layers.num_layers()),
        short_items_(long_items_ - 1) {}

  /// The number of batches, which are never empty.
  [[nodiscard]] std::uint64_t size() const noexcept { return end_ - first_; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The number of indices in the largest batch.
  [[nodiscard]] std::uint64_t batch_size() const noexcept { return empty() ? 0 : items_of(first_); }
  /// The size of a buffer that has room for every batch: batch_size().
  [[nodiscard]] std::size_t buffer_size() const noexcept { return static_cast<std::size_t>(batch_size()); }

  /// Writes batch b to the front of `buffer` and returns that part. Many threads may call it; it allocates nothing.
  ///
  /// Needs      b < size() -> else std::out_of_range; a buffer with room for batch b -> else std::invalid_argument
  std::span<Index> read(std::uint64_t b, std::span<Index> buffer) const {
    check(b);
    auto const count = static_cast<std::size_t>(items_of(first_ + b));
    detail::check_read("distinct_batches::read", b, size(), buffer.size(), count);
    std::uint64_t const column = epoch_->layers.column(first_ + b);
    detail::block_of<std::uint64_t> items;
    for (auto const [done, part] : detail::blocks(buffer.first(count))) {
      for (std::size_t i = 0; i < part.size(); ++i) {
        items[i] = epoch_->layers.item(rank_ + (done + i) * world_size_, column);
      }
      epoch_->read_block(std::span(items).first(part.size()), part);
    }
    return buffer.first(count);
  }

  /// Batch b in a vector of its own. Needs b < size() -> else std::out_of_range.
  [[nodiscard]] std::vector<Index> operator[](std::uint64_t b) const {
    std::vector<Index> batch(buffer_size());
    batch.resize(read(b, batch).size());
    return batch;
  }

  /// Where these batches draw a sample: the batch and the seat, or nothing if they do not.
  ///
  /// Needs      a sample of the data -> else std::out_of_range
  /// Cost       O(log groups); the first call may take O(n), see draws::find
  [[nodiscard]] std::vector<batch_seat> find(std::uint64_t sample) const {
    if (sample >= index_bound_) {
      detail::out_of_range("distinct_batches::find", "there is no sample ", detail::text(sample), "; needs sample < ",
                           detail::text(index_bound_));
    }
    std::vector<batch_seat> result;
    epoch_->find(static_cast<Index>(sample), [&](std::uint64_t item) {
      auto const [batch, layer] = epoch_->layers.place_of(item);
      bool const is_here = batch >= first_ && batch < end_ && layer >= rank_ && (layer - rank_) % world_size_ == 0 &&
                           (layer - rank_) / world_size_ < items_of(batch);
      if (is_here) result.push_back({batch - first_, (layer - rank_) / world_size_});
    });
    return result;
  }

  /// 64 random bits that belong to item i of batch b. The item has the same bits in the batches of a rank.
  [[nodiscard]] std::uint64_t word(std::uint64_t b, std::uint64_t i) const noexcept {
    std::uint64_t const batch = first_ + b, before = batch - std::min(batch, epoch_->layers.num_long());
    return random_word(epoch_->word_key, batch * epoch_->layers.num_layers() - before + rank_ + i * world_size_);
  }

  /// The batches without the first n, for a run that was interrupted after n batches. Needs n >= 0 -> else
  /// std::invalid_argument.
  template <whole_number Count>
  [[nodiscard]] distinct_batches drop(Count n) const {
    auto result = *this;
    result.first_ += detail::count_within("distinct_batches::drop", n, size());
    return result;
  }

  /// One rank's part of every batch: its items rank, rank + world_size, ...
  ///
  /// Needs      rank < world_size -> else std::invalid_argument
  /// Edge       if the items do not divide evenly: with uneven, the first ranks have one more item of a batch, and the
  ///            last ranks have fewer batches if a batch has fewer items than there are ranks; with even, all ranks
  ///            have equally many batches and items, and the last items of a batch are left out
  [[nodiscard]] distinct_batches shard(std::uint64_t rank, std::uint64_t world_size,
                                       shard_tail tail = shard_tail::uneven) const {
    detail::check_rank("distinct_batches::shard", rank, world_size);
    auto const part = [&](std::uint64_t items) {
      if (tail == shard_tail::even) return items / world_size;
      return items > rank ? (items - rank - 1) / world_size + 1 : 0;
    };
    auto result = *this;
    result.rank_ = rank_ + rank * world_size_;
    result.world_size_ = world_size_ * world_size;
    result.long_items_ = part(long_items_);
    result.short_items_ = part(short_items_);
    if (result.short_items_ == 0) result.end_ = std::min(end_, epoch_->layers.num_long());
    if (result.long_items_ == 0) result.end_ = 0;
    result.first_ = std::min(first_, result.end_);
    return result;
  }

  /// One rank's part of every batch, dealt by the costs of the items. See batched_draws::shard_by_cost.
  template <detail::cost_range Costs>
  [[nodiscard]] auto shard_by_cost(std::uint64_t rank, std::uint64_t world_size, Costs&& costs) const {
    using number = std::ranges::range_value_t<Costs>;
    return batches_by_cost<distinct_batches, number>(*this, rank, world_size, std::span<number const>(costs));
  }

  /// A bound that every index is below.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return index_bound_; }

  /// An iterator gives a std::span<const index_type> that cannot be copied and is valid until the iterator moves.
  [[nodiscard]] iterator begin() const { return iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  /// The number of items of a batch that this part has.
  [[nodiscard]] std::uint64_t items_of(std::uint64_t batch) const noexcept {
    return batch < epoch_->layers.num_long() ? long_items_ : short_items_;
  }

  void check(std::uint64_t b) const {
    if (b < size()) return;
    detail::out_of_range("distinct_batches", "there is no batch ", detail::text(b), "; there are ",
                         detail::text(size()));
  }

  detail::shared<detail::distinct_epoch<Index> const> epoch_;
  std::uint64_t index_bound_;
  std::uint64_t first_ = 0;  // this part has the batches first_, ..., end_ - 1
  std::uint64_t end_;
  std::uint64_t rank_ = 0;
  std::uint64_t world_size_ = 1;
  std::uint64_t long_items_;   // the items that this part has of each long batch
  std::uint64_t short_items_;  // the items that this part has of each other batch
};

}  // namespace detail

/// Options of distinct_batch_sampler.
struct distinct_batch_options {
  std::uint64_t batch_size = 0;  ///< the most indices in a batch
  std::uint64_t seed = 0;        ///< chooses the draws
};

/// Makes batches in which no two samples are of the same group: a patient, an identity, a video, a document. Every
/// sample comes once in an epoch.
///
///   groups   the group of each of n samples: labels, or a class_index, which is then shared
///   options  .batch_size, .seed
///
/// An epoch has M = n / batch_size batches, rounded up. The groups come in a random order, and so do the members of
/// each group. This makes one list of all samples, which is dealt to the batches like cards to players.
///
/// Needs      1 <= batch_size; no group of more than M samples (otherwise there are no such batches)
///            -> else std::invalid_argument, which names the largest group and the largest batch size that works
/// Edge       groups of one sample each: a plain shuffle. If one batch has all data, each group must have one sample
/// Exact      every batch has n / M samples, rounded down or up, and the longer batches come first; size() is exact for
///            every epoch and rank. Two groups meet in a batch about as often as in random batches, except that groups
///            of more than M / 4 samples meet some neighbours more often
/// Covers     every sample in every epoch
/// Cost       O(n) to build; 4 n bytes for 32-bit indices (see class_index) and about 40 bytes per group. epoch(e)
///            takes O(groups), and about 40 bytes per group while it lives; O(log groups) per draw
/// Stable     same seed, epoch and batch: same indices on every platform
/// Source     see distinct_layers, permutation
template <std::unsigned_integral Index = std::uint32_t>
class distinct_batch_sampler : public detail::batch_sampler_base {
 public:
  using index_type = Index;

  template <detail::given_labels Labels = detail::labels_in_braces>
  distinct_batch_sampler(Labels&& groups, distinct_batch_options options)
      : distinct_batch_sampler(class_index<detail::label_of<Labels>, Index>(groups), options) {}

  template <class Label>
  distinct_batch_sampler(class_index<Label, Index> const& groups, distinct_batch_options options)
      : batch_sampler_base(context, groups.num_samples(), groups.index_bound(), checked_size(groups, options), 0,
                           options.seed),
        groups_(detail::share<detail::distinct_groups<Index> const>(
            groups.shared_members(), stream_key(options.seed, 0, random_stream::walk))) {}

  /// The batches of epoch e. Iterate over them, or read any batch by its number.
  [[nodiscard]] detail::distinct_batches<Index> epoch(std::uint64_t e) const {
    return {detail::share<detail::distinct_epoch<Index> const>(groups_, epoch_size(), seed(), e), epoch_size(),
            index_bound()};
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint("distinct_batch_sampler", groups_->members->fingerprint());
  }

 private:
  static constexpr std::string_view context = "distinct_batch_sampler";

  template <class Label>
  static std::uint64_t checked_size(class_index<Label, Index> const& groups, distinct_batch_options const& options) {
    detail::refuse_negative(context, {{"batch_size", options.batch_size, 1}});
    if (options.batch_size == 0) detail::invalid(context, "batch_size is 0; a batch needs at least one index");
    auto const counts = groups.counts();
    auto const largest = static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    std::uint64_t const n = groups.num_samples(), num_batches = (n - 1) / options.batch_size + 1;
    if (counts[largest] > num_batches) {
      detail::invalid(context, "the group ", detail::text(Label(groups.labels()[largest])), " has ",
                      detail::counted(counts[largest], "sample", "samples"),
                      num_batches == 1 ? ", and there is " : ", and there are ",
                      detail::counted(num_batches, "batch", "batches"), " of at most ",
                      detail::text(options.batch_size),
                      ", so two of its samples would share a batch; the largest batch_size that works is ",
                      detail::text((n - 1) / (counts[largest] - 1)));
    }
    return options.batch_size;
  }

  detail::shared<detail::distinct_groups<Index> const> groups_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
