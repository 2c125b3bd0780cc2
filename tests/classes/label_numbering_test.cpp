#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/words.hpp>

#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/random/counter_random.hpp>

using evendraw::random_word;
using evendraw::detail::label_hash;
using evendraw::detail::label_numbering;

namespace {

/// How many labels get another number than the obvious way gives them.
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

}  // namespace

TEST_CASE("label_numbering: in the order in which labels are first seen", "[label_numbering]") {
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

TEST_CASE("label_numbering: texts of every length, told apart by every letter", "[label_numbering]") {
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
  CHECK(equal == 0);  // it looks at every letter
}
