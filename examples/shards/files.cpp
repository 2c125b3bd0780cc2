#include "files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>

#include "shared/atomic_file.hpp"
#include "shared/text.hpp"
#include "shared/user_error.hpp"

namespace shards {
namespace {

using shared::printable, shared::user_error;

void put(std::string& bytes, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(number >> shift & 0xff);
}

void put(std::string& bytes, std::span<float const> numbers) {
  for (float const number : numbers) put(bytes, std::bit_cast<std::uint32_t>(number));
}

std::uint32_t get(std::string_view bytes, std::size_t place) {
  std::uint32_t result = 0;
  for (std::size_t i = 4; i-- > 0;) result = result << 8 | static_cast<unsigned char>(bytes[place + i]);
  return result;
}

constexpr std::string_view magic = "EVSHARD1";
constexpr std::size_t header = 16;

std::string as_file(records const& subject) {
  std::string result(magic);
  put(result, static_cast<std::uint32_t>(subject.classes.size()));
  put(result, static_cast<std::uint32_t>(subject.num_features));
  for (std::size_t i = 0; i < subject.classes.size(); ++i) {
    put(result, subject.classes[i]);
    put(result, subject.features_of(i));
  }
  return result;
}

records from_file(std::string_view text, std::size_t num_features) {
  if (text.size() < header || !text.starts_with(magic))
    throw user_error("it is not a shard: its first letters are not EVSHARD1");
  std::size_t const count = get(text, 8), features = get(text, 12), size = 4 + 4 * num_features;
  if (features != num_features) {
    throw user_error(fmt::format("it has {} features, but the index says {}", features, num_features));
  }
  if (text.size() != header + count * size) {
    throw user_error(fmt::format("it has {} bytes, but {} records need {}; it is truncated or damaged", text.size(),
                                 count, header + count * size));
  }
  records result{.num_features = num_features};
  for (std::size_t record = header; record < text.size(); record += size) {
    result.classes.push_back(get(text, record));
    for (std::size_t f = 0; f < num_features; ++f) {
      result.features.push_back(std::bit_cast<float>(get(text, record + 4 + 4 * f)));
    }
  }
  return result;
}

// --- tar archives as in POSIX.1-1988 (ustar): blocks of 512 bytes, and a header before each file

constexpr std::size_t tar_block = 512;

/// The sum of the bytes of a header, where the digits of the sum itself count as spaces.
std::uint64_t sum_of(std::string_view head) {
  std::uint64_t result = 0;
  for (std::size_t i = 0; i < tar_block; ++i) result += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(head[i]);
  return result;
}

void put_member(std::string& archive, std::string_view name, std::string_view content) {
  std::string head(tar_block, '\0');
  auto const set = [&](std::size_t place, std::string_view text) { head.replace(place, text.size(), text); };
  set(0, name);
  set(100, "0000644");
  set(108, "0000000");
  set(116, "0000000");
  set(124, fmt::format("{:011o}", content.size()));
  set(136, "00000000000");
  set(156, "0");
  set(257, std::string_view("ustar\00000", 8));
  set(148, fmt::format("{:06o}", sum_of(head)));
  set(155, " ");
  archive += head;
  archive += content;
  archive.resize((archive.size() + tar_block - 1) / tar_block * tar_block);
}

std::string as_tar(records const& subject) {
  std::string result;
  for (std::size_t i = 0; i < subject.classes.size(); ++i) {
    std::string features;
    put(features, subject.features_of(i));
    put_member(result, fmt::format("{:06}.cls", i), fmt::format("{}", subject.classes[i]));
    put_member(result, fmt::format("{:06}.bin", i), features);
  }
  result.resize(result.size() + 2 * tar_block);  // two empty blocks end an archive
  return result;
}

std::uint64_t octal(std::string_view field) {
  std::uint64_t result = 0;
  field = field.substr(0, field.find_first_of(std::string_view("\0 ", 2)));
  auto const [end, error] = std::from_chars(field.data(), field.data() + field.size(), result, 8);
  if (error != std::errc{} || end != field.data() + field.size())
    throw user_error("a tar header has no numbers; it is damaged");
  return result;
}

struct member {
  std::string_view name, content;
};

/// Removes the next file from the front of an archive. At the end it returns a file without a name.
member next_member(std::string_view& tar) {
  constexpr std::string_view cut_off = "it ends before the archive does; it is truncated";
  if (tar.size() < tar_block) throw user_error(std::string(cut_off));
  std::string_view const head = tar.substr(0, tar_block);
  if (head.find_first_not_of('\0') == std::string_view::npos) return {};
  std::uint64_t const size = octal(head.substr(124, 12));
  if (octal(head.substr(148, 8)) != sum_of(head)) throw user_error("the sum of a tar header is wrong; it is damaged");
  std::uint64_t const whole = tar_block + (size + tar_block - 1) / tar_block * tar_block;
  if (size > tar.size() || whole > tar.size()) throw user_error(std::string(cut_off));
  member const result{head.substr(0, std::min<std::size_t>(head.find('\0'), 100)), tar.substr(tar_block, size)};
  tar.remove_prefix(static_cast<std::size_t>(whole));
  return result;
}

records from_tar(std::string_view text, std::size_t num_features) {
  records result{.num_features = num_features};
  for (member one = next_member(text); !one.name.empty(); one = next_member(text)) {
    if (one.name.ends_with(".cls")) {
      std::uint32_t number = 0;
      auto const end = one.content.data() + one.content.size();
      if (std::from_chars(one.content.data(), end, number).ptr != end || one.content.empty()) {
        throw user_error(fmt::format("'{}' in it is not a class number", printable(one.name)));
      }
      result.classes.push_back(number);
    } else if (one.name.ends_with(".bin")) {
      if (one.content.size() != 4 * num_features) {
        throw user_error(fmt::format("'{}' in it has {} bytes, but {} features need {}", printable(one.name),
                                     one.content.size(), num_features, 4 * num_features));
      }
      for (std::size_t f = 0; f < num_features; ++f) {
        result.features.push_back(std::bit_cast<float>(get(one.content, 4 * f)));
      }
    }  // others are not ours
  }
  if (result.features.size() != result.classes.size() * num_features) {
    throw user_error("it does not have one .cls and one .bin file for every record");
  }
  return result;
}

/// The whole contents of a file, which counts as open meanwhile.
std::string content_of(std::string const& file, traffic& counted) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw user_error(fmt::format("it cannot be opened: {}", std::generic_category().message(errno)));
  }
  ++counted.files_opened;
  raise_to(counted.most_files_open, ++counted.files_open);
  std::string result;
  for (std::array<char, 16384> piece; stream.read(piece.data(), piece.size()), stream.gcount() > 0;) {
    result.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
  }
  --counted.files_open;
  if (stream.bad()) throw user_error("it cannot be read to its end");
  counted.bytes_read += result.size();
  return result;
}

}  // namespace

void write_shard(std::string const& file, records const& subject, bool tar) {
  shared::write_to_disk(file, tar ? as_tar(subject) : as_file(subject));
}

records read_shard(std::string const& file, std::size_t num_features, bool tar, traffic& counted) {
  try {
    std::string const text = content_of(file, counted);
    return tar ? from_tar(text, num_features) : from_file(text, num_features);
  } catch (user_error const& error) {
    throw user_error(fmt::format("'{}': {}", printable(file), error.what()));
  }
}

}  // namespace shards
