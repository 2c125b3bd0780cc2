// Code of PyTorch, scikit-learn and imbalanced-learn, and its equivalent here. The Python code is above each line.
#include <evendraw/evendraw.hpp>
#include <evendraw/inspect/format.hpp>
#include <fmt/ranges.h>

#include <string>
#include <vector>

template <class Draws>
void show(std::string const& name, Draws const& draws) {
  fmt::print("{:<34} {:>5} draws: {}\n", name, draws.size(), draws.take(6));
}

int main() {
  std::vector<std::string> labels(900, "cat");
  labels.insert(labels.end(), 100, "emu");
  std::vector<double> weights(labels.size(), 1.0);
  weights[7] = 500;
  std::uint64_t n = labels.size(), epoch = 0, rank = 1, world_size = 4;
  evendraw::class_index classes(labels);

  // WeightedRandomSampler(weights, 2000, generator=torch.Generator().manual_seed(7))
  show("multinomial", evendraw::multinomial_sampler(weights, {.epoch_size = 2000, .seed = 7}).epoch(epoch));

  // WeightedRandomSampler(weights, 100, replacement=False)
  show("weighted without replacement",
       evendraw::weighted_without_replacement_sampler(weights, {.epoch_size = 100}).epoch(epoch));

  // counts = torch.bincount(y); WeightedRandomSampler((1 / counts)[y], len(y)); or ImbalancedDatasetSampler(dataset)
  evendraw::inverse_frequency_sampler sampler(labels);
  show("inverse frequency", sampler.epoch(epoch));

  // RandomSampler(dataset); torch.randperm(n); SequentialSampler(dataset)
  show("random", evendraw::random_sampler(n).epoch(epoch));
  show("sequential", evendraw::sequential_sampler(n).epoch(epoch));

  // DistributedSampler(dataset, num_replicas=4, rank=1, drop_last=True), then set_epoch(epoch). Here with any sampler.
  show("distributed", sampler.epoch(epoch).shard(rank, world_size, evendraw::shard_tail::even));

  // RandomUnderSampler().fit_resample(X, y). Here every epoch has other samples of the large classes.
  show("under-sampling", evendraw::balanced_epoch_sampler(classes).epoch(epoch));

  // RandomOverSampler().fit_resample(X, y): every sample comes, and those of small classes are repeated.
  show("over-sampling", evendraw::balanced_epoch_sampler(classes, {.per_class = 900, .max_repeats = 9}).epoch(epoch));

  // RepeatFactorTrainingSampler(RepeatFactorTrainingSampler.repeat_factors_from_category_frequency(dicts, 0.5))
  std::vector<std::vector<std::string>> label_sets(90, {"cat"});
  label_sets.resize(100, {"cat", "emu"});
  show("repeat factors", evendraw::repeat_factor_sampler(label_sets, {.threshold = 0.5}).epoch(epoch));

  // BatchSampler(sampler, 64, drop_last=True)
  evendraw::batch_sampler batches(sampler, {.batch_size = 64, .last = evendraw::last_batch::drop});
  fmt::print("{} batches of {}\n", batches.epoch(epoch).size(), batches.epoch(epoch)[0].size());

  // BalancedBatchGenerator(X, y, batch_size=8): each epoch is balanced, and batches are balanced on average.
  evendraw::batch_sampler on_average(evendraw::balanced_epoch_sampler(classes, {.seed = 1}), 8);
  fmt::print("balanced epoch: {}\n", on_average.epoch(epoch)[0]);

  // Batches with each class in the proportion of the data, as by StratifiedKFold; or with equally many of each class.
  evendraw::stratified_batch_sampler natural(classes, classes.counts(), {.batch_size = 10});
  evendraw::stratified_batch_sampler equal(classes, {.batch_size = 10});
  fmt::print("stratified: {}, {}\n", natural.epoch(epoch)[0], equal.epoch(epoch)[0]);

  // MPerClassSampler(labels, m=4, batch_size=8)
  evendraw::pk_batch_sampler per_class(classes, {.classes = 2, .samples = 4});
  fmt::print("4 of each of 2 classes: {}\n", per_class.epoch(epoch)[0]);

  // ConcatDataset([a, b]), in order; for a shuffle use random_sampler(n_a + n_b)
  evendraw::concat_sampler concat({evendraw::sequential_sampler(3), evendraw::sequential_sampler(5)});
  show("concat", concat.epoch(epoch));

  // interleave_datasets([a, b], probabilities=[0.7, 0.3]). Here every window has exact shares, and an epoch has as many
  // draws as there are samples in both.
  evendraw::mix_sampler mix({evendraw::random_sampler(70), evendraw::random_sampler(30)}, {0.7, 0.3}, {.window = 10});
  show("mix", mix.epoch(epoch));

  // random_split(dataset, [0.8, 0.2]); the parts are ascending
  fmt::print("split: {}\n", evendraw::random_split(10, {0.8, 0.2}, 7));

  // train_test_split(X, y, test_size=0.2, stratify=y); StratifiedShuffleSplit
  auto parts = evendraw::stratified_split(classes, {0.8, 0.2}, 7);
  evendraw::class_index training(labels, parts[0]);  // samplers of it return indices of the whole data set
  fmt::print("training samples by class: {}, test samples: {}\n", training.counts(), parts[1].size());

  // compute_class_weight("balanced", classes=..., y=y); compute_sample_weight("balanced", y)
  auto class_weights = evendraw::balanced_weights(classes.counts());
  fmt::print("class weights {:.3f}, {} sample weights\n", fmt::join(class_weights, " "),
             evendraw::sample_weights(classes, class_weights).size());

  // StatefulDataLoader.state_dict(), load_state_dict(state)
  evendraw::cursor cursor(batches);
  (void)cursor.next();
  evendraw::cursor resumed(batches, cursor.save());
  fmt::print("resumed at batch {} of epoch {}\n", resumed.position(), resumed.epoch());

  // f1_score(y_true, y_pred, average="macro")
  evendraw::confusion_matrix matrix(classes);
  matrix.add(labels, std::vector<std::string>(labels.size(), "cat"));
  fmt::print("macro F1 of always saying cat: {:.3f}\n", matrix.macro().f1);

  // classification_report(y_true, y_pred): with inspect/format.hpp
  fmt::print("{:a60}", matrix);
}
