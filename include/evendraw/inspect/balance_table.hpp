// The classes of a run as a table: the plan and the draws.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/inspect/detail/class_texts.hpp>
#include <evendraw/inspect/detail/terminal_table.hpp>
#include <evendraw/inspect/detail/terminal_text.hpp>
#include <evendraw/inspect/run_plan.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// A bar for a share. A share of `full` fills ten columns.
inline std::string share_bar(double share, double full, terminal::charset set) {
  auto const parts = [](double value) { return static_cast<std::uint64_t>(value * 1e9); };
  return terminal::bar(parts(share), parts(full), 10, set);
}

/// One side of a balance_table: the numbers of a plan or of a balance.
struct table_side {
  std::string name;
  std::vector<std::string> class_names = {};
  bool names_given = false;  // whether the caller gave names, which are used instead of labels
  std::vector<std::uint64_t> sizes = {};
  std::vector<double> shares = {};
  std::vector<std::vector<std::string>> cells = {};
  std::vector<std::string> notes = {};
  std::vector<std::vector<std::string>> first_batches = {};  // for each class its expected share, and its draws in each
};

inline table_side side_of(run_plan const& plan) {
  using terminal::percent, terminal::rounded, terminal::with_commas;
  table_side result{.name = "planned", .class_names = plan.class_names};
  for (run_plan::class_plan const& expected : plan.classes) {
    result.sizes.push_back(expected.class_size);
    result.shares.push_back(expected.share);
    result.cells.push_back({percent(expected.share), rounded(expected.unique_samples),
                            percent(expected.batches_without), rounded(expected.draws_per_batch),
                            rounded(expected.draws), rounded(expected.repeats)});
  }
  if (plan.feasible()) {
    result.notes.push_back(
        joined("planned: ", terminal::counted(plan.epoch_size, "draw", "draws"), " an epoch; ",
               rounded(plan.unseen_samples), " samples stay unseen; epochs to see all: ", rounded(plan.epochs_to_cover),
               " on average, ", rounded(plan.epochs_to_cover_at_most), " with the requested confidence"));
  }
  for (finding const& each : plan.findings) result.notes.push_back(terminal::printable(joined("! ", each.text)));
  return result;
}

template <std::unsigned_integral Index>
table_side side_of(batch_balance<Index> const& drawn) {
  using terminal::percent, terminal::with_commas;
  table_side result{.name = "drawn", .class_names = drawn.names(), .names_given = drawn.names_given()};
  for (std::uint64_t c = 0; c < drawn.num_classes(); ++c) {
    class_balance const balance = drawn.of_class(c);
    result.sizes.push_back(balance.class_size);
    result.shares.push_back(balance.share);
    result.cells.push_back({percent(balance.share), with_commas(balance.unique_samples),
                            percent(balance.batches_without, drawn.num_full_batches()),
                            joined(with_commas(balance.min_per_batch), "-", with_commas(balance.max_per_batch)),
                            with_commas(balance.draws), with_commas(balance.draws - balance.unique_samples)});
    if (drawn.first_batches().empty()) continue;
    auto& row = result.first_batches.emplace_back();
    row.push_back(percent(balance.expected_share));
    for (auto const& batch : drawn.first_batches()) row.push_back(with_commas(batch[static_cast<std::size_t>(c)]));
  }
  std::uint64_t const shorter = drawn.num_batches() - drawn.num_full_batches();
  result.notes.push_back(
      joined("drawn: ", terminal::counted(drawn.num_batches(), "batch", "batches"), " of ",
             with_commas(drawn.batch_size()), shorter == 0 ? "" : joined(" (", with_commas(shorter), " shorter)"), ", ",
             terminal::counted(drawn.num_draws(), "draw", "draws"), "; ", percent(drawn.total_variation()), " off the ",
             drawn.shares_given() ? "expected shares" : "shares of the data"));
  return result;
}

}  // namespace detail

/// The classes of a run as a table, the largest first. It shows the plan of each class, its draws, or both
/// side by side.
///
///   classes  class_index, from which the table takes the names of the classes; may be left out with a single part
///   parts    a run_plan, a batch_balance, or both
///
/// The names of classes are the .names of a batch_balance if it has some, and otherwise the labels.
///
/// The columns are the samples of the class, its share of the draws, the samples that were drawn at least once, the
/// batches without the class, its draws in a full batch, its draws, and its repeats (draws of a sample that had been
/// drawn before). If the batch_balance keeps first batches, a second table has the expected share of each class and its
/// draws in these batches, in the same order. If a line has no room for all columns, the last ones are left out. If
/// there are more than 20 classes, only the ten largest and the ten smallest are shown.
///
/// Needs      the same class sizes in all arguments -> else std::invalid_argument
/// Cost       O(K log K) time, and O(1) for each byte of the names; O(K) memory; the table keeps no reference to the
///            arguments
class balance_table {
 public:
  template <class Label, std::unsigned_integral Index, class... Parts>
  requires(sizeof...(Parts) > 0) explicit balance_table(class_index<Label, Index> const& classes, Parts const&... parts)
      : names_(detail::names_of(classes.labels())),
        sizes_(classes.counts().begin(), classes.counts().end()),
        sides_{detail::side_of(parts)...} {
    for (auto const& side : sides_) {
      check(side);
      if (side.names_given) names_ = side.class_names;
    }
    make_printable();
  }

  template <class Part>
  requires requires(Part const& part) { detail::side_of(part); }
  explicit balance_table(Part const& part) : sides_{detail::side_of(part)} {
    sizes_ = sides_[0].sizes;
    names_ = sides_[0].class_names;
    for (std::size_t c = names_.size(); c < sizes_.size(); ++c) names_.push_back(detail::text(c));
    make_printable();
  }

  /// Writes the table as wide as the page.
  [[nodiscard]] std::string print(detail::terminal::page const& page) const {
    detail::terminal::table rows = heading();
    detail::terminal::add_rows(rows, detail::by_size(sizes_), [&](std::size_t c) { return row(c, page.set); });
    rows.fit(page.width, sides_.size());
    std::string result = page.print(rows);
    for (auto const& side : sides_) {
      for (auto const& note : side.notes) result += page.wrap(note);
    }
    for (auto const& side : sides_) {
      if (!side.first_batches.empty()) result += first_batches(side.first_batches, page);
    }
    return result;
  }

 private:
  void make_printable() {
    for (std::string& name : names_) name = detail::terminal::printable(name);
  }

  [[nodiscard]] std::string first_batches(std::vector<std::vector<std::string>> const& cells,
                                          detail::terminal::page const& page) const {
    std::vector<std::string> names{"class", "expected"};
    std::size_t const batches = cells.front().size() - 1;
    for (std::size_t b = 0; b < batches; ++b) names.push_back(detail::text(b));
    detail::terminal::table rows(names);
    detail::terminal::add_rows(rows, detail::by_size(sizes_), [&](std::size_t c) {
      std::vector<std::string> result{names_[c]};
      result.insert(result.end(), cells[c].begin(), cells[c].end());
      return result;
    });
    rows.fit(page.width);
    return "\n" + page.wrap("draws in the first batches, by the number of the batch:") + page.print(rows);
  }

  void check(detail::table_side const& side) const {
    if (side.sizes == sizes_) return;
    detail::invalid("balance_table", "what was ", side.name, " has other class sizes than the class_index; ",
                    "make both from the same labels");
  }

  [[nodiscard]] detail::terminal::table heading() const {
    std::vector<std::string> names{"class", "samples"}, sides{"", ""};
    for (char const* name : {"share", "unique", "without", "a batch", "draws", "repeats"}) {
      for (auto const& side : sides_) {
        names.emplace_back(name);
        sides.push_back(side.name);
      }
    }
    if (sides_.size() == 1) {
      names.emplace_back();
      return detail::terminal::table(names, detail::terminal::last_column::bars);
    }
    detail::terminal::table result(sides);
    result.add(names);
    return result;
  }

  [[nodiscard]] std::vector<std::string> row(std::size_t c, detail::terminal::charset set) const {
    std::vector<std::string> result{names_[c], detail::terminal::with_commas(sizes_[c])};
    for (std::size_t i = 0; i < sides_[0].cells[c].size(); ++i) {
      for (auto const& side : sides_) result.push_back(side.cells[c][i]);
    }
    if (sides_.size() == 1) {
      auto const& shares = sides_[0].shares;
      result.push_back(detail::share_bar(shares[c], *std::ranges::max_element(shares), set));
    }
    return result;
  }

  std::vector<std::string> names_;
  std::vector<std::uint64_t> sizes_;
  std::vector<detail::table_side> sides_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
