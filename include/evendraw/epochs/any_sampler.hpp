// A sampler whose kind is chosen when the program runs.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <utility>

#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/draws.hpp>

namespace evendraw {

namespace detail {

/// An epoch of some sampler.
template <std::unsigned_integral Index>
class any_epoch {
 public:
  any_epoch() = default;
  any_epoch(any_epoch const&) = delete;
  any_epoch& operator=(any_epoch const&) = delete;
  virtual ~any_epoch() = default;

  [[nodiscard]] virtual Index at(std::uint64_t position) const noexcept = 0;
  virtual void read(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept = 0;
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

 private:
  Draws draws_;
};

/// The largest index of a sampler, and one more.
template <sampler Sampler>
std::uint64_t index_bound_of(Sampler const& of) noexcept {
  if constexpr (requires { of.index_bound(); }) {
    return of.index_bound();
  } else {
    return of.num_samples();
  }
}

}  // namespace detail

/// Any sampler with indices of one type: for lists of samplers, and for those that a user chooses at run time. The
/// same indices, words and fingerprint as the sampler that it was made from.
///
///   of  a sampler whose epochs are draws<>
///
/// Cost       an epoch is one allocation; a block that is read costs one virtual call more, and so does a single draw
template <std::unsigned_integral Index = std::uint32_t>
class any_sampler {
 public:
  using index_type = Index;

  template <class Sampler>
  requires(!std::same_as<Sampler, any_sampler>) &&
      std::same_as<typename Sampler::index_type, Index>&& sampler<Sampler> any_sampler(Sampler of)
      : of_(detail::share<erased<Sampler> const>(std::move(of))) {}

  /// One epoch: position -> index, by the sampler inside.
  class core {
   public:
    using index_type = Index;

    explicit core(detail::shared<detail::any_epoch<Index> const> of) noexcept : of_(std::move(of)) {}

    [[nodiscard]] Index at(std::uint64_t position) const noexcept { return of_->at(position); }
    void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
      of_->read(first, stride, out);
    }

   private:
    detail::shared<detail::any_epoch<Index> const> of_;
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const { return of_->epoch(e); }

  /// Draws in every epoch.
  [[nodiscard]] std::uint64_t epoch_size() const noexcept { return of_->epoch_size(); }
  /// Samples of the data.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return of_->num_samples(); }
  /// Every index is below it.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return of_->index_bound(); }
  /// The seed of the sampler inside.
  [[nodiscard]] std::uint64_t seed() const noexcept { return of_->seed(); }
  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return of_->fingerprint(); }

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
  };

  template <class Sampler>
  class erased final : public erased_base {
   public:
    explicit erased(Sampler of) : of_(std::move(of)) {}

    [[nodiscard]] draws<core> epoch(std::uint64_t e) const override {
      auto inside = of_.epoch(e);
      std::uint64_t const size = inside.size(), word_key = inside.word_key();
      return {core(detail::share<detail::epoch_of<decltype(inside)> const>(std::move(inside))), size, word_key};
    }
    [[nodiscard]] std::uint64_t epoch_size() const noexcept override { return of_.epoch_size(); }
    [[nodiscard]] std::uint64_t num_samples() const noexcept override { return of_.num_samples(); }
    [[nodiscard]] std::uint64_t index_bound() const noexcept override { return detail::index_bound_of(of_); }
    [[nodiscard]] std::uint64_t seed() const noexcept override { return of_.seed(); }
    [[nodiscard]] std::uint64_t fingerprint() const noexcept override { return of_.fingerprint(); }

   private:
    Sampler of_;
  };

  detail::shared<erased_base const> of_;
};

template <sampler Sampler>
any_sampler(Sampler) -> any_sampler<typename Sampler::index_type>;

}  // namespace evendraw
