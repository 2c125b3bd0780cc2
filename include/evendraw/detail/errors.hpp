// Error messages. They name the function, what is wrong, the value and the remedy.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include <evendraw/detail/math.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The shortest digits that read back the same, written into `digits`.
inline std::string_view number_text(double value, char (&digits)[64]) noexcept {
  if (is_nan(value)) return "nan";  // of either sign
  auto const [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  return {digits, error == std::errc{} ? static_cast<std::size_t>(end - digits) : 0};
}

/// A part of a text: characters, or a number that is written out when the parts are joined. Until then it owns nothing,
/// so that a function that throws an error needs little code for it.
class text_part {
 public:
  constexpr text_part(std::string_view characters) noexcept : characters_(characters) {}
  constexpr text_part(char const* characters) noexcept : characters_(characters) {}
  text_part(std::string const& characters) noexcept : characters_(characters) {}  // which must outlive it
  explicit constexpr text_part(std::uint64_t number, bool negative = false) noexcept
      : kind_(negative ? kind::negative : kind::whole), whole_(number) {}
  explicit constexpr text_part(double number) noexcept : kind_(kind::real), real_(number) {}
  /// A number and what is counted.
  constexpr text_part(std::uint64_t number, std::string_view noun) noexcept
      : kind_(kind::whole), characters_(noun), whole_(number) {}

  /// Appends the part to a text.
  void append_to(std::string& text) const {
    char digits[64];
    text += shown_in(digits);
    if (kind_ == kind::whole && !characters_.empty()) text.append(" ").append(characters_);
  }
  operator std::string() const {  // implicit: a part is a text
    std::string result;
    append_to(result);
    return result;
  }

 private:
  [[nodiscard]] std::string_view shown_in(char (&digits)[64]) const {
    if (kind_ == kind::characters) return characters_;
    if (kind_ == kind::real) return number_text(real_, digits);
    char* const last = digits + sizeof digits;
    char* first = last;
    for (std::uint64_t left = whole_; left > 0 || first == last; left /= 10) {
      *--first = static_cast<char>('0' + left % 10);
    }
    if (kind_ == kind::negative) *--first = '-';
    return {first, static_cast<std::size_t>(last - first)};
  }

  enum class kind : unsigned char { characters, whole, negative, real };
  kind kind_ = kind::characters;
  std::string_view characters_;
  std::uint64_t whole_ = 0;
  double real_ = 0;
};

// Plain functions put texts together, because each is compiled once for all callers. A template would not be.
using text_parts = std::initializer_list<text_part>;

inline std::string join(text_parts parts) {
  std::string result;
  for (text_part const& part : parts) part.append_to(result);
  return result;
}
inline std::string message(std::string_view context, text_parts what) {
  return join({"evendraw::", context, ": ", join(what)});
}
[[noreturn]] inline void throw_invalid(std::string_view context, text_parts what) {
  throw std::invalid_argument(message(context, what));
}
[[noreturn]] inline void throw_out_of_range(std::string_view context, text_parts what) {
  throw std::out_of_range(message(context, what));
}

/// Concatenates strings and string literals.
template <class... Parts>
std::string joined(Parts const&... parts) {
  return join({parts...});
}

template <class... Parts>
[[noreturn]] void invalid(std::string_view context, Parts const&... what) {
  throw_invalid(context, {what...});
}

template <class... Parts>
[[noreturn]] void out_of_range(std::string_view context, Parts const&... what) {
  throw_out_of_range(context, {what...});
}

/// The characters of a text. Throws if it is a null pointer.
template <class T>
constexpr std::string_view characters_of(T const& value) {
  if constexpr (std::is_pointer_v<T>) {
    if (value == nullptr) throw_invalid("labels", {"a label is a null pointer; give every sample a text"});
  }
  return value;
}

/// An enumerator whose name is given by a function to_string in the namespace of its type.
template <class T>
concept named_enumerator = std::is_enum_v<T> && requires(T value) {
  { to_string(value) } -> std::convertible_to<std::string>;
};

/// A value as an error message shows it. A number becomes a text_part, with the fewest digits that read back the same.
/// A string, or the name of an enumerator, becomes a std::string in quotes.
template <class T>
auto text(T const& value) {
  if constexpr (std::same_as<T, bool>) {
    return text_part(value ? "true" : "false");
  } else if constexpr (named_enumerator<T>) {
    return joined("'", std::string(to_string(value)), "'");
  } else if constexpr (std::is_enum_v<T>) {
    return text(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::integral<T>) {
    auto const number = static_cast<std::uint64_t>(value);
    bool negative = false;
    if constexpr (std::is_signed_v<T>) negative = value < 0;
    return text_part(negative ? 0 - number : number, negative);
  } else if constexpr (std::floating_point<T>) {
    return text_part(static_cast<double>(value));
  } else {
    return joined("'", characters_of(value), "'");
  }
}

/// A number and its noun: "1 epoch" or "2 epochs".
constexpr text_part counted(std::uint64_t number, std::string_view one, std::string_view many) noexcept {
  return {number, number == 1 ? one : many};
}

/// A label as tables show it: as text(), without quotes.
template <class T>
std::string plain_text(T const& label) {
  if constexpr (std::convertible_to<T const&, std::string_view>) {
    return std::string(characters_of(label));
  } else if constexpr (named_enumerator<T>) {
    return to_string(label);
  } else {
    return text(label);
  }
}

/// A size that a user gives, the name of its parameter, and the least value that is allowed.
struct named_size {
  std::string_view name;
  std::uint64_t size;
  std::uint64_t least = 0;
};

/// Refuses negative sizes. They arrive as numbers of at least 3/4 of 2^64, which no real size reaches.
inline void refuse_negative(std::string_view context, std::initializer_list<named_size> sizes) {
  for (auto const& [name, size, least] : sizes) {
    if (size >> 62 != 3) continue;
    invalid(context, name, " is ", text(static_cast<std::int64_t>(size)), "; it must be >= ", text(least));
  }
}

/// Refuses a rank that does not exist.
inline void check_rank(std::string_view context, std::uint64_t rank, std::uint64_t world_size) {
  refuse_negative(context, {{"rank", rank}, {"world_size", world_size, 1}});
  if (rank < world_size) return;
  invalid(context, "rank is ", text(rank), " and world_size ", text(world_size), "; needs rank < world_size");
}

[[noreturn]] inline void refuse_index(std::string_view context, std::uint64_t size, int digits) {
  std::string_view const arguments = context == "class_index" ? "<Label, std::uint64_t>" : "<std::uint64_t>";
  invalid(context, text(size), " samples do not fit into ", text(digits),
          "-bit indices; use std::uint64_t as the index type: ", context, arguments, "(...)",
          context == "class_index" ? ", or sampler<std::uint64_t>(labels)" : "");
}

/// Throws unless `size` samples can be numbered by Index.
template <std::unsigned_integral Index>
void check_index_fits(std::string_view context, std::uint64_t size) {
  refuse_negative(context, {{"num_samples", size, 1}});
  if (size > std::numeric_limits<Index>::max()) refuse_index(context, size, std::numeric_limits<Index>::digits);
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
