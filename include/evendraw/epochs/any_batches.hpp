// Batches whose kind is chosen at run time.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/detail/any_source.hpp>
#include <evendraw/epochs/detail/batch_in_place.hpp>
#include <evendraw/epochs/sampler.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// The batches of an epoch of any kind, or a part of them: see batched_draws.
template <std::unsigned_integral Index>
class any_batches_epoch {
 public:
  using index_type = Index;
  using iterator = batch_iterator<any_batches_epoch>;

  /// Makes it from an epoch of a particular kind.
  template <class Epoch>
  [[nodiscard]] static any_batches_epoch of(Epoch epoch) {
    return any_batches_epoch(erase(std::move(epoch)));
  }

  /// The number of batches.
  [[nodiscard]] std::uint64_t size() const noexcept { return inside_->size(); }
  /// Whether there are no batches.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The number of indices in a full batch.
  [[nodiscard]] std::uint64_t batch_size() const noexcept { return inside_->batch_size(); }
  /// The size of a buffer that has room for every batch.
  [[nodiscard]] std::size_t buffer_size() const noexcept { return inside_->buffer_size(); }

  /// Writes batch b to the front of `buffer` and returns that part, as batched_draws::read does.
  std::span<Index> read(std::uint64_t b, std::span<Index> buffer) const {
    return buffer.first(inside_->read(b, buffer));
  }
  /// Batch b in a vector of its own. Needs b < size() -> else std::out_of_range.
  [[nodiscard]] std::vector<Index> operator[](std::uint64_t b) const {
    std::vector<Index> batch(buffer_size());
    batch.resize(read(b, batch).size());
    return batch;
  }
  /// Every batch and seat where these batches draw a sample, in order.
  [[nodiscard]] std::vector<batch_seat> find(std::uint64_t sample) const { return inside_->find(sample); }
  /// 64 random bits that belong to item i of batch b.
  [[nodiscard]] std::uint64_t word(std::uint64_t b, std::uint64_t i) const { return inside_->word(b, i); }

  /// The batches without the first n.
  [[nodiscard]] any_batches_epoch drop(std::uint64_t n) const { return any_batches_epoch(inside_->drop(n)); }
  /// One rank's part of every batch.
  [[nodiscard]] any_batches_epoch shard(std::uint64_t rank, std::uint64_t world_size,
                                        shard_tail tail = shard_tail::uneven) const {
    return any_batches_epoch(inside_->shard(rank, world_size, tail));
  }

  /// Iterates over the batches, as batched_draws does.
  [[nodiscard]] iterator begin() const { return iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  class base {
   public:
    base() = default;
    base(base const&) = delete;
    base& operator=(base const&) = delete;
    virtual ~base() = default;

    [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t batch_size() const noexcept = 0;
    [[nodiscard]] virtual std::size_t buffer_size() const noexcept = 0;
    virtual std::size_t read(std::uint64_t b, std::span<Index> buffer) const = 0;
    [[nodiscard]] virtual std::vector<batch_seat> find(std::uint64_t sample) const = 0;
    [[nodiscard]] virtual std::uint64_t word(std::uint64_t b, std::uint64_t i) const = 0;
    [[nodiscard]] virtual shared<base const> drop(std::uint64_t n) const = 0;
    [[nodiscard]] virtual shared<base const> shard(std::uint64_t rank, std::uint64_t world_size,
                                                   shard_tail tail) const = 0;
  };

  template <class Epoch>
  class erased final : public base {
   public:
    explicit erased(Epoch inside) : inside_(std::move(inside)) {}

    [[nodiscard]] std::uint64_t size() const noexcept override { return inside_.size(); }
    [[nodiscard]] std::uint64_t batch_size() const noexcept override { return inside_.batch_size(); }
    [[nodiscard]] std::size_t buffer_size() const noexcept override { return inside_.buffer_size(); }
    std::size_t read(std::uint64_t b, std::span<Index> buffer) const override {
      return std::span<Index const>(inside_.read(b, buffer)).size();
    }
    [[nodiscard]] std::vector<batch_seat> find(std::uint64_t sample) const override {
      if constexpr (requires { inside_.find(sample); }) {
        return inside_.find(sample);
      } else {
        return scan(sample);
      }
    }
    [[nodiscard]] std::uint64_t word(std::uint64_t b, std::uint64_t i) const override { return inside_.word(b, i); }
    [[nodiscard]] shared<base const> drop(std::uint64_t n) const override { return erase(inside_.drop(n)); }
    [[nodiscard]] shared<base const> shard(std::uint64_t rank, std::uint64_t world_size,
                                           shard_tail tail) const override {
      return erase(inside_.shard(rank, world_size, tail));
    }

   private:
    [[nodiscard]] std::vector<batch_seat> scan(std::uint64_t sample) const {
      std::vector<batch_seat> result;
      std::vector<Index> batch(buffer_size());
      for (std::uint64_t b = 0; b < size(); ++b) {
        std::size_t const count = read(b, batch);
        for (std::size_t i = 0; i < count; ++i) {
          if (batch[i] == sample) result.push_back({b, i});
        }
      }
      return result;
    }

    Epoch inside_;
  };

  template <class Epoch>
  static shared<base const> erase(Epoch epoch) {
    return share<erased<Epoch> const>(std::move(epoch));
  }

  explicit any_batches_epoch(shared<base const> inside) noexcept : inside_(std::move(inside)) {}

  shared<base const> inside_;
};

}  // namespace detail

/// Holds any source of batches with this index type: batch_sampler, stratified_batch_sampler, pk_batch_sampler and
/// others, or your own. It has the same batches, words and fingerprint as the source inside.
///
///   inside  a batch_source
///
/// Cost       one allocation per epoch, and per part of it; one virtual call per batch
template <std::unsigned_integral Index = std::uint32_t>
class any_batches : public detail::any_source<detail::any_batches_epoch<Index>, detail::any_batches_epoch<Index>> {
  using any_source = detail::any_source<detail::any_batches_epoch<Index>, detail::any_batches_epoch<Index>>;

 public:
  using index_type = Index;
  using epoch_type = detail::any_batches_epoch<Index>;

  template <class Source>
  requires(!std::same_as<Source, any_batches>) &&
      std::same_as<typename Source::index_type, Index>&& batch_source<Source> any_batches(Source inside)
      : any_source(std::move(inside)) {}

  /// The number of items in a full batch.
  [[nodiscard]] std::uint64_t batch_size() const noexcept { return this->size_of_batches(); }
};

template <batch_source Source>
any_batches(Source) -> any_batches<typename Source::index_type>;

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
