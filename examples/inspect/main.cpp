// How balanced are the batches of a labelled data set, under plain shuffling and with a sampler? See --help.
#include <fmt/format.h>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "label_set_report.hpp"
#include "options.hpp"
#include "page/page.hpp"
#include "reading/label_notes.hpp"
#include "reading/label_sources.hpp"
#include "report.hpp"
#include "sampling.hpp"
#include "several.hpp"
#include "shared/text.hpp"
#include "shared/user_error.hpp"

namespace {

std::string report(inspect::labelled_data data, inspect::options const& settings) {
  inspect::label_index const classes(std::exchange(data.labels, {}));
  auto const about = inspect::notes_about(classes, data.header_like);
  data.notes.insert(data.notes.end(), about.begin(), about.end());
  std::string text =
      inspect::report_notes(data.notes, settings.set) + inspect::report_classes(classes, settings) + '\n';
  if (classes.num_classes() == 1) {
    return text + "There is one class only: nothing to balance" + (settings.svg.empty() ? ".\n" : ", and no page.\n");
  }
  auto const outcomes = inspect::run_samplers(classes, settings);
  if (settings.batches > 0) text += inspect::report_first_batches(classes, outcomes, settings) + '\n';
  for (auto const& result : outcomes) text += inspect::report_epochs(classes, result, settings) + '\n';
  text += inspect::report_in_words(classes, outcomes, settings.set);
  if (!data.second.empty()) text += '\n' + inspect::report_pairs(classes, data.second, settings);
  if (!data.groups.empty()) text += '\n' + inspect::report_groups(classes, data.groups, settings);
  if (settings.svg.empty()) return text;
  inspect::write_page(classes, outcomes, data.notes, settings);
  return text + inspect::report_page(settings);
}

std::string report(inspect::options const& settings) {
  auto data = inspect::read_data(settings);
  if (!data.has_sets()) return report(std::move(data), settings);
  if (!settings.shards.empty()) {
    throw shared::user_error("--shards is for samples with one label each; leave it out, or use --combinations");
  }
  auto const about = inspect::notes_about_names(data.sets.names);
  data.notes.insert(data.notes.end(), about.begin(), about.end());
  return inspect::report_notes(data.notes, settings.set) + inspect::report_label_sets(data.sets, settings);
}

int run(std::span<char const* const> arguments) {
  auto const options = inspect::parse(arguments);
  std::string const text = options.help ? inspect::help() : report(options);
  std::fwrite(text.data(), 1, text.size(), stdout);  // checked when the program ends: shared/checked_output.cpp
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    std::vector<char const*> const all(arguments, arguments + count);
    return run(std::span(all).subspan(all.empty() ? 0 : 1));
  } catch (std::bad_alloc const&) {
    fmt::print(stderr, "inspect: there is not enough memory for this; use fewer samples or smaller batches\n");
  } catch (std::exception const& error) {
    fmt::print(stderr, "inspect: {}\n", error.what());
  }
  return 2;
}
