#include <evendraw/inspect/check_sampler.hpp>

#include <memory>

#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/sequential_sampler.hpp>
#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/sampling.hpp>

namespace check_sampler_test {

namespace {

/// The fault of a sampler.
enum class fault {
  none,
  epoch_size,
  bound,
  fingerprint,
  copy,
  state,
  block,
  stride,
  same_epochs,
  narrow_epoch,
  same_words,
  size,
  iteration,
  drop,
  drop_word,
  take,
  shard,
  even_shard,
  find,
  found_parts,
};

constexpr std::uint64_t n = 1501;

/// Draw p of epoch e is (key(e) + 7 p) mod n, so an epoch is an order of all samples.
template <fault Fault>
class core {
 public:
  using index_type = std::uint32_t;

  explicit core(std::uint64_t key) : key_(key), reads_(std::make_shared<std::uint64_t>(0)) {}

  [[nodiscard]] index_type at(std::uint64_t position) const noexcept {
    bool const wrong = Fault == fault::state && ++*reads_ > n;
    std::uint64_t const largest = n - (Fault == fault::bound ? 0 : 1);
    return static_cast<index_type>((key_ + 7 * position + (wrong ? 1 : 0)) % (largest + 1));
  }
  void read_block(std::uint64_t first, std::uint64_t stride, std::span<index_type> out) const noexcept {
    if (Fault == fault::stride) stride = 1;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = at(first + i * stride);
    if (Fault == fault::block && out.size() > 100) ++out[100];
  }

 private:
  std::uint64_t key_;
  std::shared_ptr<std::uint64_t> reads_;
};

/// Draws with a fault of their own.
template <fault Fault>
class faulty_draws : public evendraw::draws<core<Fault>> {
  using base = evendraw::draws<core<Fault>>;

 public:
  faulty_draws(base const& part) : base(part) {}

  [[nodiscard]] std::uint64_t size() const noexcept { return base::size() - (Fault == fault::size ? 1 : 0); }
  [[nodiscard]] auto begin() const noexcept { return base::begin() + (Fault == fault::iteration ? 1 : 0); }
  [[nodiscard]] faulty_draws drop(std::uint64_t count) const {
    base const dropped = base::drop(count);
    if (Fault == fault::drop) return base::drop(count / 2).take(dropped.size());
    if (Fault == fault::drop_word) return base(core<Fault>(dropped.empty() ? 0 : dropped[0]), dropped.size(), 0);
    return dropped;
  }
  [[nodiscard]] faulty_draws take(std::uint64_t count) const {
    return base::take(Fault == fault::take ? count + 1 : count);
  }
  [[nodiscard]] faulty_draws shard(std::uint64_t rank, std::uint64_t ranks,
                                   evendraw::shard_tail tail = evendraw::shard_tail::uneven) const {
    if (Fault == fault::even_shard) tail = evendraw::shard_tail::uneven;
    return base::shard(Fault == fault::shard && rank > 0 ? rank - 1 : rank, ranks, tail);
  }
  [[nodiscard]] std::vector<std::uint64_t> find(std::uint64_t sample) const {
    auto result = base::find(sample);
    bool const whole = base::size() == n;
    if (Fault == fault::find && whole && !result.empty()) ++result[0];
    if (Fault == fault::found_parts && !whole) result.push_back(0);
    return result;
  }
};

template <fault Fault>
class toy_sampler {
 public:
  using index_type = std::uint32_t;

  toy_sampler() = default;
  toy_sampler(toy_sampler const& other)
      : seed_(other.seed_ + (Fault == fault::copy ? 1 : 0)), copies_(other.copies_ + 1) {}
  toy_sampler& operator=(toy_sampler const&) = default;

  [[nodiscard]] faulty_draws<Fault> epoch(std::uint64_t e) const {
    std::uint64_t const known_epoch = Fault == fault::same_epochs    ? 0
                                      : Fault == fault::narrow_epoch ? e & 0xffffffffu
                                                                     : e;
    std::uint64_t const key = evendraw::mix64(seed_ + known_epoch), words = Fault == fault::same_words ? 5 : ~e;
    return evendraw::draws<core<Fault>>(core<Fault>(key >> 32), n, evendraw::mix64(words));
  }
  [[nodiscard]] std::uint64_t epoch_size() const { return n + (Fault == fault::epoch_size ? 1 : 0); }
  [[nodiscard]] std::uint64_t num_samples() const { return n; }
  [[nodiscard]] std::uint64_t index_bound() const { return n; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] std::uint64_t fingerprint() const { return Fault == fault::fingerprint ? copies_ : 0; }

 private:
  std::uint64_t seed_ = 0;
  std::uint64_t copies_ = 0;
};

template <fault Fault>
std::string verdict(evendraw::check_sampler_options options = {}) {
  return message_of([&] { evendraw::check_sampler(toy_sampler<Fault>(), options); });
}

std::string says(std::string const& what) { return "evendraw::check_sampler: " + what; }

}  // namespace

TEST_CASE("check_sampler accepts samplers that keep their promises", "[check_sampler]") {
  CHECK(verdict<fault::none>() == "nothing was thrown");
  auto const labels = sampling::labels_of({3000, 500, 40});
  CHECK_NOTHROW(evendraw::check_sampler(evendraw::balanced_epoch_sampler(labels, {.epoch_size = 1500, .seed = 1})));
  CHECK_NOTHROW(evendraw::check_sampler(evendraw::random_sampler<std::uint64_t>(4001, {.seed = 2})));
  CHECK_NOTHROW(evendraw::check_sampler(evendraw::sequential_sampler(700), {.epochs_differ = false}));
}

TEST_CASE("check_sampler finds each broken promise and says which it is", "[check_sampler]") {
  CHECK(verdict<fault::epoch_size>() == says("epoch(0).size() is 1501; epoch_size() is 1502"));
  CHECK(verdict<fault::size>() == says("epoch(0).size() is 1500; epoch_size() is 1501"));
  CHECK(verdict<fault::bound>() == says("epoch(0): draw 429 is 1501; every index must be below 1501"));
  CHECK(verdict<fault::fingerprint>() == says("a copy has another fingerprint()"));
  CHECK(verdict<fault::copy>() == says("epoch(0) of a copy: draw 1500 is 355 by []; it must be 1494"));
  CHECK(verdict<fault::state>() == says("epoch(0): draw 1500 is 1495 by []; it must be 1494"));
  CHECK(verdict<fault::block>() == says("epoch(0): draw 100 is 701 by read; it must be 700"));
  CHECK(verdict<fault::stride>() == says("epoch(0).shard(0, 2): draw 1 is 7 by read; it must be 14"));
  CHECK(verdict<fault::find>() == says("epoch(0).find(0) is not where that sample is drawn"));
  CHECK(verdict<fault::found_parts>() == says("epoch(0).shard(1, 3).find(7) is not where that sample is drawn"));
  CHECK(verdict<fault::same_epochs>() == says("epoch(1) has the same indices as an earlier epoch"));
  CHECK(verdict<fault::same_epochs>({.epochs_differ = false}) == "nothing was thrown");
  CHECK(verdict<fault::narrow_epoch>() == says("epoch(4294967296) has the same indices as an earlier epoch"));
  CHECK(verdict<fault::same_words>() ==
        says("two draws have the same word(); it must belong to one epoch and position"));
  CHECK(verdict<fault::iteration>() == says("epoch(0): draw 0 is 7 by iteration; it must be 0"));
  CHECK(verdict<fault::drop>() == says("epoch(0).drop(1): draw 1499 is 1487 by []; it must be 1494"));
  CHECK(verdict<fault::drop_word>() ==
        says("epoch(0).drop(1).word(1499) is not the word of that draw in the whole epoch"));
  CHECK(verdict<fault::take>() == says("epoch(0).take(1).size() is 2; it must be 1"));
  CHECK(verdict<fault::shard>() == says("epoch(0).shard(1, 2).size() is 751; it must be 750"));
  CHECK(verdict<fault::even_shard>() ==
        says("epoch(0).shard(0, 2, evendraw::shard_tail::even).size() is 751; it must be 750"));
}

}  // namespace check_sampler_test
