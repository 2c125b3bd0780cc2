// Prioritised replay as libraries do it: a binary tree of sums of doubles.
#include <algorithm>
#include <bit>
#include <cmath>

#include "peers.hpp"

namespace benchmark {
namespace {

class sum_tree {
 public:
  explicit sum_tree(std::vector<double> const& weights)
      : leaves_(std::bit_ceil(weights.size())), last_(weights.size() - 1), sums_(2 * leaves_) {
    std::ranges::copy(weights, sums_.begin() + static_cast<std::ptrdiff_t>(leaves_));
    for (std::size_t i = leaves_ - 1; i > 0; --i) sums_[i] = sums_[2 * i] + sums_[2 * i + 1];
  }

  std::uint32_t draw(xoshiro256pp& engine) const {
    double point = std::ldexp(static_cast<double>(engine() >> 11), -53) * sums_[1];
    std::size_t node = 1;
    while (node < leaves_) {
      node *= 2;
      if (point >= sums_[node]) point -= sums_[node++];
    }
    return static_cast<std::uint32_t>(std::min(node - leaves_, last_));
  }

  void set(std::uint32_t i, double weight) {
    std::size_t node = leaves_ + i;
    for (double const change = weight - sums_[node]; node > 0; node /= 2) sums_[node] += change;
  }

 private:
  std::size_t leaves_;
  std::size_t last_;
  std::vector<double> sums_;  // of the children 2 i and 2 i + 1
};

}  // namespace

std::vector<double> new_weights(std::vector<double> const& data, std::span<std::uint32_t const> batch,
                                std::uint64_t done) {
  std::vector<double> result;
  for (std::uint32_t const index : batch)
    result.push_back(data[static_cast<std::size_t>((index + done) % data.size())]);
  return result;
}

contestant sum_tree_draws(weights const& data) {
  return {.name = "tree",
          .build = [data]() -> drawer {
            return [tree = sum_tree(*data)](part p) {
              xoshiro256pp engine(p.seed());
              return draw_in_blocks(p.draws, [&](std::uint64_t, std::span<std::uint32_t> block) {
                for (std::uint32_t& index : block) index = tree.draw(engine);
              });
            };
          },
          .whole_epochs = true};
}

contestant sum_tree_updates(weights const& data) {
  return {.name = "tree",
          .build = [data]() -> drawer {
            return [data, tree = sum_tree(*data)](part p) mutable {
              xoshiro256pp engine(p.seed());
              return draw_in_blocks(p.draws, [&](std::uint64_t done, std::span<std::uint32_t> block) {
                for (std::size_t i = 0; i < block.size(); i += replay_batch) {
                  auto const batch = block.subspan(i, std::min(replay_batch, block.size() - i));
                  for (std::uint32_t& index : batch) index = tree.draw(engine);
                  auto const set = new_weights(*data, batch, done);
                  for (std::size_t k = 0; k < batch.size(); ++k) tree.set(batch[k], set[k]);
                }
              });
            };
          },
          .whole_epochs = true};
}

}  // namespace benchmark
