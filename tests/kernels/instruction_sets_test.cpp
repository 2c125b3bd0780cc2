// This is a program of its own: without optimisation there are no vector instructions to test.
//
// Compiled with -O2
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/evendraw.hpp>

using evendraw::instruction_set;
using numbers = std::vector<std::uint64_t>;

namespace {

/// Uses an instruction set while it lives.
class scoped_instruction_set {
 public:
  explicit scoped_instruction_set(instruction_set set) { evendraw::use_instruction_set(set); }
  ~scoped_instruction_set() { evendraw::use_instruction_set(before_); }
  scoped_instruction_set(scoped_instruction_set const&) = delete;
  scoped_instruction_set& operator=(scoped_instruction_set const&) = delete;

 private:
  instruction_set before_ = evendraw::used_instruction_set();
};

/// The number of draws that differ between reading in blocks and one by one, for the whole and for parts.
template <class Draws>
std::uint64_t differences(Draws const& blocks, Draws const& one_by_one) {
  std::uint64_t wrong = 0;
  std::vector<typename Draws::index_type> out;
  for (std::uint64_t const first : numbers{0, 1, 15, 250, 300}) {
    for (std::uint64_t const length :
         numbers{0, 1, 16, 31, 32, 33, 63, 64, 65, 255, 256, 257, 511, 512, 513, 1000, 1500}) {
      if (first + length > blocks.size()) continue;
      out.assign(static_cast<std::size_t>(length), 0);
      blocks.read(first, out);
      for (std::size_t i = 0; i < out.size(); ++i) wrong += out[i] != one_by_one[first + i];
    }
  }
  return wrong;
}

template <class Sampler>
void check_all_sets(Sampler const& sampler) {
  for (auto const set : evendraw::usable_instruction_sets()) {
    scoped_instruction_set const scope(set);
    CAPTURE(to_string(set), sampler.num_samples(), sampler.epoch_size());
    for (std::uint64_t const epoch : {std::uint64_t{0}, std::uint64_t{7}, (std::uint64_t{1} << 32) + 5}) {
      auto const draws = sampler.epoch(epoch);
      CHECK(differences(draws, draws) == 0);
      CHECK(differences(draws.drop(1).shard(2, 3), draws.drop(1).shard(2, 3)) == 0);
    }
  }
}

/// Labels 0, 1, 2, ... in a fixed random order. Label c comes `counts[c]` times.
std::vector<int> labels_of(std::vector<std::size_t> const& counts) {
  std::vector<int> labels;
  for (std::size_t c = 0; c < counts.size(); ++c) labels.insert(labels.end(), counts[c], static_cast<int>(c));
  evendraw::permutation const order(labels.size(), 99);
  std::vector<int> result(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) result[static_cast<std::size_t>(order(i))] = labels[i];
  return result;
}

/// Sizes on both sides of every limit between two algorithms.
std::vector<std::size_t> const around_every_limit{1,  2,  3,   11,  12,  13,   16,   17,   63,
                                                  64, 65, 100, 128, 129, 4095, 4096, 4097, 9000};

}  // namespace

TEST_CASE("instruction sets: the widest one is used", "[instruction_sets]") {
  auto const usable = evendraw::usable_instruction_sets();
  REQUIRE(!usable.empty());
  CHECK(usable.front() == instruction_set::portable);
  CHECK(evendraw::used_instruction_set() == usable.back());
  for (auto const set : usable) {
    scoped_instruction_set const scope(set);
    CHECK(evendraw::used_instruction_set() == set);
  }
  CHECK(evendraw::used_instruction_set() == usable.back());
  CHECK_THROWS_WITH(evendraw::use_instruction_set(static_cast<instruction_set>(77)),
                    "evendraw::use_instruction_set: this processor (or compiler) does not have an unknown instruction "
                    "set; usable_instruction_sets() lists what it has");
  CHECK(evendraw::used_instruction_set() == usable.back());
}

TEST_CASE("instruction sets: every sampler draws the same in blocks and one by one", "[instruction_sets]") {
  std::vector<double> weights(5000);
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] = static_cast<double>(i % 97) * static_cast<double>(i % 7);
  check_all_sets(evendraw::multinomial_sampler(weights));
  check_all_sets(evendraw::multinomial_sampler<std::uint64_t>(weights));
  check_all_sets(evendraw::multinomial_sampler({5.0}, {.epoch_size = 2000}));
  check_all_sets(evendraw::sequential_sampler(2000));
  for (std::uint64_t const n : {1700u, 4096u, 4097u, 70'000u, 1u << 20, 4'294'967'295u}) {
    check_all_sets(evendraw::random_sampler(n));
    check_all_sets(evendraw::random_sampler(n, {.epoch_size = n / 3}));
    check_all_sets(evendraw::random_sampler<std::uint64_t>(n));
  }
  for (std::uint64_t const n : {12u, 13u, 300u}) check_all_sets(evendraw::random_sampler(n));
  check_all_sets(evendraw::random_sampler<std::uint64_t>(std::uint64_t{1} << 32));
  check_all_sets(evendraw::random_sampler<std::uint64_t>((std::uint64_t{1} << 32) + 1));
  check_all_sets(evendraw::random_sampler<std::uint64_t>(std::uint64_t{1} << 62));
  check_all_sets(evendraw::random_sampler<std::uint16_t>(50'000));

  auto const labels = labels_of(around_every_limit);
  std::vector<double> shares(around_every_limit.size(), 1);
  shares[3] = 0;
  shares[5] = 7.5;
  auto sorted = labels;
  std::ranges::sort(sorted);
  for (auto const& data : {labels, sorted}) {
    evendraw::class_index const classes(data);
    evendraw::class_index<int, std::uint64_t> const wide(data);
    check_all_sets(evendraw::inverse_frequency_sampler(classes));
    check_all_sets(evendraw::inverse_frequency_sampler(wide));
    check_all_sets(evendraw::target_proportion_sampler(classes, std::span<double const>(shares)));
    check_all_sets(evendraw::target_proportion_sampler(wide, std::span<double const>(shares)));
    check_all_sets(
        evendraw::balanced_epoch_sampler(classes, {.per_class = 1000, .when_short = evendraw::when_short::give_all}));
    check_all_sets(  // only one class walks
        evendraw::balanced_epoch_sampler(classes, {.per_class = 5000, .when_short = evendraw::when_short::give_all}));
    check_all_sets(evendraw::balanced_epoch_sampler(classes, {.epoch_size = 30'000, .max_repeats = 1000}));
    check_all_sets(
        evendraw::balanced_epoch_sampler(wide, {.per_class = 1000, .when_short = evendraw::when_short::give_all}));
  }

  // The comparison can fail.
  evendraw::random_sampler const one(2000, {.seed = 1}), other(2000, {.seed = 2});
  CHECK(differences(one.epoch(0), other.epoch(0)) > 1000);
}

TEST_CASE("instruction sets: walks and words in blocks", "[instruction_sets]") {
  std::vector<std::uint64_t> narrow_sizes{(std::uint64_t{1} << 32) + 5, 4'294'967'295u, 1u << 20, 300'000};
  narrow_sizes.insert(narrow_sizes.end(), around_every_limit.begin(), around_every_limit.end());
  for (auto const set : evendraw::usable_instruction_sets()) {
    scoped_instruction_set const scope(set);
    CAPTURE(to_string(set));
    std::uint64_t wrong = 0, small = 0;
    for (std::size_t count = 1; count <= evendraw::detail::block_size; count += count < 40 ? 1 : 27) {
      auto const block = std::make_unique<evendraw::detail::class_walk_block>();
      evendraw::detail::class_members<std::uint64_t> const all{.classes = {{0, 1}},
                                                               .samples = {}};  // a place is a sample
      auto const n = [&](std::size_t i) { return narrow_sizes[(i * 7 + count) % narrow_sizes.size()]; };
      auto const walk = [&](std::size_t i) {
        return evendraw::detail::walked_class{i, n(i), evendraw::random_word(count, i)}.walk(i % 5);
      };
      auto const place = [&](std::size_t i) { return evendraw::bounded(evendraw::random_word(5, i + count), n(i)); };
      for (std::size_t i = 0; i < count; ++i) block->set(i, walk(i), place(i));
      std::vector<std::uint64_t> out(count);
      block->read(all, std::span(out));
      for (std::size_t i = 0; i < count; ++i) {
        wrong += out[i] != walk(i).member(place(i));
        small += n(i) <= 16;
      }
    }
    CHECK(wrong == 0);
    CHECK(small > 50);

    for (std::uint64_t const stride : numbers{1, 3, 1000}) {
      evendraw::detail::block_of<std::uint64_t> words;
      evendraw::detail::make_words(42, 17, stride, 100, words);
      for (std::size_t i = 0; i < 100; ++i) wrong += words[i] != evendraw::random_word(42, 17 + i * stride);
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("instruction sets: lists of marked lanes", "[instruction_sets]") {
  using namespace evendraw::detail;
  int wrong = 0;
  for (std::uint32_t pattern = 0; pattern < 1u << 16; pattern += pattern < 256 ? 1 : 251) {
    block_of<std::uint8_t> marks{};
    for (std::size_t i = 0; i < 16; ++i) marks[i] = pattern >> i & 1;
    lane_list lanes;
    std::size_t const count = kernels::list_marked(marks, 16, lanes);
    std::size_t expected = 0;
    for (std::size_t i = 0; i < 16; ++i) {
      if (marks[i] == 1) wrong += lanes[expected++] != i;
    }
    wrong += count != expected;
  }
  CHECK(wrong == 0);
  block_of<std::uint32_t> x;
  for (std::size_t i = 0; i < block_size; ++i) x[i] = static_cast<std::uint32_t>(i * 2654435761u);
  for (std::uint32_t const last : {0u, 1u << 31, 0xffffffffu, 0xf0000000u}) {
    for (std::size_t const count : {1u, 7u, 8u, 100u, 512u}) {
      lane_list lanes;
      std::size_t const found = kernels::list_above<std::uint32_t>(x, last, count, lanes);
      std::size_t expected = 0;
      for (std::size_t i = 0; i < count; ++i) {
        if (x[i] > last) wrong += lanes[expected++] != i;
      }
      wrong += found != expected;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("instruction sets: dynamic weights", "[instruction_sets]") {
  for (std::uint64_t const n : numbers{1, 8, 9, 1000, 5000}) {
    for (auto const set : evendraw::usable_instruction_sets()) {
      scoped_instruction_set const scope(set);
      CAPTURE(to_string(set), n);
      evendraw::dynamic_weights table(n, 1.0, {.seed = n});
      std::uint64_t wrong = 0;
      for (std::size_t const length : {1u, 31u, 32u, 33u, 511u, 513u, 1500u}) {
        for (std::uint64_t k = 0; k < 100; ++k)
          table.set(evendraw::random_word(n, k) % n, static_cast<double>(k % 5) / 5);
        table.set(n / 2, 1);
        evendraw::dynamic_weights fresh(table.weights(), table.options(), table.save());
        std::vector<std::uint32_t> out(length);
        table.draw(out);
        for (auto const index : out) wrong += index != fresh.draw();
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("instruction sets: exponential keys in blocks", "[instruction_sets]") {
  std::vector<double> weights;
  for (std::size_t i = 0; i < 2000; ++i) {
    double const digits = i % 9 == 0 ? 0 : 1.0 + static_cast<double>(i % 13);
    weights.push_back(std::ldexp(digits, static_cast<int>(i * 37 % 2000) - 1074));
  }
  evendraw::detail::key_weights const checked("test", weights);
  evendraw::detail::exponential_keys const keys(checked, 42);
  auto const expected = [&](std::uint64_t i) {
    return evendraw::detail::key_of(evendraw::detail::exponential(evendraw::random_word(42, i)),
                                    evendraw::detail::weight_word(weights[static_cast<std::size_t>(i)]));
  };
  for (auto const set : evendraw::usable_instruction_sets()) {
    scoped_instruction_set const scope(set);
    CAPTURE(to_string(set));
    std::uint64_t wrong = 0;
    for (std::size_t const count : {1u, 31u, 32u, 33u, 100u, 511u, 512u}) {
      evendraw::detail::block_of<std::uint64_t> low, asked;
      std::vector<std::uint32_t> indices;
      for (std::size_t i = 0; i < count; ++i) indices.push_back(static_cast<std::uint32_t>(i * 271 % 2000));
      keys.read_block(std::span<std::uint32_t const>(indices), asked);
      for (std::size_t i = 0; i < count; ++i) wrong += asked[i] != expected(indices[i]);
      for (std::uint64_t const limit : {expected(17), expected(40), ~std::uint64_t{0}}) {
        evendraw::detail::lane_list lanes;
        std::size_t const listed = keys.list_low(17, count, limit, lanes, low);
        std::size_t next = 0;
        for (std::size_t i = 0; i < count; ++i) {
          if (next < listed && lanes[next] == i) {
            wrong += low[next++] != expected(17 + i);
          } else {
            wrong += expected(17 + i) < limit;
          }
        }
        wrong += next != listed;
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("instruction sets: samplers without replacement give the same epochs", "[instruction_sets]") {
  std::vector<double> weights;
  for (std::size_t i = 0; i < 40'000; ++i) weights.push_back(static_cast<double>(i % 97) * static_cast<double>(i % 7));
  evendraw::weighted_without_replacement_sampler const few(weights, {.epoch_size = 2000}), all(weights);
  evendraw::systematic_sampler const systematic(weights, {.epoch_size = 5000});
  auto const epoch = [](auto const& sampler) {
    std::vector<std::uint32_t> result(static_cast<std::size_t>(sampler.epoch_size()));
    sampler.epoch(7).read(0, result);
    return result;
  };
  std::vector<std::vector<std::uint32_t>> expected;
  for (auto const set : evendraw::usable_instruction_sets()) {
    scoped_instruction_set const scope(set);
    CAPTURE(to_string(set));
    std::vector const got{epoch(few), epoch(all), epoch(systematic)};
    if (expected.empty()) expected = got;
    CHECK(got == expected);
  }
}
