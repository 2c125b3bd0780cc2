// Names, numbers and widths -> printed text. Also counts of batches and of predictions.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <fuzz/input.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/inspect/balance_table.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/inspect/confusion_matrix.hpp>
#include <evendraw/inspect/coverage.hpp>
#include <evendraw/inspect/detail/terminal_table.hpp>
#include <evendraw/inspect/detail/terminal_text.hpp>
#include <evendraw/inspect/format.hpp>
#include <evendraw/inspect/plan.hpp>

using fuzz::byte_reader, fuzz::check, fuzz::made;
namespace terminal = evendraw::detail::terminal;

namespace {

terminal::charset charset(byte_reader& input) {
  return input.flag() ? terminal::charset::utf8 : terminal::charset::ascii;
}

/// Checks that no line is wider than `width`.
void check_lines(std::string_view text, std::size_t width) {
  while (!text.empty()) {
    auto const line = text.substr(0, text.find('\n'));
    check(terminal::columns(line) <= width, "no line is wider than the page");
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
}

void text(byte_reader& input) {
  auto const set = charset(input);
  std::size_t const width = input.byte();
  std::string const raw = input.remaining(), shown = terminal::printable(raw);
  check(terminal::printable(shown) == shown, "printable text stays as it is");
  auto const beginning = terminal::beginning(raw, width), ending = terminal::ending(raw, width);
  check(raw.starts_with(beginning) && terminal::columns(beginning) <= width, "a beginning fits");
  check(raw.ends_with(ending) && terminal::columns(ending) <= width, "an ending fits");
  check(terminal::columns(terminal::cut(shown, width, set)) <= width, "cut text fits");
  check(terminal::columns(terminal::cut_name(shown, width, set)) <= width, "a cut name fits");
  check(terminal::columns(terminal::pad_left(shown, width)) == std::max(width, terminal::columns(shown)),
        "padded text has its width");
  check(terminal::pad_right(shown, width).starts_with(shown), "padded text begins with the text");
  check_lines(terminal::wrap(shown, set, width), width);
}

void numbers(byte_reader& input) {
  std::uint64_t const a = input.count(), b = input.count();
  double const x = input.real();
  for (auto const& shown :
       {terminal::with_commas(a), terminal::percent(a, b), terminal::percent(x), terminal::rounded(x),
        terminal::fixed(x, input.byte() % 18), terminal::counted(a, "one", "many")}) {
    check(!shown.empty() && terminal::printable(shown) == shown, "numbers can be shown");
  }
  auto digits = terminal::with_commas(a);
  std::erase(digits, ',');
  check(digits == std::to_string(a), "commas do not change a number");
  auto const set = charset(input);
  std::size_t const width = input.byte();
  auto const bar = terminal::bar(a, b, width, set);
  check(terminal::columns(bar) <= width, "a bar fits");
  check(bar.empty() == (width == 0 || a == 0 || b == 0), "a number above 0 has a bar");
}

void table(byte_reader& input) {
  auto const set = charset(input);
  std::size_t const width = input.byte(), columns = 1 + input.byte() % 5u;
  auto const row = [&] {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < columns; ++i) cells.push_back(terminal::printable(input.text(12)));
    return cells;
  };
  terminal::table rows(row(), input.flag() ? terminal::last_column::bars : terminal::last_column::numbers);
  for (int i = input.byte() % 6; i > 0; --i)
    input.flag() ? rows.add(row()) : rows.add_note(terminal::printable(input.text(20)));
  if (input.flag()) rows.fit(width, 1 + input.byte() % 3u);
  check_lines(rows.print(set, width), width);
}

/// Prints a value of the library by a format spec that may be wrong.
template <class T>
void print(T const& value, byte_reader& input) {
  int const width = static_cast<int>(input.number<std::uint16_t>()) - 100;
  std::string const spec = input.flag() ? input.text(6) : fmt::format("{}{}", input.flag() ? "a" : "", input.byte());
  try {
    auto const text = fmt::format(fmt::runtime("{:" + spec + "}"), value, width);
    check(!text.ends_with('\n'), "the last line has no line end");
    if (spec.empty()) check_lines(text, 80);
  } catch (fmt::format_error const&) {
  }
  auto const narrow = fmt::format("{:{}}", value, 1 + input.byte());
  check(!narrow.empty(), "something is printed");
}

void scores(byte_reader& input) {
  auto labels = input.list(8, [&] { return input.text(5); });
  auto matrix = made([&] { return evendraw::confusion_matrix(labels); });
  if (!matrix) return;
  auto const numbers = [&] {
    return input.list(40, [&] { return input.byte() % (labels.size() + (input.byte() == 7 ? 1 : 0)); });
  };
  auto const truths = numbers(), predictions = numbers();
  (void)made([&] {
    matrix->add_numbers(truths, predictions);
    return true;
  });
  auto const other = *matrix;
  if (input.flag()) matrix->merge(other);
  std::uint64_t support = 0, predicted = 0, correct = 0;
  auto const undefined = input.flag() ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(input.below(2));
  for (std::uint64_t c = 0; c < matrix->num_classes(); ++c) {
    auto const class_scores = matrix->of_class(c, undefined);
    support += class_scores.support;
    predicted += class_scores.predicted;
    correct += class_scores.correct;
    check(!(class_scores.f1 < 0 || class_scores.f1 > 1 || class_scores.recall < 0 || class_scores.recall > 1),
          "scores are between 0 and 1");
  }
  check(support == matrix->num_predictions() && predicted == support, "all predictions are counted");
  std::uint64_t wrong = 0;
  for (auto const& each : matrix->confusions()) {
    wrong += each.count;
    check(matrix->count(each.truth, each.predicted) == each.count, "mistakes are counted");
  }
  check(correct + wrong == support, "a prediction is right or wrong");
  auto const without = input.list(3, [&] { return labels[input.byte() % labels.size()]; });
  if (auto const mean = made([&] { return matrix->macro({.without = without, .undefined = undefined}); }))
    print(*mean, input);
  (void)made([&] { return matrix->weighted({.without = without, .undefined = undefined}); });
  (void)made([&] { return matrix->micro({.without = without, .undefined = undefined}); });
  print(*matrix, input);
  print(matrix->of_class(0), input);
}

void balance(byte_reader& input) {
  auto labels = input.list(60, [&] { return input.text(1); });
  auto const classes = made([&] { return evendraw::class_index(labels); });
  if (!classes) return;
  auto balance = made(
      [&] { return evendraw::batch_balance(*classes, {.expected_shares = input.reals(6), .keep = input.below(4)}); });
  if (!balance) return;
  std::uint64_t draws = 0;
  for (auto batches = input.below(8); batches > 0; --batches) {
    auto const batch =
        input.list(20, [&] { return std::uint32_t{input.byte()} % static_cast<std::uint32_t>(labels.size() + 1); });
    if (made([&] {
          balance->add(batch);
          return true;
        }))
      draws += batch.size();
    if (input.flag()) balance->end_epoch();
  }
  std::uint64_t by_class = 0;
  for (std::uint64_t c = 0; c < balance->num_classes(); ++c) {
    auto const counted = balance->of_class(c);
    by_class += counted.draws;
    check(counted.min_per_batch <= counted.max_per_batch && counted.unique_samples <= counted.class_size,
          "a class has its counts");
    check(counted.unique_samples <= counted.draws && counted.most_draws <= counted.draws, "a class has its draws");
  }
  check(by_class == draws && balance->num_draws() == draws, "all draws are counted");
  check(balance->total_variation() >= 0 && balance->total_variation() <= 1 + 1e-12, "a distance is between 0 and 1");
  auto const p = balance->chi_squared().p_value;
  check(p >= 0 && p <= 1, "a p-value is a probability");
  auto const plan =
      evendraw::plan_shuffled(*classes, {.batch_size = 1 + input.below(50), .epochs = 1 + input.below(50)});
  print(*balance, input);
  print(balance->of_class(0), input);
  print(balance->draws_per_sample(), input);
  print(plan, input);
  evendraw::balance_table const both(*classes, plan, *balance);
  print(both, input);
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  byte_reader input(data, size);
  switch (input.below(5)) {
    case 0:
      text(input);
      break;
    case 1:
      numbers(input);
      break;
    case 2:
      table(input);
      break;
    case 3:
      scores(input);
      break;
    default:
      balance(input);
  }
  return 0;
}
