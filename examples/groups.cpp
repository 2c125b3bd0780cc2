// Patients with several images each. No patient is in two parts of a split, or twice in a batch.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace {

struct data_set {
  std::string name;
  std::vector<std::string> labels;
  std::vector<int> patients;
};

/// If `of_patient`, all images of a patient have the same label. If `uneven`, patient 0 has the most images.
data_set made_data(std::string name, std::size_t n, std::uint64_t num_patients, bool uneven, bool of_patient) {
  data_set result{std::move(name), {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t const a = evendraw::random_word(1, i), b = evendraw::random_word(2, i);
    std::uint64_t const first = evendraw::bounded(a, num_patients), second = evendraw::bounded(b, num_patients);
    std::uint64_t const patient = uneven ? first * second / num_patients : first;
    std::uint64_t const word = evendraw::random_word(3, of_patient ? patient : i) % 100;
    result.labels.push_back(word < 3 ? "melanoma" : word < 20 ? "keratosis" : "nevus");
    result.patients.push_back(static_cast<int>(patient));
  }
  return result;
}

void show(data_set const& data) {
  evendraw::class_index classes(data.labels);
  auto const split =
      evendraw::grouped_split(classes, data.patients, {0.7, 0.15, 0.15}, {.seed = 1, .at_least = {1, 1, 1}});
  fmt::print("{}\n", data.name);
  for (std::size_t c = 0; c < classes.num_classes(); ++c) {
    fmt::print("  {:<10}", classes.labels()[c]);
    for (std::size_t p = 0; p < split.size(); ++p)
      fmt::print(" {:>5} of {:>7.2f}", split.achieved[c][p], split.wanted[c][p]);
    fmt::print("\n");
  }
  auto const plain = evendraw::stratified_split(classes, {0.7, 0.15, 0.15}, {.seed = 1});
  auto const shared = [&](auto const& parts) {
    std::vector<int> part_of(static_cast<std::size_t>(std::ranges::max(data.patients)) + 1, -1), in_two = part_of;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      for (auto const i : parts[p]) {
        auto const patient = static_cast<std::size_t>(data.patients[i]);
        if (part_of[patient] >= 0 && part_of[patient] != static_cast<int>(p)) in_two[patient] = 1;
        part_of[patient] = static_cast<int>(p);
      }
    }
    return std::ranges::count(in_two, 1);
  };
  fmt::print("  patients in two parts: {}; with stratified_split: {}\n", shared(split), shared(plain));
}

}  // namespace

int main() {
  show(made_data("1,000 images of 100 patients, labels of images", 1'000, 100, false, false));
  show(made_data("1,000 images of 100 patients, labels of patients", 1'000, 100, false, true));
  auto const uneven = made_data("3,000 images of 300 patients, uneven, labels of patients", 3'000, 300, true, true);
  show(uneven);

  auto const pairs = [&](auto const& batches) {
    std::size_t result = 0;
    for (auto const batch : batches) {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) result += uneven.patients[batch[i]] == uneven.patients[batch[j]];
      }
    }
    return result;
  };
  evendraw::distinct_batch_sampler distinct(uneven.patients, {.batch_size = 32, .seed = 1});
  evendraw::batch_sampler shuffled(evendraw::random_sampler(uneven.patients.size(), {.seed = 1}), 32);
  fmt::print("two images of a patient in a batch of 32: {} times in an epoch; in shuffled batches: {}\n",
             pairs(distinct.epoch(0)), pairs(shuffled.epoch(0)));

  auto const folds = evendraw::grouped_folds(evendraw::class_index(uneven.labels), uneven.patients, 5, {.seed = 1});
  fmt::print("5 folds, melanoma in each:");
  for (auto const count : folds.achieved[1]) fmt::print(" {}", count);
  fmt::print("\n");
}
