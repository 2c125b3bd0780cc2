// Draws with replacement, by one weight per sample.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/kernels/words.hpp>
#include <evendraw/weights/alias_table.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

namespace evendraw {

/// Draws sample i with probability weights[i] / sum(weights), independently, with replacement.
///
///   weights  n finite numbers >= 0 of any arithmetic type, one per sample; their sum need not be 1
///   options  .epoch_size draws per epoch (default n), .seed
///
/// Needs      1 <= n <= max of Index (at most 2^32 - 1); no weight negative, NaN or infinite; one positive
///            -> else std::invalid_argument
/// Edge       a sample of weight zero is never drawn; any positive weight can be drawn; epoch_size may exceed n
/// Exact      total variation distance to the law: that of alias_table, which is at most 2^-32 for up to 2^29 weights,
///            plus n / 2^64
/// Cost       O(n) to build, 8 n bytes; O(1) per draw, no memory per epoch
/// Stable     same weights, seed, epoch and position: same index on every platform
/// Source     see alias_table. If weights depend on the class only, inverse_frequency_sampler and
///            target_proportion_sampler need less memory and are faster
template <std::unsigned_integral Index = std::uint32_t>
class multinomial_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  template <detail::weight_range Weights>
  explicit multinomial_sampler(Weights&& weights, sampler_options options = {})
      : multinomial_sampler(alias_table(detail::caller{context}, weights), options) {}

  explicit multinomial_sampler(std::initializer_list<double> weights, sampler_options options = {})
      : multinomial_sampler(std::span(weights.begin(), weights.size()), options) {}

  /// Takes an existing table, for instance one built by several threads: alias_table(weights, {.threads = 8}).
  explicit multinomial_sampler(alias_table table, sampler_options options = {})
      : sampler_base(context, table.size(), options.epoch_size, options.seed) {
    detail::check_index_fits<Index>(context, num_samples());
    table_ = detail::share<alias_table const>(std::move(table));
  }

  /// One epoch: position -> alias slot -> index.
  class core {
   public:
    using index_type = Index;

    core(detail::shared<alias_table const> table, std::uint64_t key) noexcept : table_(std::move(table)), key_(key) {}

    [[nodiscard]] Index at(std::uint64_t position) const noexcept {
      return static_cast<Index>(table_->at(random_word(key_, position)));
    }

    using places = detail::alias_places;
    void find_places(std::uint64_t first, std::uint64_t stride, std::size_t count, places& found,
                     detail::prefetcher& meanwhile) const noexcept {
      meanwhile.rest();
      detail::block_of<std::uint64_t> words;
      detail::make_words(key_, first, stride, count, words);
      table_->find_slots(words, count, found);
    }
    [[nodiscard]] alias_table const& table() const noexcept { return *table_; }

   private:
    detail::shared<alias_table const> table_;
    std::uint64_t key_;
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const {
    return make_draws(core(table_, stream_key(seed(), e, random_stream::draw)), e);
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return make_fingerprint(context, table_->fingerprint()); }

 private:
  static constexpr std::string_view context = "multinomial_sampler";

  detail::shared<alias_table const> table_;
};

}  // namespace evendraw
