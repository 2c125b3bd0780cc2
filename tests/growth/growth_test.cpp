// Costs that must not grow with the square of the input. The test counts the branches that the program takes.
// Compiled with -fsanitize-coverage=trace-pc
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/evendraw.hpp>
#include <evendraw/inspect/text.hpp>

namespace {
std::uint64_t steps_taken = 0;
}

#ifdef __clang__
#define EVENDRAW_NOT_COUNTED __attribute__((no_sanitize("coverage")))
#else
#define EVENDRAW_NOT_COUNTED __attribute__((no_sanitize_coverage))
#endif

/// The compiler adds a call of this to every basic block of the other functions here.
extern "C" EVENDRAW_NOT_COUNTED void __sanitizer_cov_trace_pc();
void __sanitizer_cov_trace_pc() { ++steps_taken; }

using namespace evendraw;

namespace {

template <class F>
double steps(F const& f) {
  std::uint64_t const before = steps_taken;
  f();
  return static_cast<double>(steps_taken - before);
}

/// How much more f(large) takes than f(small).
template <class F>
double growth(F const& f, std::size_t small, std::size_t large) {
  return steps([&] { f(large); }) / steps([&] { f(small); });
}

using numbers = std::vector<std::uint64_t>;

/// Labels of classes that have one or two samples.
numbers labels_of_pairs(std::size_t num_classes) {
  numbers labels;
  for (std::size_t c = 0; c < num_classes; ++c) labels.insert(labels.end(), 1 + c % 2, c);
  return labels;
}

/// A wrong twin, with the cost of a square: the end of a text that is not wider than `width`.
std::string_view slow_ending(std::string_view text, std::size_t width) {
  while (detail::terminal::columns(text) > width) text.remove_prefix(detail::terminal::first_character(text).bytes);
  return text;
}

/// Keys that are close together, in descending order.
struct descending_keys {
  static constexpr std::uint64_t octave = std::uint64_t{1} << 52;
  std::uint64_t count;
  std::uint64_t size() const { return count; }
  std::uint64_t least() const { return octave; }
  std::uint64_t limit() const { return 9 * octave; }
  std::uint64_t key(std::uint64_t i) const { return 3 * octave + (count - i) / 3; }
  std::size_t list_low(std::uint64_t first, std::size_t n, std::uint64_t, detail::lane_list& lanes,
                       detail::block_of<std::uint64_t>& out) const noexcept {
    for (std::size_t i = 0; i < n; ++i) {
      lanes[i] = static_cast<std::uint16_t>(i);
      out[i] = key(first + i);
    }
    return n;
  }
  template <class Index>
  void read_block(std::span<Index const> indices, detail::block_of<std::uint64_t>& out) const noexcept {
    for (std::size_t i = 0; i < indices.size(); ++i) out[i] = key(indices[i]);
  }
};

}  // namespace

TEST_CASE("growth: steps are counted, and the check notices a square", "[growth]") {
  auto const pairs = [](std::size_t n) {
    volatile std::size_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < n; ++k) sum = sum + i * k;
    }
  };
  CHECK(growth(pairs, 100, 400) > 15);
  CHECK(growth([](std::size_t n) { std::ranges::max(numbers(n, 7)); }, 1000, 4000) < 4.1);
}

TEST_CASE("growth: names in tables cost as many steps as they have letters", "[growth]") {
  auto const name = [](std::size_t letters) {
    std::string result;
    for (std::size_t i = 0; i < letters; ++i) result += "e\u0301猫";
    return result;
  };
  auto const fast = [&](std::size_t n) { (void)detail::terminal::ending(name(n), 3); };
  auto const slow = [&](std::size_t n) { (void)slow_ending(name(n), 3); };
  CHECK(growth(fast, 200, 800) < 4.5);
  CHECK(growth(slow, 200, 800) > 12);
  auto const table = [&](std::size_t n) {
    std::vector<std::string> const labels{"cat", name(n), name(n)};
    class_index const classes(labels);
    batch_balance balance(classes);
    balance.add(std::vector<std::uint32_t>{0, 1, 2, 0});
    CHECK(evendraw::to_string(balance_table(classes, balance), {.width = 60}).size() < 1000);
  };
  CHECK(growth(table, 1000, 4000) < 4.5);
}

TEST_CASE("growth: tables and plans of many classes", "[growth]") {
  auto const sizes = [](std::size_t num_classes) {
    numbers result;
    for (std::size_t c = 0; c < num_classes; ++c) result.push_back(100 + c % 13);
    return result;
  };
  auto const planned = [&](std::size_t n) { (void)plan_with_replacement(sizes(n), std::vector<double>(n, 1)); };
  CHECK(growth(planned, 500, 2000) < 6);
  auto const balanced = [&](std::size_t n) { (void)plan_balanced_epochs(sizes(n)); };
  CHECK(growth(balanced, 500, 2000) < 6);
  auto const table = [&](std::size_t n) {
    class_index const classes(labels_of_pairs(n));
    batch_balance balance(classes);
    balance.add(batch_sampler(inverse_frequency_sampler(classes), 64).epoch(0));
    (void)evendraw::to_string(balance_table(classes, balance));
  };
  CHECK(growth(table, 500, 2000) < 6);
}

TEST_CASE("growth: counting a batch does not visit all classes", "[growth][batch_balance]") {
  std::vector<std::uint32_t> const small{1, 4, 9, 4}, large{7, 1, 1, 4, 8, 3};
  auto const counted = [&](std::size_t num_classes) {
    class_index const classes(labels_of_pairs(num_classes));
    batch_balance balance(classes);
    balance.add(small);
    return steps([&] {
      balance.add(small);
      balance.add(large);  // a larger batch makes the previous ones short
      balance.add(small);
    });
  };
  CHECK(counted(10'000) < 1.2 * counted(10));
}

TEST_CASE("growth: keys that are close together are sorted without a square", "[growth][smallest_keys]") {
  auto const sorted = [](std::size_t n) {
    (void)detail::smallest_keys<std::uint32_t, descending_keys>(descending_keys{n}).find(n);
  };
  auto const inserted = [](std::size_t n) {
    numbers keys;
    for (std::size_t i = 0; i < n; ++i) {
      keys.push_back(descending_keys{n}.key(i));
      for (std::size_t k = i; k > 0 && keys[k] < keys[k - 1]; --k) std::swap(keys[k], keys[k - 1]);
    }
  };
  CHECK(growth(sorted, 1000, 8000) < 17);  // 8^(4/3) = 16
  CHECK(growth(inserted, 1000, 8000) > 50);
}

TEST_CASE("growth: a sample is looked up in steps that hardly depend on the classes", "[growth]") {
  auto const looked_up = [](std::size_t num_classes) {
    label_counts<std::uint64_t> of_other_rank{{0, 1'000'000'000}};
    for (std::uint64_t c = 1; c < num_classes; ++c) of_other_rank.emplace_back(c, 1);
    class_index const mine(numbers{0, 0});
    partitioned_classes const shared(mine, std::vector{mine.label_counts(), of_other_rank}, 0);
    numbers batch;
    for (std::uint64_t i = 0; i < 512; ++i) batch.push_back(shared.classes().index_bound() - 1 - i % num_classes);
    std::vector<std::uint32_t> out(batch.size());
    return steps([&] { (void)shared.local_samples(batch, out); });
  };
  CHECK(looked_up(8000) < 3 * looked_up(8));
}
