// Splits, quotas of batches, plans, coverage and chi-squared tests of any counts and shares.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include <fuzz/input.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/split.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/inspect/chi_squared.hpp>
#include <evendraw/inspect/coverage.hpp>
#include <evendraw/inspect/plan.hpp>

using fuzz::byte_reader, fuzz::check, fuzz::made;

namespace {

bool is_probability(double p) { return p >= 0 && p <= 1; }

/// Checks that each of n samples is in one part, and that parts have the requested sizes.
template <class Part>
void check_parts(std::vector<std::vector<std::uint32_t>> const& parts, std::uint64_t n,
                 std::vector<Part> const& asked) {
  check(parts.size() == asked.size(), "there are as many parts as requested");
  std::vector<std::uint32_t> all;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    check(std::ranges::is_sorted(parts[p]), "parts are ascending");
    all.insert(all.end(), parts[p].begin(), parts[p].end());
    auto const wanted = std::is_floating_point_v<Part> ? static_cast<double>(asked[p]) * static_cast<double>(n)
                                                       : static_cast<double>(asked[p]);
    check(std::fabs(static_cast<double>(parts[p].size()) - wanted) < 1.01, "a part has its size");
  }
  std::ranges::sort(all);
  check(all.size() == n, "the parts are all samples");
  for (std::size_t i = 0; i < all.size(); ++i) check(all[i] == i, "each sample is in one part");
}

template <class Part>
void split_at_random(std::uint64_t n, std::vector<Part> const& parts, std::uint64_t seed) {
  if (auto const split = made([&] { return evendraw::random_split(n, parts, seed); })) check_parts(*split, n, parts);
}

template <class Part>
void split_by_class(std::vector<int> const& labels, std::vector<Part> const& parts, std::uint64_t seed) {
  evendraw::class_index const classes(labels);
  auto const split = made([&] { return evendraw::stratified_split(classes, parts, seed); });
  if (!split) return;
  check_parts(*split, labels.size(), parts);
  auto const class_of = classes.sample_classes();
  for (auto const& part : *split) {
    std::vector<std::uint64_t> counts(static_cast<std::size_t>(classes.num_classes()));
    for (auto const i : part) ++counts[class_of[i]];
    for (std::size_t c = 0; c < counts.size(); ++c) {
      auto const wanted = static_cast<double>(part.size()) * static_cast<double>(classes.counts()[c]) /
                          static_cast<double>(labels.size());
      check(std::fabs(static_cast<double>(counts[c]) - wanted) < 1, "a part has its part of each class");
    }
  }
}

/// Fractions that sum to about 1, or any numbers.
std::vector<double> fractions(byte_reader& input) {
  auto result = input.reals(6);
  double const sum = std::accumulate(result.begin(), result.end(), 0.0);
  if (input.flag() && sum > 0 && std::isfinite(sum)) {
    for (double& each : result) each /= sum;
  }
  return result;
}

/// Counts that sum to n, or any numbers.
std::vector<std::uint64_t> counts(std::uint64_t n, byte_reader& input) {
  if (input.flag()) return input.counts(6);
  std::vector<std::uint64_t> result = input.list(5, [&] { return std::exchange(n, n - input.below(n + 1)) - n; });
  result.push_back(n);
  return result;
}

void split(byte_reader& input) {
  std::uint64_t const n = input.flag() ? input.byte() : input.number<std::uint16_t>(), seed = input.count();
  if (input.flag()) {
    split_at_random(n, fractions(input), seed);
  } else {
    split_at_random(n, counts(n, input), seed);
  }
}

void stratified_split(byte_reader& input) {
  auto labels = input.list(200, [&] { return input.byte() % 5; });
  labels.push_back(0);
  std::uint64_t const seed = input.count();
  if (input.flag()) {
    split_by_class(labels, fractions(input), seed);
  } else {
    split_by_class(labels, counts(labels.size(), input), seed);
  }
}

void quotas(byte_reader& input) {
  auto shares = input.list(20, [&] { return 1 + input.count() % (std::uint64_t{1} << 58); });
  if (shares.empty()) shares.push_back(1);
  std::uint64_t const batch_size = 1 + input.count() % evendraw::detail::batch_quotas::largest_batch;
  evendraw::detail::batch_quotas const quotas(shares, batch_size, input.count());
  auto const all = std::accumulate(shares.begin(), shares.end(), 0.0L);
  std::uint64_t const number = input.count();
  auto const batch = quotas.at(number), next = quotas.at(number + 1);
  std::uint64_t sum = 0;
  for (std::size_t c = 0; c < shares.size(); ++c) {
    std::uint64_t const count = quotas.count(c, batch);
    sum += count;
    check(quotas.least(c) <= count && count <= quotas.most(c), "a quota is between the least and the most");
    check(quotas.most(c) - quotas.least(c) <= 1, "the least and the most differ by one");
    auto const part = static_cast<long double>(batch_size) * static_cast<long double>(shares[c]) / all;
    check(std::fabs(static_cast<long double>(count) - part) < 1.001L, "a quota is the part, rounded down or up");
    check(quotas.before(c, next) - quotas.before(c, batch) == count || number + 1 == 0, "before() sums them up");
  }
  check(sum == batch_size, "quotas sum to the batch size");
}

evendraw::plan_options plan_options(byte_reader& input) {
  evendraw::plan_options result;
  // none_drawn() takes as many steps as the smaller one of a class and a batch has items
  result.batch_size = input.count() % 5'000;
  result.epochs = input.count();
  result.epoch_size = input.maybe_count();
  if (input.flag()) result.confidence = input.real();
  if (input.flag()) result.max_draws_per_sample = input.real();
  if (input.flag()) result.max_batches_without = input.real();
  return result;
}

void check_plan(evendraw::run_plan const& plan, evendraw::detail::class_sizes const& sizes,
                evendraw::plan_options const& options) {
  check(plan.classes.size() == sizes.counts().size(), "a plan has all classes");
  for (auto const& finding : plan.findings) {
    check(!finding.text.empty() && finding.class_number <= plan.classes.size(), "a finding says what it is about");
  }
  if (!plan.feasible()) return;
  check(plan.epoch_size > 0 && plan.full_batches == plan.epoch_size / options.batch_size, "epochs have draws");
  double shares = 0;
  for (std::size_t c = 0; c < plan.classes.size(); ++c) {
    auto const& planned = plan.classes[c];
    auto const size = static_cast<double>(planned.class_size);
    check(planned.class_size == sizes.counts()[c], "a class has its size");
    check(is_probability(planned.share) && is_probability(planned.batches_without), "shares are between 0 and 1");
    check(planned.unique_per_epoch >= 0 && planned.unique_per_epoch <= size * (1 + 1e-9),
          "an epoch sees at most all samples of a class");
    check(planned.unique_samples >= planned.unique_per_epoch * (1 - 1e-9) - 1e-280 &&
              planned.unique_samples <= size * (1 + 1e-9),
          "a run sees at least what an epoch sees");
    // shares below 2^-1022 have few digits
    check(planned.draws_per_epoch >= planned.unique_per_epoch * (1 - 1e-9) - 1e-280,
          "no sample is seen without a draw");
    check(planned.epochs_to_cover >= 0 && planned.epochs_to_cover_at_most >= 0, "epochs are a number");
    shares += planned.share;
  }
  check(std::fabs(shares - 1) < 1e-9, "shares sum to 1");
}

void plans(byte_reader& input) {
  auto const counts = input.counts(8);
  auto const sizes = made([&] { return evendraw::detail::class_sizes(counts); });
  if (!sizes) return;
  auto const options = plan_options(input);
  auto const shares = input.reals(8);
  switch (input.below(4)) {
    case 0:
      return check_plan(evendraw::plan_with_replacement(*sizes, shares, options), *sizes, options);
    case 1:
      return check_plan(evendraw::plan_shuffled(*sizes, options), *sizes, options);
    case 2:
      return check_plan(evendraw::plan_stratified_batches(*sizes, shares, options), *sizes, options);
    default:
      break;
  }
  evendraw::balanced_epoch_options<std::uint64_t> balanced;
  balanced.per_class = input.maybe_count();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> limits;
  for (std::uint64_t const limit : input.counts(8)) limits.emplace_back(limits.size(), limit);
  balanced.limits = limits;
  if (input.flag()) balanced.max_repeats = input.count();
  if (input.flag()) balanced.when_short = evendraw::when_short::give_all;
  check_plan(evendraw::plan_balanced_epochs(*sizes, balanced, options), *sizes, options);
}

void coverage(byte_reader& input) {
  auto const counts = input.counts(6);
  auto const shares = input.reals(6);
  std::uint64_t const epoch_size = input.count(), epochs = input.count() % (std::uint64_t{1} << 62);
  double const q = input.real();
  auto const law = made([&] { return evendraw::coverage_time(counts, shares, epoch_size); });
  if (!law) return;
  double const seen = law->probability(epochs), later = law->probability(epochs + 1);
  check(is_probability(seen) && is_probability(later) && later >= seen - 1e-12, "more epochs see more");
  check(is_probability(law->probability_unseen(epochs)), "a probability is between 0 and 1");
  check(law->mean() >= 0, "the mean is a number");
  if (auto const quantile = made([&] { return law->quantile(q); }); quantile && *quantile >> 62 == 0 && *quantile > 1) {
    check(law->probability(*quantile) >= q - 1e-12, "a quantile is enough");
    check(law->probability(*quantile - 1) <= q + 1e-12, "one epoch less than a quantile is too few");
  }
  for (double const unique : evendraw::expected_unique_samples(counts, shares, epoch_size)) {
    check(unique >= 0 && unique < 0x1p64L * 1.001L, "expected samples are a number");
  }
}

void chi_squared(byte_reader& input) {
  auto const counts = input.counts(12);
  auto const probabilities = input.reals(12);
  if (auto const result = made([&] { return evendraw::chi_squared_test(counts, probabilities); })) {
    check(is_probability(result->p_value) && result->statistic >= 0, "a p-value is a probability");
  }
  double const dof = input.real(), x = input.real();
  if (dof > 0 && dof <= 1e6 && x == x)
    check(is_probability(evendraw::detail::chi_squared_tail(dof, x)), "a tail is a probability");
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  byte_reader input(data, size);
  switch (input.below(6)) {
    case 0:
      split(input);
      break;
    case 1:
      stratified_split(input);
      break;
    case 2:
      quotas(input);
      break;
    case 3:
      plans(input);
      break;
    case 4:
      coverage(input);
      break;
    default:
      chi_squared(input);
  }
  return 0;
}
