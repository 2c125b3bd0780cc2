// The standard library.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <utility>

#include "discrete_distribution.hpp"
#include "peers.hpp"

namespace benchmark {
namespace {

using index_list = std::vector<std::uint32_t>;

std::uint64_t read_list(index_list const& list, part p) {
  return draw_in_blocks(p.draws, [&](std::uint64_t done, std::span<std::uint32_t> block) {
    std::copy_n(list.begin() + static_cast<std::ptrdiff_t>(done), block.size(), block.begin());
  });
}

template <class Engine>
contestant shuffle(std::string name, std::uint64_t samples) {
  return {.name = std::move(name),
          .build = [samples]() -> drawer {
            index_list list(samples);
            std::iota(list.begin(), list.end(), 0u);
            return [list = std::move(list)](part p) mutable {
              Engine engine(p.seed());
              std::shuffle(list.begin(), list.end(), engine);
              return read_list(list, p);
            };
          },
          .whole_epochs = true};
}

/// Code by hand: the beginning of a Fisher-Yates shuffle of every class, with products instead of divisions, then
/// std::shuffle of the chosen samples.
class balanced_epochs {
 public:
  explicit balanced_epochs(balanced_task const& task) : quotas_(task.quotas), members_(task.quotas.size()) {
    for (std::uint32_t i = 0; i < task.data->size(); ++i) members_[(*task.data)[i]].push_back(i);
  }

  std::uint64_t operator()(part p) {
    xoshiro256pp engine(p.seed());
    taken_.clear();
    for (std::size_t c = 0; c < quotas_.size(); ++c) take(members_[c], quotas_[c], engine);
    std::shuffle(taken_.begin(), taken_.end(), engine);
    return read_list(taken_, p);
  }

 private:
  void take(index_list& members, std::uint64_t quota, xoshiro256pp& engine) {
    for (std::size_t i = 0; i < quota; ++i) {
      std::size_t const other = i + static_cast<std::size_t>(below(engine(), members.size() - i));
      std::swap(members[i], members[other]);
      taken_.push_back(members[i]);
    }
  }

  std::vector<std::uint64_t> quotas_;
  std::vector<index_list> members_;
  index_list taken_;
};

/// Code by hand: the smallest -log(u) / w, sorted. Efraimidis & Spirakis 2006.
class smallest_keys {
 public:
  explicit smallest_keys(weights data) : weights_(std::move(data)), keys_(weights_->size()) {}

  std::uint64_t operator()(part p) {
    xoshiro256pp engine(p.seed());
    for (std::uint32_t i = 0; i < keys_.size(); ++i) {
      keys_[i] = {-std::log(std::ldexp(static_cast<double>(engine() >> 11) + 0.5, -53)) / (*weights_)[i], i};
    }
    auto const end = keys_.begin() + static_cast<std::ptrdiff_t>(p.draws);
    std::nth_element(keys_.begin(), end, keys_.end());
    std::sort(keys_.begin(), end);
    index_list drawn;
    for (auto key = keys_.begin(); key != end; ++key) drawn.push_back(key->second);
    return read_list(drawn, p);
  }

 private:
  weights weights_;
  std::vector<std::pair<double, std::uint32_t>> keys_;
};

}  // namespace

contestant standard_weighted(weights const& data) {
  return discrete_distribution<std::discrete_distribution<std::uint32_t>, xoshiro256pp>("std", data);
}

contestant standard_weighted_mt(weights const& data) {
  return discrete_distribution<std::discrete_distribution<std::uint32_t>, std::mt19937_64>("std mt", data);
}

contestant standard_weighted_once(weights const& data) {
  return {.name = "std", .build = [data]() -> drawer { return smallest_keys(data); }, .whole_epochs = true};
}

contestant standard_shuffle(std::uint64_t samples) { return shuffle<xoshiro256pp>("std", samples); }

contestant standard_shuffle_mt(std::uint64_t samples) { return shuffle<std::mt19937_64>("std mt", samples); }

contestant standard_balanced(balanced_task const& task) {
  return {.name = "std", .build = [task]() -> drawer { return balanced_epochs(task); }, .whole_epochs = true};
}

}  // namespace benchmark
