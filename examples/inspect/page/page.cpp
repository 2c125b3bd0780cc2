#include "page.hpp"

#include <evendraw/version.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "files.hpp"
#include "html_page.hpp"
#include "page_data.hpp"
#include "pictures.hpp"
#include "report_json.hpp"
#include "svg_file.hpp"

namespace inspect {
namespace {

/// The time now, or that of SOURCE_DATE_EPOCH, for pages that must be the same each time.
std::string date_of_today() {
  std::time_t now = std::time(nullptr);
  if (char const* const set = std::getenv("SOURCE_DATE_EPOCH")) now = std::strtoll(set, nullptr, 10);
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(now));
}

std::vector<coverage> find_coverages(label_index const& classes, std::span<outcome const> outcomes,
                                     options const& settings) {
  std::vector<coverage> result;
  options one = settings;
  for (auto const& each : outcomes) {
    one.sampler = each.sampler;
    result.push_back(each.sampler.empty() ? coverage_of_shuffling(classes) : find_coverage(classes, one));
  }
  return result;
}

}  // namespace

void write_page(label_index const& classes, std::span<outcome const> outcomes, std::span<std::string const> notes,
                options const& settings) {
  make_directory(settings.svg);
  page_data const data{
      .classes = classes,
      .outcomes = outcomes,
      .notes = notes,
      .coverages = find_coverages(classes, outcomes, settings),
      .settings = settings,
      .version = fmt::format("{}.{}.{}", EVENDRAW_VERSION_MAJOR, EVENDRAW_VERSION_MINOR, EVENDRAW_VERSION_PATCH),
      .date = date_of_today()};
  page_pictures const pictures{.first_batches = picture_first_batches(classes, outcomes),
                               .repeats = picture_repeats(classes, outcomes),
                               .samples_seen = picture_samples_seen(classes, outcomes, data.coverages)};
  std::vector<file> files{{"index.html", html_page(data, pictures)}, {"report.json", report_json(data)}};
  for (auto const* each : {&pictures.first_batches, &pictures.repeats, &pictures.samples_seen}) {
    for (auto const& drawing : each->panels) files.push_back(svg_file(drawing));
  }
  write_files(settings.svg, files);
}

}  // namespace inspect
