#include "data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "words.hpp"

namespace benchmark {
namespace {

/// A number in [0, 1).
double unit(xoshiro256pp& engine) { return std::ldexp(static_cast<double>(engine() >> 11), -53); }

template <class Value, class Make>
std::shared_ptr<std::vector<Value> const> each(std::uint64_t samples, Make make) {
  xoshiro256pp engine(1);
  std::vector<Value> result(static_cast<std::size_t>(samples));
  for (auto& value : result) value = make(engine);
  return std::make_shared<std::vector<Value> const>(std::move(result));
}

}  // namespace

labels two_classes(std::uint64_t samples) {
  return each<std::uint32_t>(samples, [](auto& engine) { return unit(engine) < 0.9 ? 0u : 1u; });
}

labels long_tail(std::uint64_t samples) {
  return each<std::uint32_t>(
      samples, [](auto& engine) { return static_cast<std::uint32_t>(std::pow(1001.0, unit(engine))) - 1; });
}

labels sorted(labels const& data) {
  auto result = *data;
  std::ranges::sort(result);
  return std::make_shared<std::vector<std::uint32_t> const>(std::move(result));
}

string_labels as_strings(labels const& data) {
  std::vector<std::string> result;
  result.reserve(data->size());
  for (auto const label : *data) result.push_back(fmt::format("class {}", label));
  return std::make_shared<std::vector<std::string> const>(std::move(result));
}

weights inverse_frequency(labels const& data) {
  std::vector<double> counts(*std::ranges::max_element(*data) + std::size_t{1});
  for (auto const label : *data) ++counts[label];
  std::vector<double> result;
  result.reserve(data->size());
  for (auto const label : *data) result.push_back(1 / counts[label]);
  return std::make_shared<std::vector<double> const>(std::move(result));
}

weights log_normal(std::uint64_t samples) {
  std::normal_distribution<double> normal;
  return each<double>(samples, [&](auto& engine) { return std::exp(normal(engine)); });
}

}  // namespace benchmark
