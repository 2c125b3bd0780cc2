// How many draws each class gives to a class-balanced epoch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <evendraw/classes/per_label.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/function_ref.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/detail/water_filling.hpp>
#include <evendraw/epochs/balanced_options.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

inline constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

using class_namer = function_ref<std::string(std::size_t)>;

/// The numbers from which quotas are computed. At most one of epoch_size and per_class may differ from 0.
struct balanced_request {
  std::uint64_t epoch_size;
  std::uint64_t per_class;
  std::uint64_t max_repeats;
  evendraw::when_short when_short;
};

inline std::uint64_t number_of_positive(std::span<std::uint64_t const> numbers) noexcept {
  std::uint64_t result = 0;
  for (std::uint64_t const number : numbers) result += static_cast<std::uint64_t>(number > 0);
  return result;
}

/// The most draws that each class can give: its size times max_repeats, at most its limit.
inline std::vector<std::uint64_t> can_give(std::string_view context, std::span<std::uint64_t const> counts,
                                           std::span<std::uint64_t const> limits, std::uint64_t max_repeats) {
  std::vector<std::uint64_t> result;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    result.push_back(std::min(saturated_product(counts[c], max_repeats), limits[c]));
  }
  if (number_of_positive(result) == 0) {
    invalid(context, "the limits leave every class out; at least one class must give draws");
  }
  return result;
}

inline std::uint64_t smallest_positive(std::span<std::uint64_t const> numbers) {
  std::uint64_t smallest = std::numeric_limits<std::uint64_t>::max();
  for (std::uint64_t const number : numbers) smallest = number > 0 ? std::min(smallest, number) : smallest;
  return smallest;
}

inline void check_countable(std::string_view context, std::span<std::uint64_t const> quotas) {
  std::uint64_t left = std::numeric_limits<std::int64_t>::max();
  for (std::uint64_t const quota : quotas) {
    if (quota > left) invalid(context, "an epoch of more than 2^63 - 1 draws; ask for fewer");
    left -= quota;
  }
}

inline void check_enough(std::string_view context, std::span<std::uint64_t const> can_give, std::uint64_t epoch_size) {
  std::uint64_t const giving = number_of_positive(can_give);
  if (epoch_size < giving) {
    invalid(context, "epoch_size is ", text(epoch_size), ", but ", text(giving),
            " classes give draws, and some would never be seen; raise it, or leave classes out by limits of 0");
  }
  std::uint64_t left = epoch_size;
  for (std::uint64_t const most : can_give) left -= std::min(left, most);
  if (left > 0) {
    invalid(context, "epoch_size is ", text(epoch_size), ", but the classes can give only ",
            counted(epoch_size - left, "draw", "draws"), "; lower it, or raise max_repeats or the limits");
  }
}

inline void check_max_repeats(std::string_view context, std::uint64_t max_repeats) {
  refuse_negative(context, {{"max_repeats", max_repeats, 1}});
  if (max_repeats == 0) invalid(context, "max_repeats is 0; with 1, a sample comes at most once per epoch");
}

/// Refuses a per_class that some class with samples cannot give, unless the limit of the class is lower anyway.
inline void check_per_class(std::string_view context, std::span<std::uint64_t const> counts,
                            std::span<std::uint64_t const> limits, balanced_request const& request,
                            class_namer name_of) {
  std::size_t shortest = counts.size();
  std::uint64_t num_short = 0, repeats = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    std::uint64_t const wanted = std::min(request.per_class, limits[c]);
    if (counts[c] == 0 || saturated_product(counts[c], request.max_repeats) >= wanted) continue;
    ++num_short;
    repeats = std::max(repeats, (wanted - 1) / counts[c] + 1);
    if (shortest == counts.size() || counts[c] < counts[shortest]) shortest = c;
  }
  if (num_short == 0) return;
  std::uint64_t const size = counts[shortest];
  std::string others;
  if (num_short > 1) others = joined(", the smallest of ", text(num_short), " classes that are short,");
  invalid(context, "per_class is ", text(request.per_class), ", but class ", name_of(shortest), others, " has only ",
          text(size), size == 1 ? " sample" : " samples", " (max_repeats is ", text(request.max_repeats),
          "); set .when_short = evendraw::when_short::give_all, or set .max_repeats to ", text(repeats),
          ", or lower per_class");
}

/// The number of draws of each class, by class number; see balanced_epoch_sampler.
///
///   counts   the sizes of the classes
///   limits   the most draws of each class; no_limit for a class without one
///   name_of  class number -> the name of the class in messages
///
/// Needs      as many limits as counts; otherwise see balanced_epoch_sampler -> else std::invalid_argument
inline std::vector<std::uint64_t> balanced_quotas(std::string_view context, std::span<std::uint64_t const> counts,
                                                  std::span<std::uint64_t const> limits,
                                                  balanced_request const& request, class_namer name_of) {
  auto const [epoch_size, per_class, max_repeats, when_short] = request;
  check_max_repeats(context, max_repeats);
  refuse_negative(context, {{"epoch_size", epoch_size}, {"per_class", per_class}});
  if (epoch_size > 0 && per_class > 0) {
    invalid(context, "epoch_size is ", text(epoch_size), " and per_class ", text(per_class), "; give one of them");
  }
  if (when_short == evendraw::when_short::error) check_per_class(context, counts, limits, request, name_of);
  auto result = can_give(context, counts, limits, max_repeats);
  if (epoch_size > 0) {
    check_enough(context, result, epoch_size);
    result = fill_evenly(result, epoch_size);
  } else {
    std::uint64_t const level = per_class > 0 ? per_class : smallest_positive(result);
    for (std::uint64_t& quota : result) quota = std::min(quota, level);
  }
  check_countable(context, result);
  return result;
}

/// The number of draws of each class, if they are given one by one.
///
/// Needs      a quota for every class that has samples, at most its size times max_repeats; one quota > 0; an
///            epoch_size of 0 or the sum of the quotas; a per_class of 0 -> else std::invalid_argument
inline std::vector<std::uint64_t> given_quotas(std::string_view context, std::span<std::uint64_t const> counts,
                                               class_values<std::uint64_t> const& quotas,
                                               balanced_request const& request, class_namer name_of) {
  check_max_repeats(context, request.max_repeats);
  if (request.per_class > 0) invalid(context, "both quotas and per_class; give one of them");
  std::vector<std::uint64_t> const& result = quotas.values;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (quotas.given[c] == 0 && counts[c] > 0) {
      invalid(context, "the quotas do not name class ", name_of(c), " (", text(counts[c]),
              counts[c] == 1 ? " sample" : " samples", "); give it a quota (0 leaves it out)");
    }
    std::uint64_t const most = saturated_product(counts[c], request.max_repeats);
    if (result[c] <= most) continue;
    if (counts[c] == 0) invalid(context, "class ", name_of(c), " has no samples; give it a quota of 0");
    invalid(context, "the quota of class ", name_of(c), " is ", text(result[c]), ", but its ",
            counted(counts[c], "sample", "samples"), " can give only ", counted(most, "draw", "draws"),
            " (max_repeats is ", text(request.max_repeats), "); lower it, or raise max_repeats");
  }
  check_countable(context, result);
  std::uint64_t sum = 0;
  for (std::uint64_t const quota : result) sum += quota;
  if (sum == 0) invalid(context, "the quotas leave every class out; at least one class must give draws");
  if (request.epoch_size != 0 && request.epoch_size != sum) {
    invalid(context, "the quotas sum to ", text(sum), ", and epoch_size is ", text(request.epoch_size),
            "; change a quota, or leave epoch_size out");
  }
  return result;
}

/// The quotas that options ask for, by class number: .quotas, or those that follow from .epoch_size, .per_class and
/// .limits.
template <class Classes, class Options>
std::vector<std::uint64_t> requested_quotas(std::string_view context, Classes const& classes, Options const& options,
                                            class_namer name_of) {
  balanced_request const request{.epoch_size = options.epoch_size,
                                 .per_class = options.per_class,
                                 .max_repeats = options.max_repeats,
                                 .when_short = options.when_short};
  if (options.quotas.empty()) {
    auto [limits, given] = options.limits.by_class(context, "limits", classes);
    for (std::size_t c = 0; c < limits.size(); ++c) limits[c] = given[c] != 0 ? limits[c] : no_limit;
    return balanced_quotas(context, classes.counts(), limits, request, name_of);
  }
  if (!options.limits.empty()) invalid(context, "both quotas and limits; give one of them");
  return given_quotas(context, classes.counts(), options.quotas.by_class(context, "quotas", classes), request, name_of);
}
template <class Classes, class Options>
std::vector<std::uint64_t> requested_quotas(std::string_view context, Classes const& classes, Options const& options) {
  using label = typename Classes::label_type;
  auto const name_of = [&](std::size_t c) { return text(label(classes.labels()[c])); };
  return requested_quotas(context, classes, options, name_of);
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
