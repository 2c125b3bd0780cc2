#include "axes.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "shared/text.hpp"

namespace inspect::svg {
namespace {

std::string tick_label(double value, unit measure) {
  if (measure == unit::share) return fmt::format("{:.6g} %", value * 100);
  if (value >= 1e6) return fmt::format("{:.6g} M", value / 1e6);
  return shared::with_commas(static_cast<std::uint64_t>(std::llround(value)));
}

}  // namespace

void plot::draw_base(canvas& picture, std::string const& label) const {
  picture.line({area.left, area.bottom}, {area.right, area.bottom}, "axis");
  picture.text({(area.left + area.right) / 2, area.bottom + 31}, label, "soft", anchor::middle);
}

void plot::draw_x_axis(canvas& picture, axis const& subject) const {
  for (double const value : x.ticks(subject.most_ticks)) {
    picture.line({x(value), area.bottom}, {x(value), area.bottom + 4}, "axis");
    picture.text({x(value), area.bottom + 16}, tick_label(value, subject.measure), "soft", anchor::middle);
  }
  draw_base(picture, subject.label);
}

void plot::draw_y_axis(canvas& picture, axis const& subject) const {
  for (double const value : y.ticks(subject.most_ticks)) {
    picture.line({area.left, y(value)}, {area.right, y(value)}, "grid");
    picture.text({area.left - 6, y(value) + 4}, tick_label(value, subject.measure), "soft", anchor::end);
  }
  picture.text({0, area.top - 12}, subject.label, "soft");
}

void draw_heading(canvas& picture, std::string const& title, std::string const& subtitle) {
  picture.text({0, 14}, shared::cut_name(title, 46, shared::charset::utf8), "head");
  picture.text({0, 31}, shared::cut(subtitle, 58, shared::charset::utf8), "soft");
}

}  // namespace inspect::svg
