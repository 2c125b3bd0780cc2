#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/inspect/detail/terminal_table.hpp>
#include <evendraw/inspect/detail/terminal_text.hpp>

namespace terminal_text_test {

using namespace evendraw::detail::terminal;

TEST_CASE("text is measured in columns of a terminal", "[text]") {
  CHECK(columns("") == 0);
  CHECK(columns("road") == 4);
  CHECK(columns("Straße") == 6);
  CHECK(columns("路面") == 4);
  CHECK(columns("e\u0301") == 1);
  CHECK(columns("\xff\xc3") == 2);  // not UTF-8
  CHECK(beginning("路面", 3) == "路");
  CHECK(ending("路面", 3) == "面");
}

TEST_CASE("text is cut between characters", "[text]") {
  CHECK(cut("Straße", 6, charset::utf8) == "Straße");
  CHECK(cut("Straße", 5, charset::utf8) == "Stra…");
  CHECK(cut("Straße", 5, charset::ascii) == "St...");
  CHECK(cut("Straße", 2, charset::ascii) == "St");
  CHECK(cut_name("class number 17", 9, charset::utf8) == "class… 17");
  CHECK(cut_name("class number 17", 9, charset::ascii) == "cla... 17");
  CHECK(cut_name("路面が凍結", 7, charset::utf8) == "路面…結");
  CHECK(pad_left("路", 3) == " 路");
  CHECK(pad_right("路路", 3) == "路路");
  CHECK(wrap("a road that is wet", charset::utf8, 6) == "a road\nthat\nis wet\n");
  CHECK(wrap("asphalt", charset::utf8, 4) == "asp…\n");
}

TEST_CASE("the end of a long name is cut between letters", "[text]") {  // growth_test.cpp counts the steps
  std::string name;
  for (int i = 0; i < 300; ++i) name += "e\u0301猫";
  CHECK(evendraw::detail::terminal::ending(name, 3) == "e\u0301猫");
  CHECK(evendraw::detail::terminal::columns(evendraw::detail::terminal::cut_name(name, 60, charset::utf8)) <= 60);
  table rows({"class", "a"});
  rows.add({name, "1"});
  rows.fit(40);
  CHECK(evendraw::detail::terminal::columns(rows.print(charset::utf8, 40)) <= 2 * 41);
}

TEST_CASE("characters that change the state of a terminal are not printed", "[text]") {
  CHECK(printable("a\tb\x1b[0m") == "a?b?[0m");
  CHECK(printable("Straße\xff") == "Straße?");
  CHECK(printable("\u202e\ufeff\x7f") == "???");
  CHECK(printable("\xe0\x80\x80\xf0\x80\x80\x80") == "???????");
  CHECK(printable("\xc0\x80\xed\xa0\x80\xf5") == "??????");  // too long, a surrogate, above U+10FFFF
}

TEST_CASE("numbers", "[text]") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(std::numeric_limits<std::uint64_t>::max()) == "18,446,744,073,709,551,615");
  CHECK(counted(1, "batch", "batches") == "1 batch");
  CHECK(counted(1000, "batch", "batches") == "1,000 batches");
  CHECK(fixed(2.0 / 3, 3) == "0.667");
  CHECK(fixed(std::numeric_limits<double>::quiet_NaN(), 3) == "-");
}

TEST_CASE("expected counts", "[text]") {
  double const infinity = std::numeric_limits<double>::infinity();
  CHECK(rounded(0) == "0");
  CHECK(rounded(1e-9) == "<0.01");
  CHECK(rounded(0.03) == "0.03");
  CHECK(rounded(0.9999) == "1.0");
  CHECK(rounded(3) == "3");
  CHECK(rounded(99.94) == "99.9");
  CHECK(rounded(99.96) == "100");
  CHECK(rounded(1234.5) == "1,235");
  CHECK(rounded(999'999'999'999.0) == "999,999,999,999");
  CHECK(rounded(1.25e20) == "1.2e+20");
  CHECK(rounded(infinity) == "inf");
  CHECK(rounded(-infinity) == "-inf");
  CHECK(rounded(-1e9) == "-1000000000");  // not a count, but it does not overflow
  CHECK(rounded(infinity - infinity) == "-");
}

TEST_CASE("only 0 and 1 are 0 % and 100 %", "[text]") {
  CHECK(percent(0) == "0 %");
  CHECK(percent(0.0004) == "<0.1 %");
  CHECK(percent(0.25) == "25.0 %");
  CHECK(percent(0.9994) == "99.9 %");
  CHECK(percent(0.9996) == ">99.9 %");
  CHECK(percent(1) == "100 %");
  CHECK(percent(1, 8) == "12.5 %");
  CHECK(percent(0, 0) == "0 %");
}

TEST_CASE("bars", "[text]") {
  CHECK(bar(0, 10, 4, charset::utf8).empty());
  CHECK(bar(1, 1000, 4, charset::ascii) == "#");
  CHECK(bar(1, 1000, 4, charset::utf8) == "▏");
  CHECK(bar(5, 8, 4, charset::utf8) == "██▌");
  CHECK(bar(8, 8, 4, charset::utf8) == "████");
}

TEST_CASE("tables drop their last columns to make room for the names", "[text]") {
  table rows({"class", "a", "b", "c", "d"});
  rows.add({"a name of 20 columns", "1", "20", "3", "4"});
  CHECK(rows.width() == 33);
  CHECK(rows.print(charset::utf8) == "class                 a   b  c  d\na name of 20 columns  1  20  3  4\n");
  auto fitted = [&](std::size_t width, std::size_t step) {
    auto result = rows;
    result.fit(width, step);
    return result.print(charset::utf8, width);
  };
  CHECK(fitted(25, 1) == "class         a   b  c  d\na name …umns  1  20  3  4\n");
  CHECK(fitted(24, 1) == "class           a   b  c\na name of…umns  1  20  3\n");
  CHECK(fitted(24, 2) == "class              a   b\na name of 2…lumns  1  20\n");
  CHECK(fitted(5, 2) == "class\na n…s\n");
}

}  // namespace terminal_text_test
