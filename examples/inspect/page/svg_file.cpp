#include "svg_file.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "axes.hpp"
#include "style.hpp"
#include "svg.hpp"

namespace inspect {

file svg_file(panel const& subject) {
  std::string text = subject.svg;
  std::string const size =
      fmt::format(" width=\"{}\" height=\"{}\"", svg::number(svg::panel_width), svg::number(subject.height));
  text.insert(text.find(" viewBox"), size);
  text.insert(text.find("<desc>"),
              fmt::format("<title>{}</title>\n<style>{}svg {{ background: var(--paper); }}\n</style>\n",
                          svg::escaped(subject.title), picture_style()));
  return {subject.name + ".svg", std::move(text)};
}

}  // namespace inspect
