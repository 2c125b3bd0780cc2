#include <evendraw/classes/partition_changes.hpp>
#include <evendraw/evendraw.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/sampling.hpp>

namespace partition_changes_test {

using evendraw::class_index;
using evendraw::partition_changes;
using evendraw::partitioned_classes;

namespace {

using whole = class_index<int, std::uint64_t>;
using local_index = class_index<int>;
using partition = partitioned_classes<int>;

/// The data of several ranks, and that of one process, which appends what the ranks append, rank by rank.
class spread_data {
 public:
  struct place {
    std::size_t rank;
    std::size_t local;
  };

  explicit spread_data(std::vector<std::vector<int>> const& labels) : local_(labels.size()) {
    for (std::size_t r = 0; r < labels.size(); ++r) append(r, labels[r]);
  }

  [[nodiscard]] std::size_t num_ranks() const { return local_.size(); }
  void append(std::size_t rank, std::vector<int> const& labels) {
    for (int const label : labels) {
      local_[rank].push_back(labels_.size());
      places_.push_back({rank, local_[rank].size() - 1});
      labels_.push_back(label);
      live_.push_back(1);
    }
  }
  void withdraw(std::size_t sample) { live_[sample] = 0; }
  void relabel(std::size_t sample, int label) { labels_[sample] = label; }

  [[nodiscard]] std::size_t size() const { return labels_.size(); }
  [[nodiscard]] bool has(std::size_t sample) const { return live_[sample] == 1; }
  [[nodiscard]] int label(std::size_t sample) const { return labels_[sample]; }
  [[nodiscard]] std::size_t sample(std::size_t rank, std::size_t local) const { return local_[rank][local]; }

  /// What one process indexes.
  [[nodiscard]] whole all() const {
    std::vector<std::size_t> part;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      if (has(i)) part.push_back(i);
    }
    return whole(labels_, part);
  }
  /// What a rank indexes.
  [[nodiscard]] std::optional<local_index> index_of(std::size_t rank) const {
    std::vector<int> labels;
    std::vector<std::size_t> part;
    for (std::size_t i = 0; i < local_[rank].size(); ++i) {
      labels.push_back(label(local_[rank][i]));
      if (has(local_[rank][i])) part.push_back(i);
    }
    if (part.empty()) return std::nullopt;
    return local_index(labels, part);
  }

 private:
  std::vector<int> labels_;
  std::vector<char> live_;
  std::vector<place> places_;
  std::vector<std::vector<std::size_t>> local_;  // by rank and local index
};

std::vector<partition> at_first(spread_data const& data) {
  std::vector<evendraw::label_counts<int>> counts;
  for (std::size_t r = 0; r < data.num_ranks(); ++r) {
    auto const mine = data.index_of(r);
    counts.push_back(mine ? mine->label_counts() : evendraw::label_counts<int>());
  }
  std::vector<partition> result;
  for (std::size_t r = 0; r < data.num_ranks(); ++r) result.emplace_back(data.index_of(r), counts, r);
  return result;
}

std::vector<partition> after(std::vector<partition> const& before, spread_data const& data) {
  std::vector<partition_changes<int>> changes;
  for (std::size_t r = 0; r < before.size(); ++r) changes.push_back(changes_of(before[r], data.index_of(r)));
  std::vector<partition> result;
  for (std::size_t r = 0; r < before.size(); ++r) result.push_back(amended(before[r], data.index_of(r), changes, r));
  return result;
}

constexpr std::size_t no_sample = ~std::size_t{0};

/// The sample that a number of the partition stands for, as the one process numbers it. It is `no_sample` unless exactly
/// one rank has the sample.
std::size_t sample_of(spread_data const& data, std::vector<partition> const& ranks, std::uint64_t number) {
  std::size_t result = no_sample;
  for (std::size_t r = 0; r < ranks.size(); ++r) {
    auto const local = ranks[r].local_sample(number);
    if (!local) continue;
    if (result != no_sample) return no_sample;
    result = data.sample(r, *local);
  }
  return result;
}

/// The draws of a few epochs, as samples of the one process.
template <class Sampler>
std::vector<std::size_t> drawn(spread_data const& data, std::vector<partition> const& ranks, Sampler const& sampler) {
  std::vector<std::size_t> result;
  for (std::uint64_t e = 0; e < 4; ++e) {
    for (auto const number : sampling::all(sampler.epoch(e))) result.push_back(sample_of(data, ranks, number));
  }
  return result;
}
template <class Sampler>
std::vector<std::size_t> drawn(Sampler const& sampler) {
  std::vector<std::size_t> result;
  for (std::uint64_t e = 0; e < 4; ++e) {
    for (auto const sample : sampling::all(sampler.epoch(e))) result.push_back(static_cast<std::size_t>(sample));
  }
  return result;
}

/// Random numbers for histories.
class chance {
 public:
  explicit chance(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t below(std::uint64_t n) { return evendraw::bounded(evendraw::random_word(seed_, used_++), n); }
  std::vector<int> labels(std::uint64_t most, int classes) {
    std::vector<int> result(below(most + 1));
    for (int& label : result) label = static_cast<int>(below(static_cast<std::uint64_t>(classes)));
    return result;
  }

 private:
  std::uint64_t seed_;
  std::uint64_t used_ = 0;
};

spread_data spread_at_random(chance& random, std::size_t ranks) {
  std::vector<std::vector<int>> labels;
  for (std::size_t r = 0; r < ranks; ++r) labels.push_back(random.labels(30, 4));
  labels[0].insert(labels[0].end(), {0, 0, 1, 1, 1, 2});
  return spread_data(labels);
}

/// Withdraws and appends samples at random. Some of the new ones are of new classes.
void change(chance& random, spread_data& data) {
  for (std::size_t i = 6; i < data.size(); ++i) {
    if (random.below(6) == 0) data.withdraw(i);
  }
  for (std::size_t r = 0; r < data.num_ranks(); ++r) {
    if (random.below(3) > 0) data.append(r, random.labels(12, 5));
  }
}

/// Counts the numbers that are wrong. A right number stands for one sample with its label, and keeps to this sample.
std::size_t wrong_numbers(spread_data const& data, std::vector<partition> const& ranks,
                          std::map<std::size_t, std::uint64_t>& number_of) {
  std::size_t wrong = 0;
  auto const& classes = ranks[0].classes();
  std::map<std::size_t, std::uint64_t> now;
  for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
    for (std::uint64_t const number : classes.members(c)) {
      std::size_t const sample = sample_of(data, ranks, number);
      if (sample == no_sample || !data.has(sample) || data.label(sample) != classes.labels()[c]) {
        ++wrong;
        continue;
      }
      auto const before = number_of.find(sample);
      wrong += before != number_of.end() && before->second != number;
      wrong += now.contains(sample);
      now[sample] = number;
    }
  }
  for (std::size_t i = 0; i < data.size(); ++i) wrong += data.has(i) != now.contains(i);
  number_of = now;
  return wrong;
}

}  // namespace

TEST_CASE("partition_changes: ranks draw what one process draws, after every change", "[partition_changes]") {
  std::size_t differ = 0, forgetful = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    chance random(seed);
    auto data = spread_at_random(random, 1 + seed % 4);
    auto ranks = at_first(data);
    evendraw::balanced_epoch_sampler<std::uint64_t> one(data.all(), {.seed = seed});
    std::vector several(ranks.size(),
                        evendraw::balanced_epoch_sampler<std::uint64_t>(ranks[0].classes(), {.seed = seed}));
    evendraw::stratified_batch_sampler<std::uint64_t> batches_of_one(data.all(), {.batch_size = 7, .seed = seed});
    evendraw::stratified_batch_sampler<std::uint64_t> batches(ranks[0].classes(), {.batch_size = 7, .seed = seed});
    for (int step = 0; step < 4; ++step) {
      evendraw::checkpoint const stop{.epoch = random.below(3), .position = random.below(one.epoch_size() + 1)};
      evendraw::checkpoint const batch{.epoch = random.below(3), .position = random.below(batches.epoch_size() + 1)};
      change(random, data);
      ranks = after(ranks, data);
      one = amended(one, stop, data.all());
      for (std::size_t r = 0; r < ranks.size(); ++r) several[r] = amended(several[r], stop, ranks[r].classes());
      for (auto const& each : several) CHECK(each.fingerprint() == several[0].fingerprint());
      auto const expected = drawn(one);
      differ += drawn(data, ranks, several[0]) != expected;
      // The twin, a new sampler, forgets which samples were seen.
      forgetful += drawn(data, ranks,
                         evendraw::balanced_epoch_sampler(ranks[0].classes(), {.seed = several[0].seed()})) != expected;
      batches_of_one = amended(batches_of_one, batch, data.all(), {.batch_size = 7});
      batches = amended(batches, batch, ranks[0].classes(), {.batch_size = 7});
      for (std::uint64_t b = 0; b < batches.epoch_size(); ++b) {
        auto const together = batches.epoch(1)[b], alone = batches_of_one.epoch(1)[b];
        for (std::size_t i = 0; i < alone.size(); ++i) differ += sample_of(data, ranks, together[i]) != alone[i];
        std::vector<std::uint32_t> own;
        for (auto const number : together) {
          if (auto const local = ranks.back().local_sample(number)) own.push_back(*local);
        }
        CHECK(ranks.back().local_samples(together) == own);
      }
    }
  }
  CHECK(differ == 0);
  CHECK(forgetful > 60);
}

TEST_CASE("partition_changes: samples keep their numbers, whatever happens to others", "[partition_changes]") {
  std::size_t wrong = 0, relabelled = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    chance random(1000 + seed);
    auto data = spread_at_random(random, 1 + seed % 4);
    auto ranks = at_first(data);
    std::map<std::size_t, std::uint64_t> number_of;
    wrong += wrong_numbers(data, ranks, number_of);
    for (int step = 0; step < 4; ++step) {
      change(random, data);
      for (std::size_t i = 0; i < data.size(); ++i) {
        if (random.below(8) == 0) data.relabel(i, static_cast<int>(random.below(6)));
      }
      for (std::size_t r = 0; r < ranks.size(); ++r)
        relabelled += evendraw::changes_of(ranks[r], data.index_of(r)).relabelled.size();
      auto const stale = ranks;
      ranks = after(ranks, data);
      wrong += wrong_numbers(data, ranks, number_of);
      for (auto const& each : ranks) {
        CHECK(each.classes().labels() == ranks[0].classes().labels());
        CHECK(each.classes().shared_members()->fingerprint() == ranks[0].classes().shared_members()->fingerprint());
      }
      auto copy = number_of;
      if (step == 0)
        CHECK((wrong_numbers(data, stale, copy) > 0 || data.size() < 10));  // a twin that missed the change
    }
  }
  CHECK(wrong == 0);
  CHECK(relabelled > 300);
}

TEST_CASE("partition_changes: no change, and ranks and classes that come or go", "[partition_changes]") {
  spread_data data({{5, 5, 7}, {}});
  auto ranks = at_first(data);
  CHECK(evendraw::changes_of(ranks[0], data.index_of(0)) == partition_changes<int>{});
  ranks = after(ranks, data);
  CHECK(ranks[0].classes().shared_members()->contiguous());
  CHECK(ranks[0].classes().index_bound() == 3);

  data.append(1, {9, 5});
  data.withdraw(2);
  CHECK(evendraw::changes_of(ranks[0], data.index_of(0)) == partition_changes<int>{.withdrawn = {2}});
  CHECK(evendraw::changes_of(ranks[1], data.index_of(1)) == partition_changes<int>{.appended = {{5, 1}, {9, 1}}});
  ranks = after(ranks, data);
  CHECK(ranks[0].classes().labels() == std::vector{5, 9});
  CHECK(ranks[0].classes().index_bound() == 5);
  CHECK(ranks[1].local_sample(3) == 1u);  // appended samples are numbered class by class
  CHECK(ranks[1].local_sample(4) == 0u);
  CHECK(ranks[0].local_sample(3) == std::nullopt);

  data.withdraw(0);
  data.withdraw(1);  // rank 0 has no samples left, and the first numbers are gone
  CHECK(data.index_of(0) == std::nullopt);
  ranks = after(ranks, data);
  CHECK(ranks[0].classes().num_samples() == 2);
  CHECK(ranks[0].local_samples(std::vector<std::uint64_t>{3, 4}).empty());
  CHECK(ranks[1].local_samples(std::vector<std::uint64_t>{4, 3}) == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("partition_changes refuses what does not fit together", "[partition_changes]") {
  spread_data data({{5, 5, 7}, {5}});
  auto const ranks = at_first(data);
  data.append(1, {7});
  std::vector<partition_changes<int>> const none(2);
  std::string const remedy = " are not what has changed here; give changes_of(before, mine) of every rank, by rank";
  CHECK(message_of([&] { (void)amended(ranks[1], data.index_of(1), none, 1); }) ==
        "evendraw::amended: the changes of rank 1" + remedy);
  CHECK(message_of([&] { (void)amended(ranks[1], data.index_of(1), none, 2); }) ==
        "evendraw::amended: rank is 2 and there are changes of 2 ranks; needs rank < number of ranks");
  CHECK(message_of([&] { (void)amended(ranks[1], data.index_of(1), none, static_cast<std::uint64_t>(-1)); }) ==
        "evendraw::amended: rank is -1; it must be >= 0");
  std::vector<partition_changes<int>> changes{{}, {.withdrawn = {4}}};
  CHECK(
      message_of([&] { (void)amended(ranks[0], data.index_of(0), changes, 0); }) ==
      "evendraw::amended: the changes of rank 1 name sample 4, which does not exist; give changes_of(before, mine) of "
      "every rank, by rank");
  changes[1] = {.appended = {{7, 1}}};
  CHECK(message_of([&] { (void)amended(ranks[1], data.index_of(1), changes, 1, {.classes = {5}}); }).find("7") !=
        std::string::npos);
  CHECK(amended(ranks[1], data.index_of(1), changes, 1, {.classes = {7, 5}}).classes().labels() == std::vector{7, 5});
  changes[1] = {.appended = {{7, ~std::uint64_t{0} >> 1}}};  // no memory holds their numbers
  CHECK(message_of([&] { (void)amended(ranks[0], data.index_of(0), changes, 0); }) ==
        "evendraw::amended: with the appended samples there are 9223372036854775811 sample numbers, and at most 2^63 - "
        "1 are "
        "possible; lower the counts");
  changes = {{.withdrawn = {0, 1, 3}}, {.withdrawn = {2}}};
  CHECK(message_of([&] { (void)amended(ranks[0], std::nullopt, changes, 0); }) ==
        "evendraw::amended: no rank has samples any more; at least one must have some");
}

TEST_CASE("partition_changes: labels of other types", "[partition_changes]") {
  class_index const first(std::vector<std::string>{"cat", "dog", "cat"}),
      now(std::vector<std::string>{"cat", "cat", "cat", "eel"});
  std::vector<evendraw::label_counts<std::string>> const counts{first.label_counts()};
  partitioned_classes const before(first, counts, 0);
  auto const changes = changes_of(before, now);
  CHECK(changes == partition_changes<std::string>{.relabelled = {{2, "cat"}}, .appended = {{"eel", 1}}});
  auto const after = amended(before, now, std::vector{changes}, 0);
  CHECK(after.classes().labels() == std::vector<std::string>{"cat", "eel"});
  CHECK(after.local_sample(2) == 1u);

  class_index const bits(std::vector<bool>{true, false}), more(std::vector<bool>{true, true, false});
  std::vector<evendraw::label_counts<bool>> const bit_counts{bits.label_counts()};
  partitioned_classes const of_bits(bits, bit_counts, 0);
  CHECK(amended(of_bits, more, std::vector{changes_of(of_bits, more)}, 0).classes().counts()[1] == 2);
}

}  // namespace partition_changes_test
