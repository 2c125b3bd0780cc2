#include "svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "shared/text.hpp"

namespace inspect::svg {

using namespace shared;
namespace {

constexpr double tick_size = 11;       // font size of tick labels
constexpr double column_width = 0.62;  // of a character, in font sizes: that of wide fonts

/// A number without needless digits.
std::string number(double value) {
  double const rounded = std::round(value * 100) / 100;
  return fmt::format("{}", rounded == 0 ? 0.0 : rounded);
}

std::string tick_label(double value, unit in) {
  if (in == unit::share) return fmt::format("{:.6g} %", value * 100);
  if (value >= 1e6) return fmt::format("{:.6g} M", value / 1e6);
  return with_commas(static_cast<std::uint64_t>(std::llround(value)));
}

/// The first byte of the text, as XML has it.
std::string_view escape(std::string_view text) {
  switch (text.front()) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return text.substr(0, 1);
  }
}

/// Characters that fit into so many pixels.
std::size_t columns_in(double width) { return static_cast<std::size_t>(width / (column_width * font{}.size)); }

/// One line, or two, broken at a space where there is one; cut if these are too short.
std::vector<std::string> in_two_lines(std::string_view label, std::size_t width) {
  if (columns(label) <= width) return {std::string(label)};
  std::string_view const head = beginning(label, width + 1);
  auto const space = head.rfind(' ');
  bool const at_space = space != std::string_view::npos && space > head.size() / 2;
  std::string_view const first = label.substr(0, at_space ? space : beginning(label, width).size());
  std::string_view const second = label.substr(first.size() + (at_space ? 1 : 0));
  return {std::string(first), cut_name(second, width, charset::utf8)};
}

std::string attributes(stroke style) {
  std::string text = fmt::format("stroke=\"{}\" stroke-width=\"{}\"", style.colour, number(style.width));
  if (!style.dashes.empty()) text += fmt::format(" stroke-dasharray=\"{}\"", style.dashes);
  return text;
}

/// The smallest of 1, 2, 5, 10, 20, 50, ... (or 0.5, 0.2, ...) that is at least this large.
double round_step(double least) {
  double const power = std::pow(10, std::floor(std::log10(least)));
  for (double const digit : {1.0, 2.0, 5.0}) {
    if (digit * power >= least * (1 - 1e-9)) return digit * power;
  }
  return 10 * power;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string const clean = printable(text);
  std::string result;
  for (std::string_view rest = clean; !rest.empty();) {
    bool const allowed = !rest.starts_with("\xef\xbf\xbe") && !rest.starts_with("\xef\xbf\xbf");
    result += allowed ? escape(rest) : "?";
    rest.remove_prefix(allowed ? 1 : 3);
  }
  return result;
}

void canvas::rectangle(box where, std::string_view colour) {
  shapes_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", number(where.left),
                         number(where.top), number(where.right - where.left), number(where.bottom - where.top), colour);
}

void canvas::line(point from, point to, stroke style) {
  shapes_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" {}/>\n", number(from.x), number(from.y),
                         number(to.x), number(to.y), attributes(style));
}

void canvas::polyline(std::span<point const> points, stroke style) {
  std::string list;
  point last{-1e9, -1e9};
  for (std::size_t i = 0; i < points.size(); ++i) {
    bool const seen = std::hypot(points[i].x - last.x, points[i].y - last.y) >= 0.3;
    if (!seen && i + 1 < points.size()) continue;
    last = points[i];
    list += fmt::format("{}{},{}", list.empty() ? "" : " ", number(last.x), number(last.y));
  }
  shapes_ +=
      fmt::format("<polyline points=\"{}\" fill=\"none\" stroke-linejoin=\"round\" {}/>\n", list, attributes(style));
}

void canvas::dot(point at, std::string_view colour) {
  shapes_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"3\" fill=\"{}\"/>\n", number(at.x), number(at.y), colour);
}

void canvas::text(point at, std::string_view text, font style) {
  constexpr std::array<std::string_view, 3> anchors{"start", "middle", "end"};
  std::string const turned =
      style.upwards ? fmt::format(" transform=\"rotate(-90 {} {})\"", number(at.x), number(at.y)) : "";
  shapes_ += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{}\"{}{}>{}</text>\n", number(at.x),
                         number(at.y), number(style.size), anchors[static_cast<std::size_t>(style.at)],
                         style.bold ? " font-weight=\"bold\"" : "", turned, escaped(text));
}

std::string canvas::element(std::string_view title) const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "role=\"img\" "
      "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" fill=\"#222222\">\n<title>{2}</title>\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n{3}</svg>\n",
      number(width_), number(height_), escaped(title), shapes_);
}

scale scale::linear(double low, double high, double step) {
  scale result;
  result.low_ = low;
  result.high_ = high;
  result.step_ = step;
  return result;
}

scale scale::counts(std::uint64_t high) {
  bool const bent = high > 15;
  scale result = linear(0, static_cast<double>(high) * (bent ? 1.2 : 1.05), 1);
  result.bent_ = bent;
  return result;
}

scale scale::between(double low_place, double high_place) const {
  scale result = *this;
  result.low_place_ = low_place;
  result.high_place_ = high_place;
  return result;
}

double scale::bent(double value) const { return bent_ ? std::log1p(value) : value; }

double scale::operator()(double value) const {
  double const part = (bent(value) - bent(low_)) / (bent(high_) - bent(low_));
  return low_place_ + part * (high_place_ - low_place_);
}

std::vector<double> scale::ticks(std::size_t most) const { return bent_ ? count_ticks(most) : linear_ticks(most); }

std::vector<double> scale::linear_ticks(std::size_t most) const {
  double const least = std::max(step_, (high_ - low_) / static_cast<double>(most));
  double const step = round_step(least);
  std::vector<double> result;
  for (double i = std::ceil(low_ / step - 1e-9); i * step <= high_ + step * 1e-9; ++i) result.push_back(i * step + 0.0);
  return result;
}

/// 0, 1, 2, 5, 10, 20, 50, ...; or 0, 1, 10, 100, ...; or 0, 1, 100, 10000, ...
std::vector<double> scale::count_ticks(std::size_t most) const {
  double const decades = std::log10(high_);
  std::vector<double> result{0};
  if (3 * decades + 2 <= static_cast<double>(most)) {
    for (double power = 1; power <= high_; power *= 10) {
      for (double const digit : {1.0, 2.0, 5.0}) {
        if (digit * power <= high_) result.push_back(digit * power);
      }
    }
    return result;
  }
  double const factor = std::pow(10, std::ceil(decades / static_cast<double>(most - 1)));
  for (double power = 1; power <= high_; power *= factor) result.push_back(power);
  return result;
}

void plot::draw_x_axis(canvas& on, axis const& of) const {
  for (double const value : x.ticks(of.most_ticks)) {
    on.line({x(value), area.bottom}, {x(value), area.bottom + 4}, {.width = 1});
    on.text({x(value), area.bottom + 17}, tick_label(value, of.in), {.size = tick_size, .at = anchor::middle});
  }
  on.line({area.left, area.bottom}, {area.right, area.bottom}, {.width = 1});
  on.text({(area.left + area.right) / 2, area.bottom + 37}, of.label, {.at = anchor::middle});
}

void plot::draw_y_axis(canvas& on, axis const& of) const {
  for (double const value : y.ticks(of.most_ticks)) {
    on.line({area.left, y(value)}, {area.right, y(value)}, {.colour = "#e4e4e4", .width = 1});
    if (!of.numbered) continue;
    on.text({area.left - 6, y(value) + 4}, tick_label(value, of.in), {.size = tick_size, .at = anchor::end});
  }
  if (of.label.empty()) return;
  on.text({16, (area.top + area.bottom) / 2}, of.label, {.at = anchor::middle, .upwards = true});
}

void draw_legend(canvas& on, box where, std::span<legend_entry const> entries) {
  constexpr double mark = 22, text_left = mark + 6, line_height = 14, gap = 6;
  double top = where.top;
  for (auto const& [label, style, filled] : entries) {
    auto const lines = in_two_lines(label, columns_in(where.right - where.left - text_left));
    double const middle = top + line_height / 2 * static_cast<double>(lines.size());
    if (filled) {
      on.rectangle({where.left + 4, middle - 6, where.left + 16, middle + 6}, style.colour);
    } else {
      on.line({where.left, middle}, {where.left + mark, middle}, style);
    }
    for (auto const& line : lines) {
      on.text({where.left + text_left, top + 11}, line);
      top += line_height;
    }
    top += gap;
  }
}

}  // namespace inspect::svg
