// What the inspector is given: arguments, CSV files and lists of labels.
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

#include <inspect/label_sources.hpp>
#include <inspect/options.hpp>
#include <shared/csv.hpp>
#include <shared/user_error.hpp>

using fuzz::check, fuzz::input;

namespace {

/// What f() gives, or nothing where it says what the user should put right.
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

std::vector<shared::csv_reader::record> records(std::string const& text) {
  std::vector<shared::csv_reader::record> result;
  shared::csv_reader reader(text);
  while (auto record = reader.next()) result.push_back(std::move(*record));
  return result;
}

std::string quoted(std::string const& field) {
  std::string result = "\"";
  for (char const letter : field) result.append(letter == '"' ? 2 : 1, letter);
  return result + '"';
}

/// Records that are read are still the same when they are written and read again.
void read_csv(std::string const& text) {
  auto const read = made([&] { return records(text); });
  if (!read) return;
  std::string written;
  std::size_t line = 0;
  for (auto const& record : *read) {
    check(record.line > line && !record.fields.empty(), "records have lines and fields");
    line = record.line;
    for (std::size_t i = 0; i < record.fields.size(); ++i) written += (i > 0 ? "," : "") + quoted(record.fields[i]);
    written += '\n';
  }
  auto const again = records(written);
  check(again.size() == read->size(), "written records are as many");
  for (std::size_t i = 0; i < again.size(); ++i) check(again[i].fields == (*read)[i].fields, "they are the same");
}

std::string temporary_file() {
#if defined(__unix__)
  auto const number = ::getpid();
#else
  auto const number = 0;
#endif
  return (std::filesystem::temp_directory_path() / fmt::format("evendraw-fuzz-{}", number)).string();
}

/// Labels from a file.
void read_file(inspect::options of, std::string const& text) {
  static std::string const file = temporary_file();
  std::ofstream(file, std::ios::binary) << text;
  of.source = file;
  auto const labels = made([&] { return inspect::read_labels(of); });
  std::filesystem::remove(file);
  if (!labels) return;
  check(!labels->empty(), "there are samples");
  for (auto const& label : *labels) check(!label.empty(), "no label is empty");
}

void read_labels(input& in) {
  inspect::options of;
  if (in.flag()) of.column = in.text(4);
  of.header = in.flag();
  read_file(of, in.rest());
}

/// Arguments, one a line.
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
  check(options->batch_size > 0 && options->epochs > 0, "numbers are in their ranges");
  for (auto const& [label, share] : options->target) check(share >= 0 && share < 1e400L, "shares are in their range");
  if (!options->source.empty()) return;
  std::uint64_t sum = 0;
  for (auto const& [label, count] : options->counts) {
    if (count > 10'000) return;
    sum += count;
  }
  check(inspect::read_labels(*options).size() == sum, "there are as many labels as were asked for");
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  input in(data, size);
  switch (in.byte()) {  // letters, so that files of the corpus can be read
    case 'c':
      read_csv(in.rest());
      break;
    case 'f':
      read_labels(in);
      break;
    default:
      parse(in.rest());
  }
  return 0;
}
