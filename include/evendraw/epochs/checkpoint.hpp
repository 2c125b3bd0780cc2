// Steps through epochs with next(), and resumes where a run was interrupted.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

namespace evendraw {

/// The state of a run: enough to resume it. Its size does not depend on the number of samples.
///
/// Stable     text and bytes read back the same on every platform
struct checkpoint {
  std::uint64_t fingerprint = 0;  ///< of the sampler that is drawn from
  std::uint64_t epoch = 0;        ///< the epoch that goes on
  std::uint64_t position = 0;     ///< draws or batches of the epoch that were taken

  /// The size of to_bytes().
  static constexpr std::size_t num_bytes = 40;

  friend bool operator==(checkpoint const&, checkpoint const&) = default;

  /// "evendraw-checkpoint-1 fingerprint epoch position check", in hexadecimal and decimal digits.
  [[nodiscard]] std::string to_string() const {
    return detail::joined(magic, " ", hexadecimal(fingerprint), " ", detail::text(epoch), " ", detail::text(position),
                          " ", hexadecimal(check()));
  }

  /// Reads what to_string() wrote. White space around it is ignored.
  ///
  /// Needs      complete and unchanged text of this version -> else std::invalid_argument
  [[nodiscard]] static checkpoint from_string(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
    text = text.substr(0, text.find_last_not_of(space) + 1);
    std::array<std::string_view, 5> words;
    std::string_view remainder = text;
    for (auto& word : words) {
      word = remainder.substr(0, remainder.find(' '));
      remainder.remove_prefix(std::min(word.size() + 1, remainder.size()));
    }
    if (!text.empty() && words[0] != magic) refuse_kind(words[0]);
    if (words.back().empty()) refuse("it is cut short");
    checkpoint result;
    result.fingerprint = number(words[1], 16);
    result.epoch = number(words[2], 10);
    result.position = number(words[3], 10);
    if (result.to_string() != text) refuse("it was altered");
    return result;
  }

  /// 40 bytes: the magic number with the version, fingerprint, epoch, position, check; each little-endian.
  [[nodiscard]] std::array<std::byte, num_bytes> to_bytes() const noexcept {
    std::array<std::byte, num_bytes> bytes{};
    std::array const fields{binary_magic, fingerprint, epoch, position, check()};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(fields[i / 8] >> i % 8 * 8 & 0xff);
    return bytes;
  }

  /// Reads what to_bytes() wrote.
  ///
  /// Needs      40 unchanged bytes of this version -> else std::invalid_argument
  [[nodiscard]] static checkpoint from_bytes(std::span<std::byte const> bytes) {
    if (bytes.size() != num_bytes) {
      refuse("it has ", detail::text(bytes.size()), " bytes instead of ", detail::text(num_bytes));
    }
    std::array<std::uint64_t, 5> fields{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
      fields[i / 8] |= std::to_integer<std::uint64_t>(bytes[i]) << i % 8 * 8;
    if (fields[0] != binary_magic) refuse("it does not begin as one of this version does");
    checkpoint const result{.fingerprint = fields[1], .epoch = fields[2], .position = fields[3]};
    if (fields[4] != result.check()) refuse("its bytes were altered");
    return result;
  }

 private:
  static constexpr std::string_view magic = "evendraw-checkpoint-1";
  static constexpr std::uint64_t binary_magic = 0x01706b6864766465u;  // "edvdhkp" and the version

  [[nodiscard]] std::uint64_t check() const noexcept {
    return detail::fingerprint_builder("checkpoint").add(fingerprint).add(epoch).add(position).value();
  }

  [[nodiscard]] static std::string hexadecimal(std::uint64_t value) {
    std::string digits(16, '0');
    for (std::size_t i = digits.size(); i-- > 0; value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
    return digits;
  }

  static std::uint64_t number(std::string_view word, std::uint64_t base) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    bool fits = !word.empty();
    std::uint64_t value = 0;
    for (char const letter : word) {
      std::uint64_t const digit = std::string_view("0123456789abcdef").find(letter);
      fits = fits && digit < base && value <= (most - digit) / base;
      value = value * base + digit;
    }
    if (!fits) refuse(detail::text(word), " is not a number that fits 64 bits");
    return value;
  }

  [[noreturn]] static void refuse(std::string_view why, std::string_view more = {}, std::string_view and_more = {},
                                  std::string_view last = {}) {
    detail::invalid("checkpoint", "this is no usable checkpoint: ", why, more, and_more, last,
                    "; start the run from the beginning");
  }
  [[noreturn]] static void refuse_kind(std::string_view word) {
    if (word.starts_with(magic.substr(0, magic.size() - 1))) refuse("it was written by another version of evendraw");
    refuse("it does not begin with ", magic);
  }
};

/// A sampler or a batch_sampler: its epochs have a size, and it has a fingerprint.
template <class Source>
concept epoch_source = std::copyable<Source> && requires(Source const& source, std::uint64_t e) {
  { source.epoch(e).size() } -> std::same_as<std::uint64_t>;
  { source.fingerprint() } -> std::same_as<std::uint64_t>;
};

namespace detail {

/// Throws unless `saved` can be a state of a cursor over the sampler with this fingerprint.
inline void check_continues(std::string_view context, checkpoint const& saved, std::uint64_t fingerprint,
                            std::uint64_t epoch_size) {
  if (saved.fingerprint != fingerprint) {
    invalid(context,
            "the checkpoint was made with another sampler: other data, options, seed or version; "
            "build the sampler as it was, or start without the checkpoint");
  }
  if (saved.position > epoch_size) {
    invalid(context, "the checkpoint stands at ", text(saved.position), " of an epoch of ", text(epoch_size),
            "; it is damaged");
  }
}

}  // namespace detail

/// Steps through one epoch after the other, for loops that call next().
///
///   source  a sampler (next() returns an index) or a batch_sampler (next() returns a batch)
///   saved   optional: the checkpoint of another cursor over the same source
///
/// Needs      epochs that are not empty; a checkpoint of this same source (data, options, seed, library sequence)
///            -> else std::invalid_argument
/// Edge       after epoch 2^64 - 1 comes epoch 0
/// Cost       O(n) once, for the fingerprint; next() costs one draw or one batch; resuming from a checkpoint is O(1)
template <epoch_source Source>
class cursor {
  using epoch_type = decltype(std::declval<Source const&>().epoch(0));
  using index_type = typename epoch_type::index_type;
  static constexpr bool in_batches = requires(epoch_type const& epoch) { epoch.batch_size(); };

 public:
  explicit cursor(Source source) : cursor(std::move(source), no_checkpoint{}) {}

  cursor(Source source, checkpoint const& saved) : cursor(std::move(source), no_checkpoint{}) {
    detail::check_continues("cursor", saved, state_.fingerprint, current_.size());
    state_ = saved;
    current_ = source_.epoch(state_.epoch);
  }

  /// Returns the next index, or the next batch as a span that is valid until the following next(). After the last one
  /// of an epoch comes the first one of the next epoch.
  std::conditional_t<in_batches, std::span<index_type const>, index_type> next() {
    make_room(current_);
    if (state_.position == current_.size()) {
      epoch_type following = source_.epoch(state_.epoch + 1);
      make_room(following);  // all that can fail comes before any change
      current_ = std::move(following);
      ++state_.epoch;
      state_.position = 0;
    }
    if constexpr (in_batches) {
      auto const batch = current_.read(state_.position, buffer_);
      ++state_.position;
      return batch;
    } else {
      return current_[state_.position++];
    }
  }

  /// The epoch of what next() returned last.
  [[nodiscard]] std::uint64_t epoch() const noexcept { return state_.epoch; }
  /// The number of indices or batches of that epoch that were taken.
  [[nodiscard]] std::uint64_t position() const noexcept { return state_.position; }
  /// The state of this cursor. Save what was *used*: a loader that runs ahead must keep the checkpoint of the last
  /// batch that was trained on.
  [[nodiscard]] checkpoint save() const noexcept { return state_; }

 private:
  struct no_checkpoint {};

  cursor(Source source, no_checkpoint) : source_(std::move(source)), current_(source_.epoch(0)) {
    if (current_.size() == 0)
      detail::invalid("cursor", "an epoch is empty, so that there is no next(); check batch_size");
    state_.fingerprint = source_.fingerprint();
  }

  void make_room(epoch_type const& epoch) {
    if constexpr (in_batches) buffer_.resize(std::max(buffer_.size(), epoch.buffer_size()));
  }

  Source source_;
  epoch_type current_;
  checkpoint state_;
  std::vector<index_type> buffer_;
};

}  // namespace evendraw
