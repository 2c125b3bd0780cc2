// The batches of an epoch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/batches_by_cost.hpp>
#include <evendraw/epochs/detail/batch_in_place.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// What happens to the last batch if the batch size does not divide the epoch.
enum class last_batch {
  keep,  ///< it is kept, and shorter than the others
  drop,  ///< it is left out, so every batch has the full size
};

/// What shard does if the draws do not divide evenly among the ranks.
enum class shard_tail {
  uneven,  ///< the first ranks get one more draw, so that the ranks together draw the whole epoch
  even,    ///< the last size() % world_size draws are left out, so that every rank has the same number
};

/// How the draws of a batch, or of a window of a mix, are ordered.
enum class order {
  grouped,   ///< class by class (source by source), beginning at a random place
  shuffled,  ///< at random
};

/// How draws are cut into batches.
struct batch_options {
  std::uint64_t batch_size = 1;        ///< indices in a batch, at least 1
  last_batch last = last_batch::keep;  ///< what happens to the last batch if it is shorter
};

/// Where the batches of an epoch draw a sample: as item number `seat` of batch number `batch`.
struct batch_seat {
  std::uint64_t batch;  ///< the number of the batch in its epoch
  std::uint64_t seat;   ///< the number of the item in the batch
  friend bool operator==(batch_seat const&, batch_seat const&) = default;
};

namespace detail {

inline batch_options checked(batch_options options) {
  refuse_negative("batch_options", {{"batch_size", options.batch_size, 1}});
  if (options.batch_size == 0) invalid("batch_options", "batch_size is 0; a batch needs at least one index");
  return options;
}

/// The options for a batch size alone, which may have a signed type.
template <whole_number Size>
batch_options batches_of(Size batch_size) {
  if (std::cmp_less(batch_size, 0)) {
    invalid("batch_options", "batch_size is ", text(batch_size), "; a batch needs at least one index");
  }
  constexpr auto most = std::uint64_t{1} << 63;  // no epoch has more draws
  return {.batch_size = std::min(static_cast<std::uint64_t>(batch_size), most)};
}

/// The smaller of n and `size`. `n` may have a signed type.
template <whole_number Count>
std::uint64_t count_within(std::string_view context, Count n, std::uint64_t size) {
  if (std::cmp_less(n, 0)) invalid(context, "n is ", text(n), "; it must be >= 0");
  return std::min(static_cast<std::uint64_t>(n), size);
}

constexpr std::uint64_t num_batches(std::uint64_t draws, batch_options options) noexcept {
  bool const shorter = options.last == last_batch::keep && draws % options.batch_size != 0;
  return draws / options.batch_size + static_cast<std::uint64_t>(shorter);
}

}  // namespace detail

/// The batches of one epoch, or of one rank's part of it. Batch b has the draws from b * batch_size on.
///
///   batches[b]          one batch, in a vector of its own
///   read(b, buffer)     one batch in a buffer of yours: many threads may read, each with its own buffer
///   for (auto batch : batches)
///                       batch after batch, in a buffer of the loop. `batch` is a std::span<const index_type> that is
///                       valid until the next step, and therefore cannot be copied. It converts to a vector:
///                       batches | std::ranges::to<std::vector>() and all.push_back(batch) collect vectors
///
///   draws    the draws<> of an epoch, a shard or another part
///   options  .batch_size >= 1, .last: keep or drop a short last batch
///
/// Needs      batch_size >= 1 -> else std::invalid_argument
/// Edge       batch_size > draws.size(): one short batch, or none with last_batch::drop; no draws: no batches
/// Cost       O(1); iterating keeps one buffer of one batch; read() allocates nothing
///
/// Parallel algorithms can run over batch numbers, because batches may be read in any order:
///
///   std::vector<std::uint64_t> numbers(batches.size());
///   std::iota(numbers.begin(), numbers.end(), 0);
///   std::for_each(std::execution::par, numbers.begin(), numbers.end(), [&](auto b) { use(batches[b]); });
template <class Draws>
class batched_draws {
 public:
  using index_type = typename Draws::index_type;
  using iterator = detail::batch_iterator<batched_draws>;

  batched_draws(Draws draws, batch_options options) : draws_(std::move(draws)), options_(detail::checked(options)) {}

  /// The number of batches.
  [[nodiscard]] std::uint64_t size() const noexcept { return detail::num_batches(draws_.size(), options_); }
  /// Whether there are no batches.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// The number of indices in a full batch.
  [[nodiscard]] std::uint64_t batch_size() const noexcept { return options_.batch_size; }

  /// The size of a buffer that has room for every batch: the number of indices in the largest one.
  [[nodiscard]] std::size_t buffer_size() const noexcept {
    return static_cast<std::size_t>(std::min(options_.batch_size, draws_.size()));
  }

  /// Writes batch b to the front of `buffer` and returns that part. Many threads may call it; it allocates nothing.
  ///
  /// Needs      b < size() -> else std::out_of_range; a buffer with room for batch b -> else std::invalid_argument
  std::span<index_type> read(std::uint64_t b, std::span<index_type> buffer) const {
    std::size_t const count = size_of(b);
    detail::check_read("batched_draws::read", b, size(), buffer.size(), count);
    std::uint64_t const first = b * options_.batch_size;
    draws_.read(first, buffer.first(count));
    return buffer.first(count);
  }

  /// Batch b in a vector of its own. Needs b < size() -> else std::out_of_range.
  [[nodiscard]] std::vector<index_type> operator[](std::uint64_t b) const {
    std::vector<index_type> batch(size_of(b));
    read(b, batch);
    return batch;
  }

  /// Every batch and seat where these batches draw a sample, in order. See draws::find.
  ///
  /// Needs      a sample of the data -> else std::out_of_range
  [[nodiscard]] std::vector<batch_seat> find(std::uint64_t sample) const {
    std::vector<batch_seat> result;
    for (std::uint64_t const position : draws_.take(size() * options_.batch_size).find(sample)) {
      result.push_back({position / options_.batch_size, position % options_.batch_size});
    }
    return result;
  }

  /// 64 random bits that belong to item i of batch b: draws().word(b * batch_size + i). The item has the same bits in
  /// the batches of a rank.
  [[nodiscard]] std::uint64_t word(std::uint64_t b, std::uint64_t i) const noexcept {
    return draws_.word(b * options_.batch_size + i);
  }

  /// The batches without the first n, for a run that was interrupted after n batches. Needs n >= 0 -> else
  /// std::invalid_argument.
  template <whole_number Count>
  [[nodiscard]] batched_draws drop(Count n) const {
    return {draws_.drop(detail::count_within("batched_draws::drop", n, size()) * options_.batch_size), options_};
  }

  /// One rank's part of every batch. Together the ranks have the whole batch. With stratified_batch_sampler and
  /// pk_batch_sampler, every rank has its part of the items of each class: their number divided by world_size, rounded
  /// down or up. With other samplers, a rank has items rank, rank + world_size, ... of every batch.
  ///
  /// Needs      rank < world_size; batch_size divisible by world_size -> else std::invalid_argument
  /// Edge       if the last batch is shorter: with uneven, the first ranks have one more item of it, and the last ranks
  ///            have one batch fewer if it has fewer items than there are ranks; with even, all ranks have the same
  ///            number of its items, and its last items are left out. Stratified batches whose draws end within a
  ///            batch, as after draws().take(n), are divided like those of other samplers
  [[nodiscard]] batched_draws shard(std::uint64_t rank, std::uint64_t world_size,
                                    shard_tail tail = shard_tail::uneven) const {
    detail::check_rank("batched_draws::shard", rank, world_size);
    if (options_.batch_size % world_size != 0) {
      detail::invalid("batched_draws::shard", "a batch has ", detail::counted(options_.batch_size, "item", "items"),
                      " and world_size is ", detail::text(world_size),
                      "; every rank must have equally many of them: make its size a multiple of ",
                      detail::text(world_size));
    }
    auto local =
        draws_.take(size() * options_.batch_size).dealt(world_size, options_.batch_size).shard(rank, world_size, tail);
    return {std::move(local), {.batch_size = options_.batch_size / world_size, .last = options_.last}};
  }

  /// One rank's part of every batch, dealt by the costs of the items, so that all ranks take about the same time. Costs
  /// are, for instance, the lengths of sequences. See batches_by_cost.
  ///
  ///   costs  a number for every index, in a container or span that outlives the result
  ///
  /// Needs      rank < world_size; a finite cost >= 0 for every index -> else std::invalid_argument
  template <detail::cost_range Costs>
  [[nodiscard]] auto shard_by_cost(std::uint64_t rank, std::uint64_t world_size, Costs&& costs) const {
    using number = std::ranges::range_value_t<Costs>;
    return batches_by_cost<batched_draws, number>(*this, rank, world_size, std::span<number const>(costs));
  }

  /// A bound that every index is below.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return draws_.index_bound(); }
  /// The draws that are cut into batches.
  [[nodiscard]] Draws draws() const { return draws_; }

  /// An iterator gives a std::span<const index_type> that cannot be copied and is valid until the iterator moves.
  [[nodiscard]] iterator begin() const { return iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  /// The number of indices in batch b; 0 if there is no such batch.
  [[nodiscard]] std::size_t size_of(std::uint64_t b) const noexcept {
    if (b >= size()) return 0;
    return static_cast<std::size_t>(std::min(options_.batch_size, draws_.size() - b * options_.batch_size));
  }

  Draws draws_;
  batch_options options_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
