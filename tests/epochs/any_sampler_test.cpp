#include <evendraw/evendraw.hpp>

#include <evendraw/epochs/any_sampler.hpp>

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

namespace any_sampler_test {

using evendraw::any_sampler;

namespace {

auto const labels = sampling::labels_of({500, 77, 20, 3});

/// Whether one sampler can replace the other.
template <class A, class B>
bool same(A const& a, B const& b) {
  bool result = a.fingerprint() == b.fingerprint() && a.seed() == b.seed() && a.epoch_size() == b.epoch_size() &&
                a.num_samples() == b.num_samples() && a.index_bound() == b.index_bound();
  for (std::uint64_t const e : {0u, 1u, 77u}) {
    auto const x = a.epoch(e);
    auto const y = b.epoch(e);
    result &= x.size() == y.size() && sampling::all(x) == sampling::all(y);
    if (!result) return false;
    for (std::uint64_t i = 0; i < x.size(); i += 13) result &= x[i] == y[i] && x.word(i) == y.word(i);
    for (std::uint64_t const ranks : {2u, 3u, 50u}) {
      auto const part = [ranks](auto const& draws) { return draws.drop(5).shard(1, ranks).take(200); };
      result &= sampling::all(part(x)) == sampling::all(part(y)) && part(x).word(3) == part(y).word(3);
    }
  }
  return result;
}

/// A sampler of a user's own.
class backwards {
 public:
  using index_type = std::uint32_t;
  struct core {
    using index_type = std::uint32_t;
    [[nodiscard]] index_type at(std::uint64_t position) const noexcept {
      return static_cast<index_type>(41 - position);
    }
    void read_block(std::uint64_t first, std::uint64_t stride, std::span<index_type> out) const noexcept {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = at(first + i * stride);
    }
  };
  [[nodiscard]] evendraw::draws<core> epoch(std::uint64_t e) const { return {core{}, 42, e + 9}; }
  [[nodiscard]] std::uint64_t epoch_size() const { return 42; }
  [[nodiscard]] std::uint64_t num_samples() const { return 42; }
  [[nodiscard]] std::uint64_t index_bound() const { return 42; }
  [[nodiscard]] std::uint64_t seed() const { return 5; }
  [[nodiscard]] std::uint64_t fingerprint() const { return 1234; }
};

/// The same without index_bound(): concat_sampler could not tell where its data set ends.
struct unbounded {
  using index_type = std::uint32_t;
  [[nodiscard]] auto epoch(std::uint64_t e) const { return backwards{}.epoch(e); }
  [[nodiscard]] std::uint64_t epoch_size() const { return 42; }
  [[nodiscard]] std::uint64_t num_samples() const { return 42; }
  [[nodiscard]] std::uint64_t seed() const { return 5; }
  [[nodiscard]] std::uint64_t fingerprint() const { return 1234; }
};
static_assert(evendraw::sampler<backwards>);
static_assert(!evendraw::sampler<unbounded>);
static_assert(!std::constructible_from<any_sampler<>, unbounded>);

/// Is made from any sampler, and is copied when moved. Such a type once made the concept check recurse without end.
struct made_from_any {
  explicit made_from_any(any_sampler<> source) : sampler(std::move(source)) {}
  made_from_any(made_from_any const&) = default;
  made_from_any& operator=(made_from_any const&) = default;
  any_sampler<> sampler;
};

}  // namespace

TEST_CASE("any_sampler behaves as the sampler inside it", "[any_sampler]") {
  std::vector<float> weights(labels.size(), 1);
  weights[7] = 50;
  CHECK(same(any_sampler(evendraw::random_sampler(600, {.seed = 4})), evendraw::random_sampler(600, {.seed = 4})));
  CHECK(same(any_sampler(evendraw::sequential_sampler(600)), evendraw::sequential_sampler(600)));
  CHECK(same(any_sampler(evendraw::multinomial_sampler(weights)), evendraw::multinomial_sampler(weights)));
  CHECK(same(any_sampler(evendraw::inverse_frequency_sampler(labels)), evendraw::inverse_frequency_sampler(labels)));
  CHECK(same(any_sampler(evendraw::balanced_epoch_sampler(
                 labels, {.per_class = 400, .when_short = evendraw::when_short::give_all, .seed = 2})),
             evendraw::balanced_epoch_sampler(
                 labels, {.per_class = 400, .when_short = evendraw::when_short::give_all, .seed = 2})));
  CHECK(same(any_sampler(evendraw::random_sampler<std::uint64_t>(600)), evendraw::random_sampler<std::uint64_t>(600)));
  any_sampler const one = evendraw::random_sampler(600, {.seed = 4});
  CHECK(same(any_sampler<>(one), one));
  // The check tells samplers apart.
  CHECK_FALSE(same(one, evendraw::random_sampler(600, {.seed = 5})));
  CHECK_FALSE(same(one, evendraw::random_sampler(600, {.epoch_size = 599, .seed = 4})));
}

TEST_CASE("any_sampler can be chosen when the program runs", "[any_sampler]") {
  auto const make = [](std::string const& kind) -> any_sampler<> {
    if (kind == "balanced") return evendraw::balanced_epoch_sampler(labels);
    return evendraw::random_sampler(labels.size());
  };
  std::vector<any_sampler<>> samplers{make("balanced"), make("shuffled")};
  CHECK(samplers[0].epoch_size() == 12);
  CHECK(samplers[1].epoch_size() == 600);
  samplers[0] = samplers[1];
  CHECK(same(samplers[0], evendraw::random_sampler(600)));
  evendraw::batch_sampler const batches(samplers[0], 32);
  CHECK(batches.epoch(0).size() == 19);
}

TEST_CASE("any_sampler hands on the shares of classes", "[any_sampler]") {
  evendraw::target_proportion_sampler const shares(labels, {{0, 0.5}, {1, 0.3}, {2, 0.1}, {3, 0.1}});
  CHECK(any_sampler(shares).class_shares() == shares.class_shares());
  CHECK(evendraw::batch_sampler(shares, 32).class_shares() == shares.class_shares());
  CHECK(evendraw::batch_sampler(any_sampler(shares), 32).class_shares() == shares.class_shares());
  CHECK(any_sampler(evendraw::random_sampler(600)).class_shares().empty());
  CHECK(evendraw::batch_sampler(shares, 32).index_bound() == 600);
}

TEST_CASE("any_sampler takes samplers of a user's own", "[any_sampler]") {
  any_sampler const any = backwards{};
  CHECK(any.index_bound() == 42);
  CHECK(any.seed() == 5);
  CHECK(any.fingerprint() == 1234);
  CHECK(any.epoch(0)[0] == 41);
  CHECK(any.epoch(3).word(8) == backwards{}.epoch(3).word(8));
  CHECK(sampling::all(any.epoch(0)) == sampling::all(backwards{}.epoch(0)));
}

TEST_CASE("any_sampler knows the bound of a subset's indices", "[any_sampler]") {
  evendraw::class_index const subset(labels, std::vector<int>{3, 599, 17});
  CHECK(any_sampler(evendraw::inverse_frequency_sampler(subset)).index_bound() == 600);
  CHECK(any_sampler(evendraw::balanced_epoch_sampler(subset)).index_bound() == 600);
  evendraw::target_proportion_sampler const chosen(subset, std::vector<double>(subset.num_classes(), 1.0));
  CHECK(any_sampler(chosen).index_bound() == 600);
  CHECK(any_sampler(chosen).num_samples() == 3);
}

TEST_CASE("any_sampler refuses objects that are not samplers of its index type", "[any_sampler]") {
  STATIC_REQUIRE(evendraw::sampler<any_sampler<>>);
  STATIC_REQUIRE(evendraw::sampler<any_sampler<std::uint64_t>>);
  STATIC_REQUIRE(std::is_nothrow_copy_constructible_v<any_sampler<>>);
  STATIC_REQUIRE(std::is_convertible_v<evendraw::random_sampler<>, any_sampler<>>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<any_sampler<>, evendraw::random_sampler<std::uint64_t>>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<any_sampler<std::uint64_t>, any_sampler<>>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<any_sampler<>, int>);
  STATIC_REQUIRE(std::copyable<made_from_any>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<any_sampler<>, made_from_any>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<any_sampler<>, evendraw::batch_sampler<evendraw::random_sampler<>>>);
}

}  // namespace any_sampler_test
