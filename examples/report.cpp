// The plan of a run and its draws, side by side; and how good the predictions are.
#include <evendraw/evendraw.hpp>
#include <evendraw/inspect/confusion_matrix.hpp>
#include <evendraw/inspect/format.hpp>
#include <evendraw/inspect/plan.hpp>

#include <cstdint>
#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels(1000, "dry");
  for (std::size_t i = 0; i < 100; ++i) labels[i * 7] = i % 10 == 0 ? "ice" : "wet";
  evendraw::class_index classes(labels);

  evendraw::inverse_frequency_sampler sampler(classes, {.seed = 42});
  evendraw::batch_balance balance(classes, {.expected_shares = sampler.class_shares()});
  for (std::uint64_t epoch = 0; epoch < 5; ++epoch)
    for (auto batch : evendraw::batch_sampler(sampler, 32).epoch(epoch)) balance.add(batch);

  auto plan = evendraw::plan_with_replacement(classes, {1, 1, 1}, {.epochs = 5});
  fmt::print("{:a}\n\n", evendraw::balance_table(classes, plan, balance));  // without a: Unicode where it helps

  evendraw::confusion_matrix matrix(classes);
  for (std::size_t i = 0; i < labels.size(); ++i) matrix.add(labels[i], i % 9 == 0 ? "wet" : labels[i]);
  fmt::print("{:a60}\n", matrix);
}
