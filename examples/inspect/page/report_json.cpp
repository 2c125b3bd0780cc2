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

std::string class_of_sampler(label_index const& classes, outcome const& subject, std::size_t c) {
  auto const seen = subject.balance.of_class(c);
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

std::string first_batches(outcome const& subject, std::vector<std::size_t> const& order) {
  std::vector<std::string> batches;
  for (auto const& batch : pictured(subject)) {
    std::vector<std::string> counts;
    for (std::size_t const c : order) counts.push_back(number(batch[c]));
    batches.push_back(json::list(counts));
  }
  return json::lines(batches);
}

std::string samples_seen(outcome const& subject) {
  std::vector<std::string> seen;
  for (auto const& mark : subject.balance.draws_per_sample().epochs()) seen.push_back(number(mark.unique_samples));
  return json::list(seen);
}

std::string epochs_to_cover(coverage const& subject) {
  std::vector<json::member> members{{"samples", number(subject.drawable)}, {"from", text(describe_basis(subject))}};
  if (subject.known_from != basis::unknown) {
    members.insert(members.end(), {{"mean", number(subject.mean)},
                                   {"median", number(subject.median)},
                                   {"low", number(subject.low)},
                                   {"high", number(subject.high)}});
  }
  return json::object(members);
}

std::string sampler(page_data const& subject, std::size_t i, std::vector<std::size_t> const& order) {
  auto const& each = subject.outcomes[i];
  auto const& balance = each.balance;
  std::vector<std::string> classes;
  for (std::size_t const c : order) classes.push_back(class_of_sampler(subject.classes, each, c));
  std::vector<json::member> members{{"name", text(each.name)},
                                    {"epochs", number(each.epochs)},
                                    {"epoch_size", number(each.epoch_size)},
                                    {"batch_size", number(balance.batch_size())},
                                    {"batches", number(balance.num_batches())},
                                    {"full_batches", number(balance.num_full_batches())},
                                    {"total_variation", number(balance.total_variation())},
                                    {"epochs_to_cover", epochs_to_cover(subject.coverages[i])},
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

std::string report_json(page_data const& subject) {
  auto const order = by_size(subject.classes);
  std::vector<std::string> sentences, notes, classes, samplers;
  for (auto const& each : subject.notes) notes.push_back(text(each));
  for (auto const& sentence : in_words(subject.classes, subject.outcomes, charset::utf8))
    sentences.push_back(text(sentence));
  for (std::size_t const c : order) classes.push_back(class_of_data(subject.classes, c));
  for (std::size_t i = 0; i < subject.outcomes.size(); ++i) samplers.push_back(sampler(subject, i, order));
  return json::object({{"evendraw", text(subject.version)},
                       {"date", text(subject.date)},
                       {"command", text(subject.settings.command)},
                       {"data", text(name_of_data(subject.settings))},
                       {"samples", number(subject.classes.num_samples())},
                       {"seed", number(subject.settings.seed)},
                       {"notes", json::lines(notes)},
                       {"in_words", json::lines(sentences)},
                       {"classes", json::lines(classes)},
                       {"samplers", json::lines(samplers)}}) +
         '\n';
}

}  // namespace inspect
