// Random rounding of a table that keeps the sums of its rows and columns.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/random/counter_random.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// A cell of a table. Only its fraction is rounded, which is remainder / whole.
struct table_cell {
  std::size_t row;
  std::size_t column;
  std::uint64_t remainder;  ///< between 0 and whole when the cell is added; in the end 0 (down) or whole (up)
  std::size_t number = 0;   ///< identifies the cell to the caller
};

/// Rounds the cells of a table down or up, at random. The probability that a cell is rounded up equals its fraction.
/// The sums of all rows and columns do not change.
///
/// A cycle is a closed path of cells whose steps alternate between a row and a column. Cells are kept open as long as
/// they form no cycle. When a new cell closes a cycle, every second cell of the cycle grows by some amount, and the
/// others shrink by it. This keeps all sums. The amount is the smallest that makes a cell whole, and that cell is then
/// rounded. A random choice decides which half grows. Its probability is such that the expectation of every cell stays
/// the same.
///
/// Example: a table with the rows 0.3 0.7 and 0.7 0.3. The first three cells are kept open, and the last one closes a
/// cycle. Either the cells 0.3 grow by 0.7, which gives 1 0 and 0 1, or they shrink by 0.3, which gives 0 1 and 1 0.
/// The first happens with probability 0.3 / (0.3 + 0.7) = 0.3, so each cell is still 0.3 or 0.7 on average.
///
/// Needs      sums of rows and columns that are whole once all cells are added
/// Cost       O(rows + columns) memory, and at most as many steps for each cell
/// Source     controlled rounding: Cox, JASA 82, 1987; Gandhi et al., JACM 53, 2006
class controlled_rounding {
 public:
  controlled_rounding(std::size_t rows, std::size_t columns, std::uint64_t whole, std::uint64_t key)
      : rows_(rows), whole_(whole), key_(key), first_(rows + columns, none), came_by_(rows + columns, none) {}

  /// Adds a cell. Calls `rounded(cell)` for every cell that becomes whole by this.
  template <class Rounded>
  void add(table_cell cell, Rounded rounded) {
    if (find_path(cell)) {
      shift(cell);
      for (std::size_t const e : path_) {
        if (is_open(edges_[e].cell)) continue;
        unlink(e);
        rounded(edges_[e].cell);
      }
    }
    is_open(cell) ? link(cell) : rounded(cell);
  }

  /// The number of cells that are not rounded yet.
  [[nodiscard]] std::size_t open() const noexcept { return edges_.size() - free_.size(); }

 private:
  static constexpr auto none = ~std::size_t{0};

  /// A cell is an edge between the node of its row and the node of its column. The cells of a node form a list.
  struct edge {
    table_cell cell;
    std::size_t next_of_row;
    std::size_t next_of_column;
  };

  [[nodiscard]] bool is_open(table_cell const& cell) const noexcept {
    return cell.remainder > 0 && cell.remainder < whole_;
  }
  [[nodiscard]] std::size_t column_node(table_cell const& cell) const noexcept { return rows_ + cell.column; }
  [[nodiscard]] std::size_t& next(std::size_t e, std::size_t node) noexcept {
    return node < rows_ ? edges_[e].next_of_row : edges_[e].next_of_column;
  }

  void link(table_cell const& cell) {
    if (free_.empty()) {
      free_.push_back(edges_.size());
      edges_.push_back({});
    }
    std::size_t const e = free_.back();
    free_.pop_back();
    edges_[e] = {cell, first_[cell.row], first_[column_node(cell)]};
    first_[cell.row] = first_[column_node(cell)] = e;
  }

  void unlink(std::size_t e) {
    for (std::size_t const node : {edges_[e].cell.row, column_node(edges_[e].cell)}) {
      std::size_t* reference = &first_[node];
      while (*reference != e) reference = &next(*reference, node);
      *reference = next(e, node);
    }
    free_.push_back(e);
  }

  /// Finds the open cells that form a cycle with a new cell, in order, beginning in its row. Returns false if there is
  /// no cycle.
  bool find_path(table_cell const& cell) {
    path_.clear();
    std::size_t const goal = column_node(cell);
    if (first_[cell.row] == none || first_[goal] == none) return false;
    reached_.assign(1, goal);
    for (std::size_t i = 0; i < reached_.size() && came_by_[cell.row] == none; ++i) {
      std::size_t const node = reached_[i];
      for (std::size_t e = first_[node]; e != none; e = next(e, node)) {
        std::size_t const other = node < rows_ ? column_node(edges_[e].cell) : edges_[e].cell.row;
        if (e == came_by_[node]) continue;  // open cells form no cycle, so this is the only way back
        came_by_[other] = e;
        reached_.push_back(other);
      }
    }
    bool const found = came_by_[cell.row] != none;
    for (std::size_t node = cell.row; found && node != goal;) {
      std::size_t const e = came_by_[node];
      path_.push_back(e);
      node = node < rows_ ? column_node(edges_[e].cell) : edges_[e].cell.row;
    }
    for (std::size_t const node : reached_) came_by_[node] = none;
    return found;
  }

  /// Moves the cells of a cycle. The new cell and every second one of the others move one way, the remaining ones the
  /// other way.
  void shift(table_cell& cell) {
    std::uint64_t up = whole_ - cell.remainder, down = cell.remainder;
    for (std::size_t i = 0; i < path_.size(); ++i) {
      std::uint64_t const remainder = edges_[path_[i]].cell.remainder;
      bool const same_way = i % 2 == 1;
      up = std::min(up, same_way ? whole_ - remainder : remainder);
      down = std::min(down, same_way ? remainder : whole_ - remainder);
    }
    bool const goes_up = bounded(random_word(key_, words_++), up + down) < down;
    std::uint64_t const change = goes_up ? up : 0 - down;  // modulo 2^64
    cell.remainder += change;
    for (std::size_t i = 0; i < path_.size(); ++i) edges_[path_[i]].cell.remainder += i % 2 == 1 ? change : 0 - change;
  }

  std::size_t rows_;
  std::uint64_t whole_;
  std::uint64_t key_;
  std::uint64_t words_ = 0;
  huge_page_vector<edge> edges_;
  std::vector<std::size_t> free_;     // unused edges
  std::vector<std::size_t> first_;    // the first cell of each node's list
  std::vector<std::size_t> came_by_;  // while searching: the cell by which a node was reached
  std::vector<std::size_t> reached_;
  std::vector<std::size_t> path_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
