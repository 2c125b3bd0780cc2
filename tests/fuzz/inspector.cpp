// The input of the inspector: arguments, CSV files, lists of labels, annotations.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#if defined(__unix__)
#include <unistd.h>
#endif

#include <fmt/format.h>

#include <fuzz/input.hpp>

#include <inspect/options.hpp>
#include <inspect/reading/coco_labels.hpp>
#include <inspect/reading/label_choice.hpp>
#include <inspect/reading/label_forms.hpp>
#include <inspect/reading/label_notes.hpp>
#include <inspect/reading/label_sources.hpp>
#include <inspect/reading/yolo_labels.hpp>
#include <inspect/reading/yolo_names.hpp>
#include <shared/csv.hpp>
#include <shared/csv_table.hpp>
#include <shared/suggestions.hpp>
#include <shared/user_error.hpp>

using fuzz::byte_reader, fuzz::check;

namespace {

/// The result of f(), or nothing if it throws an error that the user can correct.
template <class F>
auto made(F f) -> std::optional<decltype(f())> {
  try {
    return f();
  } catch (shared::user_error const& error) {
    std::string const words = error.what();
    check(!words.empty() && words == shared::printable(words), "an error can be shown on a terminal");
    return {};
  }
}

using records = std::vector<std::vector<std::string>>;

using shared::csv_reader;

records read_records(std::string const& text, char separator,
                     csv_reader::blank_lines blank = csv_reader::blank_lines::skipped) {
  records result;
  csv_reader reader(text, separator);
  csv_reader::record record;
  std::size_t line = 0;
  while (reader.next(record, blank)) {
    check(record.line > line && !record.fields.empty(), "records have lines and fields");
    line = record.line;
    result.emplace_back(record.fields.begin(), record.fields.end());
  }
  return result;
}

std::string quoted(std::string const& field) {
  std::string result = "\"";
  for (char const letter : field) result.append(letter == '"' ? 2 : 1, letter);
  return result + '"';
}

/// Records stay the same when they are written and read again.
void read_csv(std::string const& text, char separator) {
  auto const read = made([&] { return read_records(text, separator); });
  if (!read) return;
  std::string written;
  for (auto const& fields : *read) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) written += separator;
      written += separator == '\t' ? fields[i] : quoted(fields[i]);
    }
    written += '\n';
  }
  check(read_records(written, separator) == *read, "records stay the same when they are written and read again");
}

/// Each sample of a table has as many fields as the first record, and they are the fields of its record.
void read_table(std::string const& text, char separator, bool header) {
  auto const lines = made([&] {
    shared::csv_table table(text, {.header = header, .separator = separator});
    shared::csv_table::record record;
    std::size_t line = 0, samples = 0;
    for (; table.next(record); ++samples) {
      check(record.line > line && record.fields.size() == table.num_columns(), "every sample has all fields");
      line = record.line;
    }
    return samples;
  });
  if (!lines) return;
  check(*lines <= read_records(text, separator, csv_reader::blank_lines::records).size(),
        "there are not more samples than records");
}

std::string temporary_file() {
#if defined(__unix__)
  auto const number = ::getpid();
#else
  auto const number = 0;
#endif
  return (std::filesystem::temp_directory_path() / fmt::format("evendraw-fuzz-{}", number)).string();
}

void check_data(inspect::labelled_data const& data) {
  check(data.labels.empty() || !data.has_sets(), "there is one label for each sample, or sets");
  for (auto const& label : data.labels) check(!label.empty(), "no label is empty");
  for (auto const set : data.sets.all()) {
    check(std::ranges::adjacent_find(set, std::ranges::greater_equal{}) == set.end(), "labels ascend");
    check(set.empty() || set.back() < data.sets.names.size(), "labels have names");
  }
  for (auto const& note : data.notes) check(note == shared::printable(note), "a note can be shown on a terminal");
}

/// Labels from a file.
void read_file(inspect::options options, std::string const& text) {
  static std::string const file = temporary_file();
  std::ofstream(file, std::ios::binary) << text;
  options.source = file;
  auto const data = made([&] { return inspect::read_data(options); });
  std::filesystem::remove(file);
  if (!data) return;
  check(!data->empty(), "there are samples");
  check_data(*data);
}

void read_labels(byte_reader& input) {
  inspect::options options;
  auto const flags = input.byte();
  options.header = flags % 2 != 0;
  options.skip_missing = flags / 2 % 2 != 0;
  options.combinations = flags / 4 % 2 != 0;
  if (flags / 8 % 2 != 0) options.label_separator = "|";
  if (flags / 16 % 2 != 0) options.missing = "none";
  options.separator = "\0;\t,"[flags / 64];
  if (input.flag()) (flags / 32 % 2 != 0 ? options.one_hot : options.column) = input.text(4);
  read_file(options, input.remaining());
}

void read_annotations(std::string const& text, bool combinations) {
  inspect::options options;
  options.combinations = combinations;
  if (combinations) options.missing = "none";
  if (auto const data = made([&] { return inspect::choose_labels(inspect::read_coco(text), options); }))
    check_data(*data);
}

/// Names, one on each line. Applying a form twice is the same as applying it once.
void compare_names(std::string const& text) {
  std::vector<std::string> names(1);
  for (char const letter : text) letter == '\n' ? void(names.emplace_back()) : void(names.back() += letter);
  namespace forms = inspect::label_forms;
  for (auto const& name : names) {
    for (auto* const form :
         {forms::without_case, forms::without_number_format, forms::without_white_space, forms::composed}) {
      check(form(form(name)) == form(name), "applying a form twice changes nothing");
    }
    check(shared::edit_distance(name, names[0]) == shared::edit_distance(names[0], name), "distances are symmetric");
  }
  for (auto const& note : inspect::notes_about_names(names)) {
    check(note == shared::printable(note), "a note can be shown on a terminal");
  }
}

/// Arguments, one on each line.
void parse(std::string const& text) {
  std::vector<std::string> lines(1);
  for (char const letter : text) {
    if (letter == '\n' || letter == '\0') {
      lines.emplace_back();
    } else {
      lines.back() += letter;
    }
  }
  std::vector<char const*> arguments;
  for (auto const& line : lines) arguments.push_back(line.c_str());
  auto const options = made([&] { return inspect::parse(arguments); });
  if (!options || options->help) return;
  check(options->source.empty() != options->counts.empty(), "there is one source");
  check(!options->samplers.empty() && options->samplers.front() == options->sampler, "there is a sampler");
  check(options->batch_size > 0 && options->epochs > 0, "numbers are in their ranges");
  for (auto const& [label, share] : options->target) check(share >= 0 && share < 1e400L, "shares are in their range");
  if (!options->source.empty()) return;
  std::uint64_t sum = 0;
  for (auto const& [label, count] : options->counts) {
    if (count > 10'000) return;
    sum += count;
  }
  check(inspect::read_data(*options).labels.size() == sum, "there are as many labels as the counts say");
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  byte_reader input(data, size);
  switch (input.byte()) {  // letters, so that files of the corpus can be read
    case 'c':
      read_csv(input.remaining(), ',');
      break;
    case 's':
      read_csv(input.remaining(), ';');
      break;
    case 't':
      read_csv(input.remaining(), '\t');
      break;
    case 'h':
      read_table(input.remaining(), ',', true);
      break;
    case 'r':
      read_table(input.remaining(), ';', false);
      break;
    case 'f':
      read_labels(input);
      break;
    case 'j':
      read_annotations(input.remaining(), false);
      break;
    case 'k':
      read_annotations(input.remaining(), true);
      break;
    case 'y':
      static_cast<void>(made([&] { return inspect::yolo_classes(input.remaining()); }));
      break;
    case 'z':
      static_cast<void>(made([&] { return inspect::yolo_names(input.remaining()); }));
      break;
    case 'n':
      compare_names(input.remaining());
      break;
    default:
      parse(input.remaining());
  }
  return 0;
}
