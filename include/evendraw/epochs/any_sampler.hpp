// A sampler whose kind is chosen when the program runs.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/epochs/sampler.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

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

}  // namespace detail

/// Holds any sampler with indices of one type, for lists of samplers and for a choice at run time. It has the same
/// indices, words and fingerprint as the sampler inside.
///
///   inside  a sampler whose epochs are draws<>
///
/// Cost       one allocation per epoch; one extra virtual call per block that is read, or per single draw
template <std::unsigned_integral Index = std::uint32_t>
class any_sampler {
 public:
  using index_type = Index;

  template <class Sampler>
  requires(!std::same_as<Sampler, any_sampler>) &&
      std::same_as<typename Sampler::index_type, Index>&& sampler<Sampler> any_sampler(Sampler inside)
      : inside_(detail::share<erased<Sampler> const>(std::move(inside))) {}

  template <class Sampler, class Missing = detail::a_sampler_needs_index_bound>
  requires(!std::same_as<Sampler, any_sampler>) &&
      std::same_as<typename Sampler::index_type, Index>&& detail::sampler_of_draws<Sampler> &&
      (!detail::has_index_bound<Sampler>)any_sampler(Sampler) = delete;

  /// One epoch: position -> index, by the sampler inside.
  class core {
   public:
    using index_type = Index;

    explicit core(detail::shared<detail::any_epoch<Index> const> epoch) noexcept : epoch_(std::move(epoch)) {}

    [[nodiscard]] Index at(std::uint64_t position) const noexcept { return epoch_->at(position); }
    void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
      epoch_->read(first, stride, out);
    }
    [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
      return epoch_->find(sample, end);
    }

   private:
    detail::shared<detail::any_epoch<Index> const> epoch_;
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const { return inside_->epoch(e); }

  /// The number of draws in every epoch.
  [[nodiscard]] std::uint64_t epoch_size() const noexcept { return inside_->epoch_size(); }
  /// The number of samples in the data.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return inside_->num_samples(); }
  /// Every index is below it.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return inside_->index_bound(); }
  /// The seed of the sampler inside.
  [[nodiscard]] std::uint64_t seed() const noexcept { return inside_->seed(); }
  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return inside_->fingerprint(); }
  /// The epoch_fingerprint(e) of the sampler inside, or 0 if it has none.
  [[nodiscard]] std::uint64_t epoch_fingerprint(std::uint64_t e) const { return inside_->epoch_fingerprint(e); }
  /// The share of each class in the draws, by class number; empty if the sampler inside has no class_shares().
  [[nodiscard]] std::vector<double> class_shares() const { return inside_->class_shares(); }

 private:
  class erased_base {
   public:
    erased_base() = default;
    erased_base(erased_base const&) = delete;
    erased_base& operator=(erased_base const&) = delete;
    virtual ~erased_base() = default;

    [[nodiscard]] virtual draws<core> epoch(std::uint64_t e) const = 0;
    [[nodiscard]] virtual std::uint64_t epoch_size() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t num_samples() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t index_bound() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t seed() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t fingerprint() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t epoch_fingerprint(std::uint64_t e) const = 0;
    [[nodiscard]] virtual std::vector<double> class_shares() const = 0;
  };

  template <class Sampler>
  class erased final : public erased_base {
   public:
    explicit erased(Sampler inside) : inside_(std::move(inside)) {}

    [[nodiscard]] draws<core> epoch(std::uint64_t e) const override {
      auto drawn = inside_.epoch(e);
      std::uint64_t const size = drawn.size(), word_key = drawn.word_key(), bound = drawn.index_bound();
      return {core(detail::share<detail::epoch_of<decltype(drawn)> const>(std::move(drawn))), size, word_key, bound};
    }
    [[nodiscard]] std::uint64_t epoch_size() const noexcept override { return inside_.epoch_size(); }
    [[nodiscard]] std::uint64_t num_samples() const noexcept override { return inside_.num_samples(); }
    [[nodiscard]] std::uint64_t index_bound() const noexcept override { return inside_.index_bound(); }
    [[nodiscard]] std::uint64_t seed() const noexcept override { return inside_.seed(); }
    [[nodiscard]] std::uint64_t fingerprint() const noexcept override { return inside_.fingerprint(); }
    [[nodiscard]] std::uint64_t epoch_fingerprint(std::uint64_t e) const override {
      return detail::epoch_fingerprint_of(inside_, e);
    }
    [[nodiscard]] std::vector<double> class_shares() const override { return detail::class_shares_of(inside_); }

   private:
    Sampler inside_;
  };

  detail::shared<erased_base const> inside_;
};

template <sampler Sampler>
any_sampler(Sampler) -> any_sampler<typename Sampler::index_type>;

}  // namespace evendraw
