// LibTorch.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/data/samplers/random.h>
#include <torch/utils.h>

#include <memory>

#include "peers.hpp"

namespace benchmark {
namespace {

at::Generator generator(part p) { return at::make_generator<at::CPUGeneratorImpl>(p.seed()); }

at::Tensor shuffled(std::uint64_t n, at::Generator const& rng) {
  return at::randperm(static_cast<std::int64_t>(n), rng, at::kLong);
}

std::uint64_t read_tensor(at::Tensor const& indices) {
  auto const* const index = indices.data_ptr<std::int64_t>();
  return draw_in_blocks(static_cast<std::uint64_t>(indices.numel()), [&](std::uint64_t done, auto block) {
    for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<std::uint32_t>(index[done + i]);
  });
}

/// Code by hand: the beginning of a permutation of every class, then a permutation of the chosen samples.
class balanced_epochs {
 public:
  explicit balanced_epochs(balanced_task const& task) : quotas_(task.quotas) {
    std::vector<std::vector<std::int64_t>> members(quotas_.size());
    for (std::size_t i = 0; i < task.data->size(); ++i)
      members[(*task.data)[i]].push_back(static_cast<std::int64_t>(i));
    for (auto const& of_class : members) members_.push_back(at::tensor(of_class, at::kLong));
  }

  std::uint64_t operator()(part p) const {
    auto const rng = generator(p);
    std::vector<at::Tensor> taken;
    for (std::size_t c = 0; c < quotas_.size(); ++c) {
      if (quotas_[c] == 0) continue;
      auto const order = shuffled(static_cast<std::uint64_t>(members_[c].numel()), rng);
      taken.push_back(members_[c].index_select(0, order.slice(0, 0, static_cast<std::int64_t>(quotas_[c]))));
    }
    return read_tensor(at::cat(taken).index_select(0, shuffled(p.draws, rng)));
  }

 private:
  std::vector<std::uint64_t> quotas_;
  std::vector<at::Tensor> members_;
};

}  // namespace

contestant torch_weighted(weights const& data) {
  return {.name = "torch",
          .build = [data]() -> drawer {
            auto const tensor = at::tensor(*data, at::kDouble);
            return [tensor](part p) {
              return read_tensor(at::multinomial(tensor, static_cast<std::int64_t>(p.draws), true, generator(p)));
            };
          },
          .set_threads = at::set_num_threads,
          .most_samples = std::uint64_t{1} << 24};
}

contestant torch_weighted_once(weights const& data) {
  return {.name = "torch",
          .build = [data]() -> drawer {
            auto const tensor = at::tensor(*data, at::kDouble);
            return [tensor](part p) {
              return read_tensor(at::multinomial(tensor, static_cast<std::int64_t>(p.draws), false, generator(p)));
            };
          },
          .whole_epochs = true,
          .set_threads = at::set_num_threads,
          .most_samples = std::uint64_t{1} << 24};
}

contestant torch_shuffle(std::uint64_t samples) {
  return {.name = "torch",
          .build = [samples]() -> drawer {
            return [samples](part p) { return read_tensor(shuffled(samples, generator(p))); };
          },
          .whole_epochs = true,
          .set_threads = at::set_num_threads};
}

contestant torch_batches(std::uint64_t samples) {
  return {.name = "torch",
          .build = [samples]() -> drawer {
            torch::manual_seed(1);
            auto const sampler = std::make_shared<torch::data::samplers::RandomSampler>(samples);
            return [sampler](part) {
              sampler->reset();
              checksum all;
              while (auto const batch = sampler->next(256)) {
                std::uint64_t sum = 0, place = 0;
                for (auto const index : *batch) sum += index * ++place;
                all.add(sum);
              }
              return all.value();
            };
          },
          .whole_epochs = true,
          .set_threads = at::set_num_threads};
}

contestant torch_balanced(balanced_task const& task) {
  return {.name = "torch",
          .build = [task]() -> drawer { return balanced_epochs(task); },
          .whole_epochs = true,
          .set_threads = at::set_num_threads};
}

}  // namespace benchmark
