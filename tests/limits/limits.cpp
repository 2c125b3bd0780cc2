// The limits of the library. Each limit is tried in a process of its own, with its time and its peak memory.
//
//   limits             all of them
//   limits small       those that take hardly any time and memory
//   limits NAME ...    these
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <evendraw/evendraw.hpp>

namespace {

using evendraw::class_index;

constexpr std::uint64_t million = 1'000'000, billion = 1'000 * million;
constexpr std::uint64_t power(int exponent) { return std::uint64_t{1} << exponent; }

void require(bool holds, char const* what) {
  if (!holds) throw std::runtime_error(std::string("does not hold: ") + what);
}

template <class F>
void require_refused(F f, std::string_view part_of_the_reason) {
  try {
    (void)f();
  } catch (std::invalid_argument const& refusal) {
    if (std::string_view(refusal.what()).find(part_of_the_reason) != std::string_view::npos) return;
    throw std::runtime_error(std::string("refused for another reason: ") + refusal.what());
  }
  throw std::runtime_error("not refused");
}

/// Reads blocks from the beginning, the middle and the end of an epoch, and calls f(index) for every draw. Each draw has to
/// be below the bound, and [] and a shard have to give the same.
template <class Draws, class F>
void read_everywhere(Draws const& draws, std::uint64_t bound, F f, std::uint64_t block_size = 100'000) {
  std::vector<typename Draws::index_type> block(static_cast<std::size_t>(std::min(draws.size(), block_size)));
  for (std::uint64_t const first : {std::uint64_t{0}, (draws.size() - block.size()) / 2, draws.size() - block.size()}) {
    draws.read(first, block);
    for (std::size_t i = 0; i < block.size(); ++i) {
      require(block[i] < bound, "an index is below the bound");
      if (i % 61 == 0) require(block[i] == draws[first + i], "read() gives what [] gives");
      f(block[i]);
    }
    std::uint64_t const world = 1000, rank = first % world;
    auto const shard = draws.shard(rank, world);
    if (shard.size() > first / world) require(shard[first / world] == draws[first], "a shard has its draws");
  }
}
template <class Draws>
void read_everywhere(Draws const& draws, std::uint64_t bound) {
  read_everywhere(draws, bound, [](auto) {});
}

/// Checks that an epoch, or a part of it, has each index below n at most once.
template <class Draws>
void require_distinct(Draws const& draws, std::uint64_t n) {
  std::vector<bool> seen(static_cast<std::size_t>(n));
  std::vector<typename Draws::index_type> block(
      static_cast<std::size_t>(std::min<std::uint64_t>(draws.size(), 65'536)));
  for (std::uint64_t first = 0; first < draws.size(); first += block.size()) {
    block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), draws.size() - first)));
    draws.read(first, block);
    for (auto const index : block) {
      require(index < n && !seen[static_cast<std::size_t>(index)], "each index comes once");
      seen[static_cast<std::size_t>(index)] = true;
    }
  }
}

/// Class sizes c, 2 c, 3 c, ... that sum to n.
std::vector<std::uint64_t> sizes(std::uint64_t n, std::uint64_t classes) {
  std::vector<std::uint64_t> result;
  std::uint64_t const unit = n / (classes * (classes + 1) / 2);
  for (std::uint64_t c = 1; c <= classes; ++c) result.push_back(unit * c);
  result.back() += n - std::accumulate(result.begin(), result.end(), std::uint64_t{0});
  return result;
}

/// Tries all samplers by class, over large classes that are not stored.
template <class Index>
void drive(class_index<int, Index> const& classes) {
  auto const counts = classes.counts();
  std::vector<std::uint64_t> ends(counts.size());
  std::partial_sum(counts.begin(), counts.end(), ends.begin());
  auto const class_of = [&](std::uint64_t index) {
    return static_cast<std::size_t>(std::ranges::upper_bound(ends, index) - ends.begin());
  };
  std::uint64_t const n = classes.num_samples();
  std::vector<std::uint64_t> drawn(counts.size());
  evendraw::inverse_frequency_sampler const inverse(classes, {.seed = 1});
  require(inverse.epoch(0).size() == n, "an epoch has as many draws as there are samples");
  read_everywhere(inverse.epoch(7), n, [&](auto index) { ++drawn[class_of(index)]; });
  for (auto const count : drawn) {  // 300,000 draws, far beyond six sigmas
    double const expected = 300'000.0 / static_cast<double>(counts.size());
    require(std::fabs(static_cast<double>(count) - expected) < 8 * std::sqrt(expected), "classes are equally likely");
  }

  evendraw::balanced_epoch_sampler const balanced(classes, {.seed = 2});
  require(balanced.epoch_size() == counts[0] * counts.size(), "each class gives as many as the smallest has");
  read_everywhere(balanced.epoch(3), n);
  evendraw::balanced_epoch_sampler const short_epochs(classes, {.per_class = 1000, .seed = 3});
  std::ranges::fill(drawn, std::uint64_t{0});
  for (auto const index : short_epochs.epoch(5)) ++drawn[class_of(index)];
  require(std::ranges::all_of(drawn, [](auto count) { return count == 1000; }), "each class gives its quota");

  evendraw::stratified_batch_sampler const stratified(classes, {.batch_size = 4 * counts.size(), .seed = 4});
  std::ranges::fill(drawn, std::uint64_t{0});
  auto const batches = stratified.epoch(1);
  for (auto const index : batches[batches.size() - 1]) ++drawn[class_of(index)];
  require(std::ranges::all_of(drawn, [](auto count) { return count == 4; }), "each class has its part of a batch");
  read_everywhere(batches.draws(), n);

  evendraw::pk_batch_sampler const pk(classes,
                                      {.classes = std::min<std::uint64_t>(10, counts.size()), .samples = 4, .seed = 5});
  read_everywhere(pk.epoch(2).draws(), n);
}

void samples_1e9() { drive(class_index<int>::from_counts(sizes(billion, 1000))); }

void shuffle_1e9() {
  evendraw::random_sampler const sampler(billion, {.seed = 1});
  require_distinct(sampler.epoch(1), billion);
}

void labels_1e8() {
  std::vector<std::uint8_t> labels(100 * million);
  std::vector<std::uint64_t> counted(256);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] =
        static_cast<std::uint8_t>(std::min(evendraw::random_word(1, i) >> 56, evendraw::random_word(2, i) >> 56));
    ++counted[labels[i]];
  }
  class_index const classes(labels, {.threads = 2});
  require(std::ranges::equal(classes.counts(), counted), "counts are exact");
  for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
    auto const members = classes.members(c);
    for (std::uint64_t j = 0; j < members.size(); j += 1009) {
      require(labels[members[j]] == classes.labels()[static_cast<std::size_t>(c)], "members are of their class");
    }
  }
  evendraw::balanced_epoch_sampler const balanced(classes, {.epoch_size = 10 * million, .seed = 1});
  std::vector<std::uint64_t> drawn(256);
  for (auto const index : balanced.epoch(0)) ++drawn[labels[index]];
  require(drawn == balanced.quotas(), "each class gives its quota");
  read_everywhere(evendraw::inverse_frequency_sampler(classes).epoch(0), labels.size());
}

void classes_1e6() {
  std::vector<std::uint32_t> labels(20 * million);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] = static_cast<std::uint32_t>(i < million ? i : evendraw::bounded(evendraw::random_word(3, i), million));
  }
  class_index const classes(labels);
  require(classes.num_classes() == million, "there are 10^6 classes");
  evendraw::balanced_epoch_sampler const balanced(classes, {.per_class = 1, .seed = 1});
  std::vector<bool> seen(million);
  for (auto const index : balanced.epoch(9)) {
    require(!seen[labels[index]], "a class comes once");
    seen[labels[index]] = true;
  }
  require(balanced.epoch_size() == million, "each class gives one");
  evendraw::stratified_batch_sampler const stratified(classes, {.batch_size = 1024, .seed = 2});
  read_everywhere(stratified.epoch(3).draws(), labels.size());
  std::vector<double> shares(classes.counts().begin(), classes.counts().end());
  read_everywhere(evendraw::target_proportion_sampler(classes, shares).epoch(0), labels.size());
  auto const parts = evendraw::stratified_split(classes, {0.75, 0.25}, 1);
  require(parts[0].size() == 15 * million && parts[1].size() == 5 * million, "a split has its sizes");
}

void one_class() {
  class_index const one(std::vector<int>(100'000, 7));
  require_distinct(evendraw::balanced_epoch_sampler(one, {.seed = 1}).epoch(0), 100'000);
  require_distinct(evendraw::stratified_batch_sampler(one, {.batch_size = 100, .seed = 1}).epoch(0).draws(), 100'000);
  require_distinct(evendraw::pk_batch_sampler(one, {.classes = 1, .samples = 100}).epoch(0).draws(), 100'000);
  read_everywhere(evendraw::inverse_frequency_sampler(one).epoch(0), 100'000);
  class_index const single(std::vector<int>(1, 7));
  require(evendraw::balanced_epoch_sampler(single).epoch(1)[0] == 0, "one sample is drawn");
  require(evendraw::random_sampler(1).epoch(1)[0] == 0, "one sample is drawn");
}

void classes_of_one() {
  std::vector<std::uint32_t> labels(100'000);
  std::iota(labels.rbegin(), labels.rend(), 0u);
  class_index const classes(labels);
  require_distinct(evendraw::balanced_epoch_sampler(classes, {.seed = 1}).epoch(0), labels.size());
  require_distinct(
      evendraw::stratified_batch_sampler(classes, {.batch_size = 1000, .seed = 1}).epoch(0).draws().take(1000),
      100'000);
}

template <class Index>
void index_type(std::uint64_t most) {
  using counted = class_index<int, Index>;
  evendraw::random_sampler<Index> const shuffled(most, {.seed = 1});
  read_everywhere(shuffled.epoch(0), most);
  evendraw::sequential_sampler<Index> const in_order(most);
  require(in_order.epoch(0)[most - 1] == most - 1, "the last index fits");
  read_everywhere(evendraw::inverse_frequency_sampler(counted::from_counts({most - 1, 1})).epoch(0), most);
  evendraw::balanced_epoch_sampler const balanced(counted::from_counts({most / 2, most - most / 2}), {.seed = 2});
  read_everywhere(balanced.epoch(0), most);
  auto const remedy = "use std::uint64_t as the index type";
  if (most == ~std::uint64_t{0} >> 1) return;
  require_refused([&] { return evendraw::random_sampler<Index>(most + 1); }, remedy);
  require_refused([&] { return evendraw::sequential_sampler<Index>(most + 1); }, remedy);
  require_refused([&] { return counted::from_counts({most, 1}); }, remedy);
  evendraw::any_sampler<Index> const half = evendraw::random_sampler<Index>(most / 2 + 1);
  require_refused([&] { return evendraw::concat_sampler<Index>({half, half}); }, remedy);
  require_refused([&] { return evendraw::mix_sampler<Index>({half, half}, {1, 1}); }, remedy);
}

void index_types() {
  index_type<std::uint8_t>(power(8) - 1);
  index_type<std::uint16_t>(power(16) - 1);
  index_type<std::uint32_t>(power(32) - 1);
  index_type<std::uint64_t>(power(63) - 1);
  using wide = class_index<int, std::uint64_t>;
  for (std::uint64_t const n : {power(32) - 1, power(32), power(32) + 1, 5 * billion}) {
    read_everywhere(evendraw::random_sampler<std::uint64_t>(n).epoch(0), n);
    drive(wide::from_counts(sizes(n, 20)));
  }
  drive(wide::from_counts({power(61), power(61) + 5, power(61) + 9}));
}

void epoch_2e40() {
  std::vector<int> const labels{0, 0, 0, 1, 1, 2};
  std::uint64_t const size = power(40);
  auto const check = [&](auto const& sampler) {
    auto const draws = sampler.epoch(~std::uint64_t{0});
    require(draws.size() == size, "an epoch has 2^40 draws");
    read_everywhere(draws, 6);
    auto const last = draws.shard(63, 64);
    require(last.size() == size / 64 && last[last.size() - 1] == draws[size - 1], "the last rank has the last draw");
    evendraw::batch_sampler const batches(sampler, 1000);
    require(batches.epoch_size() == (size + 999) / 1000, "batches are counted");
    require(batches.epoch(1)[batches.epoch_size() - 1].size() == size % 1000, "the last batch is shorter");
  };
  check(evendraw::inverse_frequency_sampler(labels, {.epoch_size = size}));
  check(evendraw::target_proportion_sampler(labels, {{0, 0.1}, {1, 0.2}, {2, 0.7}}, {.epoch_size = size}));
  check(evendraw::multinomial_sampler(std::vector<double>{1, 2, 0, 3, 1, 1}, {.epoch_size = size}));
  check(evendraw::scheduled_proportion_sampler(labels, evendraw::progressive_schedule(9), {.epoch_size = size}));
  check(evendraw::balanced_epoch_sampler(labels, {.epoch_size = size, .max_repeats = power(41)}));
  evendraw::stratified_batch_sampler const stratified(labels, {.batch_size = power(20), .num_batches = power(20)});
  require(stratified.epoch(3).draws().size() == size, "batches have 2^40 draws");
  read_everywhere(stratified.epoch(3).draws(), 6);
  evendraw::pk_batch_sampler const pk(labels, {.classes = 2, .samples = 2, .num_batches = power(38)});
  require(pk.epoch(3).draws().size() == size, "batches have 2^40 draws");
  read_everywhere(pk.epoch(3).draws(), 6);
  read_everywhere(evendraw::inverse_frequency_sampler(labels, {.epoch_size = power(63) - 1}).epoch(0), 6);
  require_refused([&] { return evendraw::inverse_frequency_sampler(labels, {.epoch_size = power(63)}); }, "2^63 - 1");
}

void batch_beyond_epoch() {
  std::vector<int> const labels{0, 0, 0, 1, 1, 2};
  evendraw::inverse_frequency_sampler const sampler(labels);
  for (std::uint64_t const size : {std::uint64_t{7}, power(32), power(40), power(62), power(63)}) {
    evendraw::batch_sampler const kept(sampler, size);
    require(kept.epoch_size() == 1 && kept.epoch(0)[0].size() == 6, "there is one short batch");
    for (auto const batch : kept.epoch(1)) require(batch.size() == 6, "it is walked through");
    require(evendraw::cursor(kept).next().size() == 6, "a cursor gives it");
    evendraw::batch_sampler const dropped(sampler, {.batch_size = size, .last = evendraw::last_batch::drop});
    require(dropped.epoch_size() == 0 && dropped.epoch(0).empty(), "it is left out");
  }
  evendraw::stratified_batch_sampler const stratified(labels, {.batch_size = 100'000, .num_batches = 2});
  require(stratified.epoch(0)[1].size() == 100'000, "a batch may have more places than there are samples");
}

/// 64 threads read one epoch. Each reads a part in blocks, and some draws one by one. Returns what they see together.
template <class Draws>
void read_by_threads(Draws const& draws) {
  auto const n = static_cast<std::size_t>(draws.size());
  std::vector<typename Draws::index_type> expected(n), seen(n);
  draws.read(0, expected);
  std::array<std::uint64_t, 64> wrong{};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 64; ++t) {
    threads.emplace_back([&, t] {
      std::size_t const first = n * t / 64, last = n * (t + 1) / 64;
      for (std::size_t i = first; i < last; i += 100) {
        draws.read(i, std::span(seen).subspan(i, std::min<std::size_t>(100, last - i)));
      }
      for (std::size_t i = t; i < n; i += 64 * 7) wrong[t] += draws[i] != expected[i];
      std::uint64_t i = 0;
      for (auto const index : draws.shard(t, 64)) wrong[t] += index != expected[static_cast<std::size_t>(t + 64 * i++)];
    });
  }
  for (auto& thread : threads) thread.join();
  require(seen == expected, "64 threads see what one sees");
  require(std::ranges::count(wrong, std::uint64_t{0}) == 64, "each thread sees what one sees");
}

void threads_64() {
  std::vector<int> labels(20'000);
  std::vector<double> weights(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] = static_cast<int>(i % 10 / 4 + i % 3);
    weights[i] = static_cast<double>(1 + i % 17);
  }
  class_index const classes(labels);
  evendraw::inverse_frequency_sampler const inverse(classes, {.seed = 1});
  evendraw::balanced_epoch_sampler const balanced(classes, {.seed = 2});
  auto const schedule = evendraw::progressive_schedule(10);
  read_by_threads(inverse.epoch(1));
  read_by_threads(balanced.epoch(1));
  read_by_threads(evendraw::target_proportion_sampler(classes, classes.counts()).epoch(1));
  read_by_threads(evendraw::scheduled_proportion_sampler(classes, schedule).epoch(1));
  read_by_threads(evendraw::batch_sampler(balanced, 100).epoch(1).draws());
  read_by_threads(evendraw::any_sampler<>(inverse).epoch(1));
  read_by_threads(evendraw::sequential_sampler(20'000).epoch(1));
  read_by_threads(evendraw::multinomial_sampler(weights).epoch(1));
  read_by_threads(evendraw::random_sampler(20'000).epoch(1));
  read_by_threads(evendraw::stratified_batch_sampler(classes, {.batch_size = 100}).epoch(1).draws());
  read_by_threads(evendraw::pk_batch_sampler(classes, {.classes = 3, .samples = 8}).epoch(1).draws());
  read_by_threads(evendraw::weighted_without_replacement_sampler(weights).epoch(1));
  read_by_threads(evendraw::systematic_sampler(weights, {.epoch_size = 5000}).epoch(1));
  read_by_threads(evendraw::repeat_factor_sampler(weights).epoch(1));
  read_by_threads(evendraw::mix_sampler<>({inverse, balanced}, {1, 2}, {.epoch_size = 20'000}).epoch(1));
  read_by_threads(evendraw::concat_sampler<>({inverse, balanced}).epoch(1));
}

void weights_1e8() {
  std::vector<float> weights(100 * million);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(evendraw::random_word(1, i) >> 60);
  auto const check = [&](auto index) { require(weights[index] > 0, "what is drawn has a weight"); };
  evendraw::multinomial_sampler const sampler(evendraw::alias_table(weights, {.threads = 2}));
  read_everywhere(sampler.epoch(0), weights.size(), check);
}

void without_replacement_1e8() {
  std::vector<float> weights(100 * million);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(evendraw::random_word(2, i) >> 60);
  evendraw::weighted_without_replacement_sampler const sampler(weights, {.epoch_size = 10 * million});
  auto const draws = sampler.epoch(0);
  require_distinct(draws, weights.size());
  for (auto const index : draws) require(weights[index] > 0, "what is drawn has a weight");
}

void changing_weights_1e8() {
  evendraw::dynamic_weights<> table(100 * million, 1.0, {.largest = 8});
  for (std::uint64_t i = 0; i < 50 * million; ++i) table.set(2 * i, 0);
  std::vector<std::uint32_t> drawn(million);
  table.draw(drawn);
  require(std::ranges::all_of(drawn, [](auto i) { return i % 2 == 1; }), "what is drawn has a weight");
}

struct limit {
  std::string_view name;
  std::string_view what;
  void (*run)();
  long most_megabytes;
  bool small;
};

constexpr std::array limits{
    limit{"one_class", "one class; one sample", one_class, 16, true},
    limit{"classes_of_one", "10^5 classes of one sample", classes_of_one, 32, true},
    limit{"index_types", "2^8 - 1 to 2^63 - 1 samples by index type; one more is refused", index_types, 16, true},
    limit{"epoch_2e40", "epochs of 2^40 draws, and of 2^63 - 1", epoch_2e40, 16, true},
    limit{"batch_beyond_epoch", "batches larger than the epoch", batch_beyond_epoch, 16, true},
    limit{"threads_64", "64 threads reading one epoch of each sampler", threads_64, 32, true},
    limit{"samples_1e9", "10^9 samples in 1000 classes that are not stored", samples_1e9, 16, true},
    limit{"shuffle_1e9", "a shuffle of 10^9 samples, each once", shuffle_1e9, 160, false},
    limit{"labels_1e8", "10^8 labels", labels_1e8, 600, false},
    limit{"classes_1e6", "10^6 classes of 20 samples", classes_1e6, 660, false},
    limit{"weights_1e8", "10^8 weights, with replacement", weights_1e8, 1400, false},
    limit{"without_replacement_1e8", "10^7 of 10^8 weights, without replacement", without_replacement_1e8, 1600, false},
    limit{"changing_weights_1e8", "10^8 weights that change", changing_weights_1e8, 1100, false},
};

/// Whether a process needs memory only for the library. ThreadSanitizer needs many times as much.
#if defined(__SANITIZE_THREAD__)
constexpr bool memory_is_ours = false;
#elif defined(__has_feature)
constexpr bool memory_is_ours = !__has_feature(thread_sanitizer);
#else
constexpr bool memory_is_ours = true;
#endif

/// Runs a limit in a process of its own. Returns whether it holds within the allowed memory.
bool holds(limit const& tested) {
  std::fflush(stdout);
  auto const start = std::chrono::steady_clock::now();
  pid_t const child = ::fork();
  if (child == 0) {
    try {
      tested.run();
      std::_Exit(0);
    } catch (std::exception const& error) {
      std::fprintf(stderr, "%s: %s\n", std::string(tested.name).c_str(), error.what());
      std::_Exit(1);
    }
  }
  int status = 1;
  struct rusage used {};
  ::wait4(child, &status, 0, &used);
  double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  long const megabytes = used.ru_maxrss / 1024;
  bool const ended = child > 0 && status == 0, fits = megabytes <= tested.most_megabytes || !memory_is_ours;
  std::printf("%-24s %-64s %7.1f s %6ld MB  %s\n", std::string(tested.name).c_str(), std::string(tested.what).c_str(),
              seconds, megabytes,
              !ended ? "WRONG"
              : fits ? "right"
                     : "TOO MUCH MEMORY");
  return ended && fits;
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string_view> const names(arguments + 1, arguments + count);
  for (auto const name : names) {
    if (name == "small" || std::ranges::find(limits, name, &limit::name) != limits.end()) continue;
    std::fprintf(stderr, "limits: there is no '%s'\n", std::string(name).c_str());
    return 2;
  }
  bool all = true;
  for (auto const& each : limits) {
    bool const asked = names.empty() || std::ranges::find(names, each.name) != names.end() ||
                       (each.small && std::ranges::find(names, "small") != names.end());
    if (asked) all &= holds(each);
  }
  return all ? 0 : 1;
}
