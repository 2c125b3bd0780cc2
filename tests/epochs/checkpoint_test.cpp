#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/epochs/cursor.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/multinomial_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>

namespace checkpoint_test {

using evendraw::batch_sampler;
using evendraw::checkpoint;
using evendraw::cursor;
using evendraw::random_sampler;

namespace {

constexpr std::uint64_t largest = ~std::uint64_t{0};

std::vector<checkpoint> examples(std::uint64_t random = 20) {
  std::vector<checkpoint> result{{},
                                 {largest, largest, largest, largest, largest, largest, largest},
                                 {.fingerprint = 0xabc, .epoch = 10, .position = 9}};
  for (std::uint64_t i = 0; i < random; ++i) {
    result.push_back({.fingerprint = evendraw::random_word(1, i),
                      .epoch = evendraw::random_word(2, i) % 100,
                      .position = evendraw::random_word(3, i) >> (3 * i),
                      .seed = evendraw::random_word(4, i) >> i,
                      .epoch_size = evendraw::random_word(5, i) >> 40,
                      .batch_size = evendraw::random_word(6, i) % 1000,
                      .num_samples = evendraw::random_word(7, i) >> 30});
  }
  return result;
}

template <class F>
bool refused_by(F read) {
  try {
    (void)read();
  } catch (std::invalid_argument const& error) {
    return std::string_view(error.what()).starts_with("evendraw::checkpoint: this is not a usable checkpoint: ");
  }
  return false;
}

bool refused(std::string const& text) {
  return refused_by([&] { return checkpoint::from_string(text); });
}
bool refused(std::span<std::byte const> bytes) {
  return refused_by([&] { return checkpoint::from_bytes(bytes); });
}

using indices = std::vector<std::uint32_t>;

indices in_a_list(std::uint32_t index) { return {index}; }
indices in_a_list(std::span<std::uint32_t const> batch) { return {batch.begin(), batch.end()}; }

/// Everything that `steps` calls of next() return.
template <class Cursor>
indices walk(Cursor& walked, std::uint64_t steps) {
  indices result;
  for (; steps > 0; --steps) {
    auto const next = in_a_list(walked.next());
    result.insert(result.end(), next.begin(), next.end());
  }
  return result;
}

/// Interrupts a run of `epochs` epochs at every step, and continues from the text of the checkpoint.
template <class Source>
int wrong_resumptions(Source const& source, std::uint64_t epochs) {
  std::uint64_t const steps = source.epoch_size() * epochs;
  cursor uninterrupted(source);
  auto const expected = walk(uninterrupted, steps);
  int wrong = 0;
  for (std::uint64_t step = 0; step <= steps; ++step) {
    cursor first(source);
    auto together = walk(first, step);
    auto const text = first.save().to_string();
    cursor second(source, checkpoint::from_string(text));
    wrong += second.save() != first.save();
    auto const continued = walk(second, steps - step);
    together.insert(together.end(), continued.begin(), continued.end());
    wrong += together != expected;
    wrong += second.save() != uninterrupted.save();
  }
  return wrong;
}

std::vector<double> const weights{1, 2, 3, 0, 5};
std::vector<int> const labels{0, 0, 0, 1, 1, 2};

}  // namespace

TEST_CASE("checkpoint: text and bytes read back the same", "[checkpoint]") {
  for (auto const& saved : examples()) {
    auto const text = checkpoint::from_string(saved.to_string()), bytes = checkpoint::from_bytes(saved.to_bytes());
    CHECK(text == saved);
    CHECK(bytes == saved);
    for (auto const& read : {text, bytes}) {  // the fields that == leaves out
      CHECK(std::array{read.seed, read.epoch_size, read.batch_size, read.num_samples} ==
            std::array{saved.seed, saved.epoch_size, saved.batch_size, saved.num_samples});
    }
  }
  CHECK(checkpoint::num_bytes == 72);
}

TEST_CASE("checkpoint: white space around the text is ignored", "[checkpoint]") {
  checkpoint const saved{.fingerprint = 1, .epoch = 2, .position = 3};
  CHECK(checkpoint::from_string(saved.to_string() + "\n") == saved);
  CHECK(checkpoint::from_string(saved.to_string() + "\r\n") == saved);
  CHECK(checkpoint::from_string("  \t" + saved.to_string() + " \n\n") == saved);
}

TEST_CASE("checkpoint: golden text and bytes", "[checkpoint]") {  // files of older runs must stay readable
  checkpoint const saved{.fingerprint = 0x0123456789abcdef,
                         .epoch = 12,
                         .position = 3456,
                         .seed = 42,
                         .epoch_size = 5000,
                         .batch_size = 256,
                         .num_samples = 1'000'000};
  CHECK(saved.to_string() == "evendraw-checkpoint-2 0123456789abcdef 12 3456 42 5000 256 1000000 924dcc1e50b416b6");
  std::string hexadecimal;
  for (auto const byte : saved.to_bytes()) {
    for (int const digit : {std::to_integer<int>(byte) / 16, std::to_integer<int>(byte) % 16})
      hexadecimal += "0123456789abcdef"[digit];
  }
  CHECK(hexadecimal ==
        "65647664686b7002"
        "efcdab8967452301"
        "0c00000000000000"
        "800d000000000000"
        "2a00000000000000"
        "8813000000000000"
        "0001000000000000"
        "40420f0000000000"
        "b616b4501ecc4d92");
}

TEST_CASE("checkpoint: text with any one letter changed, missing or added is refused", "[checkpoint]") {
  std::string letters = "\t\n ";
  for (char letter = '!'; letter <= '~'; ++letter) letters += letter;
  std::vector<std::string> accepted;
  for (auto const& saved : examples(2)) {
    auto const text = saved.to_string();
    for (std::size_t i = 0; i < text.size(); ++i) {
      auto missing = text;
      missing.erase(i, 1);
      if (!refused(missing)) accepted.push_back(missing);
      for (char const letter : letters) {
        auto changed = text, longer = text;
        changed[i] = letter;
        longer.insert(i, 1, letter);
        if (letter != text[i] && !refused(changed)) accepted.push_back(changed);
        if ((i > 0 || letter > ' ') && !refused(longer)) accepted.push_back(longer);
      }
    }
    for (char const letter : letters) {
      if (letter > ' ' && !refused(text + letter)) accepted.push_back(text + letter);
    }
  }
  auto const number = accepted.size();
  accepted.resize(std::min<std::size_t>(number, 5));
  CAPTURE(accepted);
  CHECK(number == 0);
}

TEST_CASE("checkpoint: every accepted text means what was saved", "[checkpoint]") {
  // This is weaker than the previous test, but a run depends on it: no damage leads to another position.
  int wrong = 0;
  for (auto const& saved : examples(2)) {
    auto const text = saved.to_string();
    for (std::size_t i = 0; i < text.size(); ++i) {
      for (char letter = ' '; letter <= '~'; ++letter) {
        auto changed = text;
        changed[i] = letter;
        wrong += !refused(changed) && checkpoint::from_string(changed) != saved;
      }
      wrong += !refused(text.substr(0, i));
      wrong += i > 0 && !refused(text.substr(i));
      for (std::size_t j = i + 1; j < text.size(); ++j) {  // two letters exchanged
        auto swapped = text;
        std::swap(swapped[i], swapped[j]);
        wrong += !refused(swapped) && checkpoint::from_string(swapped) != saved;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("checkpoint: text with any one bit changed, or of any other version, is refused", "[checkpoint]") {
  int accepted = 0;
  for (auto const& saved : examples(2)) {
    auto const text = saved.to_string();
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
      auto changed = text;
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
      accepted += !refused(changed);
    }
    for (int version = 0; version < 100; ++version) {
      if (version == 2) continue;
      accepted += !refused("evendraw-checkpoint-" + std::to_string(version) + text.substr(text.find(' ')));
    }
  }
  CHECK(accepted == 0);
}

TEST_CASE("checkpoint: bytes with any change, cut or extension are refused", "[checkpoint]") {
  int accepted = 0;
  for (auto const& saved : examples(2)) {
    auto bytes = saved.to_bytes();
    for (auto& byte : bytes) {
      auto const before = byte;
      for (int flip = 1; flip < 256; ++flip) {
        byte = before ^ static_cast<std::byte>(flip);
        accepted += !refused(bytes);
      }
      byte = before;
    }
    for (std::size_t length = 0; length < bytes.size(); ++length) accepted += !refused(std::span(bytes).first(length));
    std::vector<std::byte> longer(bytes.begin(), bytes.end());
    longer.push_back(std::byte{0});
    accepted += !refused(longer);
  }
  CHECK(accepted == 0);
}

TEST_CASE("checkpoint: messages say why it is refused", "[checkpoint]") {
  std::string const before = "evendraw::checkpoint: this is not a usable checkpoint: ",
                    after = "; start the run from the beginning";
  auto const text = checkpoint{.fingerprint = 1, .epoch = 2, .position = 3}.to_string();
  CHECK_THROWS_AS(checkpoint::from_string(""), std::invalid_argument);
  CHECK_THROWS_WITH(checkpoint::from_string(""), before + "it is cut short" + after);
  CHECK_THROWS_WITH(checkpoint::from_string("evendraw-checkpoint-2 0000000000000001 2"),
                    before + "it is cut short" + after);
  CHECK_THROWS_WITH(checkpoint::from_string("hello"), before + "it does not begin with evendraw-checkpoint-2" + after);
  CHECK_THROWS_WITH(checkpoint::from_string("evendraw-checkpoint-1 what ever comes then"),
                    before + "it was written by another version of evendraw" + after);
  CHECK_THROWS_WITH(checkpoint::from_string(text + " x"), before + "it was altered" + after);
  CHECK_THROWS_WITH(checkpoint::from_string("evendraw-checkpoint-2 1 -2 3 4 5 6 7 8"),
                    before + "'-2' is not a number that fits 64 bits" + after);
  CHECK_THROWS_WITH(checkpoint::from_string("evendraw-checkpoint-2 1 2 18446744073709551616 4 5 6 7 8"),
                    before + "'18446744073709551616' is not a number that fits 64 bits" + after);
  auto altered = text;
  altered[39] = '9';
  CHECK_THROWS_WITH(checkpoint::from_string(altered), before + "it was altered" + after);

  auto bytes = checkpoint{}.to_bytes();
  CHECK_THROWS_WITH(checkpoint::from_bytes(std::span(bytes).first(71)),
                    before + "it has 71 bytes instead of 72" + after);
  bytes[20] = std::byte{1};
  CHECK_THROWS_WITH(checkpoint::from_bytes(bytes), before + "its bytes were altered" + after);
  bytes[0] = std::byte{0};
  CHECK_THROWS_WITH(checkpoint::from_bytes(bytes), before + "it does not begin like one of this version" + after);
}

TEST_CASE("cursor walks one epoch after the other", "[checkpoint]") {
  random_sampler const sampler(10, {.seed = 4});
  cursor walked(sampler);
  CHECK(walked.epoch() == 0);
  CHECK(walked.position() == 0);
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    CHECK(walk(walked, 10) == sampling::all(sampler.epoch(epoch)));
    CHECK(walked.epoch() == epoch);
    CHECK(walked.position() == 10);
  }
}

TEST_CASE("cursor walks in batches", "[checkpoint]") {
  random_sampler const sampler(10, {.seed = 4});
  batch_sampler const batches(sampler, 4);
  cursor walked(batches);
  std::vector<std::size_t> sizes;
  indices epoch_0;
  for (int i = 0; i < 3; ++i) {
    std::span<std::uint32_t const> const batch = walked.next();
    sizes.push_back(batch.size());
    epoch_0.insert(epoch_0.end(), batch.begin(), batch.end());
  }
  CHECK(sizes == std::vector<std::size_t>{4, 4, 2});
  CHECK(epoch_0 == sampling::all(sampler.epoch(0)));
  CHECK(walked.position() == 3);
  CHECK(walk(walked, 3) == sampling::all(sampler.epoch(1)));
  CHECK(walked.epoch() == 1);

  cursor dropping(batch_sampler(sampler, {.batch_size = 4, .last = evendraw::last_batch::drop}));
  CHECK(walk(dropping, 2) == sampling::all(sampler.epoch(0).take(8)));
  CHECK(walk(dropping, 1) == sampling::all(sampler.epoch(1).take(4)));
}

TEST_CASE("cursor: a resumed run equals the uninterrupted one, at every step", "[checkpoint]") {
  evendraw::multinomial_sampler const multinomial(weights, {.epoch_size = 13, .seed = 1});
  evendraw::balanced_epoch_sampler const balanced(labels, {.seed = 2});
  CHECK(wrong_resumptions(random_sampler(11, {.seed = 3}), 3) == 0);
  CHECK(wrong_resumptions(random_sampler(1), 3) == 0);
  CHECK(wrong_resumptions(multinomial, 3) == 0);
  CHECK(wrong_resumptions(balanced, 5) == 0);
  CHECK(wrong_resumptions(batch_sampler(multinomial, 4), 3) == 0);
  CHECK(wrong_resumptions(batch_sampler(multinomial, {.batch_size = 4, .last = evendraw::last_batch::drop}), 3) == 0);
  CHECK(wrong_resumptions(batch_sampler(balanced, 100), 5) == 0);
}

TEST_CASE("cursor: copies walk on their own", "[checkpoint]") {
  cursor walked(batch_sampler(random_sampler(10), 3));
  (void)walked.next();
  auto copy = walked;
  auto const of_original = walk(walked, 5), of_copy = walk(copy, 5);
  CHECK(of_original == of_copy);
  CHECK(walked.save() == copy.save());
}

TEST_CASE("cursor: continues in a far epoch at once", "[checkpoint]") {
  random_sampler const sampler(1000);
  checkpoint const far{.fingerprint = sampler.fingerprint(), .epoch = largest - 1, .position = 999};
  cursor walked(sampler, far);
  CHECK(walked.next() == sampler.epoch(largest - 1)[999]);
  CHECK(walked.next() == sampler.epoch(largest)[0]);
}

TEST_CASE("cursor: epochs_done ends a run after whole epochs", "[checkpoint]") {
  batch_sampler const batches(random_sampler(10), 3);
  cursor run(batches);
  CHECK(run.epochs_done() == 0);
  for (int steps = 0; steps < 12; ++steps) {
    CHECK(run.epochs_done() == static_cast<std::uint64_t>(steps / 4));
    CHECK(cursor(batches, run.save()).epochs_done() == run.epochs_done());
    run.next();
  }
  CHECK(run.epochs_done() == 3);
  CHECK(run.epoch() == 2);  // the twin: a loop over epoch() would go on
  run.skip(5);
  CHECK(run.epochs_done() == 4);
}

TEST_CASE("cursor: refuses the checkpoint of another sampler, and says what differs", "[checkpoint]") {
  std::string_view const options =
      "another kind of sampler, or other labels, weights, version or options, such as .last";
  auto const check = [](auto const& mine, auto const& other, std::string_view differs) {
    auto const saved = cursor(mine).save();
    std::string const text = "evendraw::cursor: the checkpoint was made with another sampler: " + std::string(differs) +
                             "; build the sampler as it was, or start without the checkpoint";
    CHECK_THROWS_AS(cursor(other, saved), std::invalid_argument);
    CHECK_THROWS_WITH(cursor(other, saved), text);
    CHECK(cursor(mine, saved).save() == saved);
    CHECK_NOTHROW((evendraw::check)(mine, saved));
    CHECK_THROWS_WITH((evendraw::check)(other, saved), "evendraw::check" + text.substr(text.find(": ")));
    // The message about a checkpoint that was made by hand has less detail.
    CHECK_THROWS_WITH(cursor(other, {.fingerprint = saved.fingerprint}), Catch::Matchers::Contains("other labels"));
  };
  using evendraw::balanced_epoch_sampler, evendraw::inverse_frequency_sampler, evendraw::multinomial_sampler;
  check(random_sampler(10), random_sampler(11), "num_samples 10, not 11, epoch_size 10, not 11");
  check(random_sampler(10), random_sampler(10, {.seed = 1}), "seed 0, not 1");
  check(random_sampler(10), random_sampler(10, {.epoch_size = 9}), "epoch_size 10, not 9");
  check(random_sampler(10), multinomial_sampler(std::vector<int>(10, 1)), options);
  check(multinomial_sampler(weights), multinomial_sampler(weights, {.seed = 1}), "seed 0, not 1");
  check(multinomial_sampler(weights), multinomial_sampler(weights, {.epoch_size = 6}), "epoch_size 5, not 6");
  check(multinomial_sampler(weights), multinomial_sampler(std::vector{1, 2, 3, 0, 6}), options);
  check(inverse_frequency_sampler(labels), inverse_frequency_sampler(std::vector{0, 0, 0, 1, 2, 1}), options);
  check(inverse_frequency_sampler(labels), inverse_frequency_sampler(labels, {.seed = 1}), "seed 0, not 1");
  check(balanced_epoch_sampler(labels), balanced_epoch_sampler(labels, {.per_class = 1, .max_repeats = 2, .seed = 1}),
        "seed 0, not 1");
  check(balanced_epoch_sampler(labels), balanced_epoch_sampler(labels, {.epoch_size = 4}), "epoch_size 3, not 4");
  check(batch_sampler(random_sampler(10), 4), batch_sampler(random_sampler(10), 5),
        "batch_size 4, not 5, epoch_size 3 batches, not 2");
  check(batch_sampler(random_sampler(10), 6), batch_sampler(random_sampler(10), 7), "batch_size 6, not 7");
  check(batch_sampler(random_sampler(10), 4),
        batch_sampler(random_sampler(10), {.batch_size = 4, .last = evendraw::last_batch::drop}),
        "epoch_size 3 batches, not 2");
  check(batch_sampler(random_sampler(10), 4), batch_sampler(random_sampler(10, {.seed = 1}), 4), "seed 0, not 1");
  check(batch_sampler(random_sampler(10), 1), random_sampler(10), "batches, not single draws");
  check(random_sampler(300), batch_sampler(random_sampler(300), 32), "single draws, not batches");
  check(batch_sampler(random_sampler(300), 32), random_sampler(310, {.seed = 1}),
        "num_samples 300, not 310, batches, not single draws, seed 0, not 1");
}

TEST_CASE("cursor: refuses empty epochs and positions beyond the epoch", "[checkpoint]") {
  batch_sampler const none(random_sampler(10), {.batch_size = 11, .last = evendraw::last_batch::drop});
  CHECK_THROWS_AS(cursor(none), std::invalid_argument);
  CHECK_THROWS_WITH(cursor(none),
                    "evendraw::cursor: an epoch is empty, so next() has nothing to return; check batch_size");
  random_sampler const sampler(10);
  checkpoint saved{.fingerprint = sampler.fingerprint(), .epoch = 1, .position = 10};
  CHECK(cursor(sampler, saved).next() == sampler.epoch(2)[0]);  // at the end of epoch 1
  saved.position = 11;
  CHECK_THROWS_AS(cursor(sampler, saved), std::invalid_argument);
  CHECK_THROWS_WITH(cursor(sampler, saved),
                    "evendraw::cursor: the checkpoint is at position 11 of an epoch of 10; it is damaged");
}

TEST_CASE("cursor: skip(n) is n times next()", "[checkpoint]") {
  auto const same = [](auto const& source) {
    bool result = true;
    for (std::uint64_t start = 0; start < 12; ++start) {
      for (std::uint64_t n = 0; n < 40; ++n) {
        cursor stepped(source), skipped(source);
        walk(stepped, start + n);
        walk(skipped, start);
        skipped.skip(n);
        result &= stepped.save() == skipped.save();
        result &= walk(stepped, 1) == walk(skipped, 1) && stepped.save() == skipped.save();
      }
    }
    return result;
  };
  CHECK(same(random_sampler(11, {.seed = 3})));
  CHECK(same(random_sampler(1)));
  CHECK(same(batch_sampler(random_sampler(10), 3)));

  random_sampler const sampler(10);
  cursor far(sampler);
  far.skip(largest);  // 10 * 1'844'674'407'370'955'161 + 5
  CHECK(far.save() == evendraw::checkpoint_of(sampler, 1'844'674'407'370'955'161, 5));
  CHECK(far.next() == sampler.epoch(1'844'674'407'370'955'161)[5]);
  CHECK_THROWS_WITH(far.skip(-1), "evendraw::cursor::skip: n is -1; it must be >= 0");
  CHECK(far.position() == 6);
}

TEST_CASE("checkpoint_of is what a cursor saves", "[checkpoint]") {
  batch_sampler const batches(random_sampler(10, {.seed = 7}), 3);
  cursor run(batches);
  for (std::uint64_t e = 0; e < 3; ++e) {
    for (std::uint64_t b = 1; b <= 4; ++b) {
      (void)run.next();
      CHECK(run.save().to_string() == evendraw::checkpoint_of(batches, e, b).to_string());
    }
  }
  auto const saved = evendraw::checkpoint_of(batches, 5, 2);
  CHECK(saved.seed == 7);
  CHECK(saved.epoch_size == 4);
  CHECK(saved.batch_size == 3);
  CHECK(saved.num_samples == 10);
  CHECK(indices(cursor(batches, saved).next()) == batches.epoch(5)[2]);
  CHECK_THROWS_AS(evendraw::checkpoint_of(batches, 0, 5), std::out_of_range);
  CHECK_THROWS_WITH(evendraw::checkpoint_of(batches, 0, 5),
                    "evendraw::checkpoint_of: position is 5 in an epoch of 4; it must not be larger");
  auto damaged = saved;
  damaged.position = 5;
  CHECK_THROWS_WITH((evendraw::check)(batches, damaged),
                    "evendraw::check: the checkpoint is at position 5 of an epoch of 4; it is damaged");
}

TEST_CASE("cursor: needs no room for a batch before next()", "[checkpoint]") {
  // Batches of 2^31 draws: the room for one would be 8 GB.
  evendraw::stratified_batch_options<int> const options{.batch_size = std::uint64_t{1} << 31, .num_batches = 3};
  evendraw::stratified_batch_sampler<> const source(labels, options);
  cursor walked(source, evendraw::checkpoint_of(source, 5, 2));
  walked.skip(2);
  CHECK(walked.epoch() == 6);
  CHECK(walked.position() == 1);
  CHECK(walked.save() == evendraw::checkpoint_of(source, 6, 1));
}

}  // namespace checkpoint_test
