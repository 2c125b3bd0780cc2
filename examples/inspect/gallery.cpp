#include "gallery.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "shared/text.hpp"
#include "shared/user_error.hpp"
#include "svg.hpp"

namespace inspect {
namespace {

namespace fs = std::filesystem;

void write_file(fs::path const& path, std::string_view text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return;
  throw user_error(fmt::format("--svg: '{}' cannot be written: {}", printable(path.string()),
                               std::generic_category().message(errno)));
}

constexpr std::string_view head = R"(<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>How balanced are the batches?</title>
<style>
body { max-width: 780px; margin: 2em auto; padding: 0 1em; }
body { font-family: Helvetica, Arial, sans-serif; color: #222222; background: #ffffff; }
figure { margin: 2em 0; }
figcaption { color: #555555; }
svg { max-width: 100%; height: auto; }
</style>
</head>
<body>
<h1>How balanced are the batches?</h1>
)";

std::string page(std::span<picture const> pictures, std::span<std::string const> paragraphs) {
  std::string text(head);
  for (auto const& paragraph : paragraphs) text += fmt::format("<p>{}</p>\n", svg::escaped(paragraph));
  for (auto const& each : pictures) {
    text += fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", each.svg, svg::escaped(each.caption));
  }
  return text + "</body>\n</html>\n";
}

}  // namespace

void make_directory(std::string const& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error && !fs::is_directory(path, error) && !error) error = std::make_error_code(std::errc::not_a_directory);
  if (!error) return;
  throw user_error(fmt::format("--svg: the directory '{}' cannot be made: {}", printable(path), error.message()));
}

void write_gallery(std::string const& directory, std::span<picture const> pictures,
                   std::span<std::string const> paragraphs) {
  for (auto const& each : pictures) write_file(fs::path(directory) / (each.name + ".svg"), each.svg);
  write_file(fs::path(directory) / "index.html", page(pictures, paragraphs));
}

}  // namespace inspect
