// evendraw decides which samples a training run sees, and in what order, when the classes differ in size.
// This header includes the whole library, which needs only the standard library.
//
// All headers use these words:
//
//   index     a sample's number in the data
//   position  a draw's number in an epoch
//   draw      one index, given at one position
//   class     the samples that share a label
//   member    a sample of a class; its place is where it stands in the list of samples sorted by class
//   walk      one pass through all members of a class, in a random order
//   cycle     the epochs or batches that one walk lasts
//   window    the part of a walk that one epoch reads
//   quota     the number of draws that a class gives to an epoch or batch
//   batch     the draws of one training step
//   slot      a draw's place in an epoch or batch before it is shuffled
//   seat      a draw's number in its batch
#pragma once

#include <evendraw/detail/macros_off.hpp>  // first, for the standard headers too

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/crossed_classes.hpp>
#include <evendraw/classes/grouped_split.hpp>
#include <evendraw/classes/partition_changes.hpp>
#include <evendraw/classes/partitioned_classes.hpp>
#include <evendraw/classes/sharded_classes.hpp>
#include <evendraw/classes/split.hpp>
#include <evendraw/epochs/any_batches.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/balanced_options.hpp>
#include <evendraw/epochs/batches_by_cost.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/epochs/cursor.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/epochs/epoch_digest.hpp>
#include <evendraw/epochs/sampler.hpp>
#include <evendraw/epochs/uses.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/inspect/confusion_matrix.hpp>
#include <evendraw/inspect/coverage.hpp>
#include <evendraw/inspect/plan.hpp>
#include <evendraw/inspect/sharded_plan.hpp>
#include <evendraw/inspect/simulated_coverage.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/concat_sampler.hpp>
#include <evendraw/samplers/distinct_batch_sampler.hpp>
#include <evendraw/samplers/dynamic_weights.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/mix_sampler.hpp>
#include <evendraw/samplers/multinomial_sampler.hpp>
#include <evendraw/samplers/pk_batch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/repeat_factor_sampler.hpp>
#include <evendraw/samplers/scheduled_proportion_sampler.hpp>
#include <evendraw/samplers/sequential_sampler.hpp>
#include <evendraw/samplers/shard_sampler.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>
#include <evendraw/samplers/systematic_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>
#include <evendraw/samplers/weighted_without_replacement_sampler.hpp>
#include <evendraw/version.hpp>
#include <evendraw/weights/alias_table.hpp>
#include <evendraw/weights/class_schedules.hpp>
#include <evendraw/weights/class_weights.hpp>
#include <evendraw/weights/detail/exponential_keys.hpp>
#include <evendraw/weights/epoch_quotas.hpp>
#include <evendraw/weights/label_sets.hpp>
#include <evendraw/weights/nested_shares.hpp>
#include <evendraw/weights/prior_correction.hpp>
#include <evendraw/weights/raked_fit.hpp>
#include <evendraw/weights/raked_shares.hpp>
#include <evendraw/weights/raked_weights.hpp>
#include <evendraw/weights/repeat_factors.hpp>
#include <evendraw/weights/sample_weights.hpp>
#include <evendraw/weights/share_targets.hpp>

#include <evendraw/detail/macros_on.hpp>
