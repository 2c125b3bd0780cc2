#include "html_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "html.hpp"
#include "inspect/words.hpp"
#include "style.hpp"
#include "svg.hpp"
#include "tables.hpp"

namespace inspect {
namespace {

using html::around, html::element;

constexpr std::string_view title = "How balanced are the batches?";

std::string note(std::string_view text) { return element("p class=\"note\"", text) + '\n'; }

std::string fact(std::string_view name, std::string_view value) {
  return element("dt", name) + around("dd", value) + '\n';
}

std::string run_in_short(page_data const& subject) {
  auto const batch_size = [](outcome const& each) { return each.balance.batch_size(); };
  auto const [first, last] = std::ranges::minmax_element(subject.outcomes, {}, batch_size);
  std::uint64_t const smallest = batch_size(*first), largest = batch_size(*last);
  return fmt::format(
      "{}, batches of {}{}, seed {}", counted(subject.settings.epochs, "epoch", "epochs"), with_commas(smallest),
      smallest == largest ? "" : fmt::format(" to {}, by sampler", with_commas(largest)), subject.settings.seed);
}

std::string header(page_data const& subject) {
  std::string facts = fact("Data", svg::escaped(name_of_data(subject.settings)));
  facts +=
      fact("Command", around(R"(div class="scroll command" tabindex="0")", element("code", subject.settings.command)));
  facts += fact("Run", svg::escaped(run_in_short(subject)));
  facts += fact("Made", svg::escaped(fmt::format("{}, by evendraw {}", subject.date, subject.version)));
  std::string text = element("h1", title) + '\n' + element("p class=\"lead\"", describe(subject.classes) + '.') + '\n' +
                     around("dl", facts) + '\n';
  for (auto const& each : subject.notes) text += note(each);
  return around("header", text) + '\n';
}

std::string figure(picture const& subject) {
  std::string panels;
  for (auto const& each : subject.panels) panels += each.svg;
  return around("figure",
                element("figcaption class=\"note\"", subject.caption) + '\n' + around("div class=\"panels\"", panels)) +
         '\n';
}

std::string section(std::string_view heading, std::string_view inner) {
  return around("section", element("h2", heading) + '\n' + std::string(inner)) + '\n';
}

/// Replaces spaces so that no line begins with "%".
std::string kept_together(std::string text) {
  for (std::size_t place; (place = text.find(" %")) != std::string::npos;) text.replace(place, 1, "\u00a0");
  return text;
}

std::string words(page_data const& subject) {
  std::string text;
  for (auto const& sentence : in_words(subject.classes, subject.outcomes, charset::utf8)) {
    text += element("p", kept_together(sentence)) + '\n';
  }
  return section(heading_of_words(subject.outcomes), text + table_of_samplers(subject));
}

std::string balance(page_data const& subject) {
  return section(
      fmt::format("Every class, over {}", counted(subject.settings.epochs, "epoch", "epochs")),
      note("Draws in a batch, and batches without the class, are those of full batches.") + table_of_balance(subject));
}

std::string samples_seen(page_data const& subject, picture const& seen) {
  return section(seen.title, figure(seen) +
                                 note("How many epochs a run takes until every sample has been drawn at least once. "
                                      "Samples that are never drawn do not count.") +
                                 table_of_coverage(subject));
}

std::string footer(page_data const& subject) {
  return around("footer",
                element("span", fmt::format("Made by evendraw {} on {}. All numbers, including those of classes "
                                            "without a row here: ",
                                            subject.version, subject.date)) +
                    R"(<a href="report.json">report.json</a>.)") +
         '\n';
}

}  // namespace

std::string html_page(page_data const& subject, page_pictures const& pictures) {
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{}</title>\n<style>{}{}</style>\n</head>\n<body>\n",
      svg::escaped(fmt::format("{} {}", title, name_of_data(subject.settings))), picture_style(), page_style());
  text += header(subject) + "<main>\n" + words(subject);
  text += section(pictures.first_batches.title, figure(pictures.first_batches));
  text += balance(subject);
  text += section(pictures.repeats.title, figure(pictures.repeats));
  text += samples_seen(subject, pictures.samples_seen);
  text += section("The data", table_of_classes(subject));
  return text + "</main>\n" + footer(subject) + "</body>\n</html>\n";
}

}  // namespace inspect
