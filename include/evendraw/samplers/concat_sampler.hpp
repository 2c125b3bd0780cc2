// Several samplers, one after the other.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/epochs/detail/source_list.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Puts the epochs of several sources one after the other: epoch e is epoch e of the first source, then epoch e of the
/// second, and so on. The indices are those of the concatenated data sets, as in PyTorch's ConcatDataset.
///
///   sources  samplers of any kind with the same index type: {real, synthetic}
///
/// Needs      at least one source; no empty epochs; at most 2^63 - 1 draws an epoch; an Index that can count the
///            samples of all data sets together -> else std::invalid_argument
/// Edge       it takes no seed: seed(), and therefore the words of its draws, depend on all sources and their seeds
/// Cost       building computes the fingerprints of the sources, which takes O(n) for some samplers; epoch(e) begins
///            one epoch of every source; O(1) per draw
/// Stable     same sources, epoch and position: same index on every platform
template <std::unsigned_integral Index = std::uint32_t>
class concat_sampler : public detail::sampler_base {
  struct plan;

 public:
  using index_type = Index;

  explicit concat_sampler(std::vector<any_sampler<Index>> sources)
      : concat_sampler(detail::share<plan const>(std::move(sources))) {}

  /// One epoch: position -> source and position in its epoch -> index.
  class core {
   public:
    using index_type = Index;

    core(detail::shared<plan const> shared_plan, std::uint64_t epoch) : plan_(std::move(shared_plan)) {
      epochs_type epochs;
      for (std::size_t s = 0; s < plan_->sources.size(); ++s) epochs.push_back(plan_->sources[s].epoch(epoch));
      epochs_ = detail::share<epochs_type const>(std::move(epochs));
    }

    [[nodiscard]] Index at(std::uint64_t position) const noexcept {
      std::size_t const s = plan_->positions(position);
      return static_cast<Index>(plan_->sources.first_index(s) + (*epochs_)[s][position - plan_->positions.first(s)]);
    }

    void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
      if (stride != 1) {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = at(first + i * stride);
        return;
      }
      while (!out.empty()) {
        std::size_t const s = plan_->positions(first);
        std::uint64_t const left = plan_->positions.first(s + 1) - first;
        auto const part = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left)));
        detail::read_raised((*epochs_)[s], first - plan_->positions.first(s), plan_->sources.first_index(s), part);
        first += part.size();
        out = out.subspan(part.size());
      }
    }

    [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
      auto const [s, index] = plan_->sources.source_of(sample);
      std::uint64_t const first = plan_->positions.first(s);
      if (first >= end) return {};
      auto result = (*epochs_)[s].take(end - first).find(index);
      for (std::uint64_t& position : result) position += first;
      return result;
    }

   private:
    using epochs_type = std::vector<draws<typename any_sampler<Index>::core>>;

    detail::shared<plan const> plan_;
    detail::shared<epochs_type const> epochs_;
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const { return make_draws(core(plan_, e), e); }

  /// The number of sources.
  [[nodiscard]] std::size_t num_sources() const noexcept { return plan_->sources.size(); }
  /// The number of the source that an index comes from, and the index within that source. Needs index < index_bound()
  /// (asserted).
  [[nodiscard]] detail::source_index<Index> source_of(Index index) const noexcept {
    return plan_->sources.source_of(index);
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint(context, plan_->sources.fingerprint());
  }

  /// A hash of the epoch_fingerprint(e) of the sources; 0 if none has one.
  [[nodiscard]] std::uint64_t epoch_fingerprint(std::uint64_t e) const {
    detail::fingerprint_builder hash("epochs_of_sources");
    std::uint64_t any = 0;
    for (std::size_t s = 0; s < num_sources(); ++s) {
      std::uint64_t const drawn_from = plan_->sources[s].epoch_fingerprint(e);
      any |= drawn_from;
      hash.add(drawn_from);
    }
    return any != 0 ? hash.value() : 0;
  }

 private:
  static constexpr std::string_view context = "concat_sampler";

  struct plan {
    explicit plan(std::vector<any_sampler<Index>> samplers)
        : sources(context, std::move(samplers)), positions(sizes(sources)) {}

    detail::source_list<Index> sources;
    detail::interval_lookup positions;  // the source of each position

   private:
    static std::vector<std::uint64_t> sizes(detail::source_list<Index> const& sources) {
      std::vector<std::uint64_t> result;
      std::uint64_t left = std::numeric_limits<std::int64_t>::max();
      for (std::size_t s = 0; s < sources.size(); ++s) {
        result.push_back(sources.checked_epoch_size(context, s));
        if (result.back() > left) detail::invalid(context, "an epoch of more than 2^63 - 1 draws; leave sources out");
        left -= result.back();
      }
      return result;
    }
  };

  explicit concat_sampler(detail::shared<plan const> shared_plan)
      : sampler_base(context, shared_plan->sources.num_samples(), shared_plan->positions.total(),
                     shared_plan->sources.fingerprint(), shared_plan->sources.index_bound()),
        plan_(std::move(shared_plan)) {}

  detail::shared<plan const> plan_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
