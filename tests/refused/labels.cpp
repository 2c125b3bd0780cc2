// Code that does not compile: each line has one mistake, and the kind of message that says why. See run. The types differ
// from line to line, since a compiler reports only once what is wrong with a type.
#include <evendraw/evendraw.hpp>

#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace evendraw;

struct own_label {
  int number;
};

int main() {
  // The name of a file, or its contents, as labels.
  inverse_frequency_sampler a("1.txt");                                   // refused: characters
  balanced_epoch_sampler b("12.txt", {.per_class = 3, .seed = 1});        // refused: characters
  target_proportion_sampler c("123.txt", {{"cat", 0.2}, {"dog", 0.8}});   // refused: characters
  stratified_batch_sampler d("1234.txt", {.batch_size = 32});             // refused: characters
  pk_batch_sampler e("12345.txt", {.classes = 8, .samples = 4});          // refused: characters
  scheduled_proportion_sampler f("123456.txt", progressive_schedule(3));  // refused: characters
  class_index g("1234567.txt");                                           // refused: characters
  class_index h("12345678.txt", std::vector{1, 2});                       // refused: characters
  class_index<std::string> i("123456789.txt", {.threads = 2});            // refused: characters
  std::string text = "cat dog";
  class_index j(text);                                                            // refused: characters
  class_index k(std::string_view("cat dog"));                                     // refused: characters
  class_index l(L"cat dog");                                                      // refused: characters
  inverse_frequency_sampler m(std::filesystem::path("labels.txt"), {.seed = 1});  // refused: characters
  crossed_classes aa(std::vector{1, 2}, "1234567890.txt");                        // refused: characters
  class_index const classes(std::vector{1, 2});
  auto const ac = grouped_split(classes, "labels/1234.txt", {0.5, 0.5});  // refused: characters
  auto const ad = grouped_folds(classes, u"a1.txt", 2);                   // refused: characters
  shard_sampler ae("labels/12345.txt", std::vector{2}, {.open = 1});      // refused: characters
  distinct_batch_sampler af("labels/123456.txt", {.batch_size = 2});      // refused: characters
  sharded_classes const shards(std::vector<std::vector<int>>{{1, 2}});
  auto const ag = shards.records_by_class(0, "labels/1234567.txt");  // refused: characters
  confusion_matrix matrix(2);
  matrix.add(std::filesystem::path("a"), std::filesystem::path("b"));  // refused: characters
  // Labels of other types.
  class_index n(std::vector<double>{1, 2});                                                          // refused: labels
  class_index<float> o(std::vector<float>{1, 2});                                                    // refused: labels
  target_proportion_sampler p(std::vector<std::optional<int>>{1}, {{1, 0.5}});                       // refused: labels
  balanced_epoch_sampler q(std::vector<std::pair<int, int>>{{1, 2}}, {.limits = {{1, 2}}});          // refused: labels
  stratified_batch_sampler r(std::vector<own_label>{{1}}, {.batch_size = 2, .shares = {{"a", 1}}});  // refused: labels
  class_index s(std::vector<std::filesystem::path>{"a"}, {.threads = 2});                            // refused: labels
  pk_batch_sampler t(std::vector<std::wstring>{L"a"}, {.classes = 1, .samples = 1});                 // refused: labels
  inverse_frequency_sampler<std::uint64_t> u(std::vector<std::vector<int>>{{1}});                    // refused: labels
  crossed_classes ab(std::vector<long double>{1, 2}, std::vector{1, 2});                             // refused: labels
  auto const ai = grouped_split(classes, std::vector<std::pair<int, char>>{{1, 'a'}}, {1, 1});       // refused: labels
  auto const aj = grouped_folds(classes, std::list<double>{1, 2}, 2);                                // refused: labels
  shard_sampler ak(std::vector<std::u16string>{u"a"}, std::vector{1}, {.open = 1});                  // refused: labels
  distinct_batch_sampler al(std::vector<std::optional<char>>{'a'}, {.batch_size = 1});               // refused: labels
  auto const am = shards.records_by_class(0, std::list<float>{1, 2});                                // refused: labels
  matrix.add(std::list<std::filesystem::path>{"a"}, std::list<std::filesystem::path>{"a"});          // refused: labels
  scheduled_proportion_sampler an(std::list<own_label>{{1}}, progressive_schedule(3));               // refused: labels
  // Objects that are not a range of sets.
  repeat_factor_sampler w("labels.txt", {.threshold = 0.1});                 // refused: sets
  auto const x = repeat_factors(std::vector<std::string>{"a b"});            // refused: sets
  repeat_factor_sampler y(std::vector<std::vector<bool>>{{true, false}});    // refused: sets
  repeat_factor_sampler z(std::vector<int>{1, 0});                           // refused: sets
  auto const ao = raked_weights("a12.txt", {.at_least = 0.1});               // refused: sets
  auto const ap = raked_weights(std::list<std::string>{"a b"}, {});          // refused: sets
  auto const aq = raked_weights(std::vector<std::vector<double>>{{1}}, {});  // refused: sets
  // Labels where their class_index is needed.
  std::vector<label_counts<int>> const counts{{{1, 2}}};
  partitioned_classes ar("labels.txt", counts, 0);                              // refused: partition
  partitioned_classes as(std::vector{1, 1}, counts, 0);                         // refused: partition
  partitioned_classes<int> at(std::filesystem::path("labels.txt"), counts, 0);  // refused: partition
  partitioned_classes au(std::vector<double>{1, 1}, counts, 0);                 // refused: partition
  // Labels in braces.
  inverse_frequency_sampler v({"cat", "dog"}, {.seed = 1});  // refused: braces
}
