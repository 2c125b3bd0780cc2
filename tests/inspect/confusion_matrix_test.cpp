#include <evendraw/inspect/confusion_matrix.hpp>
#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/read_once.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace confusion_matrix_test {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using evendraw::confusion_matrix;

namespace {

enum class road : unsigned char { dry = 10, wet = 20, ice = 3 };

constexpr double tiny = 1e-13;
constexpr double skip = std::numeric_limits<double>::quiet_NaN();  // for .undefined

void check_close(evendraw::class_scores const& scores, double precision, double recall, double f1) {
  CHECK_THAT(scores.precision, WithinAbs(precision, tiny));
  CHECK_THAT(scores.recall, WithinAbs(recall, tiny));
  CHECK_THAT(scores.f1, WithinAbs(f1, tiny));
}

confusion_matrix<> matrix_of(std::uint64_t classes, std::vector<int> const& truths,
                             std::vector<int> const& predictions) {
  confusion_matrix<> result(classes);
  result.add(truths, predictions);
  return result;
}

/// The obvious way: all K^2 cells.
struct dense_reference {
  std::vector<std::vector<double>> cells;

  double row(std::size_t c) const {
    double sum = 0;
    for (double const cell : cells[c]) sum += cell;
    return sum;
  }
  double column(std::size_t c) const {
    double sum = 0;
    for (auto const& each : cells) sum += each[c];
    return sum;
  }
  double precision(std::size_t c) const { return column(c) > 0 ? cells[c][c] / column(c) : 0; }
  double recall(std::size_t c) const { return row(c) > 0 ? cells[c][c] / row(c) : 0; }
  double f1(std::size_t c) const {
    double const p = precision(c), r = recall(c);
    return p + r > 0 ? 2 * p * r / (p + r) : 0;
  }
};

std::uint64_t random_below(std::uint64_t& state, std::uint64_t n) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (state >> 33) % n;
}

}  // namespace

TEST_CASE("confusion_matrix before any prediction", "[classification_metrics]") {
  confusion_matrix matrix(3);
  STATIC_REQUIRE(std::is_same_v<decltype(matrix), confusion_matrix<std::uint64_t>>);
  CHECK(matrix.num_classes() == 3);
  CHECK(matrix.labels() == std::vector<std::uint64_t>{0, 1, 2});
  CHECK(matrix.num_predictions() == 0);
  CHECK(std::isnan(matrix.accuracy()));
  CHECK(std::isnan(matrix.balanced_accuracy()));
  check_close(matrix.macro(), 0, 0, 0);
  check_close(matrix.micro({.undefined = 1}), 1, 1, 1);
  check_close(matrix.weighted({.undefined = 1}), 1, 1, 1);
  CHECK(std::isnan(matrix.macro({.undefined = skip}).f1));
  CHECK(std::isnan(matrix.micro({.undefined = skip}).precision));
  CHECK(matrix.confusions().empty());
  matrix.add(std::vector<int>{}, std::vector<int>{});
  CHECK(matrix.num_predictions() == 0);
}

//            predicted a  b  c   support  precision  recall     F1
// truth a              5  1  0         6       5/7     5/6   10/13
// truth b              2  3  1         6       3/5     3/6    6/11
// truth c              0  1  7         8       7/8     7/8     7/8
TEST_CASE("confusion_matrix: a table by hand", "[classification_metrics]") {
  confusion_matrix<std::string> matrix({"a", "b", "c"});
  for (int i = 0; i < 5; ++i) matrix.add("a", "a");
  for (int i = 0; i < 3; ++i) matrix.add("b", std::string("b"));
  for (int i = 0; i < 7; ++i) matrix.add(std::string_view("c"), "c");
  matrix.add("a", "b");
  matrix.add("b", "a");
  matrix.add("b", "a");
  matrix.add("b", "c");
  matrix.add("c", "b");

  CHECK(matrix.num_predictions() == 20);
  CHECK(matrix.accuracy() == 15.0 / 20);
  CHECK_THAT(matrix.balanced_accuracy(), WithinRel((5.0 / 6 + 0.5 + 0.875) / 3, tiny));
  std::vector<std::vector<std::uint64_t>> cells;
  for (std::uint64_t t = 0; t < 3; ++t) cells.push_back({matrix.count(t, 0), matrix.count(t, 1), matrix.count(t, 2)});
  CHECK(cells == std::vector<std::vector<std::uint64_t>>{{5, 1, 0}, {2, 3, 1}, {0, 1, 7}});
  CHECK(matrix.confusions() == std::vector<evendraw::confusion>{{1, 0, 2}, {0, 1, 1}, {1, 2, 1}, {2, 1, 1}});

  auto const b = matrix.of_class(1);
  CHECK(b.support == 6);
  CHECK(b.predicted == 5);
  CHECK(b.correct == 3);
  CHECK(b.precision == 3.0 / 5);
  CHECK(b.recall == 0.5);
  CHECK(b.f1 == 6.0 / 11);

  double const precision[] = {5.0 / 7, 3.0 / 5, 7.0 / 8}, recall[] = {5.0 / 6, 0.5, 0.875},
               f1[] = {10.0 / 13, 6.0 / 11, 0.875};
  auto const weighed = [](double const(&scores)[3], double a, double b_weight, double c) {
    return (scores[0] * a + scores[1] * b_weight + scores[2] * c) / (a + b_weight + c);
  };
  check_close(matrix.macro(), weighed(precision, 1, 1, 1), weighed(recall, 1, 1, 1), weighed(f1, 1, 1, 1));
  check_close(matrix.weighted(), weighed(precision, 6, 6, 8), 0.75, weighed(f1, 6, 6, 8));
  check_close(matrix.micro(), 0.75, 0.75, 0.75);

  for (auto const& all : {matrix.macro(), matrix.weighted(), matrix.micro()}) {
    CHECK(all.support == 20);
    CHECK(all.predicted == 20);
    CHECK(all.correct == 15);
  }

  SECTION("without a class") {
    auto const macro = matrix.macro({.without = {"b"}});
    check_close(macro, weighed(precision, 1, 0, 1), weighed(recall, 1, 0, 1), weighed(f1, 1, 0, 1));
    CHECK(macro.support == 14);
    CHECK(macro.predicted == 15);
    CHECK(macro.correct == 12);
    check_close(matrix.weighted({.without = {"b"}}), weighed(precision, 6, 0, 8), 12.0 / 14, weighed(f1, 6, 0, 8));
    check_close(matrix.micro({.without = {"b"}}), 12.0 / 15, 12.0 / 14, 24.0 / 29);  // 7 + 8 predictions, 6 + 8 samples
  }
  SECTION("without two classes, one of them named twice") {
    check_close(matrix.macro({.without = {"c", "b", "c"}}), 5.0 / 7, 5.0 / 6, 10.0 / 13);
  }
}

// The documentation of scikit-learn prints these values as decimals; here they are exact fractions.
TEST_CASE("confusion_matrix agrees with the examples of scikit-learn", "[classification_metrics]") {
  SECTION("precision_recall_fscore_support, three classes") {
    auto const matrix = matrix_of(3, {0, 1, 2, 0, 1, 2}, {0, 2, 1, 0, 0, 1});
    check_close(matrix.macro(), 2.0 / 9, 1.0 / 3, 4.0 / 15);     // 0.22..., 0.33..., 0.26...
    check_close(matrix.micro(), 1.0 / 3, 1.0 / 3, 1.0 / 3);      // 0.33...
    check_close(matrix.weighted(), 2.0 / 9, 1.0 / 3, 4.0 / 15);  // 0.22..., 0.33..., 0.26...
  }
  SECTION("classification_report, a class that is never right") {
    auto const matrix = matrix_of(3, {0, 1, 2, 2, 2}, {0, 0, 2, 2, 1});
    check_close(matrix.macro(), 0.5, 5.0 / 9, (2.0 / 3 + 0.8) / 3);     // 0.50 0.56 0.49
    check_close(matrix.weighted(), 0.7, 0.6, (2.0 / 3 + 3 * 0.8) / 5);  // 0.70 0.60 0.61
    CHECK(matrix.accuracy() == 0.6);
  }
  SECTION("classification_report, labels = [1, 2, 3]") {
    auto const matrix = matrix_of(4, {1, 1, 1}, {1, 1, 0});
    check_close(matrix.micro({.without = {0}}), 1, 2.0 / 3, 0.8);  // 1.00 0.67 0.80
    check_close(matrix.macro({.without = {0}}), 1, 2.0 / 3,
                0.8);  // scikit-learn prints 0.33 0.22 0.27: it counts classes 2 and 3 as zeros
    check_close(matrix.weighted({.without = {0}}), 1, 2.0 / 3, 0.8);  // 1.00 0.67 0.80
  }
  SECTION("balanced_accuracy_score") {
    CHECK(matrix_of(2, {0, 1, 0, 0, 1, 0}, {0, 1, 0, 0, 0, 1}).balanced_accuracy() == 0.625);
  }
}

TEST_CASE("confusion_matrix averages leave out classes that are neither true nor predicted",
          "[classification_metrics]") {
  // sklearn.metrics.f1_score([0, 0, 0, 1], [0, 0, 2, 1], average='macro') is (0.8 + 1 + 0) / 3: classes 3 and 4 do not
  // occur. Declaring more classes changes nothing.
  auto const five = matrix_of(5, {0, 0, 0, 1}, {0, 0, 2, 1}), three = matrix_of(3, {0, 0, 0, 1}, {0, 0, 2, 1});
  CHECK(five.num_absent() == 2);
  CHECK(three.num_absent() == 0);
  for (double const undefined : {0, 1}) {
    check_close(five.macro({.undefined = undefined}), 2.0 / 3, (2.0 / 3 + 1 + undefined) / 3, 1.8 / 3);
    CHECK(five.weighted({.undefined = undefined}).f1 == three.weighted({.undefined = undefined}).f1);
  }
  double const over_all_five = 1.8 / 5;  // the common mistake: zeros for classes that do not occur
  CHECK(std::fabs(five.macro().f1 - over_all_five) > 0.1);
  CHECK(five.macro({.without = {0, 1, 2}}).f1 == 0);  // no class is left: 0 / 0
  CHECK(five.macro({.without = {0, 1, 2}, .undefined = 1}).f1 == 1);
}

//            predicted 0  1  2  3   precision  recall   F1
// truth 0              3  0  1  0         3/4     3/4  3/4
// truth 1              1  0  0  0     never so      0    0
// truth 2 (none)       0  0  0  0           0    none    0
// truth 3 (none)       0  0  0  0     never so   none  none
TEST_CASE("confusion_matrix: the value of 0 / 0", "[classification_metrics]") {
  auto const matrix = matrix_of(4, {0, 0, 0, 0, 1}, {0, 0, 0, 2, 0});
  SECTION("zero") {
    for (std::uint64_t c : {1u, 3u}) CHECK(matrix.of_class(c).precision == 0);
    for (std::uint64_t c : {2u, 3u}) CHECK(matrix.of_class(c).recall == 0);
    check_close(matrix.macro(), 0.75 / 3, 0.75 / 3, 0.75 / 3);  // class 3 is left out
    check_close(matrix.weighted(), 0.6, 0.6, 0.6);
  }
  SECTION("one") {
    for (std::uint64_t c : {1u, 3u}) CHECK(matrix.of_class(c, 1).precision == 1);
    for (std::uint64_t c : {2u, 3u}) CHECK(matrix.of_class(c, 1).recall == 1);
    CHECK(matrix.of_class(1, 1).f1 == 0);  // it has a sample, so its recall is 0 / 1
    CHECK(matrix.of_class(2, 1).f1 == 0);
    CHECK(matrix.of_class(3, 1).f1 == 1);
    check_close(matrix.macro({.undefined = 1}), (0.75 + 1 + 0) / 3, (0.75 + 0 + 1) / 3, 0.75 / 3);
    check_close(matrix.weighted({.undefined = 1}), (4 * 0.75 + 1) / 5, 0.6, 0.6);
  }
  SECTION("skip") {
    for (std::uint64_t c : {1u, 3u}) CHECK(std::isnan(matrix.of_class(c, skip).precision));
    for (std::uint64_t c : {2u, 3u}) CHECK(std::isnan(matrix.of_class(c, skip).recall));
    CHECK(std::isnan(matrix.of_class(3, skip).f1));
    check_close(matrix.macro({.undefined = skip}), 0.75 / 2, 0.75 / 2, 0.75 / 3);
    check_close(matrix.weighted({.undefined = skip}), 0.75, 0.6, 0.6);  // class 1 has no precision and no weight in it
    CHECK(matrix.balanced_accuracy() == 0.75 / 2);
  }
  SECTION("classes count equally if none of them has support") {
    std::vector<std::uint64_t> const without{0, 1};
    check_close(matrix.weighted({.without = without, .undefined = 1}), 0, 1, 0);
    check_close(matrix.micro({.without = without}), 0, 0, 0);
    auto const skipped = matrix.micro({.without = without, .undefined = skip});
    CHECK(skipped.precision == 0);  // one prediction
    CHECK(std::isnan(skipped.recall));
  }
}

TEST_CASE("confusion_matrix takes labels of any type", "[classification_metrics]") {
  SECTION("enumerators, in the order of a class_index") {
    std::vector<road> const truths{road::dry, road::wet, road::ice, road::dry};
    evendraw::class_index const classes(truths);
    confusion_matrix matrix(classes);
    STATIC_REQUIRE(std::is_same_v<decltype(matrix), confusion_matrix<road>>);
    matrix.add(truths, std::vector{road::dry, road::ice, road::ice, road::dry});
    CHECK(matrix.labels() == std::vector{road::ice, road::dry, road::wet});
    CHECK(matrix.count(2, 0) == 1);
    CHECK(matrix.of_class(1).correct == 2);
    CHECK(matrix.macro({.without = {road::wet}}).recall == 1);
  }
  SECTION("negative integers of any type") {
    confusion_matrix matrix(std::vector<int>{-1, 1, 0});
    matrix.add(-1, std::int64_t{1});
    matrix.add(std::vector<signed char>{-1, 0}, std::vector<std::int64_t>{-1, 0});
    CHECK(matrix.count(0, 1) == 1);
    CHECK(matrix.count(0, 0) == 1);
    CHECK(matrix.count(2, 2) == 1);
  }
  SECTION("bool") {
    evendraw::class_index const classes(std::vector<bool>{true, false, true});
    confusion_matrix matrix(classes);
    matrix.add(std::vector<bool>{true, false}, std::vector<bool>{true, true});
    CHECK(matrix.count(0, 1) == 1);
    CHECK(matrix.macro({.without = {false}}).precision == 0.5);
  }
  SECTION("strings from string literals and from ranges that can be read once") {
    char const* const names[] = {"wet", "dry", "wet"};
    confusion_matrix matrix(evendraw::class_index{names});
    STATIC_REQUIRE(std::is_same_v<decltype(matrix), confusion_matrix<std::string>>);
    ranges_for_tests::read_once<std::string> predictions({"wet", "wet", "dry"});
    matrix.add(names, predictions);
    CHECK(matrix.confusions() == std::vector<evendraw::confusion>{{0, 1, 1}, {1, 0, 1}});
  }
  SECTION("class numbers of a matrix with labels") {
    confusion_matrix<std::string> matrix({"x", "y"});
    matrix.add_numbers(0, 1u);
    matrix.add_numbers(std::vector<std::uint32_t>{1, 1}, std::vector<int>{1, 0});
    CHECK(matrix.count(0, 1) == 1);
    CHECK(matrix.count(1, 1) == 1);
    CHECK(matrix.count(1, 0) == 1);
  }
}

TEST_CASE("confusion_matrix equals the dense one, in any order, and merged from parts", "[classification_metrics]") {
  constexpr std::size_t classes = 7;
  dense_reference reference{std::vector(classes, std::vector<double>(classes))};
  std::vector<std::uint64_t> truths, predictions;
  std::uint64_t state = 5;
  for (int i = 0; i < 3000; ++i) {
    auto const t =
        std::min(random_below(state, classes), random_below(state, classes));  // class 0 is the most frequent
    auto const p = random_below(state, 3) > 0 ? t : random_below(state, classes);
    truths.push_back(t);
    predictions.push_back(p);
    ++reference.cells[static_cast<std::size_t>(t)][static_cast<std::size_t>(p)];
  }
  confusion_matrix<> whole(classes), backwards(classes), first(classes), second(classes);
  whole.add(truths, predictions);
  for (std::size_t i = truths.size(); i-- > 0;) backwards.add(truths[i], predictions[i]);
  auto const part = [&](auto const& sequence, std::size_t begin, std::size_t end) {
    return std::span(sequence).subspan(begin, end - begin);
  };
  first.add(part(truths, 0, 1234), part(predictions, 0, 1234));
  second.add(part(truths, 1234, 3000), part(predictions, 1234, 3000));
  second.merge(first);

  double correct = 0, macro_f1 = 0, weighted_precision = 0, macro_recall = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    correct += reference.cells[c][c];
    macro_f1 += reference.f1(c) / classes;
    macro_recall += reference.recall(c) / classes;
    weighted_precision += reference.precision(c) * reference.row(c) / 3000;
    for (std::size_t p = 0; p < classes; ++p) CHECK(static_cast<double>(whole.count(c, p)) == reference.cells[c][p]);
    CHECK_THAT(whole.of_class(c).precision, WithinRel(reference.precision(c), tiny));
    CHECK_THAT(whole.of_class(c).recall, WithinRel(reference.recall(c), tiny));
    CHECK_THAT(whole.of_class(c).f1, WithinRel(reference.f1(c), tiny));
  }
  CHECK(whole.accuracy() == correct / 3000);
  CHECK_THAT(whole.macro().f1, WithinRel(macro_f1, tiny));
  CHECK_THAT(whole.macro().recall, WithinRel(macro_recall, tiny));
  CHECK_THAT(whole.balanced_accuracy(), WithinRel(macro_recall, tiny));
  CHECK_THAT(whole.weighted().precision, WithinRel(weighted_precision, tiny));
  CHECK_THAT(whole.micro().f1, WithinRel(correct / 3000, tiny));
  for (auto const* other : {&backwards, &second}) {
    CHECK(other->confusions() == whole.confusions());
    CHECK(other->macro().f1 == whole.macro().f1);
    CHECK(other->num_predictions() == 3000);
  }
  CHECK(std::ranges::is_sorted(whole.confusions(), std::ranges::greater{}, &evendraw::confusion::count));

  second.merge(second);
  CHECK(second.num_predictions() == 6000);
  CHECK(second.count(0, 1) == 2 * whole.count(0, 1));
  CHECK(second.count(3, 3) == 2 * whole.count(3, 3));
}

// Batch 1: a is right, b is wrong. Batch 2: a alone, right.
TEST_CASE("confusion_matrix: an average over batches differs from the average over the epoch",
          "[classification_metrics]") {
  auto epoch = matrix_of(2, {0, 1, 0, 0}, {0, 0, 0, 0});
  auto const first = matrix_of(2, {0, 1}, {0, 0}), second = matrix_of(2, {0, 0}, {0, 0});
  check_close(epoch.macro(), 3.0 / 8, 0.5, 3.0 / 7);
  double const over_batches = (first.macro().f1 + second.macro().f1) / 2;
  CHECK_THAT(over_batches, WithinRel((1.0 / 3 + 1) / 2, tiny));
  CHECK(std::fabs(over_batches - epoch.macro().f1) > 0.01);
  auto merged = first;
  merged.merge(second);
  CHECK(merged.macro().f1 == epoch.macro().f1);
}

TEST_CASE("confusion_matrix with 10,000 classes keeps only the mistakes that occur", "[classification_metrics]") {
  confusion_matrix matrix(10'000);
  for (std::uint64_t c = 0; c < 10'000; ++c) {
    matrix.add_numbers(c, c);
    matrix.add_numbers(c, (c * 7919 + 1) % 10'000);
  }
  CHECK(matrix.num_predictions() == 20'000);
  CHECK(matrix.count(9'999, (9'999 * 7919 + 1) % 10'000) == 1);
  CHECK(matrix.count(9'999, 9'998) == 0);
  CHECK(matrix.confusions().size() <= 10'000);
  CHECK(matrix.of_class(5).support == 2);
}

TEST_CASE("confusion_matrix: error messages say what is wrong", "[classification_metrics]") {
  confusion_matrix<std::string> matrix({"dry", "wet"});
  CHECK(message_of([] { confusion_matrix(0); }) == "evendraw::confusion_matrix: no classes; give at least one");
  CHECK(message_of([] { confusion_matrix(std::uint64_t{1} << 32); }) ==
        "evendraw::confusion_matrix: 4294967296 classes; at most 2^32 - 1 are possible");
  CHECK(message_of([] {
          confusion_matrix<std::string>({"a", "b", "a"});
        }) == "evendraw::confusion_matrix: class 'a' is declared twice; give every class its own label");
  CHECK(message_of([&] { matrix.add("snow", "dry"); }) ==
        "evendraw::confusion_matrix: the truth 'snow' is not a class; the classes are 'dry', 'wet'");
  CHECK(message_of([&] { matrix.add("dry", ""); }) ==
        "evendraw::confusion_matrix: the prediction '' is not a class; the classes are 'dry', 'wet'");
  CHECK(message_of([&] { matrix.add_numbers(2, 0); }) ==
        "evendraw::confusion_matrix: the truth is class number 2; there are 2 classes, numbered from 0");
  CHECK(message_of([&] { matrix.add_numbers(0, -1); }) ==
        "evendraw::confusion_matrix: the prediction is class number -1; there are 2 classes, numbered from 0");
  CHECK(message_of([&] {
          matrix.add(std::vector<std::string>{"dry", "dry"}, std::vector<std::string>{"wet"});
        }) == "evendraw::confusion_matrix: 2 truths and 1 prediction; give one of each per sample");
  CHECK(message_of([&] {
          matrix.add(std::vector<std::string>{"dry", "dry"}, std::vector<std::string>{"wet", "snow"});
        }) == "evendraw::confusion_matrix: the prediction 'snow' is not a class; the classes are 'dry', 'wet'");
  CHECK(matrix.num_predictions() == 0);  // none of these calls counted anything
  CHECK(matrix.confusions().empty());

  CHECK(message_of([&] { static_cast<void>(matrix.macro({.without = {"snow"}})); }) ==
        "evendraw::confusion_matrix: the .without label 'snow' is not a class; the classes are 'dry', 'wet'");
  CHECK(message_of([&] {
          static_cast<void>(matrix.micro({.without = {"wet", "dry"}}));
        }) == "evendraw::confusion_matrix: .without names every class; leave at least one to average over");
  CHECK(message_of([&] {
          matrix.merge(confusion_matrix<std::string>({"wet", "dry"}));
        }) ==
        "evendraw::confusion_matrix: merge: the two matrices have different classes, or the same in a different "
        "order; make both from the same classes");
  CHECK(message_of([&] { static_cast<void>(matrix.of_class(2)); }) ==
        "out of range: evendraw::confusion_matrix: class number 2; there are 2 classes, numbered from 0");
  CHECK(message_of([&] { static_cast<void>(matrix.count(0, 2)); }) ==
        "out of range: evendraw::confusion_matrix: class number 2; there are 2 classes, numbered from 0");
  CHECK(message_of([&] { static_cast<void>(matrix.count(2, 0)); }) ==
        "out of range: evendraw::confusion_matrix: class number 2; there are 2 classes, numbered from 0");

  confusion_matrix<bool> truths({false, true});
  truths.add(1, true);
  CHECK(message_of([&] { truths.add(true, 2); }) ==
        "evendraw::confusion_matrix: the prediction 2 is not a class; the classes are false, true");

  confusion_matrix numbers(300);
  CHECK(
      message_of([&] { numbers.add(-1, 0); }) ==
      "evendraw::confusion_matrix: the truth -1 is not a class; the classes are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ... (300 "
      "in all)");
  confusion_matrix bytes(std::vector<std::uint8_t>{0, 1});
  CHECK(message_of([&] { bytes.add(256, 0); }) ==
        "evendraw::confusion_matrix: the truth 256 is not a class; the classes are 0, 1");
}

TEST_CASE("confusion_matrix refuses types that are not labels at compile time", "[classification_metrics]") {
  auto const adds = []<class Matrix, class T>(Matrix m, T value) {
    return requires { m.add(value, value); };
  };
  CHECK(adds(confusion_matrix(2), 1));
  CHECK_FALSE(adds(confusion_matrix(2), 1.0));
  CHECK_FALSE(adds(confusion_matrix(2), "dry"));
  CHECK_FALSE(adds(confusion_matrix(2), std::string("dry")));  // although it is a range of characters
  CHECK_FALSE(adds(confusion_matrix<std::string>({"a"}), 1));
  CHECK_FALSE(adds(confusion_matrix<road>({road::dry}), 10));
  CHECK(adds(confusion_matrix<std::string>({"a"}), "a"));
}

}  // namespace confusion_matrix_test
