// Training with LibTorch: balanced batches from a loader with four workers. The run is interrupted and resumed, and the
// network is the same to the last bit.
#include <evendraw/adapters/torch.hpp>
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <sstream>
#include <vector>

// 1,000 points in the plane: 950 of class 0, and 50 of class 1, which are shifted a little.
struct points : torch::data::datasets::Dataset<points> {
  torch::data::Example<> get(std::size_t index) override {
    auto sample = static_cast<std::int64_t>(index);
    return {positions[sample], labels[sample]};
  }
  torch::optional<std::size_t> size() const override { return 1000; }

  torch::Tensor labels = (torch::arange(1000) >= 950).to(torch::kLong);
  torch::Tensor positions = torch::randn({1000, 2}) + 2 * labels.unsqueeze(1);
};

struct training {
  torch::nn::Sequential network{torch::nn::Linear(2, 8), torch::nn::ReLU(), torch::nn::Linear(8, 2)};
  torch::optim::SGD optimizer{network->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9)};
  std::vector<torch::Tensor> batches;  // the batches that it was trained with

  // Trains until the end of epoch 4, or for this number of steps.
  template <class Sampler>
  void train(Sampler& sampler, points data, int steps) {
    auto loader = torch::data::make_data_loader(data.map(torch::data::transforms::Stack<>()), sampler,
                                                torch::data::DataLoaderOptions(20).workers(4));
    while (sampler.epoch() < 5) {
      for (auto& batch : sampler.counted(*loader)) {
        optimizer.zero_grad();
        torch::nn::functional::cross_entropy(network->forward(batch.data), batch.target).backward();
        optimizer.step();
        batches.push_back(torch::cat({batch.data.flatten(), batch.target}));
        if (--steps == 0) return;
      }
    }
  }
};

template <class T>
bool equal(std::vector<T> const& a, std::vector<T> const& b) {
  return std::ranges::equal(a, b, [](auto& x, auto& y) { return torch::equal(x, y); });
}

int main() {
  torch::set_num_threads(1);  // so that sums are always in the same order
  torch::manual_seed(1);
  points data;
  std::vector<int> labels(950, 0);
  labels.resize(1000, 1);
  evendraw::batch_sampler balanced(evendraw::balanced_epoch_sampler(labels, {.seed = 1}), 20);

  torch::manual_seed(2);
  training uninterrupted;
  evendraw::torch_sampler sampler(balanced);
  uninterrupted.train(sampler, data, -1);
  fmt::print("uninterrupted: {} batches, now before epoch {}\n", uninterrupted.batches.size(), sampler.epoch());

  std::stringstream network, optimizer, place;
  std::vector<torch::Tensor> batches;
  {
    torch::manual_seed(2);
    training first;
    evendraw::torch_sampler before(balanced);
    first.train(before, data, 12);
    fmt::print("interrupted in epoch {} after {} batches\n", before.epoch(), before.position());
    torch::save(first.network, network);
    torch::save(first.optimizer, optimizer);
    torch::save(before, place);
    batches = first.batches;
  }

  training second;
  evendraw::torch_sampler after(balanced);
  torch::load(second.network, network);
  torch::load(second.optimizer, optimizer);
  torch::load(after, place);
  second.train(after, data, -1);
  batches.insert(batches.end(), second.batches.begin(), second.batches.end());
  fmt::print("the same batches: {}\n", equal(batches, uninterrupted.batches));
  fmt::print("the same network: {}\n", equal(second.network->parameters(), uninterrupted.network->parameters()));
}
