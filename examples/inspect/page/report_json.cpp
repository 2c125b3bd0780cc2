#include "report_json.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "first_batches.hpp"
#include "inspect/words.hpp"
#include "json.hpp"

namespace inspect {
namespace {

using json::number, json::text;

std::string class_of_data(label_index const& classes, std::size_t c) {
  std::uint64_t const count = classes.counts()[c];
  return json::object({{"class", text(classes.labels()[c])},
                       {"samples", number(count)},
                       {"share", number(static_cast<double>(count) / static_cast<double>(classes.num_samples()))}});
}

std::string class_of_sampler(label_index const& classes, outcome const& of, std::size_t c) {
  auto const seen = of.balance.of_class(c);
  return json::object({{"class", text(classes.labels()[c])},
                       {"draws", number(seen.draws)},
                       {"share", number(seen.share)},
                       {"expected_share", number(seen.expected_share)},
                       {"min_per_batch", number(seen.min_per_batch)},
                       {"max_per_batch", number(seen.max_per_batch)},
                       {"batches_without", number(seen.batches_without)},
                       {"unique_samples", number(seen.unique_samples)},
                       {"most_draws", number(seen.most_draws)}});
}

std::string first_batches(outcome const& of, std::vector<std::size_t> const& order) {
  std::vector<std::string> batches;
  for (auto const& batch : pictured(of)) {
    std::vector<std::string> counts;
    for (std::size_t const c : order) counts.push_back(number(batch[c]));
    batches.push_back(json::list(counts));
  }
  return json::lines(batches);
}

std::string samples_seen(outcome const& of) {
  std::vector<std::string> seen;
  for (auto const& mark : of.balance.draws_per_sample().epochs()) seen.push_back(number(mark.unique_samples));
  return json::list(seen);
}

std::string epochs_to_cover(coverage const& of) {
  std::vector<json::member> members{{"samples", number(of.drawable)}, {"from", text(describe_basis(of))}};
  if (of.from != basis::unknown) {
    members.insert(
        members.end(),
        {{"mean", number(of.mean)}, {"median", number(of.median)}, {"low", number(of.low)}, {"high", number(of.high)}});
  }
  return json::object(members);
}

std::string sampler(page_data const& of, std::size_t i, std::vector<std::size_t> const& order) {
  auto const& each = of.outcomes[i];
  auto const& balance = each.balance;
  std::vector<std::string> classes;
  for (std::size_t const c : order) classes.push_back(class_of_sampler(of.classes, each, c));
  std::vector<json::member> members{{"name", text(each.name)},
                                    {"epochs", number(each.epochs)},
                                    {"epoch_size", number(each.epoch_size)},
                                    {"batch_size", number(balance.batch_size())},
                                    {"batches", number(balance.num_batches())},
                                    {"full_batches", number(balance.num_full_batches())},
                                    {"total_variation", number(balance.total_variation())},
                                    {"epochs_to_cover", epochs_to_cover(of.coverages[i])},
                                    {"samples_seen_by_epoch", samples_seen(each)},
                                    {"classes", json::lines(classes)},
                                    {"first_batches", first_batches(each, order)}};
  if (each.shards) {
    members.push_back({"shards", json::object({{"all", number(each.shards->shards)},
                                               {"in_a_batch", number(each.shards->per_batch)},
                                               {"open", number(each.shards->most_open)}})});
  }
  return json::object(members);
}

}  // namespace

std::string report_json(page_data const& of) {
  auto const order = by_size(of.classes);
  std::vector<std::string> sentences, notes, classes, samplers;
  for (auto const& each : of.notes) notes.push_back(text(each));
  for (auto const& sentence : in_words(of.classes, of.outcomes, charset::utf8)) sentences.push_back(text(sentence));
  for (std::size_t const c : order) classes.push_back(class_of_data(of.classes, c));
  for (std::size_t i = 0; i < of.outcomes.size(); ++i) samplers.push_back(sampler(of, i, order));
  return json::object({{"evendraw", text(of.version)},
                       {"date", text(of.date)},
                       {"command", text(of.of.command)},
                       {"data", text(name_of_data(of.of))},
                       {"samples", number(of.classes.num_samples())},
                       {"seed", number(of.of.seed)},
                       {"notes", json::lines(notes)},
                       {"in_words", json::lines(sentences)},
                       {"classes", json::lines(classes)},
                       {"samplers", json::lines(samplers)}}) +
         '\n';
}

}  // namespace inspect
