// Draws with replacement by weights that depend on the class only. A draw picks a class, then one of its members.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/kernels/words.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/weights/alias_table.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

namespace evendraw::detail {

/// The classes with their probabilities and members, which all epochs of a class-driven sampler share.
///
/// Cost       O(K) besides the members, which are shared with the class_index
template <std::unsigned_integral Index>
class class_table {
 public:
  /// Makes all classes that have samples equally likely.
  explicit class_table(detail::shared<class_members<Index> const> members) : members_(std::move(members)) {
    for (auto const& c : members_->classes) {
      if (c.count > 0) classes_.push_back(c);
    }
    double const share = 1 / static_cast<double>(classes_.size());
    for (auto const& c : members_->classes) shares_.push_back(c.count > 0 ? share : 0);
  }

  /// Makes class c likely in proportion to weights[c]. A weight of 0 leaves the class out. The weights of classes
  /// without samples must be 0.
  class_table(detail::shared<class_members<Index> const> members, std::span<double const> weights)
      : members_(std::move(members)), shares_(detail::as_shares({weights.begin(), weights.end()})) {
    std::vector<double> drawn;
    bool equal = true;
    for (std::size_t c = 0; c < weights.size(); ++c) {
      if (weights[c] == 0) continue;
      equal = equal && (drawn.empty() || weights[c] == drawn.front());
      drawn.push_back(weights[c]);
      classes_.push_back(members_->classes[c]);
    }
    if (!equal) table_ = alias_table(drawn);  // emplace() would make every program compile more
  }

  using place = typename class_members<Index>::place;

  /// Where the members of the drawn classes are.
  [[nodiscard]] detail::huge_page_vector<place> const& classes() const noexcept { return classes_; }
  /// The samples of the classes.
  [[nodiscard]] class_members<Index> const& members() const noexcept { return *members_; }
  /// Each class's share of the draws, by class number. The shares sum to 1.
  [[nodiscard]] std::vector<double> const& shares() const noexcept { return shares_; }
  /// The table that picks a class; empty if all classes are equally likely.
  [[nodiscard]] std::optional<alias_table> const& picker() const noexcept { return table_; }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("class_table");
    for (auto const& [begin, count] : classes_) hash.add(begin).add(count);
    return hash.add(table_ ? table_->fingerprint() : 0).add(members_->fingerprint()).value();
  }

 private:
  detail::shared<class_members<Index> const> members_;
  std::vector<double> shares_;
  detail::huge_page_vector<place> classes_;
  std::optional<alias_table> table_;
};

/// One epoch of class-driven draws. If classes are equally likely, a draw takes one word: its high part picks the
/// class, and the remainder picks the member. Otherwise one word picks the class, and another picks the member.
template <std::unsigned_integral Index>
class class_draws {
 public:
  using index_type = Index;

  class_draws(detail::shared<class_table<Index> const> table, std::uint64_t seed, std::uint64_t epoch) noexcept
      : table_(std::move(table)),
        class_key_(stream_key(seed, epoch, random_stream::draw)),
        member_key_(stream_key(seed, epoch, random_stream::member)) {}

  [[nodiscard]] Index at(std::uint64_t position) const noexcept {
    auto const& classes = table_->classes();
    uint128 picked = multiply(random_word(class_key_, position), classes.size());
    if (auto const& picker = table_->picker()) {
      picked = {picker->at(random_word(class_key_, position)), random_word(member_key_, position)};
    }
    auto const [begin, count] = classes[static_cast<std::size_t>(picked.high)];
    return table_->members().sample(begin + bounded(picked.low, count));
  }

  using place_type = place_for<Index>;
  using places = detail::block_of<place_type>;
  /// Does each step for the whole block before the next one: words, classes, places.
  void find_places(std::uint64_t first, std::uint64_t stride, std::size_t count, places& found,
                   prefetcher& meanwhile) const noexcept {
    meanwhile.rest();
    auto const& classes = table_->classes();
    detail::block_of<std::uint64_t> words;
    detail::block_of<std::uint32_t> picked;
    detail::make_words(class_key_, first, stride, count, words);
    if (auto const& picker = table_->picker()) {
      picker->at(words, std::span(picked).first(count));
      detail::make_words(member_key_, first, stride, count, words);
    } else {
      detail::split_words(classes.size(), count, words, picked);
    }
    places counts;
    for (std::size_t i = 0; i < count; ++i) {
      found[i] = static_cast<place_type>(classes[picked[i]].begin);
      counts[i] = static_cast<place_type>(classes[picked[i]].count);
    }
    for (std::size_t i = count; i % detail::group_size != 0; ++i) counts[i] = found[i] = 0;
    detail::add_bounded(words, counts, count, found);
  }
  [[nodiscard]] class_members<Index> const& table() const noexcept { return table_->members(); }

 private:
  detail::shared<class_table<Index> const> table_;
  std::uint64_t class_key_;
  std::uint64_t member_key_;
};

}  // namespace evendraw::detail
