// The common part of any_sampler and any_batches: a source whose kind is chosen at run time.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/sampler.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

namespace evendraw::detail {

/// Holds a source of any kind and forwards its answers. Eraser::of() makes an Epoch from an epoch of the source.
template <class Epoch, class Eraser>
class any_source {
 public:
  /// Epoch e of the source inside.
  [[nodiscard]] Epoch epoch(std::uint64_t e) const { return inside_->epoch(e); }

  /// The number of draws or batches in every epoch.
  [[nodiscard]] std::uint64_t epoch_size() const noexcept { return inside_->epoch_size(); }
  /// The number of samples in the data.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return inside_->num_samples(); }
  /// A bound that every index is below.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return inside_->index_bound(); }
  /// The seed of the source inside.
  [[nodiscard]] std::uint64_t seed() const noexcept { return inside_->seed(); }
  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return inside_->fingerprint(); }
  /// The epoch_fingerprint(e) of the source inside, or 0 if it has none.
  [[nodiscard]] std::uint64_t epoch_fingerprint(std::uint64_t e) const { return inside_->epoch_fingerprint(e); }
  /// The share of each class in the draws, by class number; empty if the source inside has no class_shares().
  [[nodiscard]] std::vector<double> class_shares() const { return inside_->class_shares(); }

 protected:
  template <class Source>
  explicit any_source(Source inside) : inside_(share<erased<Source> const>(std::move(inside))) {}

  /// The size of full batches; 0 for a sampler.
  [[nodiscard]] std::uint64_t size_of_batches() const noexcept { return inside_->batch_size(); }

 private:
  class erased_base {
   public:
    erased_base() = default;
    erased_base(erased_base const&) = delete;
    erased_base& operator=(erased_base const&) = delete;
    virtual ~erased_base() = default;

    [[nodiscard]] virtual Epoch epoch(std::uint64_t e) const = 0;
    [[nodiscard]] virtual std::uint64_t epoch_size() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t batch_size() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t num_samples() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t index_bound() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t seed() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t fingerprint() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t epoch_fingerprint(std::uint64_t e) const = 0;
    [[nodiscard]] virtual std::vector<double> class_shares() const = 0;
  };

  template <class Source>
  class erased final : public erased_base {
   public:
    explicit erased(Source inside) : inside_(std::move(inside)) {}

    [[nodiscard]] Epoch epoch(std::uint64_t e) const override { return Eraser::of(inside_.epoch(e)); }
    [[nodiscard]] std::uint64_t epoch_size() const noexcept override { return inside_.epoch_size(); }
    [[nodiscard]] std::uint64_t batch_size() const noexcept override {
      if constexpr (requires { inside_.batch_size(); }) return inside_.batch_size();
      return 0;
    }
    [[nodiscard]] std::uint64_t num_samples() const noexcept override { return inside_.num_samples(); }
    [[nodiscard]] std::uint64_t index_bound() const noexcept override { return inside_.index_bound(); }
    [[nodiscard]] std::uint64_t seed() const noexcept override { return inside_.seed(); }
    [[nodiscard]] std::uint64_t fingerprint() const noexcept override { return inside_.fingerprint(); }
    [[nodiscard]] std::uint64_t epoch_fingerprint(std::uint64_t e) const override {
      return epoch_fingerprint_of(inside_, e);
    }
    [[nodiscard]] std::vector<double> class_shares() const override { return class_shares_of(inside_); }

   private:
    Source inside_;
  };

  shared<erased_base const> inside_;
};

}  // namespace evendraw::detail
