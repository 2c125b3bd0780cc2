// Where the samples of a batch come from: blocks of shards that a thread reads ahead, or shards as they are asked for.
#pragma once

#include <evendraw/samplers/shard_sampler.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "files.hpp"
#include "store.hpp"

namespace shards {

struct sample {
  std::uint32_t in_class;
  std::span<float const> features;
};

inline sample sample_of(held_records const& held, std::uint64_t record) {
  auto const place = static_cast<std::size_t>(record);
  return {held->classes[place], held->features_of(place)};
}

/// The shards of the current block. Meanwhile a thread reads those of the next block. At most two blocks are in memory,
/// and the samples of resident classes.
class block_loader {
 public:
  /// Epochs from `last_epoch` on are not read ahead.
  block_loader(store const& data, evendraw::shard_sampler<> sampler, std::uint64_t last_epoch, traffic& counted)
      : data_(data), sampler_(std::move(sampler)), last_epoch_(last_epoch), counted_(counted) {
    load_residents();
  }

  /// Makes the samples at some positions of an epoch available. Positions never go down.
  void need(std::uint64_t epoch, std::uint64_t first, std::uint64_t end) {
    if (blocks_.empty()) begin(epoch, first);
    while (!blocks_.empty() && blocks_.front().is_before(epoch, first)) blocks_.pop_front();
    while (blocks_.empty() || blocks_.back().is_before(epoch, end)) blocks_.push_back(next());
    if (blocks_.size() == 1 && !ahead_.valid()) read_ahead();
  }

  sample get(std::uint32_t index) const {
    if (auto const found = residents_.find(index); found != residents_.end())
      return sample_of(*resident_records_, found->second);
    std::uint64_t const shard = sampler_.shard_of(index);
    for (auto const& block : blocks_) {
      if (auto const found = block.shards.find(shard); found != block.shards.end()) {
        return sample_of(*found->second, index - data_.classes().first_sample(shard));
      }
    }
    throw std::logic_error("a sample of a shard that is in none of the blocks");
  }

 private:
  struct loaded_block {
    std::uint64_t epoch, end;  // end: the position after its last one
    std::map<std::uint64_t, std::unique_ptr<held_records>> shards;

    bool is_before(std::uint64_t other_epoch, std::uint64_t position) const {
      return epoch < other_epoch || (epoch == other_epoch && end < position);
    }
  };

  void begin(std::uint64_t epoch, std::uint64_t position) {
    epoch_ = epoch;
    plan_ = sampler_.blocks(epoch);
    number_ = 0;
    while (plan_[number_].first_position + plan_[number_].size <= position) ++number_;
    read_ahead();
  }

  /// The block that was read ahead.
  loaded_block next() {
    if (!ahead_.valid()) read_ahead();
    return ahead_.get();
  }

  void read_ahead() {
    if (number_ == plan_.size()) {
      if (epoch_ + 1 == last_epoch_) return;
      plan_ = sampler_.blocks(++epoch_);
      number_ = 0;
    }
    ahead_ = std::async(std::launch::async, [this, block = plan_[number_], epoch = epoch_] {
      loaded_block result{epoch, block.first_position + block.size, {}};
      for (auto const shard : block.shards) {
        result.shards[shard] = std::make_unique<held_records>(data_.read(shard, counted_), counted_);
      }
      return result;
    });
    ++number_;
  }

  void load_residents() {
    records kept{.num_features = data_.num_features()};
    std::uint64_t shard = ~std::uint64_t{0};
    records open;
    for (auto const index : sampler_.resident_samples()) {
      if (sampler_.shard_of(index) != shard) {
        shard = sampler_.shard_of(index);
        open = data_.read(static_cast<std::size_t>(shard), counted_);
      }
      auto const record = static_cast<std::size_t>(index - data_.classes().first_sample(shard));
      residents_[index] = kept.classes.size();
      kept.classes.push_back(open.classes[record]);
      auto const features = open.features_of(record);
      kept.features.insert(kept.features.end(), features.begin(), features.end());
    }
    if (!residents_.empty()) resident_records_ = std::make_unique<held_records>(std::move(kept), counted_);
  }

  store const& data_;
  evendraw::shard_sampler<> sampler_;
  std::uint64_t last_epoch_;
  traffic& counted_;
  std::unordered_map<std::uint32_t, std::size_t> residents_;
  std::unique_ptr<held_records> resident_records_;
  std::uint64_t epoch_ = 0;
  std::vector<evendraw::shard_sampler<>::block> plan_;  // of epoch_
  std::size_t number_ = 0;                              // the number of the next block to read
  std::deque<loaded_block> blocks_;
  std::future<loaded_block> ahead_;
};

/// For any order of samples. Reads a shard when one of its samples is needed, and keeps the most recently used shards.
class shard_loader {
 public:
  shard_loader(store const& data, std::size_t most_shards, traffic& counted)
      : data_(data), most_shards_(most_shards), counted_(counted) {}

  void need(std::uint64_t, std::uint64_t, std::uint64_t) {}

  sample get(std::uint32_t index) {
    std::size_t const shard = shard_of(index);
    auto found = shards_.begin();
    while (found != shards_.end() && found->first != shard) ++found;
    if (found == shards_.end()) {
      if (shards_.size() == most_shards_) shards_.pop_back();
      shards_.emplace_front(shard, std::make_unique<held_records>(data_.read(shard, counted_), counted_));
    } else {
      shards_.splice(shards_.begin(), shards_, found);
    }
    return sample_of(*shards_.front().second, index - data_.classes().first_sample(shard));
  }

 private:
  std::size_t shard_of(std::uint64_t index) const {
    std::size_t shard = 0;
    while (data_.classes().first_sample(shard + 1) <= index) ++shard;
    return shard;
  }

  store const& data_;
  std::size_t most_shards_;
  traffic& counted_;
  std::list<std::pair<std::size_t, std::unique_ptr<held_records>>> shards_;  // the most recently used shard comes first
};

}  // namespace shards
