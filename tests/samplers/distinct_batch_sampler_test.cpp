#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/epochs/any_batches.hpp>
#include <evendraw/epochs/cursor.hpp>
#include <evendraw/epochs/sampler.hpp>
#include <evendraw/epochs/uses.hpp>
#include <evendraw/samplers/distinct_batch_sampler.hpp>

namespace distinct_batch_sampler_test {

using evendraw::class_index;
using evendraw::distinct_batch_sampler;
using groups_of_samples = std::vector<int>;
using batch_list = std::vector<std::vector<std::uint32_t>>;

namespace {

batch_list all_batches(auto const& batches) {
  batch_list result;
  for (auto const& batch : batches) result.emplace_back(batch.begin(), batch.end());
  return result;
}

/// The pairs of samples of one group that share a batch.
int collisions(batch_list const& batches, groups_of_samples const& groups) {
  int result = 0;
  for (auto const& batch : batches) {
    std::map<int, int> seen;
    for (auto const i : batch) result += seen[groups.at(i)]++;
  }
  return result;
}

/// Whether every sample comes once, and the M batches have n / M samples, the first ones rounded up and the others down.
bool is_partition(batch_list const& batches, std::size_t n, std::uint64_t batch_size) {
  std::uint64_t const m = (n + batch_size - 1) / batch_size;
  std::set<std::uint32_t> seen;
  for (std::size_t b = 0; b < batches.size(); ++b) {
    if (batches[b].size() != n / m + (b < n % m ? 1 : 0)) return false;
    seen.insert(batches[b].begin(), batches[b].end());
  }
  return batches.size() == m && seen.size() == n && *seen.rbegin() == n - 1;
}

groups_of_samples made_groups(std::vector<std::size_t> const& sizes) {
  groups_of_samples result;
  for (std::size_t g = 0; g < sizes.size(); ++g) result.insert(result.end(), sizes[g], static_cast<int>(g));
  return result;
}

/// A wrong twin: it deals the list to layers in independent orders, without repairs.
batch_list without_repair(std::vector<std::size_t> const& sizes, std::uint64_t m, std::uint64_t seed) {
  batch_list result(m);
  std::uint32_t item = 0;
  for (std::size_t const size : sizes) {
    for (std::size_t j = 0; j < size; ++j, ++item) {
      result[evendraw::permutation(m, seed + item / m)(item % m)].push_back(item);
    }
  }
  return result;
}

groups_of_samples heavy_tailed(std::size_t num_groups, std::uint64_t seed) {
  std::vector<std::size_t> sizes;
  for (std::size_t g = 0; g < num_groups; ++g) {
    double const u = (static_cast<double>(evendraw::random_word(seed, g) >> 11) + 1) * 0x1p-53;
    sizes.push_back(std::min<std::size_t>(static_cast<std::size_t>(std::pow(u, -0.7)), num_groups / 15));
  }
  auto result = made_groups(sizes);
  for (std::size_t i = result.size(); i > 1; --i)
    std::swap(result[i - 1], result[evendraw::random_word(seed + 1, i) % i]);
  return result;
}

}  // namespace

TEST_CASE("No batch has two samples of a group, for all small sizes", "[distinct_batch_sampler]") {
  int wrong = 0, checked = 0, twin = 0, refused_wrongly = 0;
  for (std::size_t n = 1; n <= 60; ++n) {
    for (std::uint64_t shape = 0; shape < 6; ++shape) {
      std::vector<std::size_t> sizes;
      for (std::size_t left = n, k = 0; left > 0; ++k) {
        std::size_t const most = shape == 0   ? 1
                                 : shape == 1 ? 2
                                 : shape == 2 ? n
                                 : shape == 3 ? 5
                                 : shape == 4 ? n / 3 + 1
                                              : 12;
        sizes.push_back(std::min<std::size_t>(left, 1 + evendraw::random_word(n, 10 * k + shape) % most));
        left -= sizes.back();
      }
      auto const groups = made_groups(sizes);
      std::size_t const largest = *std::ranges::max_element(sizes);
      for (std::uint64_t size = 1; size <= n + 1; ++size) {
        std::uint64_t const m = (n + size - 1) / size;
        if (largest > m) {
          bool refused = false;
          try {
            distinct_batch_sampler(groups, {.batch_size = size});
          } catch (std::invalid_argument const&) {
            refused = true;
          }
          refused_wrongly += !refused;
          continue;
        }
        distinct_batch_sampler const sampler(groups, {.batch_size = size, .seed = n + shape});
        for (std::uint64_t e = 0; e < 3; ++e) {
          auto const batches = all_batches(sampler.epoch(e));
          wrong += collisions(batches, groups) != 0 || !is_partition(batches, n, size);
          ++checked;
        }
        twin += collisions(without_repair(sizes, m, size), groups) > 0 ? 1 : 0;
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(refused_wrongly == 0);
  CHECK(checked > 10'000);
  CHECK(twin > 1'000);
}

TEST_CASE("No batch has two samples of a group, for data with many groups", "[distinct_batch_sampler]") {
  auto const groups = heavy_tailed(3'000, 1);
  std::size_t const n = groups.size();
  for (std::uint64_t const size : {2u, 8u, 32u}) {
    distinct_batch_sampler const sampler(groups, {.batch_size = size, .seed = 4});
    std::uint64_t total = 0;
    for (std::uint64_t e = 0; e < 20; ++e) {
      auto const batches = all_batches(sampler.epoch(e));
      CHECK(collisions(batches, groups) == 0);
      CHECK(is_partition(batches, n, size));
      total += batches.size();
    }
    CHECK(total == 20 * sampler.epoch_size());
  }
  // Most groups have a sample in nearly every batch, so each layer keeps the order of the one before.
  auto const large = made_groups({100, 99, 98, 100, 97, 100, 100, 3});
  distinct_batch_sampler const full(large, {.batch_size = 7, .seed = 4});
  CHECK(full.epoch_size() == 100);
  for (std::uint64_t e = 0; e < 200; ++e) CHECK(collisions(all_batches(full.epoch(e)), large) == 0);
}

TEST_CASE("Two groups meet about as often as in random batches", "[distinct_batch_sampler][statistical]") {
  std::vector<std::size_t> sizes(40);
  for (std::size_t g = 0; g < sizes.size(); ++g) sizes[g] = 1 + g % 6;
  auto const groups = made_groups(sizes);
  std::size_t const n = groups.size();  // 136
  std::uint64_t const epochs = 4'000, size = 8, m = (n + size - 1) / size;
  auto const spread = [&](auto batches_of) {
    std::vector<std::vector<double>> met(40, std::vector<double>(40));
    double pairs = 0;
    for (std::uint64_t e = 0; e < epochs; ++e) {
      batch_list const batches = batches_of(e);
      for (auto const& batch : batches) {
        for (std::size_t i = 0; i < batch.size(); ++i) {
          for (std::size_t j = 0; j < i; ++j) {
            auto const a = static_cast<std::size_t>(groups[batch[i]]), b = static_cast<std::size_t>(groups[batch[j]]);
            ++met[std::max(a, b)][std::min(a, b)];
            pairs += a != b ? 1 : 0;
          }
        }
      }
    }
    double different = 0;  // pairs of samples of different groups
    for (std::size_t a = 0; a < 40; ++a) {
      for (std::size_t b = 0; b < a; ++b) different += static_cast<double>(sizes[a] * sizes[b]);
    }
    double sum = 0, cells = 0;
    for (std::size_t a = 0; a < 40; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        double const expected = pairs * static_cast<double>(sizes[a] * sizes[b]) / different;
        sum += (met[a][b] - expected) * (met[a][b] - expected) / expected;
        ++cells;
      }
    }
    return sum / cells;  // about 1 if meetings are independent and equally likely
  };
  distinct_batch_sampler const sampler(groups, {.batch_size = size, .seed = 9});
  CHECK(spread([&](std::uint64_t e) { return all_batches(sampler.epoch(e)); }) < 3);
  CHECK(spread([&](std::uint64_t) {  // the twin: plain dealing, groups in their order
          batch_list result(m);
          for (std::uint32_t i = 0; i < n; ++i) result[i % m].push_back(i);
          return result;
        }) > 100);
}

TEST_CASE("Every sample comes equally often to every batch, and to every seat",
          "[distinct_batch_sampler][statistical]") {
  auto const groups = made_groups({3, 1, 1, 2, 2, 1, 3, 2, 1, 4});  // 20 samples
  distinct_batch_sampler const sampler(groups, {.batch_size = 4, .seed = 2});
  std::vector<std::vector<std::uint64_t>> in_batch(20, std::vector<std::uint64_t>(5));
  std::vector<std::vector<std::uint64_t>> in_seat(20, std::vector<std::uint64_t>(4)), in_sorted_seat = in_seat;
  std::set<batch_list> different;
  for (std::uint64_t e = 0; e < 20'000; ++e) {
    auto batches = all_batches(sampler.epoch(e));
    if (e < 200) different.insert(batches);
    for (std::size_t b = 0; b < 5; ++b) {
      for (auto const i : batches[b]) ++in_batch[i][b];
      for (std::size_t seat = 0; seat < 4; ++seat) ++in_seat[batches[b][seat]][seat];
      std::ranges::sort(batches[b]);
      for (std::size_t seat = 0; seat < 4; ++seat) ++in_sorted_seat[batches[b][seat]][seat];
    }
  }
  CHECK(different.size() == 200);
  double most = 0;
  for (auto const& row : in_batch) {
    for (auto const count : row) most = std::max(most, std::fabs(static_cast<double>(count) - 4'000));
  }
  CHECK(most < 7 * std::sqrt(20'000 * 0.2 * 0.8));
  auto const least = [](auto const& counts) {
    std::uint64_t result = counts[0][0];
    for (auto const& row : counts) result = std::min(result, std::ranges::min(row));
    return result;
  };
  CHECK(least(in_seat) > 4'000);      // about 5,000 each: repairs favour some seats a little
  CHECK(least(in_sorted_seat) == 0);  // the twin: batches in the order of the data
}

TEST_CASE("find() of distinct batches equals a scan", "[distinct_batch_sampler]") {
  auto const scattered = heavy_tailed(60, 3);
  std::vector<std::uint32_t> odd;
  for (std::uint32_t i = 1; i < scattered.size(); i += 2) odd.push_back(i);
  int wrong = 0, found = 0;
  auto const compare = [&](auto const& batches, std::uint64_t bound) {
    std::map<std::uint32_t, evendraw::batch_seat> scan;
    for (std::uint64_t b = 0; b < batches.size(); ++b) {
      auto const batch = batches[b];
      for (std::size_t i = 0; i < batch.size(); ++i) scan[batch[i]] = {b, i};
    }
    for (std::uint32_t sample = 0; sample < bound; ++sample) {
      auto const seats = batches.find(sample);
      auto const expected = scan.find(sample);
      wrong += expected == scan.end() ? !seats.empty() : seats != std::vector{expected->second};
      found += !seats.empty();
    }
  };
  for (auto const& index :
       {class_index(scattered), class_index(made_groups({5, 9, 9, 2, 8, 30, 1, 1})), class_index(scattered, odd)}) {
    std::uint64_t const largest = *std::ranges::max_element(index.counts());
    std::uint64_t const size =
        std::max<std::uint64_t>((index.num_samples() - 1) / std::max<std::uint64_t>(largest - 1, 1), 1);
    distinct_batch_sampler const sampler(index, {.batch_size = size, .seed = 1});
    for (std::uint64_t e = 0; e < 4; ++e) {
      compare(sampler.epoch(e), index.index_bound());
      compare(sampler.epoch(e).drop(3), index.index_bound());
      compare(sampler.epoch(e).shard(1, 2), index.index_bound());
      compare(sampler.epoch(e).shard(0, 3, evendraw::shard_tail::even).drop(1), index.index_bound());
    }
  }
  CHECK(wrong == 0);
  CHECK(found > 100);
  distinct_batch_sampler const sampler(scattered, {.batch_size = 2});
  CHECK_THROWS_WITH(sampler.epoch(0).find(scattered.size()), Catch::Contains("there is no sample"));
  auto const uses = evendraw::uses(sampler, 7, 0, 5);
  CHECK(uses.size() == 5);
}

TEST_CASE("Ranks share every distinct batch, and size() is exact on every rank", "[distinct_batch_sampler]") {
  int wrong = 0;
  for (std::size_t n = 1; n <= 60; ++n) {
    groups_of_samples groups(n);
    std::iota(groups.begin(), groups.end(), 0);
    for (std::uint64_t size = 1; size <= 9; ++size) {
      auto const epoch = distinct_batch_sampler(groups, {.batch_size = size, .seed = 1}).epoch(2);
      for (std::uint64_t world = 1; world <= 5; ++world) {
        std::uint64_t least = ~std::uint64_t{0}, most = 0;
        for (std::uint64_t rank = 0; rank < world; ++rank) {
          auto const local = epoch.shard(rank, world);
          auto const even = epoch.shard(rank, world, evendraw::shard_tail::even);
          std::uint64_t batches = 0;
          for (auto const& batch : local) {
            auto const whole = epoch[batches];
            for (std::size_t i = 0; i < batch.size(); ++i) {
              wrong += batch[i] != whole[rank + i * world];
              wrong += local.word(batches, i) != epoch.word(batches, rank + i * world);
            }
            wrong += batch.empty() || batch.size() != (whole.size() - rank - 1) / world + 1;
            wrong += batch.size() > local.buffer_size();
            ++batches;
          }
          wrong += batches != local.size();
          for (std::uint64_t b = batches; b < epoch.size(); ++b) wrong += epoch[b].size() > rank;
          std::uint64_t steps = 0;
          for (auto const& batch : even) wrong += batch.size() != epoch[steps++].size() / world;
          wrong += steps != even.size();
          least = std::min(least, even.size());
          most = std::max(most, even.size());
        }
        wrong += least != most;
      }
      auto const nested = epoch.shard(1, 2).shard(1, 2), direct = epoch.shard(3, 4);
      wrong += all_batches(nested) != all_batches(direct);
      std::set<std::uint64_t> words;
      for (std::uint64_t b = 0; b < epoch.size(); ++b) {
        for (std::size_t i = 0; i < epoch[b].size(); ++i) words.insert(epoch.word(b, i));
      }
      wrong += words.size() != n;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("A cursor over distinct batches stops and resumes", "[distinct_batch_sampler]") {
  distinct_batch_sampler const sampler(heavy_tailed(50, 2), {.batch_size = 3, .seed = 5});
  evendraw::cursor whole(sampler), first(sampler);
  batch_list expected, got;
  std::uint64_t const steps = 2 * sampler.epoch_size() + 5;
  for (std::uint64_t i = 0; i < steps; ++i) {
    auto const batch = whole.next();
    expected.emplace_back(batch.begin(), batch.end());
  }
  for (std::uint64_t i = 0; i < steps / 2; ++i) {
    auto const batch = first.next();
    got.emplace_back(batch.begin(), batch.end());
  }
  evendraw::cursor second(sampler, first.save());
  while (got.size() < steps) {
    auto const batch = second.next();
    got.emplace_back(batch.begin(), batch.end());
  }
  CHECK(got == expected);
  STATIC_REQUIRE(evendraw::batch_source<distinct_batch_sampler<>>);
  evendraw::any_batches const any(sampler);
  CHECK(all_batches(any.epoch(1)) == all_batches(sampler.epoch(1)));
  CHECK(all_batches(any.epoch(1).shard(1, 2).drop(3)) == all_batches(sampler.epoch(1).shard(1, 2).drop(3)));
  CHECK(any.epoch(1).find(7) == sampler.epoch(1).find(7));
  CHECK(sampler.fingerprint() !=
        distinct_batch_sampler(heavy_tailed(50, 2), {.batch_size = 3, .seed = 6}).fingerprint());
  CHECK(sampler.fingerprint() !=
        distinct_batch_sampler(heavy_tailed(50, 4), {.batch_size = 3, .seed = 5}).fingerprint());
}

TEST_CASE("Batches that cannot be distinct are refused, with the largest size that works", "[distinct_batch_sampler]") {
  std::vector<std::string> const patients{"ann", "bob", "ann", "eve", "ann", "bob", "dan"};
  CHECK_THROWS_WITH(
      distinct_batch_sampler(patients, {.batch_size = 4}),
      "evendraw::distinct_batch_sampler: the group 'ann' has 3 samples, and there are 2 batches of at most "
      "4, so two of its samples would share a batch; the largest batch_size that works is 3");
  CHECK(distinct_batch_sampler(patients, {.batch_size = 3}).epoch_size() == 3);
  CHECK_THROWS_WITH(distinct_batch_sampler(patients, {}),
                    "evendraw::distinct_batch_sampler: batch_size is 0; a batch needs at least one index");
  std::vector<int> const one(5, 1);
  CHECK_THROWS_WITH(distinct_batch_sampler(one, {.batch_size = 2}), Catch::Contains("that works is 1"));
  CHECK(distinct_batch_sampler(one, {.batch_size = 1}).epoch(0).size() == 5);
  distinct_batch_sampler const all(std::vector<int>{3, 1, 2}, {.batch_size = 100});
  CHECK(all.epoch(0).size() == 1);
  CHECK(all.epoch(0)[0].size() == 3);
  CHECK_THROWS_WITH(all.epoch(0)[1], "evendraw::distinct_batches: there is no batch 1; there are 1");
  CHECK_THROWS_AS(all.epoch(0).shard(2, 2), std::invalid_argument);
  CHECK(all.epoch(0).shard(5, 8).size() == 0);
  CHECK(all.epoch(0).drop(4).empty());
  class_index const declared(std::vector<int>{1, 3}, {.classes = {1, 2, 3}, .allow_empty = true});
  CHECK(distinct_batch_sampler(declared, {.batch_size = 2}).epoch(0)[0].size() == 2);
  auto const wide = class_index<int, std::uint64_t>::from_counts({3, 3, 2});
  CHECK(distinct_batch_sampler(wide, {.batch_size = 2}).epoch(0).size() == 4);
}

TEST_CASE("Golden distinct batches", "[distinct_batch_sampler][golden]") {
  distinct_batch_sampler const sampler(made_groups({4, 1, 3, 2, 1, 5}), {.batch_size = 3, .seed = 42});
  CHECK(all_batches(sampler.epoch(1)) == batch_list{{3, 7, 11}, {0, 6, 12}, {2, 5, 15}, {9, 4, 13}, {8, 10}, {1, 14}});
}

}  // namespace distinct_batch_sampler_test
