// Classes that give the same number of draws in every period: in every epoch, or in every round of batches.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/coverage_cycle.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/resumed_walk.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The classes of a sampler with their walks. In each period, which is an epoch or a round, a class draws a window of a
/// walk.
///
/// Amended classes begin with a shorter cycle, which has enough periods for their unseen members. Ordinary walks
/// follow.
template <std::unsigned_integral Index>
class windowed_classes {
 public:
  struct drawn_class {
    walked_class walked;
    rolling_window<> window;
    std::uint64_t draws;  // in a period
  };

  void add(walked_class const& walked, std::uint64_t draws) {
    classes_.push_back({walked, {walked.n, draws}, draws});
    runs_.add(walked);
  }

  /// Makes the classes begin with their unseen members. Needs that all classes have been added.
  void resume(class_members<Index> const& members, seen_samples const& seen) { resumed_ = {members, classes_, seen}; }

  [[nodiscard]] std::size_t size() const noexcept { return classes_.size(); }
  [[nodiscard]] drawn_class const& operator[](std::size_t c) const noexcept { return classes_[c]; }
  /// Whether some classes may begin with their unseen members.
  [[nodiscard]] bool resumed() const noexcept { return !resumed_.empty(); }

  /// The walk of a class in a period, and the step of it at which the window of the period starts.
  struct current_walk {
    class_walk walk;
    std::uint64_t start;
    resumed_walk<Index> const* resumed;  // if not null, used instead of `walk`

    [[nodiscard]] std::uint64_t member(std::uint64_t step) const noexcept {
      return resumed != nullptr ? resumed->member(step) : walk.member(step);
    }
    [[nodiscard]] std::uint64_t step_of(std::uint64_t place) const noexcept {
      return resumed != nullptr ? resumed->step_of(place) : walk.step_of(place);
    }
  };
  [[nodiscard]] current_walk walk_at(std::size_t c, std::uint64_t period) const noexcept {
    auto const& [walked, window, draws] = classes_[c];
    std::uint64_t const before = first_cycle(c);
    if (period < before) return {{}, period * window.step(), resumed_[c]};
    auto const [cycle, start] = window.start_of(period - before);
    return {walked.walk(cycle), start, nullptr};
  }

  /// Calls f(c) for the class that holds a place, if there is one.
  template <class F>
  void for_each_with(std::uint64_t place, F f) const {
    runs_.for_each_with(classes_, place, f);
  }

  /// Calls f(period, ordinal) for each of the periods first, ..., end - 1 in which class c draws the member at a place.
  /// `ordinal` is the first of its draws in the period. Each walk is inverted once for all periods of its cycle.
  template <class F>
  void for_each_period_with(std::size_t c, std::uint64_t place, std::uint64_t first, std::uint64_t end, F f) const {
    auto const& [walked, window, draws] = classes_[c];
    std::uint64_t const before = first_cycle(c), step = window.step();
    for (std::uint64_t period = first; period < end;) {
      std::uint64_t const in_walks = period - std::min(period, before);
      std::uint64_t const begin = period < before ? 0 : period - in_walks % window.cycle_length();
      std::uint64_t const length = period < before ? before : window.cycle_length();
      std::uint64_t const last = std::min(end, begin + length), visited = walk_at(c, begin).step_of(place);
      auto const visit = [&](std::uint64_t in_cycle, std::uint64_t ordinal) {
        if (begin + in_cycle >= period && begin + in_cycle < last) f(begin + in_cycle, ordinal);
      };
      if (draws >= walked.n) {
        for (std::uint64_t k = period - begin; k < last - begin; ++k) visit(k, window.ordinal(k * step, visited));
      } else {
        visit(visited / step, visited % step);
        std::uint64_t const last_start = (length - 1) * step;  // where the last window starts, which is filled up
        if (visited + walked.n < last_start + step) visit(length - 1, visited + walked.n - last_start);
      }
      period = last;
    }
  }

  /// Marks the samples that the walk of class c has visited before a period. If the class gives more draws than it has
  /// members, it marks those that have had more draws than others.
  void mark_visited(std::size_t c, std::uint64_t period, class_members<Index> const& members,
                    seen_samples& seen) const {
    auto const& [walked, window, draws] = classes_[c];
    for (std::uint64_t j = 0; draws > walked.n && j < walked.n; ++j) seen[members.sample(walked.begin + j)] = false;
    auto const current = walk_at(c, period);
    detail::mark_visited(current, current.start, members, seen);
  }

  /// The number of periods, from the first one on, until every member of class c has been drawn.
  [[nodiscard]] std::uint64_t periods_to_cover(std::size_t c) const noexcept {
    auto const& [walked, window, draws] = classes_[c];
    return draws >= walked.n ? 1 : first_cycle(c) + rolling_window<>::epochs_to_cover(walked.n, draws);
  }

 private:
  /// The number of periods until the unseen members of an amended class have been drawn; 0 for other classes.
  [[nodiscard]] std::uint64_t first_cycle(std::size_t c) const noexcept {
    if (resumed_[c] == nullptr) return 0;
    std::uint64_t const step = classes_[c].window.step();  // 0: every period draws every member
    return step == 0 ? 1 : (resumed_[c]->unseen.size() - 1) / step + 1;
  }

  huge_page_vector<drawn_class> classes_;
  ascending_runs runs_;  // of the classes
  resumed_walks<Index> resumed_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
