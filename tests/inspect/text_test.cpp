// Plans, balances and scores as text without fmt, and the names of classes in them.
#include <support/catch2.hpp>
#include <support/message_of.hpp>

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/inspect/plan.hpp>
#include <evendraw/inspect/text.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>

namespace text_test {

namespace road {

enum class surface { dry, ice, wet };
std::string to_string(surface value) { return value == surface::dry ? "dry" : value == surface::ice ? "ice" : "wet"; }

enum class plain { a, b };

}  // namespace road

namespace {

using evendraw::batch_balance;
using evendraw::class_index;
using road::surface;

/// The lines of a raw string that begins on the next line.
std::string table(std::string_view lines) { return std::string(lines.substr(1)); }

template <class T>
std::string written(T const& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

/// Class 0 is not the largest.
std::vector<surface> const labels{surface::dry, surface::ice, surface::ice, surface::ice, surface::wet, surface::wet};

/// The balance of three batches.
template <class Label>
batch_balance<> drawn(class_index<Label> const& classes, evendraw::batch_balance_options const& options) {
  batch_balance<> result(classes, options);
  for (std::vector<std::uint32_t> const& batch : {std::vector<std::uint32_t>{0, 1}, {2, 3}, {4, 0}}) result.add(batch);
  return result;
}

}  // namespace

TEST_CASE("tables are text without fmt, and are written to streams", "[text]") {
  auto const balance = drawn(class_index(labels), {.expected_shares = {1, 2, 1}});
  std::string const expected = table(R"(
class  samples   share  unique  without  a batch  draws  repeats
ice          3  50.0 %       3   33.3 %      0-2      3        0  ##########
wet          2  16.7 %       1   66.7 %      0-1      1        0  ###
dry          1  33.3 %       1   33.3 %      0-1      2        1  #######
drawn: 3 batches of 2, 6 draws; 8.3 % off the expected shares)");
  CHECK(to_string(balance, {.ascii = true}) == expected);
  CHECK(written(balance) == to_string(balance));
  CHECK(to_string(balance, {.width = 40}) == table(R"(
class  samples   share  unique  without
ice          3  50.0 %       3   33.3 %
wet          2  16.7 %       1   66.7 %
dry          1  33.3 %       1   33.3 %
drawn: 3 batches of 2, 6 draws; 8.3 %
off the expected shares)"));
  CHECK(written(balance.of_class(1)) ==
        "3 draws, 50.0 % of all (50.0 % expected); 3 of 3 samples drawn, one of them 1\ntime");
  auto const of_data = written(drawn(class_index(labels), {}));
  CHECK(of_data.substr(of_data.find("drawn:")) == "drawn: 3 batches of 2, 6 draws; 16.7 % off the shares of the data");
  evendraw::confusion_matrix matrix(class_index{labels});
  CHECK(written(matrix).find("accuracy -, balanced accuracy -, macro F1 -, 3 classes left out") != std::string::npos);
  matrix.add(surface::ice, surface::wet);
  CHECK(written(matrix).find("ice          1   0.000") != std::string::npos);
  CHECK(written(matrix).find("macro F1 0.000, 1 class left out") != std::string::npos);
  CHECK(written(matrix.macro()).find("precision 0.000") == 0);
  CHECK(written(evendraw::plan_shuffled(class_index(labels))).find("ice          3  50.0 %") != std::string::npos);
  CHECK(message_of([&] { (void)to_string(balance, {.width = 0}); }) ==
        "evendraw::to_string: width is 0; a line needs at least one column");
}

TEST_CASE("tables and messages name enumerators by to_string", "[text]") {
  class_index const classes(labels);
  CHECK(batch_balance(classes).names() == std::vector<std::string>{"dry", "ice", "wet"});
  CHECK(classes.known_labels() == "; the classes are 'dry', 'ice', 'wet'");
  CHECK(message_of([&] {
          evendraw::balanced_epoch_sampler(classes, {.limits = {{surface::dry, 0}, {surface::dry, 1}}});
        }) == "evendraw::balanced_epoch_sampler: limits names 'dry' twice; name it once");
  class_index const unnamed(std::vector{road::plain::b, road::plain::a});
  CHECK(batch_balance(unnamed).names() == std::vector<std::string>{"0", "1"});
}

TEST_CASE("first batches have the order of the table, beside the expected shares", "[text]") {
  class_index const classes(labels);
  std::string const first = table(R"(

draws in the first batches, by the number of the batch:
class  expected  0  1
ice      50.0 %  1  2
wet      25.0 %  0  0
dry      25.0 %  1  0)");
  auto const balance = drawn(classes, {.expected_shares = {1, 2, 1}, .keep = 2});
  auto const text = written(balance);
  CHECK(text.substr(text.size() - first.size()) == first);
  auto const both = written(evendraw::balance_table(classes, evendraw::plan_shuffled(classes), balance));
  CHECK(both.substr(both.size() - first.size()) == first);
  CHECK(to_string(drawn(classes, {.keep = 3}), {.width = 14}).find("\nclass  expected") == std::string::npos);
  CHECK(to_string(drawn(classes, {.keep = 3}), {.width = 20}).find("class  expected  0\n") != std::string::npos);
  CHECK(written(drawn(classes, {})).find("first batches") == std::string::npos);
}

TEST_CASE("given names are used instead of labels", "[text]") {
  class_index const numbers(std::vector{7, 8, 8, 8, 9, 9});
  auto const balance = drawn(numbers, {.names = {"dry", "ice", "wet\a"}});
  CHECK(balance.names() == std::vector<std::string>{"dry", "ice", "wet\a"});
  CHECK(written(balance).find("\nice          3") != std::string::npos);
  CHECK(written(balance).find("\nwet?         2") != std::string::npos);
  auto const both = written(evendraw::balance_table(numbers, evendraw::plan_shuffled(numbers), balance));
  CHECK(both.find("\nice          3") != std::string::npos);
  CHECK(written(evendraw::balance_table(numbers, drawn(numbers, {}))).find("\n8            3") != std::string::npos);
  CHECK(message_of([&] {
          batch_balance(numbers, {.names = {"a", "b"}});
        }) == "evendraw::batch_balance: 2 names for 3 classes; give one for each, or none");
}

}  // namespace text_test
