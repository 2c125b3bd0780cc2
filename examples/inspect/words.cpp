#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace inspect {
namespace {

/// The name of the class, as a sentence shows it.
std::string quoted_name(label_index const& classes, std::size_t c, charset set) {
  return fmt::format("'{}'", cut_name(name_of(classes, c), 30, set));
}

/// "52.5 % under plain shuffling, 0 % under inverse_frequency", value(outcome) by value(outcome).
template <class Value>
std::string compared(std::span<outcome const> outcomes, std::string_view preposition, std::string_view subject,
                     Value value) {
  std::string text;
  for (auto const& result : outcomes) {
    text += fmt::format("{}{}{}{} under {}", text.empty() ? "" : ", ", preposition, value(result),
                        text.empty() ? subject : "", result.name);
  }
  return text;
}

/// "An epoch has 20,000 draws under plain shuffling, 3,000 under balanced_epoch."
std::string lengths_of_epochs(std::span<outcome const> outcomes) {
  std::string_view const draws = outcomes[0].epoch_size == 1 ? " draw" : " draws";
  return fmt::format("An epoch has {}.", compared(outcomes, "", draws, [](outcome const& result) {
                       return with_commas(result.epoch_size);
                     }));
}

}  // namespace

std::string heading_of_words(std::span<outcome const> outcomes) {
  return fmt::format("In words, over {}", counted(outcomes[0].epochs, "epoch", "epochs"));
}

std::vector<std::string> in_words(label_index const& classes, std::span<outcome const> outcomes, charset set) {
  auto const order = by_size(classes);
  std::size_t const common = order.front(), rare = order.back();
  bool const any_short = std::ranges::any_of(
      outcomes, [](outcome const& result) { return result.balance.num_full_batches() < result.balance.num_batches(); });
  auto const of_batches = any_short ? " of the full batches" : " of the batches";
  std::string const missing = compared(outcomes, "from ", of_batches, [&](outcome const& result) {
    return percent(result.balance.of_class(rare).batches_without, result.balance.num_full_batches());
  });
  std::string const repeats = compared(outcomes, "", " times on average", [&](outcome const& result) {
    auto const seen = result.balance.of_class(rare);
    return fmt::format("{:.1f}", static_cast<double>(seen.draws) / static_cast<double>(seen.class_size));
  });
  std::string const covered = compared(outcomes, "", " of the samples were drawn", [&](outcome const& result) {
    auto const seen = result.balance.of_class(common);
    return percent(seen.unique_samples, seen.class_size);
  });
  bool const equal = classes.counts()[common] == classes.counts()[rare];
  std::vector<std::string> sentences{
      fmt::format("{} {} ({} of the samples) is missing {}.", equal ? "Class" : "Rare class",
                  quoted_name(classes, rare, set), percent(classes.counts()[rare], classes.num_samples()), missing),
      fmt::format("Each of its samples was drawn {}.", repeats),
      fmt::format("Of {} class, {}, {}.", equal ? "the first" : "the largest", quoted_name(classes, common, set),
                  covered)};
  bool const equally_long =
      std::ranges::all_of(outcomes, [&](outcome const& result) { return result.epoch_size == outcomes[0].epoch_size; });
  if (!equally_long) sentences.insert(sentences.begin(), lengths_of_epochs(outcomes));
  for (auto const& result : outcomes) {
    if (result.sampler != "balanced_epoch" || result.epoch_size > classes.num_samples() / 10) continue;
    sentences.push_back(fmt::format(
        "Note: an epoch of {} has only {} of the samples, since all classes give equally many; --epoch-size "
        "(.epoch_size) makes it longer, and --max-repeats (.max_repeats) repeats the samples of small "
        "classes.",
        result.name, percent(result.epoch_size, classes.num_samples())));
  }
  if (outcomes[0].shards) {
    sentences.push_back(fmt::format("Of {}, {}.", counted(outcomes[0].shards->shards, "shard", "shards"),
                                    compared(outcomes, "", " are open at a time", [](outcome const& subject) {
                                      return with_commas(subject.shards->most_open);
                                    })));
  }
  return sentences;
}

}  // namespace inspect
