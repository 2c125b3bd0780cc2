// Draws with replacement whose weight depends on the class only: pick a class, then one of its members.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/core/alias_table.hpp>
#include <evendraw/core/blocks.hpp>
#include <evendraw/core/class_index.hpp>
#include <evendraw/core/counter_random.hpp>
#include <evendraw/core/draws.hpp>
#include <evendraw/core/fingerprint.hpp>

namespace evendraw {

/// Classes with their probabilities, and the members of each: what all epochs of a class-driven sampler share.
///
/// Cost       O(K) beside the members, which are shared with the class_index
template <std::unsigned_integral Index>
class class_table {
 public:
  /// Class c is drawn in proportion to weights[c]; a weight of 0 leaves it out. Weights of classes without samples
  /// must be 0.
  class_table(std::shared_ptr<class_members<Index> const> members, std::span<double const> weights)
      : members_(std::move(members)) {
    std::vector<double> drawn;
    for (std::size_t c = 0; c < weights.size(); ++c) {
      if (weights[c] == 0) continue;
      drawn.push_back(weights[c]);
      classes_.push_back(members_->classes[c]);
    }
    bool const equal = std::ranges::all_of(drawn, [&](double weight) { return weight == drawn.front(); });
    if (!equal) table_.emplace(drawn);
  }

  using place = typename class_members<Index>::place;

  /// Where the members of the drawn classes are.
  [[nodiscard]] std::span<place const> classes() const noexcept { return classes_; }
  [[nodiscard]] class_members<Index> const& members() const noexcept { return *members_; }
  /// How a class is picked; nothing if all classes are equally likely.
  [[nodiscard]] std::optional<alias_table> const& picker() const noexcept { return table_; }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("class_table");
    for (auto const& [begin, count] : classes_) hash.add(begin).add(count);
    return hash.add(table_ ? table_->fingerprint() : 0).add(members_->fingerprint()).value();
  }

 private:
  std::shared_ptr<class_members<Index> const> members_;
  std::vector<place> classes_;
  std::optional<alias_table> table_;
};

/// One epoch of class-driven draws. Equal classes: one word a draw, its high part the class, the rest the member.
/// Other shares: a word for the class, another for the member.
template <std::unsigned_integral Index>
class class_draws {
 public:
  using index_type = Index;

  class_draws(std::shared_ptr<class_table<Index> const> table, std::uint64_t seed, std::uint64_t epoch) noexcept
      : table_(std::move(table)),
        class_key_(stream_key(seed, epoch, stream::draw)),
        member_key_(stream_key(seed, epoch, stream::member)) {}

  void read(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
    auto const classes = table_->classes();
    auto const& picker = table_->picker();
    detail::for_each_block(out, [&](std::uint64_t done, std::span<Index> part) {
      std::array<std::uint64_t, detail::block_size> places;  // all places first, then all reads: they overlap
      std::uint64_t position = first + done * stride;
      for (std::size_t i = 0; i < part.size(); ++i, position += stride) {
        std::uint64_t which, rest;
        if (picker) {
          which = picker->at(word(class_key_, position));
          rest = word(member_key_, position);
        } else {
          auto const product = multiply(word(class_key_, position), classes.size());
          which = product.high;
          rest = product.low;
        }
        auto const [begin, count] = classes[static_cast<std::size_t>(which)];
        places[i] = begin + bounded(rest, count);
      }
      table_->members().read(std::span(places).first(part.size()), part);
    });
  }

 private:
  std::shared_ptr<class_table<Index> const> table_;
  std::uint64_t class_key_;
  std::uint64_t member_key_;
};

}  // namespace evendraw
