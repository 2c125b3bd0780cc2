#include "label_forms.hpp"

#include <evendraw/inspect/format.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

namespace inspect::label_forms {
namespace {

/// Bytes that are not UTF-8 become numbers above all characters.
constexpr char32_t no_character = 0x110000;

std::u32string characters(std::string_view text) {
  std::u32string result;
  while (!text.empty()) {
    auto const next = evendraw::detail::terminal::first_character(text);
    result += next.valid ? next.code : no_character + static_cast<unsigned char>(text.front());
    text.remove_prefix(next.bytes);
  }
  return result;
}

void append(std::string& text, char32_t code) {
  auto const add = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code >= no_character) return add(code - no_character);
  if (code < 0x80) return add(code);
  if (code >= 0x10000) add(0xf0 | code >> 18);
  if (code >= 0x10000) add(0x80 | (code >> 12 & 0x3f));
  if (code >= 0x800 && code < 0x10000) add(0xe0 | code >> 12);
  if (code >= 0x800) add(0x80 | (code >> 6 & 0x3f));
  if (code < 0x800) add(0xc0 | code >> 6);
  add(0x80 | (code & 0x3f));
}

std::string text_of(std::u32string const& characters) {
  std::string result;
  for (char32_t const code : characters) append(result, code);
  return result;
}

char32_t small_letter(char32_t code) {
  bool const by_32 = (code >= U'A' && code <= U'Z') || (code >= 0xc0 && code <= 0xde && code != 0xd7) ||
                     (code >= 0x391 && code <= 0x3a9) || (code >= 0x410 && code <= 0x42f);
  if (by_32) return code + 32;
  if (code >= 0x400 && code <= 0x40f) return code + 80;
  bool const even_capital =
      (code >= 0x100 && code <= 0x137) || (code >= 0x14a && code <= 0x177) || (code >= 0x1ea0 && code <= 0x1ef9);
  if (even_capital) return code | 1;
  bool const odd_capital = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17e);
  return odd_capital ? code + code % 2 : code;
}

bool is_white_space(char32_t code) {
  constexpr std::u32string_view others = U"\u00a0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff";
  return (code >= 9 && code <= 13) || code == U' ' || (code >= 0x2000 && code <= 0x200d) ||
         others.find(code) != std::u32string_view::npos;
}

struct mark_pairs {
  char32_t mark;
  std::u32string_view pairs;  // a letter, then the letter with the mark
};

constexpr std::array compositions{
    // clang-format off
    mark_pairs{0x300, U"AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ"},
    mark_pairs{0x301, U"AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿ¨΅ΑΆΕΈΗΉΙΊΟΌΥΎΩΏϊΐαάεέηήιίϋΰ"
     U"οόυύωώϒϓГЃКЌгѓкќÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứ"},
    mark_pairs{0x302, U"AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷẠẬạậẸỆẹệỌỘọộ"},
    mark_pairs{0x303, U"AÃNÑOÕaãnñoõIĨiĩUŨuũÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"},
    mark_pairs{0x304, U"AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳИӢиӣУӮуӯ"},
    mark_pairs{0x306, U"AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗẠẶạặ"},
    mark_pairs{0x307, U"CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯ"},
    mark_pairs{0x308, U"AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰуӱЧӴчӵЫӸыӹ"},
    mark_pairs{0x309, U"AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"},
    mark_pairs{0x30a, U"AÅaåUŮuů"},
    mark_pairs{0x30b, U"OŐoőUŰuűУӲуӳ"},
    mark_pairs{0x30c, U"CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"},
    mark_pairs{0x30f, U"AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕѴѶѵѷ"},
    mark_pairs{0x311, U"AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ"},
    mark_pairs{0x31b, U"OƠoơUƯuư"},
    mark_pairs{0x323, U"AẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ"},
    mark_pairs{0x326, U"SȘsșTȚtț"},
    mark_pairs{0x327, U"CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩ"},
    mark_pairs{0x328, U"AĄaąEĘeęIĮiįUŲuųOǪoǫ"},
    // clang-format on
};

/// The letter and the mark after it as one character; 0 if there is none.
char32_t with_mark(char32_t letter, char32_t mark) {
  if (mark == 0x3099 || mark == 0x309a) {  // kana: the voiced letter comes after the unvoiced one
    bool const kana = letter >= 0x304b && letter <= 0x30fd;
    return kana ? letter + (mark - 0x3098) : 0;
  }
  bool const syllable = letter >= 0xac00 && letter < 0xd7a4 && (letter - 0xac00) % 28 == 0;
  if (letter >= 0x1100 && letter < 0x1113 && mark >= 0x1161 && mark < 0x1176) {  // Hangul
    return 0xac00 + ((letter - 0x1100) * 21 + (mark - 0x1161)) * 28;
  }
  if (syllable && mark > 0x11a7 && mark < 0x11c3) return letter + (mark - 0x11a7);
  auto const row = std::ranges::find(compositions, mark, &mark_pairs::mark);
  if (row == compositions.end()) return 0;
  for (std::size_t i = 0; i < row->pairs.size(); i += 2) {
    if (row->pairs[i] == letter) return row->pairs[i + 1];
  }
  return 0;
}

}  // namespace

bool is_utf8(std::string_view label) {
  return std::ranges::all_of(characters(label), [](char32_t code) { return code < no_character; });
}

std::string without_case(std::string_view label) {
  auto result = characters(label);
  std::ranges::transform(result, result.begin(), small_letter);
  return text_of(result);
}

std::string without_number_format(std::string_view label) {
  std::string_view digits = label.substr(label.starts_with('+') ? 1 : 0);
  double value = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool const number = error == std::errc{} && end == digits.data() + digits.size() && std::isfinite(value);
  return number && label.size() <= 15 ? fmt::format("{}", value == 0 ? 0.0 : value) : std::string(label);
}

std::string without_white_space(std::string_view label) {
  std::u32string result;
  for (char32_t const code : characters(label)) {
    if (!is_white_space(code)) {
      result += code;
    } else if (!result.empty() && result.back() != U' ') {
      result += U' ';
    }
  }
  if (result.ends_with(U' ')) result.pop_back();
  return text_of(result);
}

std::string composed(std::string_view label) {
  std::u32string result;
  for (char32_t const code : characters(label)) {
    char32_t const together = result.empty() ? 0 : with_mark(result.back(), code);
    if (together != 0) {
      result.back() = together;
    } else {
      result += code;
    }
  }
  return text_of(result);
}

}  // namespace inspect::label_forms
