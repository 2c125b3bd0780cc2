// Text and bytes -> checkpoint -> cursor.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fuzz/checks.hpp>
#include <fuzz/input.hpp>

#include <evendraw/epochs/cursor.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/dynamic_weights.hpp>
#include <evendraw/samplers/random_sampler.hpp>

using evendraw::checkpoint;
using fuzz::byte_reader, fuzz::check, fuzz::made;

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
  return text.substr(0, text.find_last_not_of(space) + 1);
}

void read_text(std::string const& text) {
  if (auto const read = made([&] { return checkpoint::from_string(text); })) {
    check(read->to_string() == trimmed(text), "accepted text is what to_string() writes");
  }
}

void read_bytes(std::string const& text) {
  auto const bytes = std::as_bytes(std::span(text));
  if (auto const read = made([&] { return checkpoint::from_bytes(bytes); })) {
    check(std::ranges::equal(read->to_bytes(), bytes), "accepted bytes are what to_bytes() writes");
  }
}

checkpoint any(byte_reader& input) {
  return {.fingerprint = input.count(),
          .epoch = input.count(),
          .position = input.count(),
          .seed = input.byte(),
          .epoch_size = input.byte(),
          .batch_size = input.byte(),
          .num_samples = input.byte()};
}

/// Changes, removes or adds some letters of a checkpoint.
void read_damaged(byte_reader& input) {
  checkpoint const saved = any(input);
  std::string text = saved.to_string();
  for (auto changes = input.below(4); changes > 0 && !text.empty(); --changes) {
    std::size_t const place = static_cast<std::size_t>(input.below(text.size()));
    switch (input.below(4)) {
      case 0:
        text[place] = static_cast<char>(input.byte());
        break;
      case 1:
        text.erase(place, 1 + input.byte() % 8u);
        break;
      case 2:
        text.insert(place, 1, static_cast<char>(input.byte()));
        break;
      default:
        text.insert(place, text.substr(static_cast<std::size_t>(input.below(text.size())), 10));
    }
  }
  read_text(text);
  auto const read = made([&] { return checkpoint::from_string(text); });
  check(!read || read->to_string() == saved.to_string(), "a damaged checkpoint leads to no other position");
}

/// Continues from a checkpoint of the right sampler, or of another, at any position.
void resume(byte_reader& input) {
  evendraw::random_sampler const sampler(1 + input.byte(), {.seed = input.byte()});
  evendraw::batch_sampler const batches(sampler,
                                        {.batch_size = 1 + input.below(64), .last = evendraw::last_batch::drop});
  checkpoint saved = any(input);
  if (input.flag()) saved.fingerprint = sampler.fingerprint();
  auto walked = made([&] { return evendraw::cursor(sampler, saved); });
  bool const right = saved.fingerprint == sampler.fingerprint() && saved.position <= sampler.epoch_size();
  check(walked.has_value() == right, "a cursor continues from its own checkpoints only");
  if (walked) {
    bool const at_end = saved.position == sampler.epoch_size();
    auto const expected = at_end ? sampler.epoch(saved.epoch + 1)[0] : sampler.epoch(saved.epoch)[saved.position];
    check(walked->next() == expected, "a cursor continues where it stopped");
  }
  saved.fingerprint = batches.fingerprint();
  auto in_batches = made([&] { return evendraw::cursor(batches, saved); });
  if (in_batches) check(in_batches->next().size() == batches.batch_size(), "all batches are full");
}

void resume_weights(byte_reader& input) {
  auto const weights = input.reals(8);
  evendraw::dynamic_weights_options const options{.largest = input.real(), .seed = input.byte()};
  checkpoint saved = any(input);
  auto const fresh = made([&] { return evendraw::dynamic_weights<>(weights, options); });
  if (fresh && input.flag()) saved.fingerprint = fresh->fingerprint();
  auto const resumed = made([&] { return evendraw::dynamic_weights<>(weights, options, saved); });
  check(resumed.has_value() == (fresh && saved.fingerprint == fresh->fingerprint()),
        "a table continues from its own checkpoints only");
  if (resumed) check(resumed->save() == saved, "a table continues where it stopped");
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  byte_reader input(data, size);
  switch (input.below(5)) {
    case 0:
      read_text(input.remaining());
      break;
    case 1:
      read_bytes(input.remaining());
      break;
    case 2:
      read_damaged(input);
      break;
    case 3:
      resume(input);
      break;
    default:
      resume_weights(input);
  }
  return 0;
}
