#include "label_set_balance.hpp"

#include <algorithm>
#include <utility>

namespace inspect {

label_set_balance::label_set_balance(label_sets const& sets, std::vector<double> const& expected)
    : sets_(sets),
      labels_(sets.names.size()),
      in_full_batches_(sets.names.size()),
      in_batch_(sets.names.size()),
      draws_of_(sets.size()) {
  auto const counts = sets.counts();
  for (std::size_t l = 0; l < labels_.size(); ++l) {
    labels_[l].class_size = counts[l];
    labels_[l].expected_share = expected[l];
  }
}

void label_set_balance::add(std::span<std::uint32_t const> batch) {
  for (std::uint32_t const sample : batch) {
    std::uint32_t const draws = ++draws_of_[sample];
    for (std::uint32_t const label : sets_[sample]) {
      auto& balance = labels_[label];
      ++balance.draws;
      balance.unique_samples += draws == 1 ? 1 : 0;
      balance.most_draws = std::max<std::uint64_t>(balance.most_draws, draws);
      ++in_batch_[label];
    }
  }
  ++num_batches_;
  num_draws_ += batch.size();
  count_full_batch(batch);
  for (std::uint32_t const sample : batch) {
    for (std::uint32_t const label : sets_[sample]) in_batch_[label] = 0;
  }
}

void label_set_balance::count_full_batch(std::span<std::uint32_t const> batch) {
  if (batch.size() < batch_size_) return;
  if (batch.size() > batch_size_) {  // those before were not full after all
    num_full_batches_ = 0;
    std::ranges::fill(in_full_batches_, presence{});
  }
  batch_size_ = batch.size();
  ++num_full_batches_;
  for (std::uint32_t const sample : batch) {
    for (std::uint32_t const label : sets_[sample]) {
      std::uint64_t const count = std::exchange(in_batch_[label], 0);
      if (count == 0) continue;  // counted already
      auto& [batches, fewest, most] = in_full_batches_[label];
      fewest = batches == 0 ? count : std::min(fewest, count);
      most = std::max(most, count);
      ++batches;
    }
  }
}

evendraw::class_balance label_set_balance::of_label(std::size_t label) const {
  auto result = labels_[label];
  auto const& [batches, fewest, most] = in_full_batches_[label];
  result.min_per_batch = batches < num_full_batches_ ? 0 : fewest;
  result.max_per_batch = most;
  result.batches_without = num_full_batches_ - batches;
  if (num_draws_ > 0) result.share = static_cast<double>(result.draws) / static_cast<double>(num_draws_);
  return result;
}

}  // namespace inspect
