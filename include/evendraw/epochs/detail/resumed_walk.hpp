// Walks through classes whose samples changed in the middle of a run.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/mixing.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Whether a run has seen each sample in its current walks, by sample number.
using seen_samples = std::vector<bool>;

/// Marks the samples that were drawn.
template <class Draws>
void mark_drawn(Draws const& draws, seen_samples& seen) {
  block_of<typename Draws::index_type> block;
  for (std::uint64_t first = 0; first < draws.size(); first += block_size) {
    std::uint64_t const count = std::min<std::uint64_t>(block_size, draws.size() - first);
    auto const part = std::span(block).first(static_cast<std::size_t>(count));
    draws.read(first, part);
    for (auto const sample : part) seen[static_cast<std::size_t>(sample)] = true;
  }
}

/// The first walk of an amended class. It visits the members that the run has not yet seen, and then the others.
///
/// Cost       O(1) per step; O(log u) for a seen member, if u members are unseen
template <std::unsigned_integral Index>
struct resumed_walk {
  std::uint64_t begin;            ///< the place of the class's first member
  std::uint64_t n;                ///< the number of its members
  std::uint64_t key;              ///< chooses the order
  std::span<Index const> unseen;  ///< the numbers of the unseen members in the class, ascending

  /// The place of the member that the walk visits at `step` < n.
  [[nodiscard]] std::uint64_t member(std::uint64_t step) const noexcept {
    if (step < unseen.size()) return begin + unseen[static_cast<std::size_t>(order_of_unseen()(step))];
    std::uint64_t const number = order_of_seen()(step - unseen.size());  // among the seen members
    std::size_t low = 0, high = unseen.size();                           // low: unseen members before it
    while (low < high) {
      std::size_t const middle = low + (high - low) / 2;
      if (unseen[middle] - middle <= number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return begin + number + low;
  }

  /// The step at which the walk visits the member at `place`: the inverse of member().
  [[nodiscard]] std::uint64_t step_of(std::uint64_t place) const noexcept {
    std::uint64_t const number = place - begin;
    std::size_t low = 0, high = unseen.size();  // low: unseen members before it
    while (low < high) {
      std::size_t const middle = low + (high - low) / 2;
      if (unseen[middle] < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low < unseen.size() && unseen[low] == number) return order_of_unseen().place_of(low);
    return unseen.size() + order_of_seen().place_of(number - low);
  }

 private:
  [[nodiscard]] permutation order_of_unseen() const noexcept { return {unseen.size(), ~key}; }
  [[nodiscard]] permutation order_of_seen() const noexcept { return {n - unseen.size(), mix64(~key)}; }
};

/// Marks the samples that a walk has visited after some steps. For a resumed walk, it also marks those seen before it.
template <class Walk, class Members>
void mark_visited(Walk const& walk, std::uint64_t steps, Members const& members, seen_samples& seen) {
  for (std::uint64_t step = 0; step < steps; ++step) seen[members.sample(walk.member(step))] = true;
  if (walk.resumed == nullptr) return;
  for (std::uint64_t step = walk.resumed->unseen.size(); step < walk.resumed->n; ++step) {
    seen[members.sample(walk.member(step))] = true;
  }
}

/// The first walks of amended classes.
///
/// Cost       one Index per unseen member of a class that also has seen ones
template <std::unsigned_integral Index>
class resumed_walks {
 public:
  /// No class was amended.
  resumed_walks() = default;
  /// The classes whose walks are classes[c].walked. The sample at a place is members.sample(place).
  template <class Members, class Classes>
  resumed_walks(Members const& members, Classes const& classes, seen_samples const& seen) {
    std::vector<std::size_t> ends;
    for (auto const& c : classes) {
      std::size_t const first = unseen_.size();
      for (std::uint64_t j = 0; j < c.walked.n; ++j) {
        auto const sample = static_cast<std::size_t>(members.sample(c.walked.begin + j));
        if (sample >= seen.size() || !seen[sample]) unseen_.push_back(static_cast<Index>(j));
      }
      if (unseen_.size() - first == c.walked.n) unseen_.resize(first);  // all are unseen: an ordinary walk will do
      ends.push_back(unseen_.size());
    }
    std::size_t first = 0;
    for (auto const& c : classes) {
      std::size_t const end = ends[walks_.size()];
      walks_.push_back({c.walked.begin, c.walked.n, c.walked.key, std::span(unseen_).subspan(first, end - first)});
      first = end;
    }
  }

  resumed_walks(resumed_walks const&) = delete;
  resumed_walks(resumed_walks&&) noexcept = default;
  resumed_walks& operator=(resumed_walks const&) = delete;
  resumed_walks& operator=(resumed_walks&&) noexcept = default;
  ~resumed_walks() = default;

  /// Whether no class was amended.
  [[nodiscard]] bool empty() const noexcept { return walks_.empty(); }
  /// The first walk of the c-th class; null if all or none of its members were seen.
  [[nodiscard]] resumed_walk<Index> const* operator[](std::size_t c) const noexcept {
    return walks_.empty() || walks_[c].unseen.empty() ? nullptr : &walks_[c];
  }

 private:
  std::vector<Index> unseen_;
  huge_page_vector<resumed_walk<Index>> walks_;  // by class; parts of unseen_
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
