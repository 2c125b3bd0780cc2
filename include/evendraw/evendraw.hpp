// evendraw: which samples a training run sees, and in what order, when the classes are not the same size.
// The whole library; it needs the standard library only.
#pragma once

#include <evendraw/core/alias_table.hpp>
#include <evendraw/core/any_sampler.hpp>
#include <evendraw/core/checkpoint.hpp>
#include <evendraw/core/class_index.hpp>
#include <evendraw/core/class_schedules.hpp>
#include <evendraw/core/class_weights.hpp>
#include <evendraw/core/counter_random.hpp>
#include <evendraw/core/draws.hpp>
#include <evendraw/core/dynamic_weights.hpp>
#include <evendraw/core/exponential_keys.hpp>
#include <evendraw/core/permutation.hpp>
#include <evendraw/core/prior_correction.hpp>
#include <evendraw/core/repeat_factors.hpp>
#include <evendraw/core/split.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/concat_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/mix_sampler.hpp>
#include <evendraw/samplers/multinomial_sampler.hpp>
#include <evendraw/samplers/pk_batch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/repeat_factor_sampler.hpp>
#include <evendraw/samplers/scheduled_proportion_sampler.hpp>
#include <evendraw/samplers/sequential_sampler.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>
#include <evendraw/samplers/systematic_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>
#include <evendraw/samplers/weighted_without_replacement_sampler.hpp>
#include <evendraw/version.hpp>
