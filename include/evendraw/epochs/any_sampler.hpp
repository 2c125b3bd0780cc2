// A sampler whose kind is chosen at run time.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/any_source.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/epochs/sampler.hpp>

namespace evendraw {

namespace detail {

/// An epoch of a sampler of any kind.
template <std::unsigned_integral Index>
class any_epoch {
 public:
  any_epoch() = default;
  any_epoch(any_epoch const&) = delete;
  any_epoch& operator=(any_epoch const&) = delete;
  virtual ~any_epoch() = default;

  [[nodiscard]] virtual Index at(std::uint64_t position) const noexcept = 0;
  virtual void read(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept = 0;
  [[nodiscard]] virtual std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const = 0;
};

template <class Draws>
class epoch_of final : public any_epoch<typename Draws::index_type> {
 public:
  using index_type = typename Draws::index_type;

  explicit epoch_of(Draws draws) : draws_(std::move(draws)) {}

  [[nodiscard]] index_type at(std::uint64_t position) const noexcept override { return draws_[position]; }
  void read(std::uint64_t first, std::uint64_t stride, std::span<index_type> out) const noexcept override {
    if (stride == 1) {
      draws_.read(first, out);
    } else {
      draws_.drop(first).shard(0, stride).read(0, out);
    }
  }
  [[nodiscard]] std::vector<std::uint64_t> find(index_type sample, std::uint64_t end) const override {
    return draws_.take(end).find(sample);
  }

 private:
  Draws draws_;
};

/// One epoch of any sampler: position -> index, by the sampler inside.
template <std::unsigned_integral Index>
class any_core {
 public:
  using index_type = Index;

  explicit any_core(shared<any_epoch<Index> const> epoch) noexcept : epoch_(std::move(epoch)) {}

  /// Makes it from an epoch of a particular sampler.
  template <class Draws>
  [[nodiscard]] static auto of(Draws drawn) {
    std::uint64_t const size = drawn.size(), word_key = drawn.word_key(), bound = drawn.index_bound();
    return draws<any_core>(any_core(share<epoch_of<Draws> const>(std::move(drawn))), size, word_key, bound);
  }

  [[nodiscard]] Index at(std::uint64_t position) const noexcept { return epoch_->at(position); }
  void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
    epoch_->read(first, stride, out);
  }
  [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
    return epoch_->find(sample, end);
  }

 private:
  shared<any_epoch<Index> const> epoch_;
};

}  // namespace detail

/// Holds any sampler with this index type, for lists of samplers and for a choice at run time. It has the same
/// indices, words and fingerprint as the sampler inside.
///
///   inside  a sampler whose epochs are draws<>
///
/// Cost       one allocation per epoch; one extra virtual call per block that is read, or per single draw
template <std::unsigned_integral Index = std::uint32_t>
class any_sampler : public detail::any_source<draws<detail::any_core<Index>>, detail::any_core<Index>> {
  using any_source = detail::any_source<draws<detail::any_core<Index>>, detail::any_core<Index>>;

 public:
  using index_type = Index;
  using core = detail::any_core<Index>;

  template <class Sampler>
  requires(!std::same_as<Sampler, any_sampler>) &&
      std::same_as<typename Sampler::index_type, Index>&& sampler<Sampler> any_sampler(Sampler inside)
      : any_source(std::move(inside)) {}

  template <class Sampler, class Missing = detail::a_sampler_needs_index_bound>
  requires(!std::same_as<Sampler, any_sampler>) &&
      std::same_as<typename Sampler::index_type, Index>&& detail::sampler_of_draws<Sampler> &&
      (!detail::has_index_bound<Sampler>)any_sampler(Sampler) = delete;
};

template <sampler Sampler>
any_sampler(Sampler) -> any_sampler<typename Sampler::index_type>;

}  // namespace evendraw
