#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <support/catch2.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/inspect/format.hpp>
#include <evendraw/inspect/plan.hpp>

namespace format_test {

using evendraw::balance_table;
using evendraw::class_index;

namespace {

/// The lines of a raw string that begins on the next line.
std::string_view table(std::string_view lines) { return lines.substr(1); }

/// Classes with these names and sizes. The samples of a class are consecutive.
class_index<std::string> classes_of(std::vector<std::string> const& names, std::vector<std::size_t> const& sizes) {
  std::vector<std::string> labels;
  for (std::size_t c = 0; c < names.size(); ++c) labels.insert(labels.end(), sizes[c], names[c]);
  return class_index(labels, {.classes = names});
}

struct run {
  class_index<std::string> classes;
  evendraw::run_plan plan;
  evendraw::batch_balance<> balance;
};

/// A run over 6 dry and 2 wet samples.
run two_classes() {
  auto const classes = classes_of({"dry", "wet"}, {6, 2});
  evendraw::batch_balance<> balance(classes, {.expected_shares = {1, 1}});
  for (std::vector<std::uint32_t> const& batch : {std::vector<std::uint32_t>{0, 1, 2, 6}, {7, 7, 7, 7}, {3}}) {
    balance.add(batch);
  }
  return {classes, evendraw::plan_with_replacement(classes, {1, 1}, {.batch_size = 4, .epochs = 2}), balance};
}

/// A run over 6400 samples of the first class, half as many of the next and so on. Every sample is drawn once.
run seven_classes() {
  auto const classes = classes_of({"dry asphalt, smooth and clean", "dry asphalt, rough and clean", "gravel", "snow",
                                   "nasses Laub auf der Straße", "路面が凍結している", "ice"},
                                  {6400, 3200, 1600, 800, 400, 200, 100});
  evendraw::batch_balance<> balance(classes);
  for (std::uint32_t first = 0; first < 12700; first += 100) {
    std::vector<std::uint32_t> batch;
    for (std::uint32_t i = first; i < first + 100; ++i) batch.push_back(i);
    balance.add(batch);
  }
  return {classes, evendraw::plan_shuffled(classes, {.batch_size = 100}), balance};
}

/// A run over c + 1 samples of class c.
run thousand_classes() {
  std::vector<std::string> names;
  std::vector<std::size_t> sizes;
  for (std::size_t c = 0; c < 1000; ++c) {
    names.push_back(fmt::format("c{}", c));
    sizes.push_back(c + 1);
  }
  auto const classes = classes_of(names, sizes);
  evendraw::batch_balance<> balance(classes);
  for (std::uint32_t sample = 0; sample < 500500; sample += 500) balance.add(std::vector<std::uint32_t>{sample});
  return {classes, evendraw::plan_shuffled(classes, {.batch_size = 5000, .epochs = 3}), balance};
}

/// The widest line, in columns of a terminal.
std::size_t widest(std::string_view text) {
  std::size_t result = 0;
  while (!text.empty()) {
    auto const line = text.substr(0, text.find('\n'));
    result = std::max(result, evendraw::detail::terminal::columns(line));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return result;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

TEST_CASE("plan and balance side by side", "[format]") {
  auto const [classes, plan, balance] = two_classes();
  CHECK(fmt::format("{}", balance_table(classes, plan, balance)) == table(R"(
                planned   drawn  planned   drawn  planned    drawn
class  samples    share   share   unique  unique  without  without
dry          6   50.0 %  44.4 %      4.5       4    6.2 %   50.0 %
wet          2   50.0 %  55.6 %      2.0       2    6.2 %      0 %
planned: 8 draws an epoch; 1.5 samples stay unseen; epochs to see all: 4.1 on
average, 10 with the requested confidence
! 1.49 of the 6 samples of class 'dry' (and one other class) are expected to be
unseen after 2 epochs; seeing all takes 10; raise epochs, epoch_size or its
share
drawn: 3 batches of 4 (1 shorter), 9 draws; 5.6 % off the expected shares)"));
  CHECK(fmt::format("{:40}", balance_table(classes, plan, balance)) == table(R"(
                planned   drawn
class  samples    share   share
dry          6   50.0 %  44.4 %
wet          2   50.0 %  55.6 %
planned: 8 draws an epoch; 1.5 samples
stay unseen; epochs to see all: 4.1 on
average, 10 with the requested
confidence
! 1.49 of the 6 samples of class 'dry'
(and one other class) are expected to be
unseen after 2 epochs; seeing all takes
10; raise epochs, epoch_size or its
share
drawn: 3 batches of 4 (1 shorter), 9
draws; 5.6 % off the expected shares)"));
  CHECK(fmt::format("{:a120}", balance_table(classes, plan, balance)) == table(R"(
                planned   drawn  planned   drawn  planned    drawn  planned    drawn  planned  drawn  planned    drawn
class  samples    share   share   unique  unique  without  without  a batch  a batch    draws  draws  repeats  repeats
dry          6   50.0 %  44.4 %      4.5       4    6.2 %   50.0 %        2      0-3        8      4      3.5        0
wet          2   50.0 %  55.6 %      2.0       2    6.2 %      0 %        2      1-4        8      5      6.0        3
planned: 8 draws an epoch; 1.5 samples stay unseen; epochs to see all: 4.1 on average, 10 with the requested confidence
! 1.49 of the 6 samples of class 'dry' (and one other class) are expected to be unseen after 2 epochs; seeing all takes
10; raise epochs, epoch_size or its share
drawn: 3 batches of 4 (1 shorter), 9 draws; 5.6 % off the expected shares)"));
}

TEST_CASE("a plan alone, a balance alone", "[format]") {
  auto const [classes, plan, balance] = two_classes();
  CHECK(fmt::format("{}", balance_table(classes, plan)) == table(R"(
class  samples   share  unique  without  a batch  draws  repeats
dry          6  50.0 %     4.5    6.2 %        2      8      3.5  ██████████
wet          2  50.0 %     2.0    6.2 %        2      8      6.0  ██████████
planned: 8 draws an epoch; 1.5 samples stay unseen; epochs to see all: 4.1 on
average, 10 with the requested confidence
! 1.49 of the 6 samples of class 'dry' (and one other class) are expected to be
unseen after 2 epochs; seeing all takes 10; raise epochs, epoch_size or its
share)"));
  CHECK(fmt::format("{:a}", balance_table(classes, balance)) == table(R"(
class  samples   share  unique  without  a batch  draws  repeats
dry          6  44.4 %       4   50.0 %      0-3      4        0  ########
wet          2  55.6 %       2      0 %      1-4      5        3  ##########
drawn: 3 batches of 4 (1 shorter), 9 draws; 5.6 % off the expected shares)"));
  SECTION("without class_index, the names are the same") {
    CHECK(fmt::format("{}", balance) == table(R"(
class  samples   share  unique  without  a batch  draws  repeats
dry          6  44.4 %       4   50.0 %      0-3      4        0  ████████
wet          2  55.6 %       2      0 %      1-4      5        3  ██████████
drawn: 3 batches of 4 (1 shorter), 9 draws; 5.6 % off the expected shares)"));
    CHECK(fmt::format("{:40}", plan) == table(R"(
class  samples   share  unique  without
dry          6  50.0 %     4.5    6.2 %
wet          2  50.0 %     2.0    6.2 %
planned: 8 draws an epoch; 1.5 samples
stay unseen; epochs to see all: 4.1 on
average, 10 with the requested
confidence
! 1.49 of the 6 samples of class 'dry'
(and one other class) are expected to be
unseen after 2 epochs; seeing all takes
10; raise epochs, epoch_size or its
share)"));
  }
}

TEST_CASE("long names are cut in the middle if columns need the room", "[format]") {
  auto const [classes, plan, balance] = seven_classes();
  CHECK(fmt::format("{:40}", balance_table(classes, balance)) == table(R"(
class            samples   share  unique
dry aspha…clean    6,400  50.4 %   6,400
dry aspha…clean    3,200  25.2 %   3,200
gravel             1,600  12.6 %   1,600
snow                 800   6.3 %     800
nasses La…traße      400   3.1 %     400
路面が凍…いる        200   1.6 %     200
ice                  100   0.8 %     100
drawn: 127 batches of 100, 12,700 draws;
0 % off the shares of the data)"));
  CHECK(fmt::format("{:a40}", balance_table(classes, plan, balance)) == table(R"(
                         planned   drawn
class           samples    share   share
dry asp...lean    6,400   50.4 %  50.4 %
dry asp...lean    3,200   25.2 %  25.2 %
gravel            1,600   12.6 %  12.6 %
snow                800    6.3 %   6.3 %
nasses ...raße      400    3.1 %   3.1 %
路面が...いる       200    1.6 %   1.6 %
ice                 100    0.8 %   0.8 %
planned: 12,700 draws an epoch; 0
samples stay unseen; epochs to see all:
1 on average, 1 with the requested
confidence
! 45.2 % of the batches are without
class 'ice'; raise batch_size
drawn: 127 batches of 100, 12,700 draws;
0 % off the shares of the data)"));
  CHECK(fmt::format("{}", balance_table(classes, plan, balance)) == table(R"(
                              planned   drawn  planned   drawn  planned    drawn
class                samples    share   share   unique  unique  without  without
dry asphalt,… clean    6,400   50.4 %  50.4 %    6,400   6,400   <0.1 %   49.6 %
dry asphalt,… clean    3,200   25.2 %  25.2 %    3,200   3,200   <0.1 %   74.8 %
gravel                 1,600   12.6 %  12.6 %    1,600   1,600   <0.1 %   87.4 %
snow                     800    6.3 %   6.3 %      800     800    0.1 %   93.7 %
nasses Laub …Straße      400    3.1 %   3.1 %      400     400    4.0 %   96.9 %
路面が凍結している       200    1.6 %   1.6 %      200     200   20.3 %   98.4 %
ice                      100    0.8 %   0.8 %      100     100   45.2 %   99.2 %
planned: 12,700 draws an epoch; 0 samples stay unseen; epochs to see all: 1 on
average, 1 with the requested confidence
! 45.2 % of the batches are without class 'ice'; raise batch_size
drawn: 127 batches of 100, 12,700 draws; 0 % off the shares of the data)"));
  CHECK(fmt::format("{:120}", balance_table(classes, balance)) == table(R"(
class                          samples   share  unique  without  a batch  draws  repeats
dry asphalt, smooth and clean    6,400  50.4 %   6,400   49.6 %    0-100  6,400        0  ██████████
dry asphalt, rough and clean     3,200  25.2 %   3,200   74.8 %    0-100  3,200        0  █████
gravel                           1,600  12.6 %   1,600   87.4 %    0-100  1,600        0  ██▌
snow                               800   6.3 %     800   93.7 %    0-100    800        0  █▎
nasses Laub auf der Straße         400   3.1 %     400   96.9 %    0-100    400        0  ▋
路面が凍結している                 200   1.6 %     200   98.4 %    0-100    200        0  ▎
ice                                100   0.8 %     100   99.2 %    0-100    100        0  ▏
drawn: 127 batches of 100, 12,700 draws; 0 % off the shares of the data)"));
}

TEST_CASE("tables of many classes show the largest and the smallest ones", "[format]") {
  auto const [classes, plan, balance] = thousand_classes();
  CHECK(fmt::format("{}", balance_table(classes, plan, balance)) == table(R"(
                planned  drawn  planned   drawn  planned    drawn
class  samples    share  share   unique  unique  without  without
c999     1,000    0.2 %  0.2 %    1,000       2   <0.1 %   99.8 %
c998       999    0.2 %  0.1 %      999       1   <0.1 %   99.9 %
c997       998    0.2 %  0.2 %      998       2   <0.1 %   99.8 %
c996       997    0.2 %  0.2 %      997       2   <0.1 %   99.8 %
c995       996    0.2 %  0.2 %      996       2   <0.1 %   99.8 %
c994       995    0.2 %  0.2 %      995       2   <0.1 %   99.8 %
c993       994    0.2 %  0.2 %      994       2   <0.1 %   99.8 %
c992       993    0.2 %  0.2 %      993       2   <0.1 %   99.8 %
c991       992    0.2 %  0.2 %      992       2   <0.1 %   99.8 %
c990       991    0.2 %  0.2 %      991       2   <0.1 %   99.8 %
(980 left out)
c9          10   <0.1 %    0 %       10       0   90.4 %    100 %
c8           9   <0.1 %    0 %        9       0   91.4 %    100 %
c7           8   <0.1 %    0 %        8       0   92.3 %    100 %
c6           7   <0.1 %    0 %        7       0   93.2 %    100 %
c5           6   <0.1 %    0 %        6       0   94.2 %    100 %
c4           5   <0.1 %    0 %        5       0   95.1 %    100 %
c3           4   <0.1 %    0 %        4       0   96.1 %    100 %
c2           3   <0.1 %    0 %        3       0   97.0 %    100 %
c1           2   <0.1 %    0 %        2       0   98.0 %    100 %
c0           1   <0.1 %  0.1 %        1       1   99.0 %   99.9 %
planned: 500,500 draws an epoch; 0 samples stay unseen; epochs to see all: 1 on
average, 1 with the requested confidence
! 99 % of the batches are without class 'c0' (and 137 other classes); raise
batch_size
drawn: 1,001 batches of 1, 1,001 draws; 16.7 % off the shares of the data)"));
  auto const twenty = class_index<int>::from_counts(std::vector<std::uint64_t>(20, 3));
  auto const one_more = class_index<int>::from_counts(std::vector<std::uint64_t>(21, 3));
  auto const text = [](auto const& index) {
    return fmt::format("{}", balance_table(index, evendraw::batch_balance(index)));
  };
  CHECK(text(twenty).find("left out") == std::string::npos);
  CHECK(text(one_more).find("\n(1 left out)\n") != std::string::npos);
  SECTION("classes of one size are in the order of their numbers") {
    std::string const lines = text(one_more);
    for (int c = 0; c + 1 < 21; ++c) {
      if (c == 10) continue;  // left out
      int const next = c == 9 ? 11 : c + 1;
      CHECK(lines.find(fmt::format("\n{} ", c)) < lines.find(fmt::format("\n{} ", next)));
      CHECK(lines.find(fmt::format("\n{} ", next)) != std::string::npos);
    }
  }
}

TEST_CASE("no line is wider than requested", "[format]") {
  for (auto const& [classes, plan, balance] : {two_classes(), seven_classes()}) {
    evendraw::confusion_matrix const matrix(classes);
    for (int width = 1; width <= 130; ++width) {
      CHECK(widest(fmt::format("{:{}}", balance_table(classes, plan, balance), width)) <= std::size_t(width));
      CHECK(widest(fmt::format("{:a{}}", balance_table(classes, balance), width)) <= std::size_t(width));
      CHECK(widest(fmt::format("{:a{}}", matrix, width)) <= std::size_t(width));
      CHECK(widest(fmt::format("{:{}}", balance.draws_per_sample(), width)) <= std::size_t(width));
    }
  }
}

TEST_CASE("names have no control characters", "[format]") {
  auto const classes = classes_of({"wet\n\x1b[0m"}, {6});
  CHECK(fmt::format("{:40}", balance_table(classes, evendraw::batch_balance(classes))).find("\nwet??[0m ") !=
        std::string::npos);
}

TEST_CASE("an impossible plan is printed as its reason", "[format]") {
  auto const classes = classes_of({"dry", "wet"}, {6, 2});
  CHECK(fmt::format("{:60}", balance_table(classes, evendraw::plan_with_replacement(classes, {1}))) == table(R"(
class  samples  share  unique  without  a batch  draws
dry          6    0 %       0      0 %        0      0
wet          2    0 %       0      0 %        0      0
! evendraw::target_proportion_weights: 1 share for 2
classes; give one for each)"));
}

TEST_CASE("a plan of other classes is refused", "[format]") {
  auto const classes = classes_of({"dry", "wet"}, {6, 2});
  auto const other = evendraw::plan_shuffled({6, 3});
  std::string message;
  try {
    (void)balance_table(classes, other);
  } catch (std::invalid_argument const& error) {
    message = error.what();
  }
  CHECK(message ==
        "evendraw::balance_table: what was planned has other class sizes than the class_index; make both from the same "
        "labels");
}

TEST_CASE("confusion matrices", "[format]") {
  evendraw::confusion_matrix matrix(std::vector<std::string>{"dry", "a wet road", "ice"});
  matrix.add("dry", "dry");
  for (int i = 0; i < 1200; ++i) matrix.add("a wet road", i % 4 == 0 ? "dry" : "a wet road");
  CHECK(fmt::format("{}", matrix) == table(R"(
class       samples  recall  precision     F1  predicted
a wet road    1,200   0.750      1.000  0.857        900
dry               1   1.000      0.003  0.007        301
ice               0       -          -      -          0
accuracy 0.750, balanced accuracy 0.875, macro F1 0.432, 1 class left out

a row for each true class, a column for each prediction:
truth       a wet…ad  dry  ice
a wet road       900  300    0
dry                0    1    0
ice                0    0    0)"));
  CHECK(fmt::format("{:a28}", matrix) == table(R"(
class       samples  recall
a wet road    1,200   0.750
dry               1   1.000
ice               0       -
accuracy 0.750, balanced
accuracy 0.875, macro F1
0.432, 1 class left out

mistakes:
truth -> predicted  count
a w...oad -> dry      300)"));
}

TEST_CASE("a confusion matrix of many classes lists the most frequent mistakes", "[format]") {
  evendraw::confusion_matrix matrix(1000);
  for (std::uint64_t c = 0; c < 1000; ++c) {
    for (std::uint64_t i = 0; i < 1000 + c; ++i) matrix.add_numbers(c, i % 7 == 0 ? (c + 1) % 1000 : c);
  }
  CHECK(fmt::format("{:a40}", matrix) == table(R"(
class  samples  recall  precision     F1
999      1,999   0.857      0.857  0.857
998      1,998   0.857      0.857  0.857
997      1,997   0.857      0.857  0.857
996      1,996   0.857      0.857  0.857
995      1,995   0.857      0.857  0.857
994      1,994   0.857      0.857  0.857
993      1,993   0.857      0.857  0.857
992      1,992   0.857      0.857  0.857
991      1,991   0.857      0.857  0.857
990      1,990   0.857      0.857  0.857
(980 left out)
9        1,009   0.856      0.857  0.857
8        1,008   0.857      0.857  0.857
7        1,007   0.857      0.857  0.857
6        1,006   0.857      0.857  0.857
5        1,005   0.857      0.857  0.857
4        1,004   0.857      0.857  0.857
3        1,003   0.856      0.856  0.856
2        1,002   0.856      0.857  0.857
1        1,001   0.857      0.857  0.857
0        1,000   0.857      0.750  0.800
accuracy 0.857, balanced accuracy 0.857,
macro F1 0.857

mistakes:
truth -> predicted  count
996 -> 997            286
997 -> 998            286
998 -> 999            286
999 -> 0              286
989 -> 990            285
990 -> 991            285
991 -> 992            285
992 -> 993            285
993 -> 994            285
994 -> 995            285
(and 211,789 others))"));
}

TEST_CASE("draw counts, coverage, scores and checkpoints", "[format]") {
  auto const [classes, plan, balance] = two_classes();
  CHECK(fmt::format("{}", balance.draws_per_sample()) == table(R"(
draws  samples   share
0            2  25.0 %  ████
1            5  62.5 %  ██████████
4            1  12.5 %  ██
9 draws: 6 of 8 samples, 3 repeats)"));
  CHECK(fmt::format("{:30}", balance.draws_per_sample()) == table(R"(
draws  samples   share
0            2  25.0 %
1            5  62.5 %
4            1  12.5 %
9 draws: 6 of 8 samples, 3
repeats)"));
  CHECK(fmt::format("{}", evendraw::coverage_time({6, 2}, {1, 1}, 8)) == table(R"(
all samples drawn  epochs
on average            4.1
with 50 %               4
with 90 %               6
with 99 %              10
with 99.9 %            13)"));
  CHECK(fmt::format("{}", balance.of_class(1)) == table(R"(
5 draws, 55.6 % of all (50.0 % expected); 2 of 2 samples drawn, one of them 4
times)"));
  double const none = std::numeric_limits<double>::quiet_NaN();
  CHECK(fmt::format("{}", evendraw::class_scores{0.5, none, 2.0 / 3}) == table(R"(
precision 0.500, recall -, F1 0.667: 0 of 0 samples found in 0 predictions)"));
  CHECK(fmt::format("{:40}", evendraw::class_scores{0.5, 1, 2.0 / 3, 1, 2, 1}) == table(R"(
precision 0.500, recall 1.000, F1 0.667:
1 of 1 sample found in 2 predictions)"));
  evendraw::checkpoint const saved{.fingerprint = 1, .epoch = 2, .position = 3};
  CHECK(fmt::format("{}", saved) == saved.to_string());
}

TEST_CASE("format specs set the width, and choose ASCII", "[format]") {
  auto const [classes, plan, balance] = seven_classes();
  balance_table const shown(classes, balance);
  CHECK(fmt::format("{:80}", shown) == fmt::format("{}", shown));
  CHECK(fmt::format("{:{}}", shown, 60) == fmt::format("{:60}", shown));
  CHECK(fmt::format("{:a{}}|{}", shown, 60, 7) == fmt::format("{:a60}|7", shown));
  CHECK(fmt::format("{:99999999999999999999999}", shown) == fmt::format("{:{}}", shown, 1'000'000));
  auto const two = two_classes();  // the names are ASCII
  CHECK_FALSE(is_ascii(fmt::format("{}", two.balance)));
  CHECK(is_ascii(fmt::format("{:a}", two.balance)));
  for (char const* spec : {"{:b}", "{:60a}", "{:-3}", "{:0}", "{:a00}", "{:aa}", "{:6.1}", "{:>60}", "{:{x}}"}) {
    INFO(spec);
    CHECK_THROWS_AS(fmt::format(fmt::runtime(spec), shown), fmt::format_error);
  }
  CHECK_THROWS_AS(fmt::format(fmt::runtime("{:{}}"), shown, 0), fmt::format_error);
  CHECK_THROWS_AS(fmt::format(fmt::runtime("{:{}}"), shown, "60"), fmt::format_error);
  CHECK_THROWS_AS(fmt::format(fmt::runtime("{0:{1}}"), shown, 60), fmt::format_error);
}

}  // namespace format_test
