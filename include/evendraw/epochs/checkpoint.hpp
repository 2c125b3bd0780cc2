// Where a run is, as a few numbers: enough to continue it.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/detail/checkpoint_text.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// The state of a run: enough to resume it. Its size does not depend on the number of samples.
///
/// Stable     text and bytes read back the same on every platform
struct checkpoint {
  std::uint64_t fingerprint = 0;  ///< the fingerprint of the sampler
  std::uint64_t epoch = 0;        ///< the epoch to continue
  std::uint64_t position = 0;     ///< the number of draws or batches of this epoch that were taken

  // These describe the sampler, so that the message about a refused checkpoint can say what differs. Checkpoints that
  // are written by hand may leave them out.
  std::uint64_t seed = 0;         ///< the seed of the sampler
  std::uint64_t epoch_size = 0;   ///< the number of draws or batches in an epoch
  std::uint64_t batch_size = 0;   ///< 0: a sampler, without batches
  std::uint64_t num_samples = 0;  ///< the number of samples in the data

  /// The size of to_bytes().
  static constexpr std::size_t num_bytes = 72;

  /// Whether both are the same position in runs of the same sampler. The fingerprint alone stands for the sampler.
  friend constexpr bool operator==(checkpoint const& a, checkpoint const& b) noexcept {
    return a.fingerprint == b.fingerprint && a.epoch == b.epoch && a.position == b.position;
  }

  /// "evendraw-checkpoint-2", the fields in the order above, and a check sum. The fingerprint and the check sum are
  /// hexadecimal.
  [[nodiscard]] std::string to_string() const {
    std::string result = detail::joined(magic, " ", detail::hexadecimal(fingerprint));
    for (std::uint64_t const field : {epoch, position, seed, epoch_size, batch_size, num_samples}) {
      result += detail::joined(" ", detail::text(field));
    }
    return detail::joined(result, " ", detail::hexadecimal(checksum()));
  }

  /// Reads what to_string() wrote. White space around it is ignored.
  ///
  /// Needs      complete and unchanged text of this version -> else std::invalid_argument
  [[nodiscard]] static checkpoint from_string(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
    text = text.substr(0, text.find_last_not_of(space) + 1);
    std::array<std::string_view, num_words> words;
    std::string_view remainder = text;
    for (auto& word : words) {
      word = remainder.substr(0, remainder.find(' '));
      remainder.remove_prefix(std::min(word.size() + 1, remainder.size()));
    }
    if (!text.empty() && words[0] != magic) refuse_kind(words[0]);
    if (words.back().empty()) detail::refuse_checkpoint("it is cut short");
    std::array<std::uint64_t, num_words> fields{};
    for (std::size_t i = 1; i + 1 < num_words; ++i) fields[i] = detail::number_in(words[i], i == 1 ? 16 : 10);
    checkpoint const result = from_fields(fields);
    if (result.to_string() != text) detail::refuse_checkpoint("it was altered");
    return result;
  }

  /// 72 bytes: the magic number with the version, the fields in the order above, and the check sum, each little-endian.
  [[nodiscard]] std::array<std::byte, num_bytes> to_bytes() const noexcept {
    std::array<std::byte, num_bytes> bytes{};
    std::array const fields{binary_magic, fingerprint, epoch,       position,  seed,
                            epoch_size,   batch_size,  num_samples, checksum()};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(fields[i / 8] >> i % 8 * 8 & 0xff);
    return bytes;
  }

  /// Reads what to_bytes() wrote.
  ///
  /// Needs      72 unchanged bytes of this version -> else std::invalid_argument
  [[nodiscard]] static checkpoint from_bytes(std::span<std::byte const> bytes) {
    if (bytes.size() != num_bytes) {
      detail::refuse_checkpoint("it has ", detail::text(bytes.size()), " bytes instead of ", detail::text(num_bytes));
    }
    std::array<std::uint64_t, num_words> fields{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
      fields[i / 8] |= std::to_integer<std::uint64_t>(bytes[i]) << i % 8 * 8;
    if (fields[0] != binary_magic) detail::refuse_checkpoint("it does not begin like one of this version");
    checkpoint const result = from_fields(fields);
    if (fields.back() != result.checksum()) detail::refuse_checkpoint("its bytes were altered");
    return result;
  }

 private:
  static constexpr std::string_view magic = "evendraw-checkpoint-2";
  static constexpr std::uint64_t binary_magic = 0x02706b6864766465u;  // "edvdhkp" and the version
  static constexpr std::size_t num_words = num_bytes / 8;

  /// The checkpoint with the given fields, which stand between the magic number and the check sum.
  [[nodiscard]] static checkpoint from_fields(std::array<std::uint64_t, num_words> const& fields) noexcept {
    return {fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7]};
  }

  [[nodiscard]] std::uint64_t checksum() const noexcept {
    detail::fingerprint_builder hash("checkpoint");
    hash.add(fingerprint).add(epoch).add(position);
    return hash.add(seed).add(epoch_size).add(batch_size).add(num_samples).value();
  }

  [[noreturn]] static void refuse_kind(std::string_view word) {
    if (word.starts_with(magic.substr(0, magic.size() - 1)))
      detail::refuse_checkpoint("it was written by another version of evendraw");
    detail::refuse_checkpoint("it does not begin with ", magic);
  }
};

namespace detail {

/// A sampler or a source of batches.
template <class Source>
concept epoch_source = std::copyable<Source> && requires(Source const& source, std::uint64_t e) {
  { source.epoch(e).size() } -> std::same_as<std::uint64_t>;
  { source.epoch_size() } -> std::same_as<std::uint64_t>;
  { source.num_samples() } -> std::same_as<std::uint64_t>;
  { source.seed() } -> std::same_as<std::uint64_t>;
  { source.fingerprint() } -> std::same_as<std::uint64_t>;
};

/// The checkpoint at the beginning of epoch 0.
template <epoch_source Source>
checkpoint beginning_of(Source const& source) {
  checkpoint result{.fingerprint = source.fingerprint(),
                    .seed = source.seed(),
                    .epoch_size = source.epoch_size(),
                    .num_samples = source.num_samples()};
  if constexpr (requires { source.batch_size(); }) result.batch_size = source.batch_size();
  return result;
}

/// Says how a checkpoint differs from those of a source: "batch_size 32, not 64, epoch_size 10 batches, not 5".
inline std::string difference(checkpoint const& saved, checkpoint const& now) {
  std::string result;
  auto const compare = [&result](std::string_view name, std::uint64_t value, std::uint64_t other,
                                 std::string_view unit = "") {
    if (value != other) result += joined(result.empty() ? "" : ", ", name, text(value), unit, ", not ", text(other));
  };
  compare("num_samples ", saved.num_samples, now.num_samples);
  if ((saved.batch_size == 0) == (now.batch_size == 0)) {
    compare("batch_size ", saved.batch_size, now.batch_size);
    compare("epoch_size ", saved.epoch_size, now.epoch_size, saved.batch_size == 0 ? "" : " batches");
  } else {  // one epoch_size counts batches, and the other draws
    result += result.empty() ? "" : ", ";
    result += saved.batch_size == 0 ? "single draws, not batches" : "batches, not single draws";
  }
  compare("seed ", saved.seed, now.seed);
  return result;
}

/// Refuses a position behind the end of an epoch.
inline void check_position(std::string_view context, std::uint64_t position, std::uint64_t epoch_size) {
  if (position <= epoch_size) return;
  out_of_range(context, "position is ", text(position), " in an epoch of ", text(epoch_size),
               "; it must not be larger");
}

/// Throws unless `saved` is a checkpoint of the source that has the checkpoint `now`.
inline void check_continues(std::string_view context, checkpoint const& saved, checkpoint const& now) {
  if (saved.fingerprint != now.fingerprint) {
    std::string const differs = saved.num_samples == 0 ? "" : difference(saved, now);
    invalid(context, "the checkpoint was made with another sampler: ",
            differs.empty() ? "another kind of sampler, or other labels, weights, version or options, such as .last"
                            : differs,
            "; build the sampler as it was, or start without the checkpoint");
  }
  if (saved.position > now.epoch_size) {
    invalid(context, "the checkpoint is at position ", text(saved.position), " of an epoch of ", text(now.epoch_size),
            "; it is damaged");
  }
}

}  // namespace detail

/// Makes the checkpoint of a position in a run, for pipelines without a cursor, whose threads take batch numbers from a
/// counter.
///
///   source    a source of batches or a sampler
///   epoch     the number of the epoch
///   position  the number of batches (of a sampler: draws) of the epoch that were used
///
/// Needs      position <= source.epoch_size() -> else std::out_of_range
/// Cost       that of source.fingerprint(), which may be O(n). In a loop, make one checkpoint and then change its
///            .epoch and .position
template <detail::epoch_source Source>
[[nodiscard]] checkpoint checkpoint_of(Source const& source, std::uint64_t epoch, std::uint64_t position) {
  checkpoint result = detail::beginning_of(source);
  detail::check_position("checkpoint_of", position, result.epoch_size);
  result.epoch = epoch;
  result.position = position;
  return result;
}

/// Throws unless a checkpoint belongs to this source. Pipelines without a cursor call it and then continue with
/// source.epoch(saved.epoch).drop(saved.position).
///
/// Needs      a checkpoint of this same source (data, options, seed, sequence_version) -> else std::invalid_argument,
///            which says what differs
/// Cost       that of source.fingerprint()
template <detail::epoch_source Source>
void(check)(Source const& source, checkpoint const& saved) {  // in parentheses: some libraries have such a macro
  detail::check_continues("check", saved, detail::beginning_of(source));
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
