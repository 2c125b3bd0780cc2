// Formats plans, balances and scores with fmt: fmt::print("{:60}\n", evendraw::balance_table(classes, plan, balance)).
// This is the only header that needs fmt, version 9 or newer. evendraw.hpp does not include it.
//
// Specs: {} gives lines of at most 80 columns, {:60} gives lines of at most 60, and {:{}} takes the width from the next
// argument. {:a}, {:a60} and {:a{}} write bars and ellipses in ASCII, for terminals that do not show UTF-8. Names are
// not changed. The text does not end with a line break.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <evendraw/classes/labels.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/inspect/detail/terminal_table.hpp>
#include <evendraw/inspect/detail/terminal_text.hpp>
#include <evendraw/inspect/text.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

inline constexpr std::size_t widest_page = 10'000;

/// Reads the specs described at the top of this file.
class table_formatter {
 public:
  template <class ParseContext>
  constexpr auto parse(ParseContext& context) {
    auto next = context.begin();
    auto const end = context.end();
    if (next != end && *next == 'a') {
      page_.set = detail::terminal::charset::ascii;
      ++next;
    }
    if (next != end && *next == '{') {
      width_argument_ = context.next_arg_id();
      if (++next == end || *next++ != '}') throw fmt::format_error("evendraw: a width is {} or a number");
    } else if (next != end && *next != '}') {
      page_.width = 0;
      for (; next != end && '0' <= *next && *next <= '9'; ++next) {
        page_.width = std::min(page_.width * 10 + static_cast<std::size_t>(*next - '0'), widest_page);
      }
      if (page_.width == 0) throw fmt::format_error("evendraw: a width is a whole number above 0");
    }
    if (next != end && *next != '}') throw fmt::format_error("evendraw: a spec is 'a', a width, or 'a' and a width");
    return next;
  }

  template <class T, class Context>
  auto format(T const& value, Context& context) const {
    detail::terminal::page page = page_;
    if (width_argument_ >= 0) page.width = width_of(context.arg(width_argument_));
    std::string const lines = printed(value, page);
    return std::copy(lines.begin(), lines.end() - 1, context.out());  // the last character is a line break
  }

 private:
  template <class Argument>
  static std::size_t width_of(Argument const& argument) {
    auto const width = [](auto value) -> std::size_t {
      if constexpr (whole_number<decltype(value)>) {
        if (value > 0) return std::cmp_less(value, widest_page) ? static_cast<std::size_t>(value) : widest_page;
      }
      throw fmt::format_error("evendraw: a width is a whole number above 0");
    };
#if FMT_VERSION >= 110000
    return argument.visit(width);
#else
    return fmt::visit_format_arg(width, argument);
#endif
  }

  detail::terminal::page page_;
  int width_argument_ = -1;
};

}  // namespace evendraw::detail

template <>
struct fmt::formatter<evendraw::balance_table> : evendraw::detail::table_formatter {};
template <>
struct fmt::formatter<evendraw::run_plan> : evendraw::detail::table_formatter {};
template <std::unsigned_integral Index>
struct fmt::formatter<evendraw::batch_balance<Index>> : evendraw::detail::table_formatter {};
template <>
struct fmt::formatter<evendraw::class_balance> : evendraw::detail::table_formatter {};
template <std::unsigned_integral Index>
struct fmt::formatter<evendraw::draw_counts<Index>> : evendraw::detail::table_formatter {};
template <>
struct fmt::formatter<evendraw::coverage_time> : evendraw::detail::table_formatter {};
template <class Label>
struct fmt::formatter<evendraw::confusion_matrix<Label>> : evendraw::detail::table_formatter {};
template <>
struct fmt::formatter<evendraw::class_scores> : evendraw::detail::table_formatter {};

/// Writes a checkpoint as the text that checkpoint::from_string reads.
template <>
struct fmt::formatter<evendraw::checkpoint> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(evendraw::checkpoint const& value, Context& context) const {
    return fmt::formatter<std::string_view>::format(value.to_string(), context);
  }
};

#include <evendraw/detail/macros_on.hpp>
