#include "peers.hpp"

namespace benchmark {

std::vector<contestant> weighted_peers(weights const& data) {
  return {
      standard_weighted(data), standard_weighted_mt(data),
#ifdef BENCHMARK_ABSEIL
      abseil_weighted(data),
#endif
#ifdef BENCHMARK_BOOST
      boost_weighted(data),
#endif
#ifdef BENCHMARK_GSL
      gsl_weighted(data),
#endif
#ifdef BENCHMARK_TORCH
      torch_weighted(data),
#endif
  };
}

std::vector<contestant> weighted_once_peers(weights const& data) {
  return {
      standard_weighted_once(data),
#ifdef BENCHMARK_TORCH
      torch_weighted_once(data),
#endif
  };
}

std::vector<contestant> shuffling_peers(std::uint64_t samples) {
  return {
      standard_shuffle(samples),
      standard_shuffle_mt(samples),
#ifdef BENCHMARK_GSL
      gsl_shuffle(samples),
#endif
#ifdef BENCHMARK_TORCH
      torch_shuffle(samples),
#endif
  };
}

std::vector<contestant> batching_peers([[maybe_unused]] std::uint64_t samples) {
  return {
#ifdef BENCHMARK_TORCH
      torch_batches(samples),
#endif
  };
}

std::vector<contestant> balanced_peers(balanced_task const& task) {
  return {
      standard_balanced(task),
#ifdef BENCHMARK_TORCH
      torch_balanced(task),
#endif
  };
}

std::vector<std::string> peer_descriptions() {
  return {
      "std: std::discrete_distribution, std::shuffle, a balanced epoch by hand, weighted draws without "
      "replacement by sorting -log(u) / w; xoshiro256++, mt: std::mt19937_64",
      "tree: a sum tree of doubles, as replay buffers have; xoshiro256++",
#ifdef BENCHMARK_ABSEIL
      "absl: absl::discrete_distribution; xoshiro256++",
#endif
#ifdef BENCHMARK_BOOST
      "boost: boost::random::discrete_distribution; xoshiro256++",
#endif
#ifdef BENCHMARK_GSL
      "gsl: gsl_ran_discrete, gsl_ran_shuffle; gsl_rng_taus2",
#endif
#ifdef BENCHMARK_TORCH
      "torch: torch::multinomial, torch::randperm, torch::data::samplers::RandomSampler in batches, a "
      "balanced epoch by hand; its own mt19937, compiled as installed",
#endif
  };
}

}  // namespace benchmark
