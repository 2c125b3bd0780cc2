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

using fuzz::check, fuzz::input, fuzz::made;

namespace {

bool is_probability(double p) { return p >= 0 && p <= 1; }

/// Each of n samples in one part, and parts of the sizes asked for.
template <class Part>
void check_parts(std::vector<std::vector<std::uint32_t>> const& parts, std::uint64_t n,
                 std::vector<Part> const& asked) {
  check(parts.size() == asked.size(), "there are as many parts as asked for");
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

/// Fractions that sum to 1 or nearly, or anything.
std::vector<double> fractions(input& in) {
  auto result = in.reals(6);
  double const sum = std::accumulate(result.begin(), result.end(), 0.0);
  if (in.flag() && sum > 0 && std::isfinite(sum)) {
    for (double& each : result) each /= sum;
  }
  return result;
}

/// Counts that sum to n, or anything.
std::vector<std::uint64_t> counts(std::uint64_t n, input& in) {
  if (in.flag()) return in.counts(6);
  std::vector<std::uint64_t> result = in.list(5, [&] { return std::exchange(n, n - in.below(n + 1)) - n; });
  result.push_back(n);
  return result;
}

void split(input& in) {
  std::uint64_t const n = in.flag() ? in.byte() : in.number<std::uint16_t>(), seed = in.count();
  if (in.flag()) {
    split_at_random(n, fractions(in), seed);
  } else {
    split_at_random(n, counts(n, in), seed);
  }
}

void stratified_split(input& in) {
  auto labels = in.list(200, [&] { return in.byte() % 5; });
  labels.push_back(0);
  std::uint64_t const seed = in.count();
  if (in.flag()) {
    split_by_class(labels, fractions(in), seed);
  } else {
    split_by_class(labels, counts(labels.size(), in), seed);
  }
}

void quotas(input& in) {
  auto shares = in.list(20, [&] { return 1 + in.count() % (std::uint64_t{1} << 58); });
  if (shares.empty()) shares.push_back(1);
  std::uint64_t const batch_size = 1 + in.count() % evendraw::detail::batch_quotas::largest_batch;
  evendraw::detail::batch_quotas const quotas(shares, batch_size, in.count());
  auto const all = std::accumulate(shares.begin(), shares.end(), 0.0L);
  std::uint64_t const number = in.count();
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

evendraw::plan_options plan_options(input& in) {
  evendraw::plan_options result;
  // none_drawn() takes as many steps as the smaller one of a class and a batch has items
  result.batch_size = in.count() % 5'000;
  result.epochs = in.count();
  result.epoch_size = in.maybe_count();
  if (in.flag()) result.confidence = in.real();
  if (in.flag()) result.max_draws_per_sample = in.real();
  if (in.flag()) result.max_batches_without = in.real();
  return result;
}

void check_plan(evendraw::run_plan const& plan, evendraw::detail::class_sizes const& sizes,
                evendraw::plan_options const& options) {
  check(plan.classes.size() == sizes.counts().size(), "a plan is of all classes");
  for (auto const& finding : plan.findings) {
    check(!finding.text.empty() && finding.class_number <= plan.classes.size(), "a finding says what it is about");
  }
  if (!plan.feasible()) return;
  check(plan.epoch_size > 0 && plan.full_batches == plan.epoch_size / options.batch_size, "epochs have draws");
  double shares = 0;
  for (std::size_t c = 0; c < plan.classes.size(); ++c) {
    auto const& of = plan.classes[c];
    auto const size = static_cast<double>(of.class_size);
    check(of.class_size == sizes.counts()[c], "a class has its size");
    check(is_probability(of.share) && is_probability(of.batches_without), "shares are between 0 and 1");
    check(of.unique_per_epoch >= 0 && of.unique_per_epoch <= size * (1 + 1e-9), "samples of an epoch are of the class");
    check(of.unique_samples >= of.unique_per_epoch * (1 - 1e-9) - 1e-280 && of.unique_samples <= size * (1 + 1e-9),
          "a run sees at least what an epoch sees");
    // shares below 2^-1022 have few digits
    check(of.draws_per_epoch >= of.unique_per_epoch * (1 - 1e-9) - 1e-280, "no sample is seen without a draw");
    check(of.epochs_to_cover >= 0 && of.epochs_to_cover_at_most >= 0, "epochs are a number");
    shares += of.share;
  }
  check(std::fabs(shares - 1) < 1e-9, "shares sum to 1");
}

void plans(input& in) {
  auto const counts = in.counts(8);
  auto const sizes = made([&] { return evendraw::detail::class_sizes(counts); });
  if (!sizes) return;
  auto const options = plan_options(in);
  auto const shares = in.reals(8);
  switch (in.below(4)) {
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
  balanced.per_class = in.maybe_count();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> limits;
  for (std::uint64_t const limit : in.counts(8)) limits.emplace_back(limits.size(), limit);
  balanced.limits = limits;
  if (in.flag()) balanced.max_repeats = in.count();
  if (in.flag()) balanced.when_short = evendraw::when_short::give_all;
  check_plan(evendraw::plan_balanced_epochs(*sizes, balanced, options), *sizes, options);
}

void coverage(input& in) {
  auto const counts = in.counts(6);
  auto const shares = in.reals(6);
  std::uint64_t const epoch_size = in.count(), epochs = in.count() % (std::uint64_t{1} << 62);
  double const q = in.real();
  auto const law = made([&] { return evendraw::coverage_time(counts, shares, epoch_size); });
  if (!law) return;
  double const seen = law->probability(epochs), later = law->probability(epochs + 1);
  check(is_probability(seen) && is_probability(later) && later >= seen - 1e-12, "more epochs see more");
  check(is_probability(law->probability_unseen(epochs)), "a probability is one");
  check(law->mean() >= 0, "the mean is a number");
  if (auto const quantile = made([&] { return law->quantile(q); }); quantile && *quantile >> 62 == 0 && *quantile > 1) {
    check(law->probability(*quantile) >= q - 1e-12, "a quantile is enough");
    check(law->probability(*quantile - 1) <= q + 1e-12, "and an epoch less is not");
  }
  for (double const unique : evendraw::expected_unique_samples(counts, shares, epoch_size)) {
    check(unique >= 0 && unique < 0x1p64L * 1.001L, "expected samples are a number");
  }
}

void chi_squared(input& in) {
  auto const counts = in.counts(12);
  auto const probabilities = in.reals(12);
  if (auto const result = made([&] { return evendraw::chi_squared_test(counts, probabilities); })) {
    check(is_probability(result->p_value) && result->statistic >= 0, "a p-value is a probability");
  }
  double const dof = in.real(), x = in.real();
  if (dof > 0 && dof <= 1e6 && x == x)
    check(is_probability(evendraw::detail::chi_squared_tail(dof, x)), "a tail is one");
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  input in(data, size);
  switch (in.below(6)) {
    case 0:
      split(in);
      break;
    case 1:
      stratified_split(in);
      break;
    case 2:
      quotas(in);
      break;
    case 3:
      plans(in);
      break;
    case 4:
      coverage(in);
      break;
    default:
      chi_squared(in);
  }
  return 0;
}
