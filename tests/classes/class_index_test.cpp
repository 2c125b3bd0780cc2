#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <forward_list>
#include <limits>
#include <list>
#include <map>
#include <numeric>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/read_once.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/per_label.hpp>
#include <evendraw/inspect/confusion_matrix.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/weights/repeat_factors.hpp>

namespace class_index_test {

using evendraw::class_index;
using evendraw::random_word;
using ranges_for_tests::read_once;
using namespace std::string_literals;

namespace {

enum class animal : unsigned char { cat = 7, dog = 2 };
enum colour { red = -1, green = 5 };

template <class Index>
std::vector<std::uint64_t> members(Index const& classes, std::uint64_t c) {
  return {classes.members(c).begin(), classes.members(c).end()};
}

template <class Index>
std::vector<std::uint64_t> counts(Index const& classes) {
  return {classes.counts().begin(), classes.counts().end()};
}

/// A label that can fail.
struct unreadable {
  bool broken = false;
  operator std::string_view() const { return broken ? throw std::runtime_error("cannot be read") : "label"; }
};

using numbers = std::vector<std::uint64_t>;

/// The obvious way: label -> samples, in a std::map.
template <class Label>
std::map<Label, numbers> reference(auto const& labels, numbers const& subset) {
  std::map<Label, numbers> result;
  for (auto const sample : subset) result[Label(labels[sample])].push_back(sample);
  for (auto& [label, samples] : result) std::ranges::sort(samples);
  return result;
}

template <class Label>
int differences(class_index<Label> const& classes, std::map<Label, numbers> const& expected) {
  if (classes.num_classes() != expected.size()) return 1;
  int wrong = 0;
  std::uint64_t c = 0, samples = 0;
  auto const of_sample = classes.sample_classes();
  for (auto const& [label, its_samples] : expected) {
    wrong += classes.labels()[c] != label;
    wrong += classes.class_of(label) != c;
    wrong += classes.counts()[c] != its_samples.size();
    wrong += members(classes, c) != its_samples;
    for (auto const sample : its_samples) wrong += of_sample[sample] != c;
    samples += its_samples.size();
    ++c;
  }
  return wrong + (classes.num_samples() != samples);
}

numbers all(std::uint64_t n) {
  numbers result(n);
  std::iota(result.begin(), result.end(), std::uint64_t{0});
  return result;
}

}  // namespace

TEST_CASE("class_index: classes, counts and members", "[class_index]") {
  class_index const classes(std::vector{"wet"s, "dry"s, "wet"s, "ice"s, "wet"s});
  CHECK(classes.num_samples() == 5);
  CHECK(classes.num_classes() == 3);
  CHECK(classes.index_bound() == 5);
  CHECK(classes.labels() == std::vector{"dry"s, "ice"s, "wet"s});
  CHECK(counts(classes) == numbers{1, 1, 3});
  CHECK(members(classes, 0) == numbers{1});
  CHECK(members(classes, 1) == numbers{3});
  CHECK(members(classes, 2) == numbers{0, 2, 4});
  CHECK(classes.class_of("wet") == 2);
  CHECK(classes.contains("ice"));
  CHECK_FALSE(classes.contains("snow"));
  CHECK(classes.sample_classes() == std::vector<std::uint32_t>{2, 0, 2, 1, 2});
  CHECK_THROWS_AS(classes.class_of("snow"), std::out_of_range);
  CHECK_THROWS_WITH(classes.class_of("snow"),
                    "evendraw::class_index: no class has the label 'snow'; the classes are 'dry', 'ice', 'wet'");
  CHECK_THROWS_AS(classes.members(3), std::out_of_range);
  CHECK_THROWS_WITH(classes.members(3), "evendraw::class_index: class number 3; there are 3 classes, numbered from 0");
}

TEST_CASE("class_index: labels of every integer type", "[class_index]") {
  auto const check = [](auto const& labels) {
    class_index const classes(labels);
    CHECK(classes.num_classes() == 3);
    CHECK(std::ranges::is_sorted(classes.labels()));
    CHECK(classes.labels().front() == std::ranges::min(labels));
    CHECK(counts(classes) == numbers{1, 2, 1});
    CHECK(members(classes, 1) == numbers{0, 2});
    CHECK(classes.class_of(labels[1]) == 2);
    CHECK(classes.class_of(labels[3]) == 0);
  };
  check(std::vector<int>{0, 5, 0, -5});
  check(std::vector<std::int8_t>{-1, 127, -1, -128});
  check(std::vector<std::uint8_t>{1, 255, 1, 0});
  check(std::vector<char>{'b', 'c', 'b', 'a'});
  check(std::vector<char16_t>{u'b', u'c', u'b', u'a'});
  check(std::vector<std::int16_t>{0, 32767, 0, -32768});
  check(std::vector<int>{0, std::numeric_limits<int>::max(), 0, std::numeric_limits<int>::min()});
  check(std::vector<std::int64_t>{0, std::numeric_limits<std::int64_t>::max(), 0,
                                  std::numeric_limits<std::int64_t>::min()});
  check(std::vector<std::uint64_t>{1, std::numeric_limits<std::uint64_t>::max(), 1, 0});
  check(std::vector<std::int64_t>{-1000000000000, 1000000000000, -1000000000000, -1000000000001});
}

TEST_CASE("class_index: enumerators", "[class_index]") {
  class_index const scoped(std::array{animal::cat, animal::dog, animal::cat});
  CHECK(scoped.labels() == std::vector{animal::dog, animal::cat});  // by value
  CHECK(members(scoped, 1) == numbers{0, 2});
  CHECK(scoped.class_of(animal::dog) == 0);
  class_index const unscoped(std::array{green, red, green, green});
  CHECK(unscoped.labels() == std::vector{red, green});
  CHECK(counts(unscoped) == numbers{1, 3});
  CHECK_THROWS_WITH(class_index(std::array{animal::cat}).class_of(animal::dog),
                    "evendraw::class_index: no class has the label 2; the classes are 7");
}

TEST_CASE("class_index: bools", "[class_index]") {
  std::vector<bool> bits{true, false, true, true};
  bool const array[] = {true, false, true, true};
  for (auto const& classes : {class_index(bits), class_index(std::as_const(bits)), class_index(array),
                              class_index(std::deque<bool>{true, false, true, true}),
                              class_index(std::vector<bool>{true, false, true, true})}) {
    CHECK(classes.labels() == std::vector{false, true});
    CHECK(counts(classes) == numbers{1, 3});
    CHECK(members(classes, 1) == numbers{0, 2, 3});
    CHECK(classes.class_of(true) == 1);
  }
  class_index const only_true(std::vector<bool>{true, true});
  CHECK(only_true.num_classes() == 1);
  CHECK(only_true.class_of(true) == 0);
  CHECK_FALSE(only_true.contains(false));
  CHECK_THROWS_WITH(only_true.class_of(false),
                    "evendraw::class_index: no class has the label false; the classes are true");
}

TEST_CASE("class_index: strings of all kinds are kept as std::string", "[class_index]") {
  char const* const pointers[] = {"b", "a", "b"};
  char const arrays[][2] = {"b", "a", "b"};
  std::vector<std::string_view> const views{"b", "a", "b"};
  class_index const expected(std::vector{"b"s, "a"s, "b"s});
  for (class_index<std::string> const& classes :
       {class_index(pointers), class_index(arrays), class_index(views), class_index(std::list{"b"s, "a"s, "b"s}),
        class_index(std::vector<char const*>{"b", "a", "b"})}) {
    CHECK(classes.labels() == std::vector{"a"s, "b"s});
    CHECK(members(classes, 1) == numbers{0, 2});
    CHECK(classes.shared_members()->fingerprint() == expected.shared_members()->fingerprint());
  }
  class_index const odd(std::vector{""s, "a\0b"s, ""s, "a"s});  // an empty label and one with a zero in it
  CHECK(odd.num_classes() == 3);
  CHECK(odd.class_of("") == 0);
  CHECK(odd.class_of("a\0b"s) == 2);
  CHECK(class_index(std::vector{'b', 'a', 'n', 'a'}).labels() ==
        std::vector{'a', 'b', 'n'});  // a text is refused: see tests/refused
}

TEST_CASE("class_index: any range of labels", "[class_index]") {
  std::vector<int> const vector{3, 1, 3, 2};
  int array[] = {3, 1, 3, 2};
  read_once<int> once({3, 1, 3, 2});
  for (class_index<int> const& classes :
       {class_index(vector), class_index(array), class_index(std::list{3, 1, 3, 2}),
        class_index(std::forward_list{3, 1, 3, 2}), class_index(std::deque{3, 1, 3, 2}), class_index(std::span(array)),
        class_index(std::vector{3, 1, 3, 2}), class_index(std::array{3, 1, 3, 2}), class_index(once)}) {
    CHECK(classes.labels() == std::vector{1, 2, 3});
    CHECK(members(classes, 2) == numbers{0, 2});
  }
  class_index const read(read_once<std::string>({"wet", "dry", "wet"}), {.classes = {"wet", "dry"}});
  CHECK(read.labels() == std::vector{"wet"s, "dry"s});
  CHECK(counts(read) == numbers{2, 1});
}

TEST_CASE("class_index: types that are not labels", "[class_index]") {
  CHECK_FALSE(evendraw::class_label<double>);
  CHECK_FALSE(evendraw::class_label<std::vector<int>>);
  CHECK_FALSE(evendraw::detail::label_range<int>);
  CHECK_FALSE(evendraw::detail::label_range<std::vector<float>>);
  CHECK_FALSE(evendraw::detail::index_range<std::vector<bool>>);
  CHECK_FALSE(evendraw::detail::index_range<std::vector<double>>);
  CHECK(evendraw::detail::index_range<std::vector<int>>);
}

TEST_CASE("class_index: one sample, one class", "[class_index]") {
  class_index const one(std::vector{-3});
  CHECK(one.num_samples() == 1);
  CHECK(one.num_classes() == 1);
  CHECK(members(one, 0) == numbers{0});
  class_index const same(std::vector<std::string>(1000, "x"));
  CHECK(same.num_classes() == 1);
  CHECK(members(same, 0) == all(1000));
}

TEST_CASE("class_index: no samples", "[class_index]") {
  CHECK_THROWS_AS(class_index(std::vector<int>{}), std::invalid_argument);
  CHECK_THROWS_WITH(class_index(std::vector<int>{}), "evendraw::class_index: no samples; give at least one label");
  CHECK_THROWS_WITH(class_index(std::vector<std::string>{}),
                    "evendraw::class_index: no samples; give at least one label");
  CHECK_THROWS_WITH(class_index(std::vector<int>{}, {.classes = {1, 2}, .allow_empty = true}),
                    "evendraw::class_index: no samples; give at least one label");
}

TEST_CASE("class_index: declared classes keep their order", "[class_index]") {
  std::vector const labels{"wet"s, "dry"s, "wet"s};
  class_index const classes(labels, {.classes = {"wet", "dry"}});
  CHECK(classes.labels() == std::vector{"wet"s, "dry"s});
  CHECK(counts(classes) == numbers{2, 1});
  CHECK(classes.class_of("dry") == 1);
  CHECK(members(classes, 0) == numbers{0, 2});
  CHECK(classes.sample_classes() == std::vector<std::uint32_t>{0, 1, 0});

  class_index const numbered(std::vector{10, -4, 10, 7}, {.classes = {7, 10, -4}});  // the dense path
  CHECK(numbered.labels() == std::vector{7, 10, -4});
  CHECK(counts(numbered) == numbers{1, 2, 1});
  CHECK(members(numbered, 1) == numbers{0, 2});
  CHECK(numbered.class_of(-4) == 2);

  class_index const far_apart(std::vector{1000000000, -4, 1000000000, 7}, {.classes = {7, 1000000000, -4}});  // hashing
  CHECK(counts(far_apart) == numbers{1, 2, 1});
  CHECK(members(far_apart, 1) == numbers{0, 2});
}

TEST_CASE("class_index: declared classes without samples", "[class_index]") {
  std::vector const labels{"wet"s, "dry"s, "wet"s};
  CHECK_THROWS_AS(class_index(labels, {.classes = {"wet", "ice", "dry"}}), std::invalid_argument);
  CHECK_THROWS_WITH(class_index(labels, {.classes = {"wet", "ice", "dry"}}),
                    "evendraw::class_index: class 'ice' has no samples; leave it out of .classes or set .allow_empty");
  class_index const classes(labels, {.classes = {"wet", "ice", "dry"}, .allow_empty = true});
  CHECK(classes.num_classes() == 3);
  CHECK(counts(classes) == numbers{2, 0, 1});
  CHECK(members(classes, 1).empty());
  CHECK(members(classes, 2) == numbers{1});
  CHECK(classes.contains("ice"));
  CHECK(classes.class_of("ice") == 1);
  CHECK(classes.sample_classes() == std::vector<std::uint32_t>{0, 2, 0});
}

TEST_CASE("class_index: labels that are not declared", "[class_index]") {
  CHECK_THROWS_AS(class_index(std::vector{"wet"s, "snow"s}, {.classes = {"wet", "dry"}}), std::invalid_argument);
  CHECK_THROWS_WITH(class_index(std::vector{"wet"s, "dry"s, "snow"s, "snow"s}, {.classes = {"wet", "dry"}}),
                    "evendraw::class_index: the label 'snow' of sample 2 is not one of the declared .classes; "
                    "the classes are 'wet', 'dry'");
  CHECK_THROWS_WITH(class_index(std::vector{4, 4, 5}, {.classes = {4}}),
                    "evendraw::class_index: the label 5 of sample 2 is not one of the declared .classes; the "
                    "classes are 4");
  CHECK_THROWS_WITH(class_index(std::vector{0, -1}, {.classes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}),
                    "evendraw::class_index: the label -1 of sample 1 is not one of the declared .classes; "
                    "the classes are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ... (12 in all)");
  // allow_empty is about classes without samples, not about samples without a class
  CHECK_THROWS_AS(class_index(std::vector{4, 5}, {.classes = {4}, .allow_empty = true}), std::invalid_argument);
}

TEST_CASE("class_index: a class that is declared twice", "[class_index]") {
  CHECK_THROWS_AS(class_index(std::vector{1, 2}, {.classes = {2, 1, 2}}), std::invalid_argument);
  CHECK_THROWS_WITH(class_index(std::vector{1, 2}, {.classes = {2, 1, 2}}),
                    "evendraw::class_index: class 2 is declared twice; give every class its own label");
  CHECK_THROWS_WITH(class_index(std::vector{"a"s}, {.classes = {"a", "a"}}),
                    "evendraw::class_index: class 'a' is declared twice; give every class its own label");
}

TEST_CASE("class_index: a subset keeps the indices of the whole", "[class_index]") {
  std::vector const labels{"a"s, "b"s, "a"s, "c"s, "b"s, "a"s};
  class_index const classes(labels, std::vector{5, 1, 2});  // in any order
  CHECK(classes.num_samples() == 3);
  CHECK(classes.index_bound() == 6);
  CHECK(classes.labels() == std::vector{"a"s, "b"s});
  CHECK(members(classes, 0) == numbers{2, 5});
  CHECK(members(classes, 1) == numbers{1});
  CHECK(classes.sample_classes() == std::vector<std::uint32_t>{2, 1, 0, 2, 2, 0});  // 2: not in the subset

  CHECK(members(class_index(labels, std::list<std::uint64_t>{0}), 0) == numbers{0});
  CHECK(counts(class_index(labels, std::array<short, 2>{0, 5}, {.classes = {"c", "a"}, .allow_empty = true})) ==
        numbers{0, 2});
  CHECK(members(class_index(labels, read_once<int>({4, 1})), 0) == numbers{1, 4});
  // a class that has samples only outside the subset need not be declared
  CHECK(class_index(labels, std::vector{0, 2}, {.classes = {"a"}}).num_classes() == 1);
}

TEST_CASE("class_index: refused subsets", "[class_index]") {
  std::vector const labels{1, 2, 1};
  CHECK_THROWS_AS(class_index(labels, std::vector{0, 3}), std::out_of_range);
  CHECK_THROWS_WITH(class_index(labels, std::vector{0, 3}),
                    "evendraw::class_index: indices[1] is 3; there are 3 labels, and an index must be below that");
  CHECK_THROWS_AS(class_index(labels, std::vector{-1}), std::out_of_range);
  CHECK_THROWS_WITH(class_index(labels, std::vector{-1}),
                    "evendraw::class_index: indices[0] is -1; there are 3 labels, and an index must be below that");
  CHECK_THROWS_AS(class_index(labels, std::vector<std::uint64_t>{~std::uint64_t{0}}), std::out_of_range);
  CHECK_THROWS_AS(class_index(labels, std::vector{2, 0, 2}), std::invalid_argument);
  CHECK_THROWS_WITH(class_index(labels, std::vector{2, 0, 2}),
                    "evendraw::class_index: indices[2] is 2 again; a part names each sample once");
  CHECK_THROWS_WITH(class_index(labels, std::vector<int>{}),
                    "evendraw::class_index: the part is empty; give the index of at least one sample");
  CHECK_THROWS_WITH(class_index(labels, std::vector{1}, {.classes = {1}, .allow_empty = true}),
                    "evendraw::class_index: the label 2 of sample 1 is not one of the declared .classes; the "
                    "classes are 1");
}

TEST_CASE("class_index: more samples than the index type can number", "[class_index]") {
  using small = class_index<int, std::uint8_t>;
  std::vector<int> labels(255, 1);
  CHECK(small(labels).num_samples() == 255);
  small const all(labels);
  CHECK(all.members(0).back() == 254);
  labels.push_back(2);
  CHECK_THROWS_AS(small(labels), std::invalid_argument);
  CHECK_THROWS_WITH(
      small(labels),
      "evendraw::class_index: 256 samples do not fit into 8-bit indices; use "
      "std::uint64_t as the index type: class_index<Label, std::uint64_t>(...), or sampler<std::uint64_t>(labels)");
  CHECK(class_index<int, std::uint64_t>(labels).num_samples() == 256);
  CHECK_THROWS_AS(small(labels, std::vector{0, 1}),
                  std::invalid_argument);  // the bound of the whole decides, not the subset
}

TEST_CASE("class_index: a label of another type finds the class with its value, or none", "[class_index]") {
  class_index const bytes(std::vector<std::uint8_t>{44, 255, 44});
  CHECK(bytes.contains(44));
  CHECK(bytes.class_of(std::int64_t{255}) == 1);
  CHECK_FALSE(bytes.contains(300));
  CHECK_FALSE(bytes.contains(-1));
  CHECK_THROWS_WITH(bytes.class_of(300), "evendraw::class_index: no class has the label 300; the classes are 44, 255");
  class_index const bools(std::vector{true, false});
  CHECK(bools.contains(1));
  CHECK_FALSE(bools.contains(2));
  std::vector const labels{true};
  CHECK(bools.class_of(std::vector<bool>(labels)[0]) == 1);  // the proxy for a bool
  CHECK(bools.contains(std::vector<bool>(labels)[0]));
  class_index const enumerators(std::vector{red, green});
  CHECK(enumerators.contains(green));
  class_index const integers(std::vector{5, -1});
  CHECK(integers.class_of(green) == 1);
  class_index const words(std::vector{"dry"s, "ice"s});
  CHECK(words.contains("ice"));
  CHECK(words.class_of(std::string_view("ice")) == 1);
}

template <class Classes>
concept gives_members = requires(Classes&& classes) {
  std::forward<Classes>(classes).members(0);
};

TEST_CASE("class_index: what a temporary returns stays valid", "[class_index]") {
  std::vector const labels{7, 8, 8};
  auto const of_temporary = class_index(labels).counts();
  auto const labels_of_temporary = class_index(labels).labels();
  CHECK(of_temporary == std::vector<std::uint64_t>{1, 2});
  CHECK(labels_of_temporary == std::vector{7, 8});
  CHECK_FALSE(gives_members<class_index<int>>);
  CHECK(gives_members<class_index<int>&>);
  CHECK(gives_members<class_index<int> const&>);
}

TEST_CASE("class_index: copies share their members", "[class_index]") {
  class_index const classes(std::vector{1, 2, 1});
  auto const copy = classes;
  CHECK(copy.shared_members() == classes.shared_members());
  CHECK(std::ranges::equal(copy.members(1), classes.members(1)));
  CHECK(copy.labels().data() == classes.labels().data());
}

TEST_CASE("class_index: other members have another fingerprint", "[class_index]") {
  auto const fingerprint = [](std::vector<int> const& labels) {
    return class_index(labels).shared_members()->fingerprint();
  };
  CHECK(fingerprint({1, 2, 1}) == fingerprint({1, 2, 1}));
  CHECK(fingerprint({1, 2, 1}) == fingerprint({5, 9, 5}));  // the draws are the same
  CHECK(fingerprint({1, 2, 1}) != fingerprint({2, 1, 1}));
  CHECK(fingerprint({1, 1, 2}) != fingerprint({1, 2, 2}));
  CHECK(fingerprint({1, 1, 2}) != fingerprint({1, 1, 2, 2}));
}

TEST_CASE("class_index: agrees with a std::map on random labels", "[class_index]") {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::uint64_t const n = 1 + random_word(seed, 0) % 400, k = 1 + random_word(seed, 1) % 50;
    std::vector<int> dense;
    std::vector<std::int64_t> sparse;
    std::vector<std::string> text;
    numbers subset;
    for (std::uint64_t i = 0; i < n; ++i) {
      std::uint64_t const c = random_word(seed, i + 2) % k;
      dense.push_back(static_cast<int>(c) - 25);
      sparse.push_back(static_cast<std::int64_t>(random_word(99, c)));
      text.push_back(std::string(c % 3, 'x') + std::to_string(c));
      if (random_word(~seed, i) % 2 == 0 || i == 0) subset.push_back(n - 1 - i);  // descending
    }
    wrong += differences(class_index(dense), reference<int>(dense, all(n)));
    wrong += differences(class_index(sparse), reference<std::int64_t>(sparse, all(n)));
    wrong += differences(class_index(text), reference<std::string>(text, all(n)));
    wrong += differences(class_index(dense, subset), reference<int>(dense, subset));
    wrong += differences(class_index(sparse, subset), reference<std::int64_t>(sparse, subset));
    wrong += differences(class_index(text, subset), reference<std::string>(text, subset));
  }
  CHECK(wrong == 0);
  // the comparison can fail
  CHECK(differences(class_index(std::vector{1, 2, 1}), reference<int>(std::vector{1, 2, 2}, all(3))) > 0);
  CHECK(differences(class_index(std::vector{1, 2, 1}), reference<int>(std::vector{1, 2, 1}, numbers{0, 1})) > 0);
}

TEST_CASE("class_index: counting and hashing agree where one takes over from the other", "[class_index]") {
  int wrong = 0;
  for (int n = 1; n <= 3; ++n) {
    for (int gap = 1020; gap <= 1040; ++gap) {  // counting up to a gap of 4 n + 1023
      for (int const least : {0, -gap, std::numeric_limits<int>::min(), std::numeric_limits<int>::max() - gap}) {
        std::vector<int> labels(static_cast<std::size_t>(n), least);
        labels.push_back(least + gap);
        wrong += differences(class_index(labels), reference<int>(labels, all(labels.size())));
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("class_index: a million labels", "[class_index]") {
  std::uint64_t const n = 1'000'000;
  std::vector<int> labels(n);
  for (std::uint64_t i = 0; i < n; ++i) labels[i] = static_cast<int>(random_word(8, i) % 1000);
  class_index const classes(labels);
  std::vector<std::uint8_t> seen(n);
  std::uint64_t wrong = 0;
  for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
    for (auto const sample : classes.members(c)) {
      ++seen[sample];
      wrong += labels[sample] != classes.labels()[c];
    }
    wrong += !std::ranges::is_sorted(classes.members(c));
  }
  CHECK(classes.num_classes() == 1000);
  CHECK(wrong == 0);
  CHECK(std::ranges::count(seen, 1) == 1'000'000);
}

TEST_CASE("class_index: the number of threads changes nothing", "[class_index]") {
  std::uint64_t const n = 500'009;  // enough samples for 7 threads
  std::vector<int> few(n), many(n), sorted(n);
  std::vector<std::int64_t> sparse(n);
  std::vector<std::string> text(n);
  std::vector<bool> bits(n);
  numbers subset;
  for (std::uint64_t i = 0; i < n; ++i) {
    std::uint64_t const random = random_word(4, i);
    few[i] = random % 10 == 0 ? 5 : -5;
    many[i] = static_cast<int>(random % 3000);
    sorted[i] = static_cast<int>(i / 1000) * 7 % 1003;
    sparse[i] =
        static_cast<std::int64_t>(random_word(9, random % 50 * (i > n / 2 ? 3 : 2)));  // some labels come late only
    text[i] = std::to_string(random % 50 * (i > n / 2 ? 3 : 2));
    bits[i] = random % 3 == 0;
    if (random % 11 != 0) subset.push_back(n - 1 - i);
  }
  int wrong = 0;
  auto const check = [&](auto const& labels, auto const&... indices) {
    using label = evendraw::detail::label_of<decltype(labels)>;
    class_index<label> const expected(labels, indices...);
    for (unsigned const threads : {0u, 2u, 3u, 7u}) {
      class_index<label> const classes(labels, indices..., {.threads = threads});
      wrong += classes.labels() != expected.labels();
      wrong += !std::ranges::equal(classes.counts(), expected.counts());
      wrong += classes.shared_members()->samples != expected.shared_members()->samples;
      wrong += classes.shared_members()->fingerprint() != expected.shared_members()->fingerprint();
    }
    return expected;
  };
  wrong += differences(check(few), reference<int>(few, all(n)));
  wrong += differences(check(many), reference<int>(many, all(n)));
  wrong += differences(check(sorted), reference<int>(sorted, all(n)));
  wrong += differences(check(sparse), reference<std::int64_t>(sparse, all(n)));
  wrong += differences(check(text), reference<std::string>(text, all(n)));
  wrong += differences(check(bits), reference<bool>(bits, all(n)));
  wrong += differences(check(many, subset), reference<int>(many, subset));
  wrong += differences(check(text, subset), reference<std::string>(text, subset));
  CHECK(wrong == 0);
  CHECK(class_index(sorted, {.threads = 3}).shared_members()->contiguous());
  CHECK_FALSE(class_index(many, {.threads = 3}).shared_members()->contiguous());
}

TEST_CASE("class_index: an error in a thread is not lost", "[class_index]") {
  std::vector<unreadable> labels(300'000);
  labels[290'000].broken = true;
  for (unsigned const threads : {1u, 2u, 4u}) {
    CHECK_THROWS_WITH(class_index(labels, {.threads = threads}), "cannot be read");
  }
  labels.resize(280'000);
  CHECK(class_index(labels, {.threads = 2}).num_samples() == 280'000);
  std::vector<int> declared(300'000, 1);
  declared[250'000] = declared[299'999] = 2;
  CHECK_THROWS_WITH(class_index(declared, {.classes = {1}, .threads = 3}),
                    "evendraw::class_index: the label 2 of sample 250000 is not one of the declared .classes; the "
                    "classes are 1");
}

TEST_CASE("A null pointer is not a label", "[class_index]") {
  char const* const null = nullptr;
  std::vector<char const*> const labels{"cat", "dog", null, "cat"};
  std::string const refused = "evendraw::labels: a label is a null pointer; give every sample a text";
  CHECK_THROWS_WITH(class_index(labels), refused);
  CHECK_THROWS_WITH(class_index(labels, {.threads = 2}), refused);
  CHECK_THROWS_WITH(class_index(labels, std::vector{0, 2}), refused);
  CHECK_THROWS_WITH(class_index(std::list<char const*>(labels.begin(), labels.end())), refused);
  class_index const classes(labels, std::vector{0, 1, 3});
  CHECK(classes.num_classes() == 2);
  CHECK_THROWS_WITH(classes.contains(null), refused);
  CHECK_THROWS_WITH(classes.class_of(null), refused);
  using runs = std::vector<std::pair<char const*, int>>;
  CHECK_THROWS_WITH(class_index<std::string>::from_runs(runs{{"cat", 1}, {null, 2}}), refused);
  CHECK_THROWS_WITH((evendraw::per_label<std::string, double>{{"cat", 1.0}, {null, 2.0}}), refused);
  CHECK_THROWS_WITH(evendraw::repeat_factors(std::vector<std::vector<char const*>>{{"cat"}, {"dog", null}}), refused);
  evendraw::confusion_matrix<std::string> matrix({"cat", "dog"});
  CHECK_THROWS_WITH(matrix.add("cat", null), refused);
  CHECK_THROWS_WITH(matrix.add(labels, labels), refused);
  CHECK(matrix.num_predictions() == 0);
}

namespace {

/// The labels before the first "end", with the number of comparisons with it. std::views::take_while is such a range,
/// but clang 14 refuses it.
struct labels_before_end {
  struct sentinel {
    std::size_t* looked;
    friend bool operator==(std::vector<std::string>::const_iterator const& it, sentinel const& end) {
      ++*end.looked;
      return *it == "end";
    }
  };

  std::vector<std::string> const* labels;
  std::size_t* looked;

  [[nodiscard]] auto begin() const { return labels->begin(); }
  [[nodiscard]] sentinel end() const { return {looked}; }
};

}  // namespace

TEST_CASE("Labels in a range of unknown size are read once", "[class_index]") {
  std::vector<std::string> const labels{"cat", "dog", "cat", "end", "dog"};
  std::size_t looked = 0;
  labels_before_end before_end{&labels, &looked};
  class_index const classes(before_end);
  CHECK(classes.num_samples() == 3);
  CHECK(looked == 4);
}

}  // namespace class_index_test
