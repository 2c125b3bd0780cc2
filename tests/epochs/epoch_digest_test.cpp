#include <evendraw/epochs/epoch_digest.hpp>
#include <evendraw/evendraw.hpp>

#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/sampling.hpp>

namespace epoch_digest_test {

using evendraw::epoch_digest;
using evendraw::detail::planned_epoch;

namespace {

auto const labels = sampling::labels_of({50, 20, 3});

std::string message_for(std::vector<planned_epoch> const& of_ranks) {
  return message_of([&] { evendraw::detail::disagree("agree", of_ranks); });
}

}  // namespace

TEST_CASE("epoch_digest is the same for the same epoch, and for no other", "[rank_agreement]") {
  using evendraw::balanced_epoch_sampler;
  auto const digest = epoch_digest(balanced_epoch_sampler(labels, {.seed = 1}), 2);
  CHECK(digest == epoch_digest(balanced_epoch_sampler(labels, {.seed = 1}), 2));
  std::vector<std::uint64_t> others{digest};
  auto swapped = labels;  // the same counts
  std::swap(swapped[0], *std::ranges::find_if(swapped, [&](int label) { return label != swapped[0]; }));
  others.push_back(epoch_digest(balanced_epoch_sampler(swapped, {.seed = 1}), 2));
  others.push_back(epoch_digest(balanced_epoch_sampler(labels, {.seed = 2}), 1));
  others.push_back(epoch_digest(balanced_epoch_sampler(labels, {.per_class = 2, .seed = 1}), 2));
  others.push_back(epoch_digest(evendraw::inverse_frequency_sampler(labels, {.seed = 1}), 2));
  for (std::uint64_t const batch_size : {1u, 2u, 64u}) {
    evendraw::batch_sampler const batches(balanced_epoch_sampler(labels, {.seed = 1}), batch_size);
    for (std::uint64_t epoch = 0; epoch < 100; ++epoch) others.push_back(epoch_digest(batches, epoch));
  }
  others.push_back(epoch_digest(evendraw::stratified_batch_sampler(labels, {.batch_size = 3, .seed = 1}), 2));
  CHECK(sampling::distinct(others));
}

TEST_CASE("epoch_digest covers the shares that an epoch really has", "[rank_agreement][scheduled]") {
  using numbers = std::vector<std::uint64_t>;
  auto const schedule = [](double between) {  // the epochs that the fingerprint covers are the same
    return [between](numbers const& counts, std::uint64_t epoch) {
      if (epoch == 5000) throw std::logic_error("no such epoch");
      return std::vector<double>{1, 1,
                                 epoch >= 1100 && epoch <= 1900 ? between : static_cast<double>(counts.size() - 2)};
    };
  };
  evendraw::scheduled_proportion_sampler const a(labels, schedule(1)), b(labels, schedule(2));
  CHECK(a.fingerprint() == b.fingerprint());
  auto const differ = [&](auto const& made) {
    auto const of_a = made(a), of_b = made(b);
    std::size_t wrong = 0;
    for (std::uint64_t const epoch : {0u, 1099u, 1901u})
      wrong += epoch_digest(of_a, epoch) != epoch_digest(of_b, epoch);
    for (std::uint64_t const epoch : {1100u, 1500u, 1900u}) {
      wrong += epoch_digest(of_a, epoch) == epoch_digest(of_b, epoch);
    }
    return wrong == 0;
  };
  using any = evendraw::any_sampler<>;
  any const plain = evendraw::random_sampler(73);
  CHECK(differ([](auto const& sampler) { return sampler; }));
  CHECK(differ([](auto const& sampler) { return any(sampler); }));
  CHECK(differ([](auto const& sampler) { return evendraw::batch_sampler(any(sampler), 10); }));
  CHECK(differ([](auto const& sampler) { return evendraw::any_batches<>(evendraw::batch_sampler(sampler, 10)); }));
  CHECK(differ([&](auto const& sampler) { return evendraw::concat_sampler(std::vector<any>{plain, sampler}); }));
  CHECK(differ([&](auto const& sampler) {
    return evendraw::mix_sampler(std::vector<any>{plain, sampler}, {1, 1}, {.epoch_size = 2 * 73});
  }));
  CHECK(epoch_digest(a, 5000) != epoch_digest(a, 5001));  // it throws there, on all ranks
  CHECK(any(plain).epoch_fingerprint(3) == 0);

  using evendraw::named_schedule;
  auto const named = [&](std::string const& name, double between) {
    return evendraw::scheduled_proportion_sampler(labels, named_schedule(name, schedule(between)));
  };
  CHECK(named("1", 1).fingerprint() == named("1", 1).fingerprint());
  CHECK(named("1", 1).fingerprint() != named("2", 2).fingerprint());
  CHECK(sampling::all(named("2", 2).epoch(1500)) == sampling::all(b.epoch(1500)));

  planned_epoch const plan{.epoch = 3, .seed = 42, .num_samples = 1000, .epoch_size = 100, .fingerprint = 77};
  auto other = plan;
  other.drawn_from = 1;
  CHECK(message_for({plan, other, plan}).find("rank 1 (other shares in this epoch)") != std::string::npos);
}

TEST_CASE("epoch_digest gives the golden digest", "[rank_agreement][golden]") {
  CHECK(epoch_digest(evendraw::balanced_epoch_sampler(labels, {.seed = 2026}), 7) == 0xb50385f6270ffce1);
}

TEST_CASE("The message names the ranks that disagree, and what differs", "[rank_agreement]") {
  planned_epoch const plan{.epoch = 3, .seed = 42, .num_samples = 1000, .epoch_size = 100, .fingerprint = 77};
  auto const other = [&](auto planned_epoch::*field, std::uint64_t value) {
    planned_epoch result = plan;
    result.*field = value;
    result.fingerprint += field == &planned_epoch::epoch ? 0 : value + 1;
    return result;
  };
  std::string const remedy = "; give every rank the same labels, options, seed and epoch";
  CHECK(message_for({plan, other(&planned_epoch::seed, 43)}) ==
        "evendraw::agree: 1 of 2 ranks would not draw what rank 0 draws: rank 1 (seed 43, not 42)" + remedy);
  CHECK(message_for({other(&planned_epoch::epoch, 2), plan, plan}) ==
        "evendraw::agree: 1 of 3 ranks would not draw what rank 1 draws: rank 0 (epoch 2, not 3)" + remedy);
  planned_epoch fewer = other(&planned_epoch::num_samples, 999);
  fewer.epoch_size = 99;
  CHECK(message_for({plan, fewer, plan, other(&planned_epoch::fingerprint, 1)}) ==
        "evendraw::agree: 2 of 4 ranks would not draw what rank 0 draws: rank 1 (num_samples 999, not 1000, "
        "epoch_size 99, not 100), rank 3 (another kind of sampler, or other labels or options)" +
            remedy);
  // If two ranks stand against two, rank 0 is right. If two stand against one and one, the two are right.
  CHECK(message_for({plan, fewer, fewer, plan}).find("what rank 0 draws: rank 1 (") != std::string::npos);
  CHECK(message_for({other(&planned_epoch::seed, 1), other(&planned_epoch::seed, 2), plan, plan})
            .find("what rank 2 draws: rank 0 (seed 1, not 42), rank 1 (seed 2, not 42);") != std::string::npos);
  std::vector<planned_epoch> many(30, plan);
  for (std::size_t rank = 20; rank < 28; ++rank) many[rank].seed = rank;
  CHECK(message_for(many).find("8 of 30 ranks") != std::string::npos);
  CHECK(message_for(many).find("rank 27 (seed 27, not 42);") != std::string::npos);
  many[29].seed = 1;
  CHECK(message_for(many).find("9 of 30 ranks") != std::string::npos);
  CHECK(message_for(many).find("rank 27 (seed 27, not 42), ...;") != std::string::npos);
}

}  // namespace epoch_digest_test
