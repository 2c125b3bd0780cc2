// The p-values of every sampler's law: evendraw_tests "[report]".
#include <iomanip>
#include <iostream>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

#include <evendraw/evendraw.hpp>

namespace {

auto const labels = sampling::labels_of({600, 90, 9, 1});
constexpr std::uint64_t draws = 1'000'000;

/// Which pairs of samples of a law come after each other, folded to 100 cells.
double pairs_p(std::vector<std::uint32_t> const& indices, std::vector<double> const& law) {
  std::vector<double> tenth(10), expected;
  for (std::size_t i = 0; i < law.size(); ++i) tenth[i % 10] += law[i];
  for (double const a : tenth) {
    for (double const b : tenth) expected.push_back(a * b);
  }
  std::vector<std::uint64_t> seen(100);
  for (std::size_t i = 0; i + 1 < indices.size(); i += 2) ++seen[indices[i] % 10 * 10 + indices[i + 1] % 10];
  return statistics::chi_squared_p(seen, expected);
}

/// With replacement: the draws of one epoch, pairs of them, and the draws at one position over many epochs.
template <class Sampler>
void report(char const* name, Sampler const& sampler, std::vector<double> const& law) {
  auto const indices = sampling::all(sampler.epoch(0));
  std::vector<std::uint64_t> over_epochs(law.size());
  for (std::uint64_t e = 0; e < draws / 5; ++e) ++over_epochs[sampler.epoch(e)[77]];
  double const p[] = {statistics::chi_squared_p(sampling::draws_of_each(indices, law.size()), law),
                      pairs_p(indices, law), statistics::chi_squared_p(over_epochs, law)};
  std::cout << std::setw(28) << std::left << name << std::fixed << std::setprecision(4) << p[0] << "  " << p[1] << "  "
            << p[2] << '\n';
  for (double const value : p) CHECK(value > statistics::threshold);
}

/// The law of draws by share of class.
std::vector<double> by_class(std::vector<double> const& shares) {
  std::vector<double> law;
  for (int const label : labels) {
    law.push_back(shares[static_cast<std::size_t>(label)] / static_cast<double>(std::ranges::count(labels, label)));
  }
  return law;
}

}  // namespace

TEST_CASE("report of the samplers' p-values", "[.][report]") {
  std::cout << "p-values, 700 samples    one epoch  pairs  one position, 200,000 epochs\n";
  report("inverse_frequency_sampler", evendraw::inverse_frequency_sampler(labels, {.epoch_size = draws}),
         by_class({0.25, 0.25, 0.25, 0.25}));
  report("target_proportion_sampler",
         evendraw::target_proportion_sampler(labels, {{0, 0.5}, {1, 0.05}, {2, 0.15}, {3, 0.3}}, {.epoch_size = draws}),
         by_class({0.5, 0.05, 0.15, 0.3}));
  std::vector<double> weights, law;
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i)
    weights.push_back(1 + static_cast<double>(i * i % 37)), sum += weights.back();
  for (double const weight : weights) law.push_back(weight / sum);
  report("multinomial_sampler", evendraw::multinomial_sampler(weights, {.epoch_size = draws}), law);

  // Without replacement an epoch's counts are exact; what is random is which samples it shows, and where.
  std::vector<std::uint64_t> balanced(labels.size()), shuffled(labels.size());
  evendraw::balanced_epoch_sampler const epochs(labels, {.per_class = 1});
  evendraw::random_sampler const shuffle(labels.size());
  for (std::uint64_t e = 0; e < 600 * 900; e += 601) {  // one epoch of each 600: independent walks of every class
    ++balanced[epochs.epoch(e)[e % 4]];
  }
  for (std::uint64_t e = 0; e < draws / 5; ++e) ++shuffled[shuffle.epoch(e)[77]];
  std::vector<std::uint64_t> of_classes(4);
  for (std::size_t i = 0; i < labels.size(); ++i) of_classes[static_cast<std::size_t>(labels[i])] += balanced[i];
  std::cout << "balanced_epoch_sampler      " << statistics::uniform_p(of_classes)
            << " (classes at a position, 899 epochs)\n"
            << "random_sampler              " << statistics::uniform_p(shuffled) << " (one position, 200,000 epochs)\n";
  CHECK(statistics::uniform_p(of_classes) > statistics::threshold);
  CHECK(statistics::uniform_p(shuffled) > statistics::threshold);
}
