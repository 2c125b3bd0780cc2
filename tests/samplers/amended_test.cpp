// Runs whose data changes. Random histories check the promise of amended(). A wrong twin begins its walks anew.
#include <evendraw/evendraw.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/ways_to_read.hpp>

namespace amended_test {

using classes_type = evendraw::class_index<int>;
using numbers = std::vector<std::uint32_t>;

namespace {

/// Numbers for a random history.
class dice {
 public:
  explicit dice(std::uint64_t seed) : seed_(seed) {}
  /// A number below n.
  std::uint64_t operator()(std::uint64_t n) { return evendraw::bounded(evendraw::random_word(seed_, next_++), n); }

 private:
  std::uint64_t seed_;
  std::uint64_t next_ = 0;
};

/// A data set that changes. Samples keep their numbers.
struct data_set {
  std::vector<int> labels;
  std::vector<bool> withdrawn;

  data_set(std::size_t n, std::uint64_t num_classes, dice& roll) {
    for (std::size_t i = 0; i < n; ++i) add(static_cast<int>(roll(num_classes) * roll(num_classes) / num_classes));
  }
  void add(int label) {
    labels.push_back(label);
    withdrawn.push_back(false);
  }
  [[nodiscard]] numbers kept() const {
    numbers result;
    for (std::uint32_t i = 0; i < labels.size(); ++i) {
      if (!withdrawn[i]) result.push_back(i);
    }
    return result;
  }
  [[nodiscard]] classes_type classes() const {
    auto const all = kept();
    return all.size() == labels.size() ? classes_type(labels) : classes_type(labels, all);
  }
  void change(std::uint64_t num_classes, dice& roll) {
    for (std::uint64_t k = roll(12); k > 0; --k) add(static_cast<int>(roll(num_classes)));
    for (std::uint64_t k = roll(12); k > 0; --k) withdrawn[roll(labels.size())] = kept().size() > 10;
    for (std::uint64_t k = roll(6); k > 0; --k) labels[roll(labels.size())] = static_cast<int>(roll(num_classes));
  }
};

/// Keeps the unseen samples of each class's walk, and checks that they come first. It knows only what
/// was drawn.
class witness {
 public:
  std::uint64_t windows = 0;  // the number of checked windows
  std::uint64_t broken = 0;   // the number of windows that broke the promise

  /// Whether a class that gives more draws than it has members remembers which members had more than others.
  explicit witness(classes_type const& classes, bool remembers = true) : remembers_(remembers) { begin(classes); }

  /// Changes the classes. Samples that were seen in a current walk still count as seen.
  void begin(classes_type const& classes) {
    classes_.clear();
    for (std::size_t c = 0; c < classes.num_classes(); ++c) {
      auto& known = classes_[classes.labels()[c]];
      for (std::uint32_t const sample : classes.members(c)) {
        known.members.insert(sample);
        if (!seen_.contains(sample)) known.unseen.insert(sample);
      }
      if (known.unseen.empty()) begin_walk(known);
    }
  }

  /// A class that is left out loses its walk.
  void leave_out(int label) { begin_walk(classes_.at(label)); }

  /// Checks a window of draws from one class. The window is whole, or the run has stopped within it.
  void draw(int label, numbers const& drawn, bool whole = true) {
    auto& known = classes_.at(label);
    std::uint64_t const n = known.members.size(), m = drawn.size();
    std::map<std::uint32_t, std::uint64_t> counts;
    for (auto const sample : drawn) ++counts[sample];
    for (auto const& [sample, count] : counts) broken += known.members.contains(sample) ? 0u : 1u;
    if (!whole && m > n) return;
    std::uint64_t fresh = 0, extra = 0;
    if (whole) {
      ++windows;
      for (auto const sample : known.members) {
        bool const once_more = counts[sample] == m / n + 1;
        broken += counts[sample] == m / n || once_more ? 0u : 1u;
        extra += once_more ? 1u : 0u;
        fresh += once_more && known.unseen.contains(sample) ? 1u : 0u;
      }
      broken += fresh == std::min<std::uint64_t>(extra, known.unseen.size()) ? 0u : 1u;
    }
    for (auto const sample : known.members) {
      if (whole ? counts[sample] == m / n + 1 : counts[sample] > 0) see(known, sample);
    }
    if (whole && (known.unseen.empty() || m % n == 0 || (m > n && !remembers_))) begin_walk(known);
  }

 private:
  struct known_class {
    std::set<std::uint32_t> members;
    std::set<std::uint32_t> unseen;
  };

  void see(known_class& known, std::uint32_t sample) {
    known.unseen.erase(sample);
    seen_.insert(sample);
  }
  void begin_walk(known_class& known) {
    known.unseen = known.members;
    for (auto const sample : known.members) seen_.erase(sample);
  }

  bool remembers_;
  std::map<int, known_class> classes_;
  std::set<std::uint32_t> seen_;
};

/// Draws by label.
std::map<int, numbers> by_label(numbers const& drawn, std::vector<int> const& labels) {
  std::map<int, numbers> result;
  for (auto const sample : drawn) result[labels[sample]].push_back(sample);
  return result;
}

template <class Epoch>
std::uint64_t misplaced(Epoch const& draws, std::uint64_t bound) {
  std::vector<std::vector<std::uint64_t>> expected(bound);
  auto const all = sampling::all(draws);
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < all.size(); ++i) {
    expected[all[i]].push_back(i);
    wrong += draws[i] == all[i] ? 0u : 1u;
  }
  for (std::uint64_t sample = 0; sample < bound; ++sample) wrong += draws.find(sample) == expected[sample] ? 0u : 1u;
  return wrong;
}

struct outcome {
  std::uint64_t windows = 0;
  std::uint64_t broken = 0;
  std::uint64_t misplaced = 0;
};

constexpr auto right = [](auto const&... all) { return evendraw::amended(all...); };

/// Balanced epochs through a random history: epochs, a stop anywhere, a change, and so on.
template <class Amend>
outcome balanced_history(std::uint64_t seed, Amend amend) {
  dice roll(seed);
  std::uint64_t const num_classes = 1 + roll(6);
  data_set data(11 + roll(190), num_classes, roll);
  auto const options = [&](classes_type const& classes) {
    evendraw::balanced_epoch_options<int> result{.seed = roll(3)};
    std::uint64_t const kind = roll(4), n = classes.num_samples(), k = classes.num_classes();
    if (kind == 0) result.epoch_size = std::max(k, n / (2 + roll(4)));
    if (kind == 1) result.per_class = 1 + roll(*std::ranges::min_element(classes.counts()));
    if (kind == 2) {
      result.max_repeats = 3;
      result.per_class = 1 + roll(2 * *std::ranges::min_element(classes.counts()));
    }
    if (kind == 3 && k > 1) result.limits = {{classes.labels()[roll(k)], 0}};
    return result;
  };
  auto classes = data.classes();
  evendraw::balanced_epoch_sampler<> sampler(classes, options(classes));
  witness seen(classes);
  outcome result;
  for (std::uint64_t changes = 3 + roll(3); changes > 0; --changes) {
    std::uint64_t e = 0;
    for (std::uint64_t const end = roll(2) * roll(20); e < end; ++e) {
      auto const drawn = by_label(sampling::all(sampler.epoch(e)), data.labels);
      for (auto const& [label, window] : drawn) {
        seen.draw(label, window);
        result.broken += window.size() == sampler.quotas()[classes.class_of(label)] ? 0u : 1u;
      }
      result.misplaced += misplaced(sampler.epoch(e), sampler.index_bound());
    }
    std::uint64_t const position = roll(sampler.epoch_size());
    for (auto const& [label, window] : by_label(sampling::all(sampler.epoch(e).take(position)), data.labels)) {
      bool const repeats = sampler.quotas()[classes.class_of(label)] > classes.counts()[classes.class_of(label)];
      if (!repeats) seen.draw(label, window, false);
    }
    data.change(num_classes, roll);
    classes = data.classes();
    sampler = amend(sampler, evendraw::checkpoint{.epoch = e, .position = position}, classes, options(classes));
    seen.begin(classes);
    for (std::size_t c = 0; c < classes.num_classes(); ++c) {
      if (sampler.quotas()[c] == 0) seen.leave_out(classes.labels()[c]);
    }
  }
  result.windows = seen.windows;
  result.broken += seen.broken;
  return result;
}

/// Batches through a random history. `make(classes, roll, amend)` makes a sampler, or amends one.
template <class Sampler, class Make>
outcome batch_history(std::uint64_t seed, bool remembers, Make make) {
  dice roll(seed);
  std::uint64_t const num_classes = 2 + roll(6);
  data_set data(30 + roll(170), num_classes, roll);
  auto classes = data.classes();
  Sampler const* const none = nullptr;
  auto sampler = make(classes, roll, none, evendraw::checkpoint{});
  witness seen(classes, remembers);
  outcome result;
  for (std::uint64_t changes = 3 + roll(3); changes > 0; --changes) {
    std::uint64_t const epochs = roll(3), position = roll(sampler.epoch_size() + 1);
    for (std::uint64_t e = 0; e <= epochs; ++e) {
      std::uint64_t b = 0;
      for (auto const batch : sampler.epoch(e)) {
        if (e == epochs && b++ == position) break;
        for (auto const& [label, window] : by_label(numbers(batch.begin(), batch.end()), data.labels))
          seen.draw(label, window);
      }
      result.misplaced += misplaced(sampler.epoch(e).draws(), sampler.index_bound());
    }
    data.change(num_classes, roll);
    classes = data.classes();
    sampler = make(classes, roll, &sampler, evendraw::checkpoint{.epoch = epochs, .position = position});
    seen.begin(classes);
  }
  result.windows = seen.windows;
  result.broken += seen.broken;
  return result;
}

/// Stratified batches with whole numbers of draws, or with at most one draw of each class.
template <class Amend>
outcome stratified_history(std::uint64_t seed, Amend amend) {
  bool const whole = seed % 2 == 0;
  return batch_history<evendraw::stratified_batch_sampler<>>(
      seed, false, [&](auto const& classes, dice& roll, auto const* before, auto const& stopped) {
        evendraw::stratified_batch_options<int> options{.num_batches = 3 + roll(9), .seed = roll(3)};
        options.order = roll(2) == 0 ? evendraw::order::grouped : evendraw::order::shuffled;
        std::vector<double> shares;
        for (std::size_t c = 0; c < classes.num_classes(); ++c) {
          shares.push_back(static_cast<double>(whole ? 1 + roll(4) : 4 + roll(4)));
          options.batch_size += static_cast<std::uint64_t>(shares.back());
        }
        if (!whole) options.batch_size = std::max<std::uint64_t>(1, classes.num_classes() / 2);
        if (before == nullptr) return evendraw::stratified_batch_sampler<>(classes, shares, options);
        return amend(*before, stopped, classes, shares, options);
      });
}

template <class Amend>
outcome pk_history(std::uint64_t seed, Amend amend) {
  return batch_history<evendraw::pk_batch_sampler<>>(
      seed, true, [&](auto const& classes, dice& roll, auto const* before, auto const& stopped) {
        evendraw::pk_batch_options const options{.classes = 1 + roll(classes.num_classes()),
                                                 .samples = 1 + roll(6),
                                                 .num_batches = 3 + roll(9),
                                                 .seed = roll(3)};
        if (before == nullptr) return evendraw::pk_batch_sampler<>(classes, options);
        return amend(*before, stopped, classes, options);
      });
}

/// Shuffles, which the witness sees as one class.
template <class Amend>
outcome random_history(std::uint64_t seed, Amend amend) {
  dice roll(seed);
  data_set data(11 + roll(190), 1, roll);
  auto const options = [&](std::uint64_t n) {
    return evendraw::sampler_options{.epoch_size = roll(4) == 0 ? 0 : 1 + roll(n), .seed = roll(3)};
  };
  auto kept = data.kept();
  evendraw::random_sampler<> sampler(kept, options(kept.size()));
  witness seen(data.classes());
  outcome result;
  for (std::uint64_t changes = 3 + roll(3); changes > 0; --changes) {
    std::uint64_t e = 0;
    for (std::uint64_t const end = roll(2) * roll(20); e < end; ++e) {
      seen.draw(0, sampling::all(sampler.epoch(e)));
      result.misplaced += misplaced(sampler.epoch(e), sampler.index_bound());
    }
    std::uint64_t const position = roll(sampler.epoch_size());
    seen.draw(0, sampling::all(sampler.epoch(e).take(position)), false);
    data.change(1, roll);
    kept = data.kept();
    sampler = amend(sampler, evendraw::checkpoint{.epoch = e, .position = position}, kept, options(kept.size()));
    seen.begin(data.classes());
  }
  result.windows = seen.windows;
  result.broken += seen.broken;
  return result;
}

template <class Amend, class History>
outcome histories(std::uint64_t count, Amend amend, History history) {
  outcome all;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    auto const [windows, broken, misplaced] = history(seed, amend);
    all.windows += windows;
    all.broken += broken;
    all.misplaced += misplaced;
  }
  return all;
}

}  // namespace

TEST_CASE("amended: balanced epochs keep their promise through 300 histories", "[amended]") {
  auto const history = [](std::uint64_t seed, auto amend) { return balanced_history(seed, amend); };
  auto const all = histories(300, right, history);
  CHECK(all.windows > 10'000);
  CHECK(all.broken == 0);
  CHECK(all.misplaced == 0);
  auto const begins_anew = [](auto const&, auto const&, auto const& classes, auto const& options) {
    return evendraw::balanced_epoch_sampler<>(classes, options);
  };
  CHECK(histories(30, begins_anew, history).broken > 100);
}

TEST_CASE("amended: stratified batches keep their promise through 300 histories", "[amended]") {
  auto const history = [](std::uint64_t seed, auto amend) { return stratified_history(seed, amend); };
  auto const all = histories(300, right, history);
  CHECK(all.windows > 10'000);
  CHECK(all.broken == 0);
  CHECK(all.misplaced == 0);
  auto const begins_anew = [](auto const&, auto const&, auto const& classes, auto const& shares, auto const& options) {
    return evendraw::stratified_batch_sampler<>(classes, shares, options);
  };
  CHECK(histories(30, begins_anew, history).broken > 100);
}

TEST_CASE("amended: batches of P classes with K samples keep their promise through 300 histories", "[amended]") {
  auto const history = [](std::uint64_t seed, auto amend) { return pk_history(seed, amend); };
  auto const all = histories(300, right, history);
  CHECK(all.windows > 10'000);
  CHECK(all.broken == 0);
  CHECK(all.misplaced == 0);
  auto const begins_anew = [](auto const&, auto const&, auto const& classes, auto const& options) {
    return evendraw::pk_batch_sampler<>(classes, options);
  };
  CHECK(histories(30, begins_anew, history).broken > 100);
}

TEST_CASE("amended: shuffles keep their promise through 300 histories", "[amended]") {
  auto const history = [](std::uint64_t seed, auto amend) { return random_history(seed, amend); };
  auto const all = histories(300, right, history);
  CHECK(all.windows > 2'000);
  CHECK(all.broken == 0);
  CHECK(all.misplaced == 0);
  auto const begins_anew = [](auto const&, auto const&, auto const& kept, auto const& options) {
    return evendraw::random_sampler<>(kept, options);
  };
  CHECK(histories(30, begins_anew, history).broken > 20);

  evendraw::random_sampler<> const shuffle(10, {.epoch_size = 4, .seed = 1});
  auto const more =
      evendraw::amended(shuffle, {.epoch = 1}, std::uint64_t{12});  // six samples are unseen, and two are new
  CHECK(more.epoch_size() == 12);
  auto const batches = evendraw::amended(evendraw::batch_sampler(shuffle, 2), {.epoch = 0, .position = 2},
                                         classes_type(std::vector<int>(12, 7)), {.epoch_size = 4});
  std::set<std::uint32_t> drawn;
  for (auto const sample : shuffle.epoch(0)) drawn.insert(sample);
  for (std::uint64_t e = 0; e < 2; ++e) {
    for (auto const sample : batches.sampled().epoch(e)) drawn.insert(sample);
  }
  CHECK(drawn.size() == 12);
}

TEST_CASE("amended: a history that can be followed by hand", "[amended]") {
  // Ten samples of one class, four an epoch: after one epoch and two draws of the next, four have not been seen.
  classes_type const ten(std::vector<int>(10, 7));
  evendraw::balanced_epoch_sampler<> const first(ten, {.per_class = 4, .seed = 1});
  std::vector<bool> seen(14);
  for (auto const sample : first.epoch(0)) seen[sample] = true;
  for (auto const sample : first.epoch(1).take(2)) seen[sample] = true;
  std::uint32_t withdrawn = 0;
  while (seen[withdrawn]) ++withdrawn;  // an unseen sample
  numbers kept;
  for (std::uint32_t i = 0; i < 14; ++i) {
    if (i != withdrawn) kept.push_back(i);
  }
  classes_type const now(std::vector<int>(14, 7), kept);  // four appended, one withdrawn: seven unseen
  auto const next = evendraw::amended(first, {.epoch = 1, .position = 2}, now, {.per_class = 3});
  CHECK(next.epoch_size() == 3);
  CHECK(next.epochs_to_cover() == 3 + 5);
  std::set<std::uint32_t> drawn;
  for (std::uint64_t e = 0; e < 2; ++e) {
    for (auto const sample : next.epoch(e)) {
      CHECK_FALSE(seen[sample]);
      CHECK(sample != withdrawn);
      drawn.insert(sample);
    }
  }
  CHECK(drawn.size() == 6);
  std::uint64_t unseen = 0;
  for (auto const sample : next.epoch(2)) unseen += seen[sample] || drawn.contains(sample) ? 0u : 1u;
  CHECK(unseen == 1);
  drawn.clear();
  for (std::uint64_t e = 3; e < 8; ++e) drawn.insert(next.epoch(e).begin(), next.epoch(e).end());
  CHECK(drawn.size() == 13);  // an ordinary walk follows
}

TEST_CASE("amended: the end of an epoch is the beginning of the next", "[amended]") {
  auto const labels = sampling::labels_of({30, 12, 5});
  evendraw::balanced_epoch_sampler<> const first(labels);
  classes_type const classes(labels);
  auto const at_end = evendraw::amended(first, {.epoch = 2, .position = first.epoch_size()}, classes);
  auto const at_begin = evendraw::amended(first, {.epoch = 3, .position = 0}, classes);
  CHECK(at_end.fingerprint() == at_begin.fingerprint());
  CHECK(sampling::all(at_end.epoch(1)) == sampling::all(at_begin.epoch(1)));
}

TEST_CASE("amended: classes that come, go, or have no unseen samples", "[amended]") {
  std::vector<int> labels(20, 1);
  labels.insert(labels.end(), 10, 2);
  evendraw::balanced_epoch_sampler<> const first(labels, {.per_class = 8});
  auto const drawn = sampling::all(first.epoch(0));
  numbers kept;  // class 2 keeps only seen samples, class 1 goes, class 3 comes
  for (auto const sample : drawn) {
    if (labels[sample] == 2) kept.push_back(sample);
  }
  for (std::uint32_t i = 0; i < 6; ++i) {
    kept.push_back(static_cast<std::uint32_t>(labels.size()));
    labels.push_back(3);
  }
  std::ranges::sort(kept);
  classes_type const now(labels, kept);
  REQUIRE(now.num_classes() == 2);
  auto const next = evendraw::amended(first, {.epoch = 1}, now, {.per_class = 3});
  witness seen(now);
  for (std::uint64_t e = 0; e < 9; ++e) {
    for (auto const& [label, window] : by_label(sampling::all(next.epoch(e)), labels)) seen.draw(label, window);
  }
  CHECK(seen.broken == 0);
  CHECK(seen.windows == 18);
  CHECK(next.epoch(0).find(0).empty());
}

TEST_CASE("amended: a run continues from a checkpoint on any number of ranks, and refuses another history",
          "[amended]") {
  auto const labels = sampling::labels_of({300, 120, 50});
  classes_type const classes(labels);
  evendraw::balanced_epoch_sampler<> const first(labels, {.seed = 4});
  evendraw::cursor run(first);
  for (int i = 0; i < 200; ++i) static_cast<void>(run.next());
  auto const next = evendraw::amended(first, run.save(), classes, {.epoch_size = 90});
  CHECK(next.fingerprint() ==
        evendraw::amended(first, {.epoch = 1, .position = 50}, classes, {.epoch_size = 90}).fingerprint());
  CHECK(sampling::reads_the_same(next.epoch(0)));
  CHECK(sampling::reads_the_same(next.epoch(1)));

  evendraw::cursor second(evendraw::batch_sampler(next, 16));
  for (int i = 0; i < 9; ++i) static_cast<void>(second.next());
  auto const saved = second.save();
  numbers continued, again;
  for (int i = 0; i < 9; ++i) {
    auto const batch = second.next();
    continued.insert(continued.end(), batch.begin(), batch.end());
  }
  evendraw::cursor resumed(
      evendraw::batch_sampler(evendraw::amended(first, run.save(), classes, {.epoch_size = 90}), 16), saved);
  for (int i = 0; i < 9; ++i) {
    auto const batch = resumed.next();
    again.insert(again.end(), batch.begin(), batch.end());
  }
  CHECK(continued == again);

  evendraw::batch_sampler const batches(first, 7);
  auto const by_batches = evendraw::amended(batches, {.epoch = 1, .position = 10}, classes, {.epoch_size = 90});
  CHECK(by_batches.batch_size() == 7);
  CHECK(by_batches.sampled().fingerprint() ==
        evendraw::amended(first, {.epoch = 1, .position = 70}, classes, {.epoch_size = 90}).fingerprint());
  evendraw::cursor in_batches(batches);
  for (std::uint64_t i = 0; i < 2 * batches.epoch_size(); ++i) static_cast<void>(in_batches.next());
  CHECK(evendraw::amended(batches, in_batches.save(), classes).sampled().fingerprint() ==
        evendraw::amended(first, {.epoch = 2}, classes).fingerprint());

  std::set<std::uint64_t> fingerprints{first.fingerprint(), next.fingerprint()};
  for (auto const& [epoch, position, size] :
       std::vector<std::array<std::uint64_t, 3>>{{1, 51, 90}, {2, 50, 90}, {1, 50, 93}, {0, 0, 90}}) {
    auto const other = evendraw::amended(first, {.epoch = epoch, .position = position}, classes, {.epoch_size = size});
    fingerprints.insert(other.fingerprint());
    CHECK_THROWS_AS(evendraw::cursor(evendraw::batch_sampler(other, 16), saved), std::invalid_argument);
  }
  evendraw::balanced_epoch_sampler<> const smaller(labels, {.per_class = 49, .seed = 4});
  fingerprints.insert(
      evendraw::amended(smaller, {.epoch = 1, .position = 50}, classes, {.epoch_size = 90}).fingerprint());
  fingerprints.insert(evendraw::amended(next, {.epoch = 1, .position = 50}, classes, {.epoch_size = 90}).fingerprint());
  fingerprints.insert(evendraw::amended(first, run.save(), classes, {.epoch_size = 90, .seed = 1}).fingerprint());
  CHECK(fingerprints.size() == 9);
}

TEST_CASE("amended: refused input", "[amended]") {
  auto const labels = sampling::labels_of({30, 12});
  classes_type const classes(labels);
  evendraw::balanced_epoch_sampler<> const sampler(labels);
  CHECK_THROWS_WITH(evendraw::amended(sampler, {.epoch = 3, .position = 25}, classes),
                    "evendraw::amended: position is 25 in an epoch of 24; it must not be larger");
  CHECK_THROWS_AS(evendraw::amended(sampler, {.epoch = 3, .position = 25}, classes), std::out_of_range);
  evendraw::cursor const batches(evendraw::batch_sampler(sampler, 4));
  CHECK_THROWS_AS(evendraw::amended(sampler, batches.save(), classes), std::invalid_argument);
  CHECK_THROWS_AS(evendraw::amended(sampler, {.epoch = 3}, classes, {.per_class = 13}), std::invalid_argument);
}

TEST_CASE("mix_sampler: draws_used equals the counts of a replay, and another mix continues from there", "[amended]") {
  auto const labels = sampling::labels_of({60, 20, 3});
  std::vector<evendraw::any_sampler<>> sources{evendraw::random_sampler(50, {.seed = 1}),
                                               evendraw::balanced_epoch_sampler<>(labels, {.seed = 2}),
                                               evendraw::random_sampler(31, {.seed = 3})};
  std::vector<std::uint32_t> const first_index{0, 50, 133, 164};
  for (auto const order : {evendraw::order::grouped, evendraw::order::shuffled}) {
    for (std::uint64_t const window : {1u, 8u, 40u}) {
      CAPTURE(window);
      evendraw::mix_sampler<> const mix(sources, {.5, .2, .3}, {.epoch_size = 100, .window = window, .order = order});
      std::vector<std::uint64_t> replay(3);
      std::uint64_t wrong = 0;
      for (std::uint64_t e = 0; e < 4; ++e) {
        for (std::uint64_t position = 0; position < 100; ++position) {
          wrong += mix.draws_used(e, position) == replay ? 0u : 1u;
          ++replay[mix.source_of(mix.epoch(e)[position]).source];
        }
        wrong += mix.draws_used(e, 100) == replay ? 0u : 1u;
      }
      CHECK(wrong == 0);

      // After 80 draws of epoch 1, which are whole windows, a fourth source comes and the shares change.
      auto const used = mix.draws_used(1, 80);
      auto more = sources;
      more.emplace_back(evendraw::sequential_sampler(9));
      evendraw::mix_sampler<> const later(more, {.3, .3, .3, .1},
                                          {.epoch_size = 120, .window = window, .order = order, .begin = used});
      CHECK(later.draws_used(0, 0) == std::vector{used[0], used[1], used[2], std::uint64_t{0}});
      // Each source gave its first draws, none skipped and none repeated.
      std::vector<numbers> given(4);
      auto const take = [&](auto const& mixed, auto const& draws) {
        for (auto const index : draws) given[mixed.source_of(index).source].push_back(mixed.source_of(index).index);
      };
      take(mix, sampling::all(mix.epoch(0)));
      take(mix, sampling::all(mix.epoch(1).take(80)));
      for (std::uint64_t e = 0; e < 3; ++e) take(later, sampling::all(later.epoch(e)));
      for (std::size_t s = 0; s < 4; ++s) {
        numbers expected;
        for (std::uint64_t e = 0; expected.size() < given[s].size(); ++e) {
          for (auto const index : sampling::all(more[s].epoch(e))) expected.push_back(index);
        }
        expected.resize(given[s].size());
        std::ranges::sort(expected);
        std::ranges::sort(given[s]);
        CHECK(given[s] == expected);
        CHECK(given[s].size() == later.draws_used(2, 120)[s]);
      }
      CHECK(misplaced(later.epoch(1), later.index_bound()) == 0);
      CHECK(later.fingerprint() !=
            evendraw::mix_sampler<>(more, {.3, .3, .3, .1}, {.epoch_size = 120, .window = window, .order = order})
                .fingerprint());
    }
  }
  evendraw::mix_sampler<> const mix(sources, {.5, .2, .3});
  CHECK_THROWS_AS(mix.draws_used(0, mix.epoch_size() + 1), std::out_of_range);
  CHECK_THROWS_AS(evendraw::mix_sampler<>({sources[0]}, {1.}, {.begin = {1, 2}}), std::invalid_argument);
  CHECK_THROWS_AS(evendraw::mix_sampler<>({sources[0]}, {1.}, {.begin = {~std::uint64_t{0}}}), std::invalid_argument);
}

}  // namespace amended_test
