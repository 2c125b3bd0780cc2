// Labels -> class_index -> every class-driven sampler, and mixes of them; shuffles; data in parts.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fuzz/checks.hpp>
#include <fuzz/input.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/partitioned_classes.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/concat_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/mix_sampler.hpp>
#include <evendraw/samplers/pk_batch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/repeat_factor_sampler.hpp>
#include <evendraw/samplers/scheduled_proportion_sampler.hpp>
#include <evendraw/samplers/sequential_sampler.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>
#include <evendraw/weights/class_schedules.hpp>

using fuzz::byte_reader, fuzz::check, fuzz::made;

namespace {

/// A class_index, and the class that every sample should have.
template <class Label, class Index>
class data_set {
 public:
  data_set(evendraw::class_index<Label, Index> index, byte_reader& input) : classes(std::move(index)), input_(input) {
    std::uint64_t n = 0;
    for (std::uint64_t const count : classes.counts()) ends_.push_back(n += count);
    check(n == classes.num_samples() && n > 0, "counts sum to the number of samples");
    check(classes.num_samples() <= classes.index_bound(), "samples are below index_bound()");
    check(classes.labels().size() == classes.counts().size(), "each class has a label");
    if (classes.index_bound() <= fuzz::most_read) check_members();
    for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
      check(classes.class_of(classes.labels()[static_cast<std::size_t>(c)]) == c, "class_of finds each label");
    }
  }

  /// The class of a sample. Samples that are not stored are sorted by class.
  [[nodiscard]] std::uint64_t class_of(std::uint64_t sample) const {
    if (!class_of_.empty()) return class_of_[static_cast<std::size_t>(sample)];
    return static_cast<std::uint64_t>(std::ranges::upper_bound(ends_, sample) - ends_.begin());
  }

  /// How often each class is in the draws.
  template <class Draws>
  [[nodiscard]] std::vector<std::uint64_t> class_counts(Draws const& draws) const {
    std::vector<std::uint64_t> result(ends_.size() + 1);
    for (auto const sample : draws) ++result[static_cast<std::size_t>(class_of(sample))];
    check(result.back() == 0, "all draws are of samples");
    result.pop_back();
    return result;
  }

  /// A label; rarely one that no class has.
  Label label() {
    auto const c = input_.byte();
    return c == 255 ? Label{} : classes.labels()[c % classes.labels().size()];
  }

  evendraw::class_index<Label, Index> classes;

 private:
  void check_members() {
    class_of_ = classes.sample_classes();
    std::uint64_t members = 0;
    for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
      auto const of_class = classes.members(c);
      check(of_class.size() == classes.counts()[static_cast<std::size_t>(c)], "members are as many as counted");
      check(std::ranges::is_sorted(of_class), "members are ascending");
      for (auto const sample : of_class) {
        check(sample < classes.index_bound(), "members are below index_bound()");
        check(class_of_[static_cast<std::size_t>(sample)] == c, "members are of their class");
        ++members;
      }
    }
    auto const outside = static_cast<std::uint64_t>(std::ranges::count(class_of_, classes.num_classes()));
    check(members + outside == classes.index_bound(), "each sample is a member of one class");
  }

  byte_reader& input_;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint32_t> class_of_;
};

template <class Label, class Value>
using pairs = std::vector<std::pair<Label, Value>>;

template <class Data>
using label_of = typename decltype(Data::classes)::label_type;
template <class Data>
using index_of = typename decltype(Data::classes)::index_type;

template <class Data>
pairs<label_of<Data>, double> shares(Data& data, byte_reader& input) {
  return input.list(8, [&] { return std::pair(data.label(), input.real()); });
}
template <class Data>
pairs<label_of<Data>, std::uint64_t> numbers(Data& data, byte_reader& input) {
  return input.list(8, [&] { return std::pair(data.label(), input.count()); });
}

/// The first draws of an epoch are only of classes with a share.
template <class Sampler, class Data>
void check_shares(Sampler const& sampler, std::vector<double> const& share, std::uint64_t epoch, Data const& data) {
  check(share.size() == data.classes.num_classes(), "class_shares() are of all classes");
  check(std::fabs(std::accumulate(share.begin(), share.end(), 0.0) - 1) < 1e-9, "class_shares() sum to 1");
  auto const counts = data.class_counts(sampler.epoch(epoch).take(300));
  for (std::size_t c = 0; c < counts.size(); ++c) {
    check(counts[c] == 0 || share[c] > 0, "a class without a share is not drawn");
  }
}

template <class Data>
void inverse_frequency(Data& data, byte_reader& input) {
  using sampler_type = evendraw::inverse_frequency_sampler<index_of<Data>>;
  auto const sampler =
      made([&] { return sampler_type(data.classes, {.epoch_size = input.maybe_count(), .seed = input.byte()}); });
  if (!sampler) return;
  std::uint64_t const epoch = input.count();
  fuzz::check_sampler(*sampler, epoch, input);
  check_shares(*sampler, sampler->class_shares(), epoch, data);
}

template <class Data>
void target_proportion(Data& data, byte_reader& input) {
  using sampler_type = evendraw::target_proportion_sampler<index_of<Data>>;
  evendraw::target_proportion_options const options{.epoch_size = input.maybe_count(),
                                                    .seed = input.byte(),
                                                    .unnamed = static_cast<evendraw::unnamed_classes>(input.below(3))};
  auto const sampler = made([&] {
    return input.flag()
               ? sampler_type(data.classes, input.reals(8), {.epoch_size = options.epoch_size, .seed = options.seed})
               : sampler_type(data.classes, shares(data, input), options);
  });
  if (!sampler) return;
  std::uint64_t const epoch = input.count();
  fuzz::check_sampler(*sampler, epoch, input);
  check_shares(*sampler, sampler->class_shares(), epoch, data);
}

template <class Data>
void scheduled_proportion(Data& data, byte_reader& input) {
  using sampler_type = evendraw::scheduled_proportion_sampler<index_of<Data>>;
  evendraw::sampler_options const options{.epoch_size = input.maybe_count(), .seed = input.byte()};
  std::vector<double> given;
  std::size_t refused = 1025;
  auto const by_hand = [&](std::vector<std::uint64_t> const& counts, std::uint64_t e) {
    if (e == refused) throw std::invalid_argument("evendraw::fuzz: an epoch that the schedule refuses");
    std::vector<double> result = given;
    result.resize(counts.size(), 1);
    return result;
  };
  auto const sampler = made([&] {
    switch (input.below(3)) {
      case 0:
        return sampler_type(data.classes, evendraw::progressive_schedule(input.count()), options);
      case 1:
        return sampler_type(data.classes, evendraw::power_schedule(input.real(), input.real(), input.count()), options);
      default:
        given = input.reals(8);
        refused = input.byte();
        return sampler_type(data.classes, by_hand, options);
    }
  });
  if (!sampler) return;
  std::uint64_t const epoch = input.count();
  (void)made([&] {
    check_shares(*sampler, sampler->class_shares(epoch), epoch, data);
    fuzz::check_sampler(*sampler, epoch, input);
    return true;
  });
}

template <class Data>
void balanced_epoch(Data& data, byte_reader& input) {
  using sampler_type = evendraw::balanced_epoch_sampler<index_of<Data>>;
  evendraw::balanced_epoch_options<label_of<Data>> options;
  options.epoch_size = input.maybe_count();
  options.per_class = input.maybe_count();
  options.limits = numbers(data, input);
  options.max_repeats = input.flag() ? input.count() : 1;
  options.seed = input.byte();
  if (input.flag()) options.when_short = evendraw::when_short::give_all;
  auto const sampler = made([&] { return sampler_type(data.classes, options); });
  if (!sampler) return;
  std::uint64_t const epoch = input.count();
  fuzz::check_sampler(*sampler, epoch, input);
  auto other = options;
  other.epoch_size = input.maybe_count();
  other.per_class = 0;
  fuzz::check_amended(*sampler, epoch, data.classes, other, input,
                      [&](auto const& next) { fuzz::check_sampler(next, input.byte(), input); });
  std::uint64_t sum = 0;
  for (std::uint64_t const quota : sampler->quotas()) sum += quota;
  check(sum == sampler->epoch_size(), "the quotas sum to epoch_size()");
  check(options.epoch_size == 0 || sum == options.epoch_size, "an epoch has the size asked for");
  check(sampler->epochs_to_cover() > 0, "seeing all samples takes at least one epoch");
  if (sum > fuzz::most_read) return;
  auto const draws = sampler->epoch(epoch);
  check(data.class_counts(draws) == sampler->quotas(), "every class gives its quota");
  std::map<std::uint64_t, std::uint64_t> times;
  for (auto const sample : draws) ++times[sample];
  for (auto const& [sample, number] : times) {
    auto const c = static_cast<std::size_t>(data.class_of(sample));
    std::uint64_t const n = data.classes.counts()[c];
    check(number <= (sampler->quotas()[c] - 1) / n + 1, "no sample comes more often than necessary");
  }
}

template <class Data>
void stratified_batch(Data& data, byte_reader& input) {
  using sampler_type = evendraw::stratified_batch_sampler<index_of<Data>>;
  evendraw::stratified_batch_options<label_of<Data>> options;
  options.batch_size = input.maybe_count();
  options.num_batches = input.maybe_count();
  if (input.flag()) options.shares = shares(data, input);
  if (input.flag()) options.quotas = numbers(data, input);
  options.unnamed = static_cast<evendraw::unnamed_classes>(input.below(3));
  options.order = input.flag() ? evendraw::order::grouped : evendraw::order::shuffled;
  options.seed = input.byte();
  auto const sampler = made([&] {
    return input.flag() ? sampler_type(data.classes, input.reals(8), options) : sampler_type(data.classes, options);
  });
  if (!sampler) return;
  std::uint64_t const epoch = input.count(), b = input.place(sampler->epoch_size());
  fuzz::check_batch_maker(*sampler, epoch, data.classes.index_bound(), input);
  auto const check_next = [&](auto const& next) {
    fuzz::check_batch_maker(next, input.byte(), next.index_bound(), input);
  };
  fuzz::check_amended(*sampler, epoch, data.classes, options, input, check_next);
  auto const quotas = sampler->quotas(epoch, b);
  auto const share = sampler->class_shares();
  std::uint64_t sum = 0;
  for (std::size_t c = 0; c < quotas.size(); ++c) {
    sum += quotas[c];
    auto const part = static_cast<double>(sampler->batch_size()) * share[c];
    check(std::fabs(static_cast<double>(quotas[c]) - part) < 1.001, "a class has its part, rounded down or up");
  }
  check(sum == sampler->batch_size(), "the quotas sum to batch_size()");
  check(sampler->batches_to_cover() > 0, "seeing all samples takes at least one batch");
  if (sum > fuzz::most_read) return;
  check(data.class_counts(sampler->epoch(epoch)[b]) == quotas, "every class has its quota");
  std::uint64_t const world = 1 + input.below(8);
  if (sampler->batch_size() % world != 0) return;
  auto const of_rank = data.class_counts(sampler->epoch(epoch).shard(input.below(world), world)[b]);
  for (std::size_t c = 0; c < quotas.size(); ++c) {
    check(of_rank[c] == quotas[c] / world || of_rank[c] == (quotas[c] - 1) / world + 1,
          "a rank has its part of every class");
  }
}

template <class Data>
void pk_batch(Data& data, byte_reader& input) {
  using sampler_type = evendraw::pk_batch_sampler<index_of<Data>>;
  evendraw::pk_batch_options const options{.classes = input.count(),
                                           .samples = input.count(),
                                           .num_batches = input.maybe_count(),
                                           .exclude_small = !input.flag(),
                                           .seed = input.byte()};
  auto const sampler = made([&] { return sampler_type(data.classes, options); });
  if (!sampler) return;
  std::uint64_t const epoch = input.count(), b = input.place(sampler->epoch_size());
  fuzz::check_batch_maker(*sampler, epoch, data.classes.index_bound(), input);
  auto const check_next = [&](auto const& next) {
    fuzz::check_batch_maker(next, input.byte(), next.index_bound(), input);
  };
  fuzz::check_amended(*sampler, epoch, data.classes, options, input, check_next);
  check(sampler->batches_to_cover() > 0, "seeing all samples takes at least one batch");
  if (sampler->batch_size() > fuzz::most_read) return;
  auto const counts = data.class_counts(sampler->epoch(epoch)[b]);
  std::uint64_t classes = 0;
  for (std::uint64_t const count : counts) {
    check(count == 0 || count == options.samples, "a class has K samples in a batch, or none");
    classes += count > 0 ? 1 : 0;
  }
  check(classes == options.classes, "a batch has P classes");
}

/// Samplers of any kind, for mixes.
template <class Data>
evendraw::any_sampler<index_of<Data>> any(Data& data, byte_reader& input) {
  using index_type = index_of<Data>;
  evendraw::sampler_options const options{.epoch_size = input.maybe_count(), .seed = input.byte()};
  switch (input.below(4)) {
    case 0:
      return evendraw::random_sampler<index_type>(input.count(), options);
    case 1:
      return evendraw::sequential_sampler<index_type>(input.count());
    case 2:
      return evendraw::inverse_frequency_sampler<index_type>(data.classes, options);
    default:
      return evendraw::balanced_epoch_sampler<index_type>(data.classes, {.epoch_size = options.epoch_size});
  }
}

template <class Sampler>
void check_sources(Sampler const& sampler, std::uint64_t epoch, byte_reader& input) {
  for (auto const index : sampler.epoch(epoch).take(100)) {
    auto const [source, inner] = sampler.source_of(index);
    check(source < sampler.num_sources() && inner <= index, "an index is of a source");
  }
  fuzz::check_sampler(sampler, epoch, input);
}

template <class Data>
void mixed(Data& data, byte_reader& input) {
  using index_type = index_of<Data>;
  (void)made([&] {
    auto const sources = input.list(4, [&] { return any(data, input); });
    if (input.flag()) {
      check_sources(evendraw::concat_sampler<index_type>(sources), input.count(), input);
      return true;
    }
    std::uint64_t most = 1 << 14;  // an epoch begins at most this number of source epochs, for speed
    for (auto const& source : sources) {
      std::uint64_t const size = std::max<std::uint64_t>(source.epoch_size(), 1);
      most = std::min(most, size > fuzz::most_read ? most : size * 64);
    }
    auto const order = input.flag() ? evendraw::order::shuffled : evendraw::order::grouped;
    auto const share = input.reals(4);
    evendraw::mix_sampler<index_type> const sampler(
        sources, share,
        {.epoch_size = 1 + input.count() % most, .window = input.count(), .order = order, .seed = input.byte()});
    check_sources(sampler, input.count(), input);
    return true;
  });
}

void repeat_factor(byte_reader& input) {
  auto const sets = input.list(40, [&] { return input.list(4, [&] { return int{input.byte()}; }); });
  double const threshold = input.real();
  auto const sampler =
      made([&] { return evendraw::repeat_factor_sampler(sets, {.threshold = threshold, .seed = input.byte()}); });
  if (!sampler) return;
  auto const factors = evendraw::repeat_factors(sets, threshold);
  std::uint64_t const epoch = input.count();
  fuzz::check_sampler(*sampler, epoch, input);
  std::vector<std::uint64_t> times(sets.size());
  for (auto const sample : sampler->epoch(epoch)) ++times[sample];
  for (std::size_t i = 0; i < times.size(); ++i) {
    double const deviation = static_cast<double>(times[i]) - factors[i];
    check(deviation > -1.001 && deviation < 1.001, "a sample comes as often as its factor says, rounded down or up");
  }
}

/// No sample comes twice in an epoch. Each comes once in a cycle of epochs, except those that fill up the last epoch.
void shuffled(byte_reader& input) {
  std::uint64_t const n = input.count(), m = input.maybe_count(), epoch = input.count();
  if (auto const all = made([&] { return evendraw::sequential_sampler<std::uint64_t>(n); })) {
    fuzz::check_sampler(*all, epoch, input);
  }
  auto const sampler =
      made([&] { return evendraw::random_sampler<std::uint64_t>(n, {.epoch_size = m, .seed = input.byte()}); });
  if (!sampler) return;
  fuzz::check_sampler(*sampler, epoch, input);
  if (n > fuzz::most_read) return;
  std::uint64_t const epochs = (n - 1) / sampler->epoch_size() + 1, first = epoch / epochs * epochs;
  if (first > ~std::uint64_t{0} - epochs) return;
  std::vector<std::uint64_t> times(static_cast<std::size_t>(n));
  for (std::uint64_t e = first; e < first + epochs; ++e) {
    std::set<std::uint64_t> seen;
    for (auto const sample : sampler->epoch(e)) {
      check(seen.insert(sample).second, "no sample comes twice in an epoch");
      ++times[static_cast<std::size_t>(sample)];
    }
  }
  std::uint64_t const twice = epochs * sampler->epoch_size() - n;
  check(std::ranges::count(times, std::uint64_t{1}) == static_cast<std::ptrdiff_t>(n - twice) &&
            std::ranges::count(times, std::uint64_t{2}) == static_cast<std::ptrdiff_t>(twice),
        "every sample comes in a cycle");
}

/// Each rank has a part of the labels. Together they have the samples of one process.
void partitioned(byte_reader& input) {
  auto const parts = input.list(4, [&] { return input.list(20, [&] { return input.byte() % 5; }); });
  std::vector<std::optional<evendraw::class_index<int>>> of_rank;
  std::vector<evendraw::label_counts<int>> counts;
  std::vector<int> together;
  for (auto const& part : parts) {
    of_rank.push_back(made([&] { return evendraw::class_index(part); }));
    counts.push_back(of_rank.back() ? of_rank.back()->label_counts() : evendraw::label_counts<int>{});
    together.insert(together.end(), part.begin(), part.end());
  }
  auto const one = made([&] { return evendraw::class_index(together); });
  std::uint64_t const seed = input.byte(), epoch = input.count();
  std::size_t before = 0, held = 0;
  for (std::size_t rank = 0; rank < parts.size(); before += parts[rank++].size()) {
    auto const mine = made([&] { return evendraw::partitioned_classes<int>(of_rank[rank], counts, rank); });
    check(mine.has_value() == one.has_value(), "parts are refused if all of them are empty");
    if (!mine) continue;
    check(std::ranges::equal(mine->classes().counts(), one->counts()), "the counts are those of all ranks together");
    auto const drawn = evendraw::balanced_epoch_sampler<std::uint64_t>(mine->classes(), {.seed = seed}).epoch(epoch);
    auto const of_one = evendraw::balanced_epoch_sampler<>(*one, {.seed = seed}).epoch(epoch);
    std::vector<std::uint64_t> batch(static_cast<std::size_t>(drawn.size()));
    drawn.read(0, batch);
    auto local = mine->local_samples(batch);
    held += local.size();
    for (std::uint64_t i = 0; i < drawn.size(); ++i) {
      auto const local_sample = mine->local_sample(drawn[i]);
      bool const is_mine = of_one[i] >= before && of_one[i] - before < parts[rank].size();
      check(local_sample.has_value() == is_mine, "a sample is on the rank that has it");
      if (local_sample) check(*local_sample + before == of_one[i], "it is the sample that one process draws");
    }
    if (rank + 1 == parts.size()) check(held == drawn.size(), "the ranks have all draws together");
  }
}

template <class Label, class Index>
void drive(evendraw::class_index<Label, Index> const& classes, byte_reader& input) {
  data_set data(classes, input);
  switch (input.below(7)) {
    case 0:
      return inverse_frequency(data, input);
    case 1:
      return target_proportion(data, input);
    case 2:
      return scheduled_proportion(data, input);
    case 3:
      return balanced_epoch(data, input);
    case 4:
      return stratified_batch(data, input);
    case 5:
      return pk_batch(data, input);
    default:
      return mixed(data, input);
  }
}

template <class Label>
void drive_labels(std::vector<Label> const& labels, byte_reader& input) {
  evendraw::class_index_options<Label> options;
  options.allow_empty = input.flag();
  if (input.flag()) {
    options.classes = input.list(8, [&] { return labels.empty() ? Label{} : labels[input.byte() % labels.size()]; });
  }
  bool const is_subset = input.flag();
  auto const indices = is_subset ? input.list(30, [&] { return input.byte(); }) : std::vector<std::uint8_t>{};
  using class_index = evendraw::class_index<Label>;
  auto const classes =
      made([&] { return is_subset ? class_index(labels, indices, options) : class_index(labels, options); });
  if (!classes) return;
  check(classes->index_bound() == labels.size(), "index_bound() is the number of labels");
  for (std::size_t i = 0; i < labels.size() && !is_subset; ++i) {
    check(classes->labels()[classes->sample_classes()[i]] == labels[i], "a sample is of the class of its label");
  }
  drive(*classes, input);
}

void drive_counts(byte_reader& input) {
  auto const counts = input.counts(16);
  bool const allow_empty = input.flag();
  auto const classes = made([&] {
    return evendraw::class_index<std::int64_t, std::uint64_t>::from_counts(counts, {.allow_empty = allow_empty});
  });
  if (classes) drive(*classes, input);
}

void drive_runs(byte_reader& input) {
  auto const runs = input.list(20, [&] { return std::pair(input.text(2), std::uint64_t{input.byte()} % 200); });
  bool const allow_empty = input.flag();
  auto const classes =
      made([&] { return evendraw::class_index<std::string>::from_runs(runs, {.allow_empty = allow_empty}); });
  if (classes) drive(*classes, input);
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  byte_reader input(data, size);
  switch (input.below(8)) {
    case 0:
      drive_labels(input.list(255, [&] { return std::int64_t{input.byte() % 7} - 3; }), input);
      break;
    case 1:
      drive_labels(input.list(30, [&] { return static_cast<std::int64_t>(input.count()); }), input);
      break;
    case 2:
      drive_labels(input.list(30, [&] { return input.text(3); }), input);
      break;
    case 3:
      drive_counts(input);
      break;
    case 4:
      drive_runs(input);
      break;
    case 5:
      shuffled(input);
      break;
    case 6:
      partitioned(input);
      break;
    default:
      repeat_factor(input);
  }
  return 0;
}
