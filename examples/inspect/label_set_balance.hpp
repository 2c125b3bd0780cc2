// Counts the labels in batches of samples with several labels.
#pragma once

#include <evendraw/inspect/batch_balance.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reading/labelled_data.hpp"

namespace inspect {

/// The same as evendraw::batch_balance, for label sets. A draw counts for every label of its sample, so shares may sum
/// to more than 1. The label sets must outlive it.
class label_set_balance {
 public:
  /// `expected` has for each label the share of draws that should have it.
  label_set_balance(label_sets const& sets, std::vector<double> const& expected);

  void add(std::span<std::uint32_t const> batch);

  evendraw::class_balance of_label(std::size_t label) const;
  std::uint64_t num_batches() const { return num_batches_; }
  std::uint64_t num_full_batches() const { return num_full_batches_; }
  std::uint64_t batch_size() const { return batch_size_; }

 private:
  struct presence {
    std::uint64_t batches = 0, fewest = 0, most = 0;
  };

  void count_full_batch(std::span<std::uint32_t const> batch);

  label_sets const& sets_;
  std::vector<evendraw::class_balance> labels_;
  std::vector<presence> in_full_batches_;
  std::vector<std::uint64_t> in_batch_;
  std::vector<std::uint32_t> draws_of_;  // by sample
  std::uint64_t num_batches_ = 0, num_full_batches_ = 0, batch_size_ = 0, num_draws_ = 0;
};

}  // namespace inspect
