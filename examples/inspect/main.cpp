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

#include "gallery.hpp"
#include "label_set_report.hpp"
#include "options.hpp"
#include "pictures.hpp"
#include "reading/label_notes.hpp"
#include "reading/label_sources.hpp"
#include "report.hpp"
#include "sampling.hpp"
#include "shared/text.hpp"

namespace {

void write_pictures(inspect::label_index const& classes, std::span<inspect::outcome const> outcomes,
                    inspect::options const& of) {
  auto const& last = outcomes.back();
  std::vector<std::string> const paragraphs{
      inspect::describe(classes) + '.',
      fmt::format("{}: {} of {}, in batches of {}, seed {}.", last.name, inspect::counted(of.epochs, "epoch", "epochs"),
                  inspect::counted(last.epoch_size, "draw", "draws"), inspect::with_commas(of.batch_size), of.seed)};
  inspect::write_gallery(of.svg, inspect::draw_pictures(classes, outcomes, of), paragraphs);
}

std::string report(inspect::labelled_data data, inspect::options const& of) {
  inspect::label_index const classes(std::exchange(data.labels, {}));
  auto const about = inspect::notes_about(classes, data.header_like);
  data.notes.insert(data.notes.end(), about.begin(), about.end());
  std::string text = inspect::report_notes(data.notes, of.set) + inspect::report_classes(classes, of) + '\n';
  if (classes.num_classes() == 1) {
    return text + "There is one class only: nothing to balance" + (of.svg.empty() ? ".\n" : ", and no pictures.\n");
  }
  if (!of.svg.empty()) inspect::make_directory(of.svg);
  std::vector<inspect::outcome> outcomes;
  if (of.sampler != "random") outcomes.push_back(inspect::run_plain_shuffling(classes, of));
  outcomes.push_back(inspect::run_sampler(classes, of));
  if (of.batches > 0) text += inspect::report_first_batches(classes, outcomes, of) + '\n';
  for (auto const& result : outcomes) text += inspect::report_epochs(classes, result, of) + '\n';
  text += inspect::report_in_words(classes, outcomes, of.set);
  if (of.svg.empty()) return text;
  write_pictures(classes, outcomes, of);
  return text + inspect::report_pictures(of);
}

std::string report(inspect::options const& of) {
  auto data = inspect::read_data(of);
  if (!data.has_sets()) return report(std::move(data), of);
  auto const about = inspect::notes_about_names(data.sets.names);
  data.notes.insert(data.notes.end(), about.begin(), about.end());
  return inspect::report_notes(data.notes, of.set) + inspect::report_label_sets(data.sets, of);
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
