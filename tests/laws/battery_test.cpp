// The laws of all samplers in one table: single draws, pairs of draws, draws of two epochs and of two seeds, batches.
// Each law comes from an independent formula, and each check has a wrong twin that it must reject. Trials do not depend
// on each other. evendraw_tests "[soak]" puts every check under 1,000 seeds.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iomanip>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

#include <evendraw/evendraw.hpp>

namespace battery_test {

namespace {

using numbers = std::vector<std::uint64_t>;
using law = std::vector<double>;
using index_list = std::vector<std::uint32_t>;

/// The outcome of trial t, a cell of the law. Trials are made in order.
using trial = std::function<std::size_t(std::uint64_t t)>;
/// Each run has other seeds.
using experiment = std::function<trial(std::uint64_t run)>;

struct check {
  std::string name;
  law expected;
  double effect;  // a relative error of the rarest outcome that is detected with probability 0.999
  experiment right;
  experiment wrong;
};

/// The effects to detect: in single draws, and in pairs or batches. Checks of two epochs or two seeds have larger ones,
/// up to 0.9. There the likely bugs are a key that both share and a walk that does not continue, and with these every
/// outcome is wrong.
constexpr double one_draw = 0.1, together = 0.2;

/// N = lambda (1 - p) / (p effect^2) for the rarest p; lambda is what the chi-squared test at 1e-6 needs to reject with
/// probability 0.999, by the table of K = 2 ... 100 to 0.3 %.
std::uint64_t trials_of(check const& tested) {
  double rarest = 1, cells = 0;
  for (double const p : tested.expected) {
    if (p > 0) rarest = std::min(rarest, p);
    cells += p > 0 ? 1 : 0;
  }
  double const lambda = 52.5 + 11.25 * std::sqrt(cells - 1);
  return static_cast<std::uint64_t>(lambda * (1 - rarest) / (rarest * tested.effect * tested.effect));
}

/// The rarest outcome is expected 20 times; with this many trials, hardly any two runs have the same statistic.
std::uint64_t soak_trials_of(check const& tested) {
  double rarest = 1;
  for (double const p : tested.expected) rarest = p > 0 ? std::min(rarest, p) : rarest;
  return std::max<std::uint64_t>(1000, static_cast<std::uint64_t>(20 / rarest));
}

double p_value(check const& tested, experiment const& what, std::uint64_t run, std::uint64_t trials) {
  numbers seen(tested.expected.size());
  auto const outcome = what(run);
  for (std::uint64_t t = 0; t < trials; ++t) ++seen.at(outcome(t));
  return statistics::chi_squared_p(seen, tested.expected);
}

/// A seed, or an epoch, that no other trial uses. Its successor is not used either.
std::uint64_t own(std::uint64_t run, std::uint64_t t) { return run << 40 | t * 2; }

/// An experiment whose trials share nothing but the run.
template <class F>
experiment each(F f) {
  return [f](std::uint64_t run) -> trial { return [f, run](std::uint64_t t) { return f(run, t); }; };
}

bool slips(std::uint64_t t) { return t % 20 == 0; }

/// A wrong twin: it replaces every twentieth outcome by slip(outcome).
template <class F, class Slip>
void add_slipping(std::vector<check>& checks, std::string const& name, law const& expected, double effect, F outcome,
                  Slip slip) {
  checks.push_back({name, expected, effect, each(outcome), each([=](std::uint64_t run, std::uint64_t t) {
                      std::size_t const right = outcome(run, t);
                      return slips(t) ? slip(right) : right;
                    })});
}

constexpr auto always = [](std::size_t cell) { return [cell](std::size_t) { return cell; }; };

// Laws

law equal(std::size_t cells) { return law(cells, 1 / static_cast<double>(cells)); }

template <class F>
law equal_where(std::size_t cells, F const& possible) {
  law result(cells);
  for (std::size_t i = 0; i < cells; ++i) result[i] = possible(i) ? 1 : 0;
  double const count = static_cast<double>(std::ranges::count(result, 1.0));
  for (double& p : result) p /= count;
  return result;
}

law both(law const& a, law const& b) {
  law result;
  for (double const p : a) {
    for (double const q : b) result.push_back(p * q);
  }
  return result;
}

/// The law of two disjoint subsets as masks, each with `size` of n.
law disjoint(int n, int size) {
  std::size_t const sets = std::size_t{1} << n;
  return equal_where(sets * sets, [=](std::size_t cell) {
    std::size_t const a = cell / sets, b = cell % sets;
    return std::popcount(a) == size && std::popcount(b) == size && (a & b) == 0;
  });
}

law subsets(int n, int size) {
  return equal_where(std::size_t{1} << n, [=](std::size_t set) { return std::popcount(set) == size; });
}

/// The members of a class whose samples are first, first + 1, ..., as a mask.
template <class Indices>
std::size_t mask(Indices const& drawn, std::uint32_t first, std::uint32_t count) {
  std::size_t result = 0;
  for (auto const i : drawn) {
    if (i >= first && i - first < count) result |= std::size_t{1} << (i - first);
  }
  return result;
}

/// Two independent outcomes. The twin repeats the first one every twentieth time.
template <class F>
void add_two(std::vector<check>& checks, std::string const& name, law const& first, law const& second, double effect,
             F const& two) {
  std::size_t const cells = second.size();
  auto const outcome = [=](std::uint64_t run, std::uint64_t t) {
    std::pair<std::size_t, std::size_t> const pair = two(run, t);
    return pair.first * cells + pair.second;
  };
  add_slipping(checks, name, both(first, second), effect, outcome,
               [cells](std::size_t pair) { return pair / cells * (cells + 1); });
}

/// Compares outcome(seed, epoch) with that of another seed in the next epoch. Keys made of seed + epoch would give both
/// the same.
template <class F>
void add_two_seeds(std::vector<check>& checks, std::string const& name, law const& even, law const& odd, double effect,
                   F const& outcome) {
  add_two(checks, name + ": two seeds", even, odd, effect, [=](std::uint64_t run, std::uint64_t t) {
    std::uint64_t const seed = own(run, t);
    return std::pair{outcome(seed + 1, std::uint64_t{0}), outcome(seed, std::uint64_t{1})};
  });
}

/// Independent draws from six samples in classes of 3, 2 and 1.
using sequence = std::function<std::uint32_t()>;
using make_sequence = std::function<sequence(std::uint64_t seed, std::uint64_t epoch)>;

constexpr std::uint64_t endless = std::uint64_t{1} << 40;
std::vector<int> const six_labels{0, 0, 0, 1, 1, 2};
evendraw::class_index const six(six_labels);

law of_classes(law const& shares) {
  return {shares[0] / 3, shares[0] / 3, shares[0] / 3, shares[1] / 2, shares[1] / 2, shares[2]};
}

/// The numbers of draws of classes 0 and 1 in a batch of four.
std::size_t composition(sequence const& next, bool stuck) {
  std::array<std::size_t, 3> seen{};
  std::uint32_t index = 0;
  for (int i = 0; i < 4; ++i) {
    if (i == 0 || !stuck) index = next();
    ++seen[static_cast<std::size_t>(six_labels[index])];
  }
  return seen[0] * 5 + seen[1];
}

law composition_law(law const& samples) {
  double const p[] = {samples[0] + samples[1] + samples[2], samples[3] + samples[4], samples[5]};
  double const factorial[] = {1, 1, 2, 6, 24};
  law result(25);
  for (int a = 0; a <= 4; ++a) {
    for (int b = 0; a + b <= 4; ++b) {
      int const c = 4 - a - b;
      result[static_cast<std::size_t>(a * 5 + b)] = factorial[4] / (factorial[a] * factorial[b] * factorial[c]) *
                                                    std::pow(p[0], a) * std::pow(p[1], b) * std::pow(p[2], c);
    }
  }
  return result;
}

/// A sequence with this law, except that it draws the rarest sample too often by the fraction `excess`.
make_sequence heavy(law weights, double excess) {
  auto const rarest = std::ranges::min_element(weights);
  double const before = *rarest, after = before * (1 + excess);
  for (double& weight : weights) weight *= (1 - after) / (1 - before);
  *rarest = after;
  return [weights](std::uint64_t seed, std::uint64_t epoch) -> sequence {
    evendraw::multinomial_sampler const sampler(weights, {.epoch_size = endless, .seed = seed});
    return [draws = sampler.epoch(epoch), i = std::uint64_t{0}]() mutable { return draws[i++]; };
  };
}

/// Draws that do not depend on each other; even epochs have the first law, odd ones the second.
void add_independent(std::vector<check>& checks, std::string const& name, make_sequence const& make, law const& even,
                     law const& odd, bool has_epochs = true) {
  std::size_t const n = odd.size();
  checks.push_back(
      {name + ": draws", odd, one_draw,
       [=](std::uint64_t run) -> trial { return [next = make(run, 1)](std::uint64_t) { return std::size_t{next()}; }; },
       [=, wrong = heavy(odd, one_draw)](std::uint64_t run) -> trial {
         return [next = wrong(run, 1)](std::uint64_t) { return std::size_t{next()}; };
       }});
  auto const pairs = [=](bool slipping) -> experiment {
    return [=](std::uint64_t run) -> trial {
      return [=, next = make(run, 1)](std::uint64_t t) {
        std::size_t const first = next(), second = next();
        return first * n + (slipping && slips(t) ? first : second);
      };
    };
  };
  checks.push_back({name + ": pairs of draws", both(odd, odd), together, pairs(false), pairs(true)});
  auto const first_of = [=](std::uint64_t seed, std::uint64_t epoch) { return std::size_t{make(seed, epoch)()}; };
  if (has_epochs) {
    add_two(checks, name + ": two epochs", even, odd, 0.3, [=](auto run, auto t) {
      return std::pair{first_of(run, 2 * t), first_of(run, 2 * t + 1)};
    });
  }
  add_two_seeds(checks, name, even, odd, 0.5, first_of);
  auto const batches = [=](bool slipping) -> experiment {
    return [=](std::uint64_t run) -> trial {
      return [=, next = make(run, 1)](std::uint64_t t) { return composition(next, slipping && slips(t)); };
    };
  };
  checks.push_back({name + ": classes in a batch", composition_law(odd), together, batches(false), batches(true)});
}

/// make(seed) is a sampler.
template <class Make>
make_sequence sequence_of(Make make) {
  return [make](std::uint64_t seed, std::uint64_t epoch) -> sequence {
    return [draws = make(seed).epoch(epoch), i = std::uint64_t{0}]() mutable { return draws[i++]; };
  };
}

/// Natural shares in even epochs, equal ones in odd.
struct alternating_schedule {
  law operator()(numbers const& counts, std::uint64_t epoch) const {
    if (epoch % 2 == 1) return law(counts.size(), 1);
    return {counts.begin(), counts.end()};
  }
  [[nodiscard]] std::uint64_t fingerprint() const { return 1; }
};

void add_all_independent(std::vector<check>& checks) {
  law const weights{2. / 9, 1. / 9, 1. / 9, 2. / 9, 1. / 9, 2. / 9};
  law const equal_classes = of_classes({1. / 3, 1. / 3, 1. / 3}), natural = equal(6),
            chosen = of_classes({0.3, 0.3, 0.4});
  auto const simple = [&](std::string const& name, make_sequence const& make, law const& distribution,
                          bool has_epochs = true) {
    add_independent(checks, name, make, distribution, distribution, has_epochs);
  };
  auto const multinomial = [=](std::uint64_t seed) {
    return evendraw::multinomial_sampler(weights, {.epoch_size = endless, .seed = seed});
  };
  simple("multinomial", sequence_of(multinomial), weights);
  simple("any", sequence_of([=](std::uint64_t seed) { return evendraw::any_sampler<>(multinomial(seed)); }), weights);
  simple("inverse_frequency", sequence_of([](std::uint64_t seed) {
           return evendraw::inverse_frequency_sampler(six, {.epoch_size = endless, .seed = seed});
         }),
         equal_classes);
  simple("target_proportion", sequence_of([](std::uint64_t seed) {
           return evendraw::target_proportion_sampler(six, law{0.3, 0.3, 0.4}, {.epoch_size = endless, .seed = seed});
         }),
         chosen);
  add_independent(checks, "scheduled_proportion", sequence_of([](std::uint64_t seed) {
                    return evendraw::scheduled_proportion_sampler(six, alternating_schedule{},
                                                                  {.epoch_size = endless, .seed = seed});
                  }),
                  natural, equal_classes);
  simple(
      "alias_table",
      [table = evendraw::alias_table(weights)](std::uint64_t seed, std::uint64_t) -> sequence {
        return [table, engine = std::minstd_rand(static_cast<unsigned>(evendraw::mix64(seed)))]() mutable {
          return static_cast<std::uint32_t>(table(engine));
        };
      },
      weights, false);
  simple(
      "dynamic_weights",
      [=](std::uint64_t seed, std::uint64_t) -> sequence {
        evendraw::dynamic_weights<> table(std::vector<double>{9, 0, 1, 5, 1, 3}, {.seed = seed});
        for (std::size_t i = 0; i < 6; ++i) table.set(i, weights[i]);
        return [table]() mutable { return table.draw(); };
      },
      weights, false);
}

void add_random(std::vector<check>& checks) {
  using evendraw::random_sampler;
  auto const draw = [](std::uint64_t n, std::uint64_t seed, std::uint64_t epoch, std::uint64_t position) {
    return std::size_t{random_sampler(n, {.seed = seed}).epoch(epoch)[position]};
  };
  checks.push_back({"random: draws", equal(20), one_draw, each([=](auto run, auto t) { return draw(20, run, t, 7); }),
                    each([=](auto run, auto t) { return draw(19, run, t, 7); })});
  add_slipping(
      checks, "random: pairs of draws", equal_where(169, [](std::size_t cell) { return cell / 13 != cell % 13; }),
      together,
      [](std::uint64_t run, std::uint64_t t) {
        auto const epoch = random_sampler(13, {.seed = run}).epoch(t);
        return std::size_t{epoch[3]} * 13 + epoch[4];
      },
      [](std::size_t pair) { return pair / 13 * 13 + (pair / 13 + 1) % 13; });
  add_two(checks, "random: two epochs", equal(6), equal(6), 0.3, [=](auto run, auto t) {
    return std::pair{draw(6, run, 2 * t, 0), draw(6, run, 2 * t + 1, 0)};
  });
  add_two_seeds(checks, "random", equal(6), equal(6), 0.5,
                [=](auto seed, auto epoch) { return draw(6, seed, epoch, 0); });
  law hypergeometric;  // 4 of 20 numbers, 10 of them low: C(10, k) C(10, 4 - k) / C(20, 4)
  for (double const ways : {1. * 210, 10. * 120, 45. * 45, 120. * 10, 210. * 1}) hypergeometric.push_back(ways / 4845);
  checks.push_back(
      {"random: a batch", hypergeometric, together, each([](std::uint64_t run, std::uint64_t t) {
         auto const epoch = random_sampler(20, {.seed = run}).epoch(t);
         return static_cast<std::size_t>((epoch[0] < 10) + (epoch[1] < 10) + (epoch[2] < 10) + (epoch[3] < 10));
       }),
       each([=](auto run, auto t) {  // with replacement
         return static_cast<std::size_t>((draw(20, run, 4 * t, 0) < 10) + (draw(20, run, 4 * t + 1, 0) < 10) +
                                         (draw(20, run, 4 * t + 2, 0) < 10) + (draw(20, run, 4 * t + 3, 0) < 10));
       })});
  auto const windows = [](std::uint64_t step) {  // epochs of 2 of 6 in cycles of three
    return each([=](std::uint64_t run, std::uint64_t t) {
      random_sampler const sampler(6, {.epoch_size = 2, .seed = run});
      return mask(sampler.epoch(6 * t), 0, 6) * 64 + mask(sampler.epoch(6 * t + step), 0, 6);
    });
  };
  checks.push_back({"random: two epochs of a cycle", disjoint(6, 2), 0.4, windows(1), windows(3)});
}

void add_balanced(std::vector<check>& checks) {
  using evendraw::balanced_epoch_sampler;
  static evendraw::class_index const classes = evendraw::class_index<int>::from_counts({13, 6});
  auto const epoch_of = [](std::uint64_t seed, std::uint64_t epoch) {
    return balanced_epoch_sampler(classes, {.per_class = 2, .seed = seed}).epoch(epoch);
  };
  // Every 21 epochs both classes begin a new walk.
  law draws(19, 0.5 / 13);
  std::fill_n(draws.begin() + 13, 6, 0.5 / 6);
  checks.push_back({"balanced_epoch: draws", draws, one_draw,
                    each([=](auto run, auto t) { return std::size_t{epoch_of(run, 21 * t)[1]}; }),
                    each([](std::uint64_t run, std::uint64_t t) {
                      return std::size_t{evendraw::random_sampler(19, {.seed = run}).epoch(t)[1]};
                    })});
  add_slipping(
      checks, "balanced_epoch: pairs of a class", subsets(13, 2), together,
      [=](auto run, auto t) { return mask(epoch_of(run, 21 * t), 0, 13); }, always(0b11));
  auto const windows = [=](std::uint64_t step) {
    return each([=](std::uint64_t run, std::uint64_t t) {
      return mask(epoch_of(run, 21 * t), 13, 6) * 64 + mask(epoch_of(run, 21 * t + step), 13, 6);
    });
  };
  checks.push_back({"balanced_epoch: two epochs of a cycle", disjoint(6, 2), 0.5, windows(1), windows(3)});
  add_two_seeds(checks, "balanced_epoch", subsets(6, 2), subsets(6, 2), 0.9,
                [=](auto seed, auto epoch) { return mask(epoch_of(seed, epoch), 13, 6); });
  add_slipping(
      checks, "balanced_epoch: classes in a batch", subsets(4, 2), together,
      [=](std::uint64_t run, std::uint64_t t) {
        auto const epoch = epoch_of(run, 21 * t);
        std::size_t order = 0;
        for (std::uint64_t i = 0; i < 4; ++i) order |= static_cast<std::size_t>(epoch[i] >= 13) << i;
        return order;
      },
      always(0b1100));
}

law const four_weights{0.4, 0.3, 0.2, 0.1};

/// Two of four by systematic sampling. A line of 4, 3, 2 and 1 tenths, in every order, is hit at s and s + 5 for s = 0
/// ... 4. The two samples come in either order.
law systematic_pairs() {
  law result(16);
  std::array<std::size_t, 4> order{0, 1, 2, 3};
  do {
    std::vector<std::size_t> line;
    for (std::size_t const i : order) line.insert(line.end(), 4 - i, i);
    for (std::size_t s = 0; s < 5; ++s) {
      std::size_t const a = line[s], b = line[s + 5];
      result[a * 4 + b] += 0.5 / (24 * 5);
      result[b * 4 + a] += 0.5 / (24 * 5);
    }
  } while (std::ranges::next_permutation(order).found);
  return result;
}

/// Two of four, one after the other.
law successive_pairs() {
  law result(16);
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = 0; b < 4; ++b) {
      if (a != b) result[a * 4 + b] = four_weights[a] * four_weights[b] / (1 - four_weights[a]);
    }
  }
  return result;
}

void add_without_replacement(std::vector<check>& checks) {
  auto const systematic = [](std::uint64_t seed, std::uint64_t epoch, std::uint64_t draws = 2) {
    return evendraw::systematic_sampler(four_weights, {.epoch_size = draws, .seed = seed}).epoch(epoch);
  };
  auto const successive = [](std::uint64_t seed, std::uint64_t epoch, std::uint64_t draws = 2) {
    return evendraw::weighted_without_replacement_sampler(four_weights, {.epoch_size = draws, .seed = seed})
        .epoch(epoch);
  };
  auto const second = [](auto const& make) {
    return each([=](auto run, auto t) { return std::size_t{make(run, t)[1]}; });
  };
  auto const pairs = [](auto const& make) {
    return each([=](auto run, auto t) {
      auto const epoch = make(run, t);
      return std::size_t{epoch[0]} * 4 + epoch[1];
    });
  };
  law second_of_successive(4);
  for (std::size_t i = 0; i < 16; ++i) second_of_successive[i % 4] += successive_pairs()[i];
  checks.push_back({"systematic: draws", four_weights, one_draw, second(systematic), second(successive)});
  checks.push_back({"systematic: pairs of draws", systematic_pairs(), together, pairs(systematic), pairs(successive)});
  checks.push_back(
      {"weighted_without_replacement: draws", second_of_successive, one_draw, second(successive), second(systematic)});
  checks.push_back({"weighted_without_replacement: pairs of draws", successive_pairs(), together, pairs(successive),
                    pairs(systematic)});
  law left_out(4);  // by three draws; the other three come in six orders
  std::array<std::size_t, 4> order{0, 1, 2, 3};
  do {
    double const a = four_weights[order[0]], b = four_weights[order[1]], c = four_weights[order[2]];
    left_out[order[3]] += a * (b / (1 - a)) * (c / (1 - a - b));
  } while (std::ranges::next_permutation(order).found);
  auto const missing = [](auto const& make) {
    return each([=](auto run, auto t) {
      auto const epoch = make(run, t, 3);
      return std::size_t{6} - epoch[0] - epoch[1] - epoch[2];
    });
  };
  checks.push_back(
      {"weighted_without_replacement: a batch", left_out, together, missing(successive), missing(systematic)});

  auto const two = [&](std::string const& name, auto const& make) {
    auto const first = [=](auto seed, auto epoch) { return std::size_t{make(seed, epoch)[0]}; };
    add_two(checks, name + ": two epochs", four_weights, four_weights, 0.5, [=](auto run, auto t) {
      return std::pair{first(run, 2 * t), first(run, 2 * t + 1)};
    });
    add_two_seeds(checks, name, four_weights, four_weights, 0.6, first);
  };
  two("systematic", systematic);
  two("weighted_without_replacement", successive);
}

// Batches of four draws from three classes, or sources, of 6, 4 and 3 samples, with shares of 2, 1.2 and 0.8 draws. The
// fractions 0.2 and 0.8 share one draw, so a batch has 2, 2 and 0 with probability 0.2, else 2, 1 and 1. Of batches 2 k
// and 2 k + 1, one has its offset in the lower half, where 2, 2, 0 is, and the other in the upper half.

std::size_t class_of_thirteen(std::uint32_t index) { return index < 6 ? 0 : index < 10 ? 1 : 2; }

template <class Batch>
std::size_t pattern(Batch const& batch) {
  std::size_t result = 0;
  for (auto const i : batch) result = result * 3 + class_of_thirteen(i);
  return result;
}

template <class Batch>
bool has_last_class(Batch const& batch) {
  return std::ranges::any_of(batch, [](auto i) { return class_of_thirteen(i) == 2; });
}

law pattern_law() {
  law result(81);
  for (std::size_t cell = 0; cell < 81; ++cell) {
    std::array<int, 3> seen{};
    for (std::size_t code = cell, i = 0; i < 4; ++i, code /= 3) ++seen[code % 3];
    if (seen == std::array{2, 2, 0}) result[cell] = 0.2 / 6;
    if (seen == std::array{2, 1, 1}) result[cell] = 0.8 / 12;
  }
  return result;
}

/// batch(seed, epoch) is a batch. The twin rounded(seed, epoch) always has 2, 1 and 1: it gives the shared draw to the
/// last class.
template <class Batch, class Rounded>
void add_fractional(std::vector<check>& checks, std::string const& name, Batch const& batch, Rounded const& rounded) {
  law draws(13, 0.5 / 6);
  std::fill_n(draws.begin() + 6, 4, 0.3 / 4);
  std::fill_n(draws.begin() + 10, 3, 0.2 / 3);
  auto const first = [](auto const& make) {
    return each([=](auto run, auto t) { return std::size_t{make(own(run, t), 0)[0]}; });
  };
  checks.push_back({name + ": draws", draws, one_draw, first(batch), first(rounded)});
  add_slipping(
      checks, name + ": pairs of a class", subsets(6, 2), together,
      [=](auto run, auto t) { return mask(batch(own(run, t), 0), 0, 6); }, always(0b11));
  auto const patterns = [](auto const& make) {
    return each([=](auto run, auto t) { return pattern(make(own(run, t), 0)); });
  };
  checks.push_back({name + ": classes in a batch", pattern_law(), together, patterns(batch), patterns(rounded)});
  auto const epochs = [=](std::uint64_t step) {  // 16 batches later the halves are drawn anew
    return each([=](std::uint64_t run, std::uint64_t t) {
      std::uint64_t const seed = own(run, t);
      return static_cast<std::size_t>(has_last_class(batch(seed, 2))) * 2 + has_last_class(batch(seed, 2 + step));
    });
  };
  checks.push_back({name + ": two epochs", {0, 0.2, 0.2, 0.6}, 0.15, epochs(1), epochs(16)});
  auto const place = [=](std::uint64_t seed, std::uint64_t epoch) {  // the place of the last class's one draw
    auto const drawn = rounded(seed, epoch);
    return static_cast<std::size_t>(std::ranges::find(drawn, 2u, class_of_thirteen) - drawn.begin());
  };
  add_two(checks, name + ": orders of two epochs", equal(4), equal(4), 0.3, [=](auto run, auto t) {
    return std::pair{place(own(run, t), 0), place(own(run, t), 1)};
  });
  auto const walks = [=](std::uint64_t step) {  // three batches are one walk through the class of six
    return each([=](std::uint64_t run, std::uint64_t t) {
      std::uint64_t const seed = own(run, t);
      return mask(batch(seed, 0), 0, 6) * 64 + mask(batch(seed, step), 0, 6);
    });
  };
  checks.push_back({name + ": two epochs of a walk", disjoint(6, 2), 0.6, walks(1), walks(3)});
  law const classes{0.5, 0.3, 0.2};
  add_two_seeds(checks, name, classes, classes, 0.3,
                [=](auto seed, auto epoch) { return class_of_thirteen(batch(seed, epoch)[0]); });
}

index_list as_list(auto const& draws) { return sampling::all(draws); }

void add_batches(std::vector<check>& checks) {
  static evendraw::class_index const thirteen = evendraw::class_index<int>::from_counts({6, 4, 3});
  auto const stratified = [](law const& shares) {
    return [=](std::uint64_t seed, std::uint64_t epoch) {
      evendraw::stratified_batch_sampler const sampler(
          thirteen, shares, {.batch_size = 4, .num_batches = 1, .order = evendraw::order::shuffled, .seed = seed});
      return as_list(sampler.epoch(epoch).draws());
    };
  };
  add_fractional(checks, "stratified_batch", stratified({0.5, 0.3, 0.2}), stratified({0.5, 0.25, 0.25}));
  auto const mix = [](law const& shares) {
    return [=](std::uint64_t seed, std::uint64_t epoch) {
      using evendraw::random_sampler;
      std::vector<evendraw::any_sampler<>> sources{random_sampler(6, {.seed = evendraw::mix64(seed)}),
                                                   random_sampler(4, {.seed = evendraw::mix64(seed) + 1}),
                                                   random_sampler(3, {.seed = evendraw::mix64(seed) + 2})};
      evendraw::mix_sampler const sampler(std::move(sources), shares, {.epoch_size = 4, .window = 4, .seed = seed});
      return as_list(sampler.epoch(epoch));
    };
  };
  add_fractional(checks, "mix", mix({0.5, 0.3, 0.2}), mix({0.5, 0.25, 0.25}));
}

void add_pk(std::vector<check>& checks) {
  static numbers const counts{6, 4, 3, 3};
  static evendraw::class_index const classes = evendraw::class_index<int>::from_counts(counts);
  auto const batch = [](std::uint64_t seed, std::uint64_t number) {
    evendraw::pk_batch_sampler const sampler(classes, {.classes = 2, .samples = 2, .num_batches = 1, .seed = seed});
    return as_list(sampler.epoch(number).draws());
  };
  auto const class_of = [](std::uint32_t i) { return std::size_t{i < 6 ? 0u : i < 10 ? 1u : i < 13 ? 2u : 3u}; };
  auto const seats = [=](std::uint64_t seed, std::uint64_t number) {
    auto const drawn = batch(seed, number);
    return class_of(drawn[0]) * 4 + class_of(drawn[2]);
  };
  law draws;
  for (auto const count : counts) draws.insert(draws.end(), count, 0.25 / static_cast<double>(count));
  checks.push_back({"pk_batch: draws", draws, one_draw,
                    each([=](auto run, auto t) { return std::size_t{batch(own(run, t), 0)[0]}; }),
                    each([](std::uint64_t run, std::uint64_t t) {
                      return std::size_t{evendraw::random_sampler(16, {.seed = run}).epoch(t)[0]};
                    })});
  law pairs = subsets(6, 2);  // of class 0 if it comes first
  for (double& p : pairs) p /= 4;
  pairs[0] = 0.75;
  add_slipping(
      checks, "pk_batch: pairs of a class", pairs, together,
      [=](std::uint64_t run, std::uint64_t t) {
        auto drawn = batch(own(run, t), 0);
        drawn.resize(2);
        return mask(drawn, 0, 6);
      },
      [](std::size_t set) { return set == 0 ? set : std::size_t{0b11}; });
  add_slipping(
      checks, "pk_batch: classes in a batch", equal_where(16, [](std::size_t cell) { return cell / 4 != cell % 4; }),
      together, [=](auto run, auto t) { return seats(own(run, t), 0); }, always(1));
  law const order = equal_where(256, [](std::size_t cell) {
    return ((1u << (cell & 3)) | (1u << (cell >> 2 & 3)) | (1u << (cell >> 4 & 3)) | (1u << (cell >> 6))) == 15;
  });
  auto const rounds = [=](std::uint64_t step) {  // two batches are a round
    return each([=](std::uint64_t run, std::uint64_t t) {
      std::uint64_t const seed = own(run, t);
      return seats(seed, 0) * 16 + seats(seed, step);
    });
  };
  checks.push_back({"pk_batch: two epochs of a round", order, 0.4, rounds(1), rounds(2)});
  auto const first_class = [=](std::uint64_t seed, std::uint64_t number) { return seats(seed, number) / 4; };
  add_two(checks, "pk_batch: epochs of two rounds", equal(4), equal(4), 0.3, [=](auto run, auto t) {
    return std::pair{first_class(own(run, t), 0), first_class(own(run, t), 2)};
  });
  add_two_seeds(checks, "pk_batch", equal(4), equal(4), 0.3, first_class);
  auto const walks = [=](std::uint64_t step) {  // class 0 comes once in each round
    return each([=](std::uint64_t run, std::uint64_t t) {
      std::uint64_t const seed = own(run, t);
      auto const of_round = [=](std::uint64_t round) {
        return mask(batch(seed, 2 * round), 0, 6) | mask(batch(seed, 2 * round + 1), 0, 6);
      };
      return of_round(0) * 64 + of_round(step);
    });
  };
  checks.push_back({"pk_batch: two rounds of a walk", disjoint(6, 2), 0.8, walks(1), walks(3)});
}

void add_repeat_factor(std::vector<check>& checks) {
  auto const epoch_of = [](std::vector<double> const& factors, std::uint64_t seed, std::uint64_t epoch) {
    return evendraw::repeat_factor_sampler(factors, {.seed = seed}).epoch(epoch);
  };
  auto const first = [=](std::vector<double> const& factors) {
    return each([=](auto run, auto t) { return std::size_t{epoch_of(factors, own(run, t), 0)[0]}; });
  };
  checks.push_back({"repeat_factor: draws",
                    {2.5 / 6, 1.5 / 6, 1. / 6, 0.5 / 6, 0.5 / 6},
                    one_draw,
                    first({2.5, 1.5, 1, 0.5, 0.5}),
                    first({3, 2, 1, 1, 1})});
  // Two of four samples come twice in an epoch of six.
  law pair_law(16, (1 - 4 / 30.) / 12);
  for (std::size_t i = 0; i < 4; ++i) pair_law[i * 5] = 1 / 30.;
  auto const pairs = [=](std::vector<double> const& factors) {
    return each([=](auto run, auto t) {
      auto const epoch = epoch_of(factors, own(run, t), 0);
      return std::size_t{epoch[0]} * 4 + epoch[1];
    });
  };
  checks.push_back(
      {"repeat_factor: pairs of draws", pair_law, together, pairs({1.5, 1.5, 1.5, 1.5}), pairs({2, 2, 1, 1})});
  auto const twice = [=](std::uint64_t seed, std::uint64_t epoch) {
    auto const times = sampling::draws_of_each(as_list(epoch_of({1.5, 1.5, 1.5, 1.5}, seed, epoch)), 4);
    std::size_t set = 0;
    for (std::size_t i = 0; i < 4; ++i) set |= static_cast<std::size_t>(times[i] == 2) << i;
    return set;
  };
  add_slipping(
      checks, "repeat_factor: the samples that come twice in a batch", subsets(4, 2), together,
      [=](auto run, auto t) { return twice(own(run, t), 0); }, always(0b11));
  auto const turns = [=](std::uint64_t step) {
    return each(
        [=](std::uint64_t run, std::uint64_t t) { return twice(own(run, t), 0) * 16 + twice(own(run, t), step); });
  };
  checks.push_back({"repeat_factor: two epochs of a walk", disjoint(4, 2), 0.25, turns(1), turns(2)});
  add_two_seeds(checks, "repeat_factor", subsets(4, 2), subsets(4, 2), 0.5, twice);
}

void add_concat(std::vector<check>& checks) {
  auto const epoch_of = [](std::uint64_t seed, std::uint64_t epoch, std::uint64_t other = 0x123456789abcdef) {
    using evendraw::multinomial_sampler;
    return evendraw::concat_sampler(
               {evendraw::any_sampler<>(multinomial_sampler({1, 2, 2}, {.epoch_size = 2, .seed = seed})),
                evendraw::any_sampler<>(multinomial_sampler({3, 2}, {.epoch_size = 2, .seed = seed + other}))})
        .epoch(epoch);
  };
  law const first{0.2, 0.4, 0.4}, second{0.6, 0.4};
  auto const first_draw = [=](auto seed, auto epoch) { return std::size_t{epoch_of(seed, epoch)[0]}; };
  add_slipping(checks, "concat: draws", first, one_draw, first_draw, always(2));
  auto const pairs = [=](std::uint64_t other) {  // with one seed, both sources would draw by the same words
    return each([=](std::uint64_t run, std::uint64_t t) {
      auto const epoch = epoch_of(own(run, t), 0, other);
      return std::size_t{epoch[0]} * 2 + (epoch[2] - 3);
    });
  };
  checks.push_back({"concat: pairs of draws", both(first, second), together, pairs(0x123456789abcdef), pairs(0)});
  add_two(checks, "concat: two epochs", first, first, 0.4, [=](auto run, auto t) {
    return std::pair{first_draw(run, 2 * t), first_draw(run, 2 * t + 1)};
  });
  add_two_seeds(checks, "concat", first, first, 0.4, first_draw);
  auto const batches = [=](std::uint64_t other) {
    return each([=](std::uint64_t run, std::uint64_t t) {
      auto const epoch = epoch_of(own(run, t), 0, other);
      return ((std::size_t{epoch[0]} * 3 + epoch[1]) * 2 + (epoch[2] - 3)) * 2 + (epoch[3] - 3);
    });
  };
  checks.push_back({"concat: a batch", both(both(first, first), both(second, second)), together,
                    batches(0x123456789abcdef), batches(0)});
}

std::vector<check> all_checks() {
  std::vector<check> checks;
  add_all_independent(checks);
  add_random(checks);
  add_balanced(checks);
  add_without_replacement(checks);
  add_batches(checks);
  add_pk(checks);
  add_repeat_factor(checks);
  add_concat(checks);
  return checks;
}

}  // namespace

TEST_CASE("battery: every law holds, and every check rejects its wrong twin", "[battery][statistical]") {
  auto const checks = all_checks();
  CHECK(static_cast<double>(checks.size()) * statistics::threshold < 1e-4);  // false alarms in all
  for (auto const& tested : checks) {
    std::uint64_t const trials = trials_of(tested);
    double const right = p_value(tested, tested.right, 0, trials), wrong = p_value(tested, tested.wrong, 0, trials);
    CAPTURE(tested.name, trials, right, wrong);
    CHECK(right > statistics::threshold);
    CHECK(wrong < statistics::threshold);
  }
}

// More than 29 of 1,000 p-values are below 0.01 with probability 2e-7, and as many above 0.99. For any of the checks this
// has probability 4e-5.
TEST_CASE("battery: 1,000 seeds of every check", "[.][soak]") {
  for (auto const& tested : all_checks()) {
    std::uint64_t const trials = soak_trials_of(tested);
    int low = 0, high = 0;
    for (std::uint64_t run = 1; run <= 1000; ++run) {
      double const p = p_value(tested, tested.right, run, trials);
      low += p < 0.01 ? 1 : 0;
      high += p > 0.99 ? 1 : 0;
    }
    std::cout << std::left << std::setw(46) << tested.name << std::right << std::setw(7) << trials << " trials"
              << std::setw(5) << low << std::setw(5) << high << std::endl;
    CHECK(low <= 29);
    CHECK(high <= 29);
  }
}

}  // namespace battery_test
