#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <support/catch2.hpp>
#include <support/words.hpp>

#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/random/counter_random.hpp>

namespace label_numbering_test {

using evendraw::random_word;
using evendraw::detail::label_hash;
using evendraw::detail::label_numbering;

namespace {

/// The number of labels whose number differs from that of the obvious method.
template <class Label>
int differences(std::vector<Label> const& labels) {
  label_numbering<Label> numbering;
  std::map<Label, std::uint32_t> numbers;
  int wrong = 0;
  for (auto const& label : labels) {
    auto const expected = numbers.emplace(label, static_cast<std::uint32_t>(numbers.size())).first->second;
    wrong += numbering.number(label) != expected;
    wrong += expected >= numbering.keys().size() || static_cast<Label>(numbering.keys()[expected]) != label;
  }
  return wrong + (numbering.keys().size() != numbers.size());
}

/// A text that counts how often it is read.
struct counted_text {
  counted_text() = default;
  explicit counted_text(std::string_view given) : text(given) {}
  operator std::string_view() const {
    ++reads;
    return text;
  }
  std::string text = {};
  static inline std::uint64_t reads = 0;
};

/// Texts of 16 letters that have one hash.
std::vector<std::string> colliding_texts(std::uint64_t count) {
  std::vector<std::string> result;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t const first = random_word(5, i),
                        before_last = evendraw::detail::folded(16 * 0x9e3779b97f4a7c15 ^ first),
                        last = before_last ^ 0x1234567;
    result.emplace_back(16, ' ');
    std::memcpy(result.back().data(), &first, 8);
    std::memcpy(result.back().data() + 8, &last, 8);
  }
  return result;
}

/// How often labels are read while the texts are numbered and found again.
std::uint64_t reads_of(std::vector<std::string> const& texts) {
  evendraw::detail::key_numbering<std::vector<counted_text>> numbering;
  counted_text::reads = 0;
  for (auto const& text : texts) numbering.number(text);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) wrong += numbering.find(texts[i]) != i;
  CHECK(wrong == 0);
  CHECK(numbering.find(std::string(16, 'x')) == texts.size());
  return counted_text::reads;
}

}  // namespace

TEST_CASE("label_numbering: labels that are made to collide", "[label_numbering]") {
  auto const texts = colliding_texts(16'000);
  CHECK(label_hash(texts[0]) == label_hash(texts[1]));
  CHECK(label_hash(texts[0]) == label_hash(texts.back()));
  std::uint64_t const few = reads_of({texts.begin(), texts.begin() + 4000}), many = reads_of(texts);
  CHECK(many < 5 * few);           // 16 times as many if every text is compared with all before it
  CHECK(many < 1500 * 16'000ULL);  // 16,000 a text
  CHECK(differences(texts) == 0);

  std::vector<std::uint64_t> integers;  // one slot, whatever the size of the table
  for (std::uint64_t i = 0; i < 80'000; ++i) integers.push_back(words::unmix64(i << 24));
  CHECK(differences(integers) == 0);
  for (std::uint64_t i = 0; i < 10'000; ++i) integers.push_back(words::unmix64(random_word(6, i)));
  integers.insert(integers.end(), integers.begin(), integers.begin() + 20'000);
  CHECK(differences(integers) == 0);

  std::uint64_t wrong = 0;  // the numbers added so far are found, others are not
  evendraw::detail::sorted_runs runs;
  auto const less = [](std::uint32_t a, std::uint32_t b) { return a < b; };
  for (std::uint32_t i = 0; i < 300; ++i) {
    runs.make_room();
    runs.add(i * 7 % 300 * 2, less);
    for (std::uint32_t k = 0; k <= 600; ++k) {
      bool const is_in = k % 2 == 0 && k < 600 && k / 2 * 43 % 300 <= i;  // 7 * 43 = 301
      auto const found = runs.find([k](std::uint32_t n) { return n < k; }, [k](std::uint32_t n) { return k < n; });
      wrong += found != (is_in ? k : evendraw::detail::sorted_runs::none);
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("label_numbering: labels are numbered in the order of their first appearance", "[label_numbering]") {
  std::vector<std::int64_t> integers;
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    integers.push_back(static_cast<std::int64_t>(random_word(1, random_word(2, i) % 5000)));
    texts.push_back(std::string(random_word(3, i) % 20, 'x') + std::to_string(random_word(2, i) % 300));
  }
  CHECK(differences(integers) == 0);
  CHECK(differences(texts) == 0);
  for (auto& integer : integers) integer = static_cast<std::int64_t>(static_cast<std::uint64_t>(integer) << 40);
  CHECK(differences(integers) == 0);
  CHECK(differences(std::vector<bool>{true, false, true}) == 0);
}

TEST_CASE("label_numbering: labels whose hashes differ by little", "[label_numbering]") {
  std::vector<std::uint64_t> labels;
  for (std::uint64_t i = 0; i < 200; ++i)
    labels.push_back(words::unmix64(random_word(4, 0) + (i << 6)));  // in one slot
  for (int bit = 0; bit < 64; ++bit) labels.push_back(words::unmix64(random_word(4, 0) ^ std::uint64_t{1} << bit));
  CHECK(label_hash(labels[1]) >> 32 == label_hash(labels[0]) >> 32);
  CHECK(differences(labels) == 0);
}

TEST_CASE("label_numbering: texts of every length that differ in any one letter", "[label_numbering]") {
  std::vector<std::string> texts;
  for (std::size_t length = 0; length <= 40; ++length) {
    std::string const text(length, 'a');
    texts.push_back(text);
    texts.push_back(std::string(length, '\0'));
    for (std::size_t i = 0; i < length; ++i) {
      for (char const letter : {'b', '\0', '\xff'}) {
        texts.push_back(text);
        texts.back()[i] = letter;
      }
    }
  }
  CHECK(differences(texts) == 0);
  std::ranges::sort(texts);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  std::vector<std::uint64_t> hashes;
  for (auto const& text : texts) hashes.push_back(label_hash(text));
  std::ranges::sort(hashes);
  std::uint64_t equal = 0;
  for (std::size_t i = 1; i < hashes.size(); ++i) equal += hashes[i] == hashes[i - 1];
  CHECK(texts.size() > 2000);
  CHECK(equal == 0);  // the hash depends on every letter
}

}  // namespace label_numbering_test
