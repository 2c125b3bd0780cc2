// Any doubles as weights -> everything that takes weights.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <set>
#include <span>
#include <stdexcept>
#include <vector>

#include <fuzz/checks.hpp>
#include <fuzz/input.hpp>

#include <evendraw/samplers/dynamic_weights.hpp>
#include <evendraw/samplers/multinomial_sampler.hpp>
#include <evendraw/samplers/repeat_factor_sampler.hpp>
#include <evendraw/samplers/systematic_sampler.hpp>
#include <evendraw/samplers/weighted_without_replacement_sampler.hpp>
#include <evendraw/weights/alias_table.hpp>
#include <evendraw/weights/class_weights.hpp>
#include <evendraw/weights/prior_correction.hpp>
#include <evendraw/weights/repeat_factors.hpp>
#include <evendraw/weights/sample_weights.hpp>

using fuzz::byte_reader, fuzz::check, fuzz::made;

namespace {

using weights_type = std::vector<double>;

bool are_valid(weights_type const& weights) {
  bool any = false;
  for (double const w : weights) {
    if (!(w >= 0) || std::isinf(w)) return false;
    any |= w > 0;
  }
  return any;
}

std::uint64_t positives(weights_type const& weights) {
  return static_cast<std::uint64_t>(std::ranges::count_if(weights, [](double w) { return w > 0; }));
}

void alias_table(weights_type const& weights, byte_reader& input) {
  evendraw::alias_table::build_options const options{.threads = 1 + input.byte() % 3u};
  auto const table = made([&] { return evendraw::alias_table(weights, options); });
  check(table.has_value() == are_valid(weights), "weights are refused if and only if they are wrong");
  if (!table) return;
  auto const shares = table->shares();
  std::uint64_t sum = 0;
  auto const largest = static_cast<long double>(*std::ranges::max_element(weights));
  long double all = 0, deviation = 0;
  for (double const w : weights) all += w / largest;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    sum += shares[i];
    check((shares[i] > 0) == (weights[i] > 0), "a sample can be drawn if and only if it has a weight");
    long double const share = static_cast<long double>(shares[i]) / (0x1p32L * static_cast<long double>(shares.size()));
    deviation += std::fabs(share - weights[i] / largest / all);
  }
  check(sum == shares.size() << 32, "the shares are the whole table");
  check(deviation / 2 <= 0x1p-32L + 1e-15L, "the table is close to the weights");
  for (int i = 0; i < 20; ++i)
    check(weights[table->at(input.number<std::uint64_t>())] > 0, "a drawn sample has a weight");
}

void multinomial(weights_type const& weights, byte_reader& input) {
  auto const sampler = made([&] {
    return evendraw::multinomial_sampler(weights, {.epoch_size = input.maybe_count(), .seed = input.byte()});
  });
  if (!sampler) return;
  std::uint64_t const epoch = input.count();
  fuzz::check_sampler(*sampler, epoch, input);
  for (auto const i : sampler->epoch(epoch).take(200)) check(weights[i] > 0, "a drawn sample has a weight");
}

/// Checks an epoch without replacement.
template <class Draws>
void check_distinct(Draws const& draws, weights_type const& weights) {
  std::set<std::uint64_t> const different(draws.begin(), draws.end());
  check(different.size() == draws.size(), "no index comes twice");
  for (auto const i : different) check(weights[static_cast<std::size_t>(i)] > 0, "a drawn sample has a weight");
}

void without_replacement(weights_type const& weights, byte_reader& input) {
  evendraw::weighted_without_replacement_options const options{
      .epoch_size = input.maybe_count(),
      .on_exhausted = input.flag() ? evendraw::when_exhausted::stop : evendraw::when_exhausted::error,
      .seed = input.byte()};
  auto const sampler = made([&] { return evendraw::weighted_without_replacement_sampler(weights, options); });
  if (!sampler) return;
  std::uint64_t const epoch = input.count(), most = positives(weights);
  check(sampler->epoch_size() == (options.epoch_size == 0 ? most : std::min(options.epoch_size, most)), "epoch_size()");
  fuzz::check_sampler(*sampler, epoch, input);
  check_distinct(sampler->epoch(epoch), weights);
}

void systematic(weights_type const& weights, byte_reader& input) {
  auto const sampler = made(
      [&] { return evendraw::systematic_sampler(weights, {.epoch_size = input.maybe_count(), .seed = input.byte()}); });
  if (!sampler) return;
  std::uint64_t const epoch = input.count();
  fuzz::check_sampler(*sampler, epoch, input);
  check_distinct(sampler->epoch(epoch), weights);
  auto const inclusion = sampler->inclusion_probabilities();
  double sum = 0;
  for (std::size_t i = 0; i < inclusion.size(); ++i) {
    sum += inclusion[i];
    check((inclusion[i] > 0) == (weights[i] > 0) && inclusion[i] <= 1, "an inclusion probability is between 0 and 1");
  }
  check(std::fabs(sum - static_cast<double>(sampler->epoch_size())) < 1e-9 * (1 + sum),
        "inclusion probabilities sum to the draws");
  auto const draws = sampler->epoch(epoch);
  for (std::size_t i = 0; i < inclusion.size(); ++i) {
    check(inclusion[i] < 1 || std::ranges::count(draws, i) == 1, "a sample with inclusion probability 1 is drawn");
  }
}

/// A table whose weights change, with a list of these weights.
class changing_weights {
 public:
  changing_weights(evendraw::dynamic_weights<> table, weights_type weights, byte_reader& input)
      : table_(std::move(table)), weights_(std::move(weights)), input_(input) {}

  void run() {
    check_weights();
    for (int step = input_.byte() % 16; step > 0; --step) {
      switch (input_.below(5)) {
        case 0:
          set_one();
          break;
        case 1:
          set_many();
          break;
        case 2:
          draw();
          break;
        case 3:
          resume();
          break;
        default:
          table_ = evendraw::dynamic_weights<>(table_);
      }
    }
    check_weights();
  }

 private:
  void check_weights() const {
    auto const& options = table_.options();
    double const quantum = static_cast<double>(table_.size()) * options.largest * 0x1p-61;
    double sum = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      double const kept = table_.weight(i);
      check((kept > 0) == (weights_[i] > 0), "a positive weight stays positive, and 0 stays 0");
      check(kept <= std::max(weights_[i], quantum) && kept >= weights_[i] - quantum, "a weight is right to a quantum");
      check(std::isfinite(table_.probability(i)), "a probability is a number");
      sum += table_.probability(i);
    }
    check(std::fabs(sum - (any() ? 1 : 0)) < 1e-9, "the probabilities sum to 1");
  }

  [[nodiscard]] bool any() const { return positives(weights_) > 0; }

  void set_one() {
    std::uint64_t const i = input_.flag() ? input_.place(table_.size()) : input_.count();
    double const weight = input_.real(), largest = table_.options().largest;
    auto const before = table_.fingerprint();
    bool const is_set = made([&] {
                          table_.set(i, weight);
                          return true;
                        }).has_value();
    check(is_set == (i < table_.size() && weight >= 0 && weight <= largest),
          "an update is refused if and only if it is wrong");
    if (is_set) weights_[static_cast<std::size_t>(i)] = weight;
    check(is_set || table_.fingerprint() == before, "a refused update changes nothing");
  }

  void set_many() {
    auto const indices =
        input_.list(8, [&] { return static_cast<std::uint32_t>(input_.byte() % (table_.size() + 1)); });
    auto const weights = input_.reals(8);
    auto const before = table_.fingerprint();
    if (made([&] {
          table_.set(indices, weights);
          return true;
        })) {
      for (std::size_t i = 0; i < indices.size(); ++i) weights_[indices[i]] = weights[i];
    } else {
      check(table_.fingerprint() == before, "refused updates change nothing");
    }
  }

  void draw() {
    std::vector<std::uint32_t> drawn(input_.byte() % 40);
    auto one_by_one = table_;
    try {
      table_.draw(drawn);
      for (auto const i : drawn) {
        check(weights_[i] > 0, "a drawn sample has a weight");
        check(one_by_one.draw() == i, "draws in blocks equal draws one by one");
      }
    } catch (std::logic_error const&) {
      check(!any() && !drawn.empty(), "nothing can be drawn if and only if all weights are zero");
    }
  }

  void resume() {
    evendraw::dynamic_weights<> const resumed(table_.weights(), table_.options(), table_.save());
    check(resumed.save() == table_.save(), "a table continues from its checkpoint");
    check(resumed.weights() == table_.weights(), "a table continues with its weights");
  }

  evendraw::dynamic_weights<> table_;
  weights_type weights_;
  byte_reader& input_;
};

void dynamic_weights(weights_type const& weights, byte_reader& input) {
  evendraw::dynamic_weights_options const options{.largest = input.flag() ? input.real() : 0, .seed = input.byte()};
  std::uint64_t const n = input.below(100);
  double const equal = input.real();
  bool const are_equal = input.flag();
  auto table = made([&] {
    return are_equal ? evendraw::dynamic_weights<>(n, equal, options) : evendraw::dynamic_weights<>(weights, options);
  });
  if (table) changing_weights(*table, are_equal ? weights_type(n, equal) : weights, input).run();
}

void check_class_weights(weights_type const& weights, std::vector<std::uint64_t> const& counts) {
  check(weights.size() == counts.size(), "each class has a weight");
  for (std::size_t c = 0; c < counts.size(); ++c) {
    check(std::isfinite(weights[c]) && weights[c] >= 0, "a class weight is a number");
    check((weights[c] > 0) == (counts[c] > 0), "a class has a weight if and only if it has samples");
  }
}

double sum_of(weights_type const& numbers) { return std::accumulate(numbers.begin(), numbers.end(), 0.0); }

void class_weights(weights_type const& numbers, byte_reader& input) {
  auto const counts = input.counts(12);
  std::vector<std::int64_t> const with_signs(counts.begin(), counts.end());
  (void)made([&] { return evendraw::balanced_weights(with_signs); });
  double const parameter = input.real();
  auto const weights = made([&] {
    switch (input.below(7)) {
      case 0:
        return evendraw::inverse_frequency_weights(counts);
      case 1:
        return evendraw::balanced_weights(counts);
      case 2:
        return evendraw::power_weights(counts, parameter);
      case 3:
        return evendraw::temperature_weights(counts, parameter);
      case 4:
        return evendraw::effective_number_weights(counts, parameter);
      case 5:
        return evendraw::median_frequency_weights(counts);
      default:
        return evendraw::interpolated_weights(counts, parameter);
    }
  });
  if (weights) check_class_weights(*weights, counts);
  if (auto const factors = made([&] { return evendraw::class_repeat_factors(counts, input.count(), parameter); })) {
    for (double const each : *factors) check(each >= 1 && std::isfinite(each), "a repeat factor is 1 or more");
  }
  double const sum = input.flag() ? 1 : input.real();
  bool const by_sum = input.flag();
  if (auto const scaled =
          made([&] { return by_sum ? evendraw::normalised(numbers, sum) : evendraw::normalised(numbers, counts); })) {
    for (double const each : *scaled) check(each >= 0 && std::isfinite(each), "a normalised weight is a number");
  }
  if (auto const probabilities = made([&] { return evendraw::class_probabilities(counts, numbers); })) {
    check(std::fabs(sum_of(*probabilities) - 1) < 1e-9, "probabilities sum to 1");
  }
  if (auto const targets = made([&] { return evendraw::target_proportion_weights(counts, numbers); })) {
    for (std::size_t c = 0; c < counts.size(); ++c) {
      check(((*targets)[c] > 0) == (numbers[c] > 0) && std::isfinite((*targets)[c]), "a share stays positive");
    }
  }
}

void prior_correction(weights_type const& prior, byte_reader& input) {
  auto const shares = input.reals(12), predicted = input.reals(12);
  if (auto const weights = made([&] { return evendraw::importance_weights(prior, shares); })) {
    for (double const each : *weights) check(each >= 0 && std::isfinite(each), "an importance weight is a number");
  }
  if (auto const offsets = made([&] { return evendraw::logit_offsets(prior, shares); })) {
    for (double const each : *offsets) check(!std::isnan(each), "a logit offset is a number");
  }
  auto const corrected = made([&] { return evendraw::corrected_probabilities(predicted, prior, shares); });
  if (corrected) check(std::fabs(sum_of(*corrected) - 1) < 1e-9, "probabilities sum to 1");
}

void repeat_factors(weights_type const& factors, byte_reader& input) {
  double sum = 0;
  for (double const factor : factors) sum += factor;
  if (sum > 1e4) return;  // reading takes too long, or the sampler is refused
  auto const sampler = made([&] { return evendraw::repeat_factor_sampler(factors, {.seed = input.byte()}); });
  if (!sampler) return;
  check(std::fabs(static_cast<double>(sampler->epoch_size()) - sum) < 1.001, "an epoch has the sum of the factors");
  std::uint64_t const epoch = input.count();
  fuzz::check_sampler(*sampler, epoch, input);
  std::vector<std::uint64_t> times(factors.size());
  for (auto const sample : sampler->epoch(epoch)) ++times[sample];
  for (std::size_t i = 0; i < times.size(); ++i) {
    check(std::fabs(static_cast<double>(times[i]) - factors[i]) < 1.001, "a sample comes as often as its factor says");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  byte_reader input(data, size);
  auto const harness = input.below(8);
  auto const weights = input.reals(60);
  switch (harness) {
    case 0:
      alias_table(weights, input);
      break;
    case 1:
      multinomial(weights, input);
      break;
    case 2:
      without_replacement(weights, input);
      break;
    case 3:
      systematic(weights, input);
      break;
    case 4:
      dynamic_weights(weights, input);
      break;
    case 5:
      class_weights(weights, input);
      break;
    case 6:
      prior_correction(weights, input);
      break;
    default:
      repeat_factors(weights, input);
  }
  return 0;
}
