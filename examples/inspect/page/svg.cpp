#include "svg.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstddef>

#include "shared/text.hpp"

namespace inspect::svg {
namespace {

/// The first byte of the text, as XML needs it.
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

}  // namespace

std::string escaped(std::string_view text) {
  std::string const clean = shared::printable(text);
  std::string result;
  for (std::string_view remaining = clean; !remaining.empty();) {
    bool const allowed = !remaining.starts_with("\xef\xbf\xbe") && !remaining.starts_with("\xef\xbf\xbf");
    result += allowed ? escape(remaining) : "?";
    remaining.remove_prefix(allowed ? 1 : 3);
  }
  return result;
}

std::string number(double value) {
  double const rounded = std::round(value * 100) / 100;
  return fmt::format("{}", rounded == 0 ? 0.0 : rounded);
}

void canvas::rectangle(box where, std::string_view look, double opacity) {
  shapes_ += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" class="{}")", number(where.left),
                         number(where.top), number(where.right - where.left), number(where.bottom - where.top), look);
  if (opacity < 1) shapes_ += fmt::format(R"( fill-opacity="{}")", number(opacity));
  shapes_ += "/>\n";
}

void canvas::line(point start, point end, std::string_view look) {
  shapes_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>\n", number(start.x),
                         number(start.y), number(end.x), number(end.y), look);
}

void canvas::polyline(std::span<point const> points, std::string_view look) {
  std::string list;
  point last{-1e9, -1e9};
  for (std::size_t i = 0; i < points.size(); ++i) {
    bool const seen = std::hypot(points[i].x - last.x, points[i].y - last.y) >= 0.3;
    if (!seen && i + 1 < points.size()) continue;
    last = points[i];
    list += fmt::format("{}{},{}", list.empty() ? "" : " ", number(last.x), number(last.y));
  }
  shapes_ += fmt::format("<polyline points=\"{}\" class=\"{}\"/>\n", list, look);
}

void canvas::dot(point position, std::string_view look) {
  shapes_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"2.5\" class=\"{}\"/>\n", number(position.x),
                         number(position.y), look);
}

void canvas::text(point position, std::string_view text, std::string_view look, anchor alignment) {
  constexpr std::array<std::string_view, 3> anchors{"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
  shapes_ += fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\"{}>{}</text>\n", number(position.x), number(position.y),
                         look, anchors[static_cast<std::size_t>(alignment)], escaped(text));
}

void canvas::begin_stop(std::string_view title) {
  shapes_ += fmt::format("<g class=\"stop\" tabindex=\"0\" role=\"img\"><title>{}</title>\n", escaped(title));
}

void canvas::end_stop() { shapes_ += "</g>\n"; }

std::string canvas::element(double width, double height, std::string_view title, std::string_view description) const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"group\" aria-label=\"{}\">\n"
      "<desc>{}</desc>\n{}</svg>\n",
      number(width), number(height), escaped(title), escaped(description), shapes_);
}

}  // namespace inspect::svg
