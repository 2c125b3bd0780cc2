// Text that fits into a terminal: UTF-8 that is cut between characters, numbers, percentages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shared {

inline constexpr std::size_t line_width = 80;

/// Whether bars and ellipses may use Unicode.
enum class charset { ascii, utf8 };

/// utf8 if LC_ALL, LC_CTYPE or LANG (the first that is set) says so.
charset charset_of_environment();

/// Without what would upset a terminal: control characters and bytes that are not UTF-8 become '?'.
std::string printable(std::string_view text);

/// Terminal columns that UTF-8 text takes; East Asian characters and emoji take two, combining marks none.
std::size_t columns(std::string_view text);

/// The longest beginning of the text that takes at most `width` columns.
std::string_view beginning(std::string_view text, std::size_t width);

/// The text, or its beginning and an ellipsis, in at most `width` columns. Characters are never split.
std::string cut(std::string_view text, std::size_t width, charset set);
/// The same for names: what is left out is in the middle, since names often differ at the end.
std::string cut_name(std::string_view name, std::size_t width, charset set);

/// The text with spaces up to `width` columns, behind it or before it.
std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

/// The text broken between words into lines of at most 80 columns; words that are longer are cut.
std::string wrap(std::string_view text, charset set);

/// 12345678 as "12,345,678".
std::string with_commas(std::uint64_t number);
/// The same up to 9,999,999; "12.3 M", "4.6 G" beyond.
std::string compact(std::uint64_t number);
/// 1, "batch", "batches": "1 batch"; 2: "2 batches".
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

/// 0.25 as "25.0 %". Exactly 0 and 1 are "0 %" and "100 %", and nothing else is.
std::string percent(double share);
std::string percent(std::uint64_t part, std::uint64_t whole);

}  // namespace shared
