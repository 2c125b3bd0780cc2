#include "samplers.hpp"

#include <fmt/format.h>

#include <cstddef>

#include "shared/text.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

template <class Pairs>
void check_labels(std::string_view option, Pairs const& pairs, label_index const& classes) {
  for (auto const& [label, value] : pairs) {
    if (classes.contains(label)) continue;
    std::string known;
    for (std::size_t c = 0; c < classes.labels().size() && c < 10; ++c) {
      known += fmt::format("{}'{}'", c == 0 ? "" : ", ", printable(classes.labels()[c]));
    }
    if (classes.num_classes() > 10) known += fmt::format(", ... ({} in all)", classes.num_classes());
    throw user_error(fmt::format("{} names '{}', which no sample has; the classes are {}", option,
                                 printable(label), known));
  }
}

}  // namespace

std::string name_of_sampler(options const& of) {
  return of.sampler == "random" ? std::string(plain) : of.sampler;
}

std::vector<double> target_shares(label_index const& classes, options const& of) {
  check_labels("--target", of.target, classes);
  constexpr double named = -1;
  auto const counts = classes.counts();
  std::vector<double> shares(counts.begin(), counts.end());
  double left = 1, others = static_cast<double>(classes.num_samples());
  for (auto const& [label, share] : of.target) {
    auto const c = static_cast<std::size_t>(classes.class_of(label));
    others -= static_cast<double>(counts[c]);
    left -= share;
    shares[c] = named;
  }
  for (std::size_t c = 0; c < shares.size(); ++c) {
    if (shares[c] == named) continue;
    if (left < 1e-9) {
      throw user_error(fmt::format(
          "--target: the shares sum to {:.6g}, which leaves nothing for the class '{}' that they do "
          "not name; lower them, or leave the class out with {}=0",
          1 - left, printable(classes.labels()[c]), printable(classes.labels()[c])));
    }
    shares[c] *= left / others;
  }
  for (auto const& [label, share] : of.target)
    shares[static_cast<std::size_t>(classes.class_of(label))] = share;
  return shares;
}

void check_limits(label_index const& classes, options const& of) {
  check_labels("--limit", of.limits, classes);
}

}  // namespace inspect
