// What many tests do with samplers and labels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sampling {

/// All draws of one epoch, or of a part of it, by the fast path.
template <class Draws>
std::vector<typename Draws::index_type> all(Draws const& draws) {
  std::vector<typename Draws::index_type> result(static_cast<std::size_t>(draws.size()));
  draws.read(0, result);
  return result;
}

/// How often each of n samples was drawn.
template <class Indices>
std::vector<std::uint64_t> draws_of_each(Indices const& indices, std::size_t n) {
  std::vector<std::uint64_t> result(n);
  for (auto const index : indices) ++result.at(index);
  return result;
}

/// Labels 0, 1, 2, ... with the given counts, mixed in a fixed order.
inline std::vector<int> labels_of(std::vector<std::size_t> const& counts) {
  std::vector<int> labels;
  for (std::size_t c = 0; c < counts.size(); ++c) labels.insert(labels.end(), counts[c], static_cast<int>(c));
  std::uint64_t state = 1;
  for (std::size_t i = labels.size(); i > 1; --i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    std::swap(labels[i - 1], labels[static_cast<std::size_t>((state >> 33) % i)]);
  }
  return labels;
}

/// How often each class was drawn.
template <class Indices>
std::vector<std::uint64_t> draws_of_classes(Indices const& indices, std::vector<int> const& labels) {
  std::vector<std::uint64_t> result(static_cast<std::size_t>(*std::ranges::max_element(labels)) + 1);
  for (auto const index : indices) ++result.at(static_cast<std::size_t>(labels.at(index)));
  return result;
}

template <class T>
bool distinct(std::vector<T> values) {
  std::ranges::sort(values);
  return std::ranges::adjacent_find(values) == values.end();
}

}  // namespace sampling
