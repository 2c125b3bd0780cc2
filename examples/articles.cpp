// Numbers that articles on class imbalance found by experiment, computed before training and simulated. With a
// directory, articles DIRECTORY, it also draws the chance that all samples were seen, for several imbalance ratios.
#include <evendraw/evendraw.hpp>
#include <evendraw/inspect/coverage.hpp>
#include <evendraw/inspect/plan.hpp>
#include <evendraw/inspect/simulated_coverage.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "inspect/coverage_law.hpp"
#include "inspect/page/pictures.hpp"
#include "inspect/page/svg_file.hpp"

namespace {

using classes_by_name = evendraw::class_index<std::string>;

double mean(std::vector<std::uint64_t> const& numbers) {
  double sum = 0;
  for (auto number : numbers) sum += static_cast<double>(number);
  return sum / static_cast<double>(numbers.size());
}

/// The numbers of draws of every sample of class c in each of the first epochs, ascending.
std::vector<std::uint64_t> draws_of_samples(auto const& sampler, classes_by_name const& classes, std::uint64_t c,
                                            std::uint64_t epochs) {
  std::vector<std::uint64_t> result;
  for (std::uint64_t epoch = 0; epoch < epochs; ++epoch) {
    std::vector<std::uint64_t> draws(static_cast<std::size_t>(classes.index_bound()));
    for (auto index : sampler.epoch(epoch)) ++draws[index];
    for (auto index : classes.members(c)) result.push_back(draws[index]);
  }
  std::ranges::sort(result);
  return result;
}

/// The smallest number of draws that a sample with this probability exceeds with probability at most 1 - q.
int binomial_quantile(int draws, double probability, double q) {
  double exactly = 1, below = 0;
  for (int i = 0; i < draws; ++i) exactly *= 1 - probability;
  for (int r = 0;; ++r) {
    below += exactly;
    if (below >= q || r == draws) return r;
    exactly *= (draws - r) * probability / ((r + 1) * (1 - probability));
  }
}

void print_row(std::string const& what, std::string const& article, std::string const& computed,
               std::string const& simulated) {
  fmt::print("{:44}{:>11}{:>11}{:>11}\n", what, article, computed, simulated);
}

std::string one_digit(double number) { return fmt::format("{:.1f}", number); }

void inverse_frequency() {
  auto classes = classes_by_name::from_runs({{"majority", 165}, {"minority", 10}});
  evendraw::inverse_frequency_sampler sampler(classes, {.seed = 1});
  auto plan = evendraw::plan_with_replacement(classes, sampler.class_shares());
  evendraw::coverage_time law(classes.counts(), sampler.class_shares(), sampler.epoch_size());
  evendraw::coverage_time balanced({175}, {1}, 175);

  auto majority = draws_of_samples(sampler, classes, 0, 5000), minority = draws_of_samples(sampler, classes, 1, 5000);
  auto unseen = static_cast<double>(std::ranges::count(majority, 0u)) / 5000;
  auto tenths = [&](std::size_t i) { return minority[minority.size() * i / 10]; };
  evendraw::simulation_options runs{.runs = 2000};
  auto simulated = evendraw::simulated_coverage_times(sampler, classes, runs);
  evendraw::multinomial_sampler even(std::vector<int>(175, 1), {.seed = 1});
  auto simulated_even = evendraw::simulated_coverage_times(even, classes, runs);

  print_row("165 and 10 samples by inverse frequency", "article", "computed", "simulated");
  print_row("majority samples unseen in an epoch", "about 97", one_digit(165 - plan.classes[0].unique_per_epoch),
            one_digit(unseen));
  print_row("draws of a minority sample in an epoch", "", fmt::format("{:.2f}", plan.classes[1].draws_per_sample),
            fmt::format("{:.2f}", mean(minority)));
  print_row("... eight of ten times", "5 to 13",
            fmt::format("{} to {}", binomial_quantile(175, 0.05, 0.1), binomial_quantile(175, 0.05, 0.9)),
            fmt::format("{} to {}", tenths(1), tenths(9)));
  print_row("epochs until all were seen, mean", "9 to 10", one_digit(law.mean()), one_digit(mean(simulated)));
  print_row("... number of the last one, counted from 0", "", one_digit(law.mean() - 1),
            one_digit(mean(simulated) - 1));
  print_row("the same for 175 samples of equal weight", "about 5", one_digit(balanced.mean()),
            one_digit(mean(simulated_even)));
  print_row("... number of the last one, counted from 0", "", one_digit(balanced.mean() - 1),
            one_digit(mean(simulated_even) - 1));
}

constexpr std::array<std::uint64_t, 5> rare_samples{500, 250, 100, 60, 20};  // of 1000

void imbalance_ratios() {
  fmt::print("\nEpochs of 1000 draws until all of 1000 samples were seen\n");
  fmt::print("{:15}{:>34}{:>18}\n", "", "inverse frequency", "balanced epochs");
  fmt::print("{:15}{:>12}{:>11}{:>11}{:>18}\n", "classes", "mean", "simulated", "in 99 %", "certainly");
  for (std::uint64_t rare : rare_samples) {
    auto classes = classes_by_name::from_runs({{"frequent", 1000 - rare}, {"rare", rare}});
    evendraw::inverse_frequency_sampler sampler(classes, {.seed = 2});
    evendraw::coverage_time law(classes.counts(), sampler.class_shares(), 1000);
    auto simulated = evendraw::simulated_coverage_times(sampler, classes, {.runs = 500});
    evendraw::balanced_epoch_sampler balanced(classes, {.epoch_size = 1000, .max_repeats = 25});
    fmt::print("{:>5} : {:<7}{:12.1f}{:11.1f}{:11}{:18}\n", 1000 - rare, rare, law.mean(), mean(simulated),
               law.quantile(0.99), balanced.epochs_to_cover());
  }
}

void draw_imbalance_ratios(std::string const& directory) {
  std::vector<inspect::named_coverage> ratios;
  for (std::uint64_t rare : rare_samples) {
    std::vector<std::uint64_t> counts{1000 - rare, rare};
    ratios.push_back({.name = fmt::format("{} : {}", counts[0], counts[1]),
                      .covered = inspect::coverage_by_law(counts, {1, 1}, 1000),
                      .colour = ratios.size() + 1});
  }
  auto picture = inspect::draw_chances(ratios);
  picture.name = "imbalance_ratios";
  inspect::make_directory(directory);
  inspect::write_files(directory, {inspect::svg_file(picture)});
  fmt::print("\nEpochs until all were seen, by imbalance ratio: {}/{}.svg\n", directory, picture.name);
}

void target_shares() {
  auto classes = classes_by_name::from_runs({{"majority", 165}, {"minority", 10}});
  fmt::print("\n165 and 10 samples by target shares\n");
  fmt::print("{:11}{:>22}{:>21}{:>11}\n", "shares", "unseen in an epoch", "epochs to see all", "simulated");
  for (double minority : {0.2, 0.5, 0.8}) {
    evendraw::target_proportion_sampler sampler(classes, {{"majority", 1 - minority}, {"minority", minority}},
                                                {.seed = 3});
    auto plan = evendraw::plan_with_replacement(classes, sampler.class_shares());
    auto simulated = evendraw::simulated_coverage_times(sampler, classes, {.runs = 1000});
    fmt::print("{:.1f} and {:.1f}{:22.1f}{:21.1f}{:11.1f}\n", 1 - minority, minority, plan.unseen_samples,
               plan.epochs_to_cover, mean(simulated));
  }
}

void road_conditions() {
  auto classes = classes_by_name::from_runs({{"dry", 62'000},
                                             {"wet", 20'000},
                                             {"snow", 15'000},
                                             {"chemical wet", 1'500},
                                             {"ice warning", 1'000},
                                             {"frost", 500}});
  evendraw::balanced_epoch_options<std::string> options{.epoch_size = 12'000, .limits = {{"dry", 4'000}}, .seed = 4};
  evendraw::balanced_epoch_sampler sampler(classes, options);
  auto plan = evendraw::plan_balanced_epochs(classes, options, {.batch_size = 64, .epochs = 20});

  evendraw::batch_balance balance(classes);
  for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
    for (auto batch : evendraw::batch_sampler(sampler, 64).epoch(epoch)) balance.add(batch);
  }
  fmt::print("\nRoad conditions, 12000 of 100000 images an epoch, dry at most 4000, 20 epochs in batches of 64\n");
  fmt::print("{:13}{:>9}{:>20}{:>22}{:>17}\n", "", "", "share of the draws", "batches without", "epochs to all");
  fmt::print("{:13}{:>9}", "", "in data");
  for (int i = 0; i < 3; ++i) fmt::print("{:>{}}{:>{}}", "planned", i < 2 ? 9 : 8, "simulated", i < 2 ? 12 : 11);
  fmt::print("\n");
  for (std::size_t c = 0; c < plan.classes.size(); ++c) {
    auto const& planned = plan.classes[c];
    auto seen = balance.of_class(c);
    std::vector<double> only(plan.classes.size());
    only[c] = 1;
    auto epochs = evendraw::simulated_coverage_times(sampler, classes, {.runs = 1, .shares = only}).front();
    fmt::print("{:13}{:7.1f} %{:7.1f} %{:10.1f} %{:7.1f} %{:10.1f} %{:8}{:11}\n", classes.labels()[c],
               100 * static_cast<double>(planned.class_size) / static_cast<double>(classes.num_samples()),
               100 * planned.share, 100 * seen.share, 100 * planned.batches_without,
               100 * static_cast<double>(seen.batches_without) / static_cast<double>(balance.num_full_batches()),
               planned.epochs_to_cover, epochs);
  }
  for (auto const& finding : plan.findings) fmt::print("- {}\n", finding.text);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    inverse_frequency();
    imbalance_ratios();
    target_shares();
    road_conditions();
    if (count > 1) draw_imbalance_ratios(arguments[1]);
  } catch (std::exception const& error) {
    fmt::print(stderr, "articles: {}\n", error.what());
    return 2;
  }
}
