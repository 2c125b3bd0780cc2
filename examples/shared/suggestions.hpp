// "Did you mean ...?"
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text.hpp"

namespace shared {

/// The number of letters that have to be inserted, removed, changed, or swapped with the next one to get from a to b.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      bool const swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = std::exchange(last, now);
  }
  return last[b.size()];
}

/// The end of a message, ". Did you mean 'label'?", if one of the names is similar; otherwise "". Similar means that at
/// most a third of the letters differ, or that the name begins with the word. Case, '-' and '_' are ignored.
template <class Names>
std::string did_you_mean(std::string_view name, Names const& names) {
  constexpr std::size_t longest = 100;  // the time grows with the product of the lengths
  auto const plain = [](std::string_view text) {
    std::string result;
    for (char const letter : text) {
      if (letter == '-' || letter == '_') continue;
      result += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return result;
  };
  std::string const wanted = plain(name);
  std::string_view best;
  std::size_t nearest = wanted.size() / 3 + 1;
  for (std::string_view const known : names) {
    if (known.size() > longest || wanted.size() > longest) continue;
    bool const beginning = wanted.size() >= 3 && plain(known).starts_with(wanted);
    std::size_t const distance = beginning ? 1 : edit_distance(wanted, plain(known));
    if (distance >= nearest) continue;
    nearest = distance;
    best = known;
  }
  return best.empty() ? "" : fmt::format(". Did you mean '{}'?", printable(best));
}

/// "'a', 'b', 'c'", at most twenty of them.
template <class Names>
std::string listed(Names const& names) {
  constexpr std::size_t most = 20;
  std::string result;
  std::size_t count = 0;
  for (std::string_view const name : names) {
    if (++count <= most) result += fmt::format("{}'{}'", count > 1 ? ", " : "", printable(name));
  }
  return count <= most ? result : fmt::format("{}, ... ({} in all)", result, with_commas(count));
}

}  // namespace shared
