#include <evendraw/evendraw.hpp>

#include <map>
#include <numeric>
#include <set>

#include <evendraw/inspect/check_sampler.hpp>
#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/sampling.hpp>
#include <support/ways_to_read.hpp>

namespace shard_sampler_test {

using evendraw::shard_sampler;
using counts = std::vector<std::uint64_t>;
using drawn_indices = std::vector<std::uint32_t>;
auto const none = std::string("nothing was thrown");

namespace {

struct data {
  std::vector<int> labels;
  counts sizes;
  evendraw::class_index<int> classes() const { return evendraw::class_index(labels); }
  std::size_t shard_of(std::uint64_t sample) const {
    std::size_t s = 0;
    for (; sample >= sizes[s]; ++s) sample -= sizes[s];
    return s;
  }
};

/// Shards of unequal size, some empty. Two thirds of them hold one of 5 classes only. Classes 7 and 8 are rare.
data skewed(std::size_t shards) {
  data result;
  for (std::size_t s = 0; s < shards; ++s) {
    result.sizes.push_back(s % 7 == 3 ? 0 : 50 + evendraw::random_word(1, s) % 60);
    bool const mixed = evendraw::random_word(2, s) % 3 == 0;
    for (std::uint64_t i = 0; i < result.sizes.back(); ++i) {
      std::uint64_t const word = mixed ? evendraw::random_word(3, result.labels.size()) : evendraw::random_word(4, s);
      result.labels.push_back(static_cast<int>(word % 5));
    }
  }
  for (std::size_t i = 0; i < 3; ++i) {
    result.labels[i * 400] = 7;
    result.labels[i * 400 + 2] = 8;
    result.labels[i * 410 + 7] = 8;
  }
  return result;
}

/// The promises about an epoch, one by one.
struct kept {
  bool totals = true;    // each class has its quota, and its samples have numbers of draws that differ by at most one
  bool open = true;      // at most W shards are open at a time, and each is opened once
  bool blocks = true;    // blocks() gives these shards and positions
  bool parts = true;     // whole batches in a block have the block's part of each class
  bool resident = true;  // every batch has its part of the resident classes
  friend bool operator==(kept const&, kept const&) = default;
};

struct promise {
  data const& source;
  std::uint64_t open;
  std::uint64_t batch_size;
  counts quotas;                // by class number
  std::set<int> resident = {};  // labels
  std::vector<evendraw::shard_sampler<>::block> blocks;

  std::vector<bool> is_resident(drawn_indices const& drawn) const {
    std::vector<bool> result;
    for (auto const i : drawn) result.push_back(resident.contains(source.labels[i]));
    return result;
  }
};

/// The largest number of open shards at a position. Each shard is opened before its first draw and closed after its last
/// one.
std::size_t most_open(promise const& p, drawn_indices const& drawn) {
  std::map<std::size_t, std::pair<std::size_t, std::size_t>> uses;  // first and last position of each shard
  auto const resident = p.is_resident(drawn);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (!resident[i]) uses.try_emplace(p.source.shard_of(drawn[i]), i, i).first->second.second = i;
  }
  std::size_t most = 0;
  std::multiset<std::size_t> ends;
  std::map<std::size_t, std::vector<std::size_t>> begins;
  for (auto const& [shard, use] : uses) begins[use.first].push_back(use.second);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    for (std::size_t const end : begins[i]) ends.insert(end);
    most = std::max(most, ends.size());
    ends.erase(i);
  }
  return most;
}

bool is_part(std::uint64_t x, double part) {
  return static_cast<double>(x) > part - 1 + 1e-9 * part && static_cast<double>(x) < part + 1 - 1e-9 * part;
}

/// The draws of each label in a part of an epoch.
std::map<int, std::uint64_t> labels_in(promise const& p, drawn_indices const& drawn, std::uint64_t first,
                                       std::uint64_t end) {
  std::map<int, std::uint64_t> result;
  for (std::uint64_t i = first; i < end; ++i) ++result[p.source.labels[drawn[i]]];
  return result;
}

kept checked(promise const& p, drawn_indices const& drawn) {
  kept result;
  auto const classes = p.source.classes();
  auto const drawn_of_class = [&] {
    counts of_class(classes.num_classes());
    for (auto const i : drawn) ++of_class[classes.class_of(p.source.labels[i])];
    return of_class;
  }();
  result.totals = drawn_of_class == p.quotas;
  auto const each = sampling::draws_of_each(drawn, p.source.labels.size());
  for (std::size_t i = 0; i < each.size(); ++i) {
    std::uint64_t const c = classes.class_of(p.source.labels[i]), m = p.quotas[c], n = classes.counts()[c];
    result.totals &= each[i] >= m / n && each[i] <= (m + n - 1) / n;
  }
  result.open = most_open(p, drawn) <= p.open;
  auto const resident = p.is_resident(drawn);
  for (std::uint64_t first = 0; first < drawn.size(); first += p.batch_size) {
    std::uint64_t const end = std::min<std::uint64_t>(first + p.batch_size, drawn.size());
    auto in_batch = labels_in(p, drawn, first, end);
    for (int const label : p.resident) {
      auto const quota = static_cast<double>(p.quotas[classes.class_of(label)]);
      result.resident &=
          is_part(in_batch[label], quota * static_cast<double>(end - first) / static_cast<double>(drawn.size()));
    }
  }
  std::uint64_t next = 0;
  std::set<std::uint32_t> opened;
  for (auto const& block : p.blocks) {
    std::uint64_t const first = block.first_position, end = first + block.size, size = p.batch_size;
    result.blocks &= first == next && block.size > 0 && end <= drawn.size() && block.shards.size() <= p.open;
    if (!result.blocks) return result;
    next = end;
    std::set<std::uint32_t> needed;
    for (std::uint64_t i = first; i < end; ++i) {
      if (!resident[i]) needed.insert(static_cast<std::uint32_t>(p.source.shard_of(drawn[i])));
    }
    result.blocks &= std::ranges::equal(needed, block.shards);
    for (auto const shard : needed) result.blocks &= opened.insert(shard).second;

    std::uint64_t const whole = (first + size - 1) / size,
                        end_of_whole = std::min<std::uint64_t>(end / size, drawn.size() / size);
    if (end_of_whole <= whole) continue;
    auto in_block = labels_in(p, drawn, first, end), in_whole = labels_in(p, drawn, whole * size, end_of_whole * size);
    std::uint64_t draws = 0, draws_in_whole = 0;
    for (auto const& [label, count] : in_block) draws += p.resident.contains(label) ? 0 : count;
    for (auto const& [label, count] : in_whole) draws_in_whole += p.resident.contains(label) ? 0 : count;
    double const part = static_cast<double>(draws_in_whole) / static_cast<double>(draws * (end_of_whole - whole));
    for (std::uint64_t b = whole; b < end_of_whole; ++b) {
      auto in_batch = labels_in(p, drawn, b * size, (b + 1) * size);
      for (auto const& [label, count] : in_block) {
        if (!p.resident.contains(label)) result.parts &= is_part(in_batch[label], static_cast<double>(count) * part);
      }
    }
  }
  result.blocks &= next == drawn.size();
  return result;
}

promise promise_of(data const& source, shard_sampler<> const& sampler, std::uint64_t open, std::uint64_t batch_size,
                   std::uint64_t epoch) {
  promise result{source, open, batch_size, sampler.quotas(), {}, sampler.blocks(epoch)};
  for (auto const i : sampler.resident_samples()) result.resident.insert(source.labels[i]);
  return result;
}

/// The mean square deviation of the class counts of batches from the shares of the epoch.
double deviation(data const& source, drawn_indices const& drawn, std::size_t batch_size) {
  auto const all = sampling::draws_of_classes(drawn, source.labels);
  double sum = 0;
  for (std::size_t first = 0; first + batch_size <= drawn.size(); first += batch_size) {
    std::vector<double> in_batch(all.size());
    for (std::size_t i = first; i < first + batch_size; ++i)
      ++in_batch[static_cast<std::size_t>(source.labels[drawn[i]])];
    for (std::size_t c = 0; c < all.size(); ++c) {
      double const difference =
          in_batch[c] - static_cast<double>(all[c] * batch_size) / static_cast<double>(drawn.size());
      sum += difference * difference;
    }
  }
  return sum / static_cast<double>(drawn.size() / batch_size * all.size());
}

/// A wrong twin, which is the common method: blocks of shards in random order, shuffled inside.
struct unbalanced {
  std::vector<evendraw::shard_sampler<>::block> blocks;
  drawn_indices drawn;
  unbalanced(data const& source, std::uint64_t open, std::uint64_t epoch) {
    shard_sampler const plain(source.sizes, {.open = open, .seed = 1});
    blocks = plain.blocks(epoch);
    drawn = sampling::all(plain.epoch(epoch));
  }
};

std::string error_of(data const& source, evendraw::shard_options<int> const& options) {
  return message_of([&] { shard_sampler(source.classes(), source.sizes, options); });
}

}  // namespace

TEST_CASE("shard_sampler keeps its promises, whatever its options", "[shard_sampler]") {
  auto const source = skewed(60);
  auto const classes = source.classes();
  std::size_t cases = 0;
  for (std::uint64_t const resident : {0u, 3u, 9u, 700u, 100'000u}) {
    for (auto const& [per_class, max_repeats] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
             {0, 1}, {40, 1}, {300, 1}, {100'000, 1}, {0, 3}, {5000, 5}}) {
      for (auto const& [open, batch_size] :
           std::vector<std::pair<std::uint64_t, std::uint64_t>>{{3, 1}, {10, 2}, {3, 7}, {10, 20}, {100, 33}}) {
        evendraw::shard_options<int> const options{.open = open,
                                                   .batch_size = batch_size,
                                                   .resident = resident,
                                                   .per_class = per_class,
                                                   .max_repeats = max_repeats,
                                                   .when_short = evendraw::when_short::give_all,
                                                   .seed = 5};
        if (error_of(source, options) != none) continue;  // batches larger than blocks
        CAPTURE(resident, per_class, max_repeats, open, batch_size);
        shard_sampler const sampler(classes, source.sizes, options);
        REQUIRE(sampler.quotas() ==
                evendraw::balanced_epoch_sampler(
                    classes,
                    {.per_class = per_class, .max_repeats = max_repeats, .when_short = evendraw::when_short::give_all})
                    .quotas());
        for (std::uint64_t const epoch : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 40}) {
          auto const drawn = sampling::all(sampler.epoch(epoch));
          REQUIRE(drawn.size() == sampler.epoch_size());
          auto const result = checked(promise_of(source, sampler, open, batch_size, epoch), drawn);
          CHECK(result.totals);
          CHECK(result.open);
          CHECK(result.blocks);
          CHECK(result.parts);
          CHECK(result.resident);
        }
        ++cases;
      }
    }
  }
  CHECK(cases > 100);
}

TEST_CASE("the checks of shard_sampler reject wrong twins", "[shard_sampler]") {
  auto const source = skewed(60);
  auto const classes = source.classes();
  shard_sampler const sampler(
      classes, source.sizes,
      {.open = 10, .batch_size = 20, .resident = 700, .per_class = 300, .when_short = evendraw::when_short::give_all});
  auto const drawn = sampling::all(sampler.epoch(2));
  auto promise = promise_of(source, sampler, 10, 20, 2);
  REQUIRE(checked(promise, drawn) == kept{});

  {
    INFO("a balanced epoch of the whole data opens all shards");
    evendraw::balanced_epoch_sampler const whole(classes,
                                                 {.per_class = 300, .when_short = evendraw::when_short::give_all});
    auto const result = checked(promise, sampling::all(whole.epoch(2)));
    CHECK(result.totals);
    CHECK_FALSE(result.open);
    CHECK_FALSE(result.blocks);
    CHECK_FALSE(result.parts);
    CHECK_FALSE(result.resident);
  }
  {
    INFO("blocks without classes have other totals and no parts");
    unbalanced const twin(source, 10, 2);
    promise.blocks = twin.blocks;
    auto const result = checked(promise, twin.drawn);
    CHECK(most_open({source, 10, 20, {}, {}, {}}, twin.drawn) <= 10);
    CHECK_FALSE(result.totals);
    CHECK_FALSE(result.parts);
    CHECK_FALSE(result.resident);
  }
  {
    INFO("one shard more than promised");
    promise.blocks = sampler.blocks(2);
    auto one_fewer = promise;
    one_fewer.open = most_open(promise, drawn) - 1;
    CHECK_FALSE(checked(one_fewer, drawn).open);
  }
  {
    INFO("two draws exchanged");
    auto exchanged = drawn;
    std::swap(exchanged.front(), exchanged.back());
    CHECK_FALSE(checked(promise, exchanged) == kept{});
  }
}

TEST_CASE("shard_sampler covers every class in a cycle, and starts again only then", "[shard_sampler]") {
  auto const source = skewed(40);
  auto const classes = source.classes();
  auto const covers = [&](auto const& epoch_of, counts const& quotas) {
    for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
      std::uint64_t const n = classes.counts()[c], length = (n + quotas[c] - 1) / quotas[c];
      for (std::uint64_t cycle = 0; cycle < 2; ++cycle) {
        std::set<std::uint32_t> seen;
        for (std::uint64_t e = cycle * length; e < (cycle + 1) * length; ++e) {
          for (auto const i : sampling::all(epoch_of(e))) {
            if (source.labels[i] == classes.labels()[c]) seen.insert(i);
          }
        }
        if (seen.size() != n) return false;
      }
    }
    return true;
  };
  for (std::uint64_t const quota : {17u, 100u, 211u}) {
    shard_sampler const sampler(
        classes, source.sizes,
        {.open = 5, .batch_size = 4, .per_class = quota, .when_short = evendraw::when_short::give_all, .seed = 2});
    CHECK(covers([&](std::uint64_t e) { return sampler.epoch(e); }, sampler.quotas()));
    CHECK(sampler.epochs_to_cover() == (*std::ranges::max_element(classes.counts()) + quota - 1) / quota);
  }
  // A twin that begins a new walk in each epoch leaves samples out.
  shard_sampler const sampler(
      classes, source.sizes,
      {.open = 5, .batch_size = 4, .per_class = 100, .when_short = evendraw::when_short::give_all, .seed = 2});
  std::uint64_t const cycle = sampler.epochs_to_cover();
  CHECK_FALSE(covers([&](std::uint64_t e) { return sampler.epoch(e * cycle); }, sampler.quotas()));
}

TEST_CASE("shard_sampler has balanced blocks, and blocks of random shards are unbalanced", "[shard_sampler]") {
  // 200 shards of 500 samples, each of 1 to 3 of the 10 classes.
  data source{{}, counts(200, 500)};
  for (std::size_t s = 0; s < 200; ++s) {
    for (std::size_t i = 0; i < 500; ++i) {
      source.labels.push_back(static_cast<int>(evendraw::random_word(evendraw::random_word(5, s), i * i % 3) % 10));
    }
  }
  auto const classes = source.classes();
  for (std::uint64_t const open : {10u, 50u}) {
    shard_sampler const sampler(classes, source.sizes,
                                {.open = open, .batch_size = 100, .epoch_size = 100'000, .seed = 1});
    double const balanced = deviation(source, sampling::all(sampler.epoch(0)), 100);
    double const blocks = deviation(source, unbalanced(source, open, 0).drawn, 100);
    double const shuffled = deviation(source, sampling::all(evendraw::random_sampler(100'000).epoch(0)), 100);
    CAPTURE(open, balanced, blocks, shuffled);
    CHECK(balanced < shuffled);
    CHECK(6 * balanced < blocks);
    CHECK_FALSE(6 * blocks < blocks);
    auto const worst = sampler.worst_share();
    CHECK(std::abs(worst.share - worst.epoch_share) < 0.1);
  }
}

TEST_CASE("shard_sampler puts every shard into every block equally often", "[shard_sampler]") {
  // All shards except one have the same classes. The odd one does not fit when shards are put together.
  data source{{}, counts(40, 20)};
  for (int s = 0; s < 40; ++s) {
    for (int i = 0; i < 20; ++i) source.labels.push_back(s == 17 ? 3 : i % 4);
  }
  auto const classes = source.classes();
  shard_sampler const sampler(classes, source.sizes, {.open = 5, .batch_size = 10, .epoch_size = 800, .seed = 2});
  std::vector<int> with_odd(8), with_other(8);
  for (std::uint64_t e = 0; e < 800; ++e) {
    auto const blocks = sampler.blocks(e);
    for (std::size_t b = 0; b < 8; ++b) {
      with_odd[b] += std::ranges::count(blocks[b].shards, 17u) > 0 ? 1 : 0;
      with_other[b] += std::ranges::count(blocks[b].shards, 5u) > 0 ? 1 : 0;
    }
  }
  for (std::size_t b = 0; b < 8; ++b) {  // 100 on average, standard deviation 9.4
    CHECK(std::abs(with_odd[b] - 100) < 47);
    CHECK(std::abs(with_other[b] - 100) < 47);
  }
}

TEST_CASE("shard_sampler: worst_share names the class and block", "[shard_sampler]") {
  // Six shards of one class each, two open.
  data source{{}, counts(6, 30)};
  for (int s = 0; s < 6; ++s) source.labels.insert(source.labels.end(), 30, s);
  shard_sampler const sampler(source.classes(), source.sizes, {.open = 2, .batch_size = 10});
  auto const worst = sampler.worst_share();
  CHECK(worst.share == 0.5);
  CHECK(worst.epoch_share == 1.0 / 6);
  auto const block = sampler.blocks(0).at(static_cast<std::size_t>(worst.block));
  CHECK(std::ranges::count(block.shards, worst.class_number) == 1);
  shard_sampler const all_open(source.classes(), source.sizes, {.open = 6, .batch_size = 10});
  CHECK(all_open.worst_share().share == 1.0 / 6);
}

TEST_CASE("shard_sampler: open shards at the edges", "[shard_sampler]") {
  auto const source = skewed(20);
  for (std::uint64_t const open : {17u, 18u, 20u, 1000u}) {  // 17 of 20 shards have samples
    shard_sampler const sampler(
        source.classes(), source.sizes,
        {.open = open, .batch_size = 10, .per_class = 90, .when_short = evendraw::when_short::give_all});
    REQUIRE(sampler.blocks(3).size() == 1);
    CHECK(sampler.blocks(3)[0].shards.size() == 17);
    CHECK(sampler.blocks(3)[0].size == sampler.epoch_size());
    CHECK(checked(promise_of(source, sampler, 17, 10, 3), sampling::all(sampler.epoch(3))) == kept{});
  }
  shard_sampler const one(source.classes(), source.sizes,
                          {.open = 1, .batch_size = 10, .per_class = 90, .when_short = evendraw::when_short::give_all});
  CHECK(one.blocks(0).size() > 10);
  shard_sampler const resident(source.classes(), source.sizes, {.open = 1, .batch_size = 10, .resident = 10'000});
  CHECK(resident.blocks(0).size() == 1);
  CHECK(resident.blocks(0)[0].shards.empty());
  CHECK(resident.resident_samples().size() == source.labels.size());
}

TEST_CASE("shard_sampler takes labels, classes, or counts", "[shard_sampler]") {
  std::vector<std::string> const labels{"dry", "ice", "dry", "dry", "ice", "ice"};
  std::vector<int> const sizes{2, 4};
  evendraw::sharded_classes const shards(
      std::vector<std::map<std::string, int>>{{{"dry", 1}, {"ice", 1}}, {{"dry", 2}, {"ice", 2}}});
  shard_sampler const from_labels(labels, sizes, {.open = 1, .seed = 2});
  shard_sampler const from_classes(evendraw::class_index{labels}, sizes, {.open = 1, .seed = 2});
  CHECK(sampling::all(from_labels.epoch(1)) == sampling::all(from_classes.epoch(1)));
  CHECK(from_labels.fingerprint() == from_classes.fingerprint());
  shard_sampler const from_counts(shards, {.open = 1, .seed = 2}), checked_sizes(shards, sizes, {.open = 1, .seed = 2});
  CHECK(from_counts.fingerprint() == checked_sizes.fingerprint());
  shard_sampler const sizes_in_braces(labels, {2, 4}, {.open = 1, .seed = 2});
  CHECK(sizes_in_braces.fingerprint() == from_labels.fingerprint());
  CHECK(shard_sampler({2, 4}, {.open = 1}).fingerprint() == shard_sampler(sizes, {.open = 1}).fingerprint());
  CHECK(message_of([&] {
          shard_sampler(shards, std::vector{3, 3}, {.open = 1});
        }) == "evendraw::shard_sampler: shard_sizes are not what the counts of the shards sum to; leave them out");
}

TEST_CASE("shard_sampler takes the quota of each class", "[shard_sampler]") {
  auto const source = skewed(20);
  evendraw::per_label<int, std::uint64_t> const quotas{{0, 50}, {1, 10}, {2, 90}, {3, 0}, {4, 31}, {7, 3}, {8, 5}};
  shard_sampler const sampler(source.classes(), source.sizes, {.open = 5, .batch_size = 9, .quotas = quotas});
  CHECK(sampler.quotas() == counts{50, 10, 90, 0, 31, 3, 5});
  CHECK(sampler.class_shares() == std::vector{50. / 189, 10. / 189, 90. / 189, 0., 31. / 189, 3. / 189, 5. / 189});
  CHECK(shard_sampler(source.sizes, {.open = 5}).class_shares().empty());
  CHECK(checked(promise_of(source, sampler, 5, 9, 4), sampling::all(sampler.epoch(4))) == kept{});
  CHECK(error_of(source, {.open = 5, .limits = {{0, 3}}, .quotas = quotas}) ==
        "evendraw::shard_sampler: both quotas and limits; give one of them");
}

TEST_CASE("shard_sampler keeps the smallest classes resident", "[shard_sampler]") {
  auto const source = skewed(60);
  auto const resident = [&](std::uint64_t most) {
    shard_sampler const sampler(source.classes(), source.sizes, {.open = 5, .resident = most, .limits = {{4, 0}}});
    std::set<int> result;
    auto const samples = sampler.resident_samples();
    CHECK(std::ranges::is_sorted(samples));
    for (auto const i : samples) result.insert(source.labels[i]);
    CHECK(std::ranges::count_if(source.labels, [&](int label) { return result.contains(label); }) ==
          static_cast<std::ptrdiff_t>(samples.size()));
    return result;
  };
  CHECK(resident(2).empty());
  CHECK(resident(3) == std::set<int>{7});
  CHECK(resident(8) == std::set<int>{7});
  CHECK(resident(9) == std::set<int>{7, 8});
  CHECK(resident(1'000'000) == std::set<int>{0, 1, 2, 3, 7, 8});  // class 4 gives no draws
}

TEST_CASE("shard_sampler keeps the promises of all samplers", "[shard_sampler]") {
  auto const source = skewed(60);
  shard_sampler const sampler(source.classes(), source.sizes,
                              {.open = 10,
                               .batch_size = 16,
                               .resident = 9,
                               .per_class = 700,
                               .when_short = evendraw::when_short::give_all,
                               .seed = 3});
  shard_sampler const plain(source.sizes, {.open = 10, .seed = 3});
  evendraw::check_sampler(sampler);
  evendraw::check_sampler(plain);
  evendraw::check_sampler(evendraw::any_sampler(sampler));
  CHECK(sampling::reads_the_same(sampler.epoch(7)));
  CHECK(sampling::reads_the_same(plain.epoch(7)));

  evendraw::batch_sampler const batches{sampler, 16};
  evendraw::cursor cursor(batches);
  for (int i = 0; i < 200; ++i) cursor.next();
  evendraw::cursor resumed(batches, evendraw::checkpoint::from_string(cursor.save().to_string()));
  CHECK(std::ranges::equal(cursor.next(), resumed.next()));

  auto const drawn = sampling::all(sampler.epoch(7));
  auto const later = [&] { return shard_sampler(sampler).epoch(7); }();  // outlives its sampler
  CHECK(sampling::all(later) == drawn);
}

TEST_CASE("shard_sampler without classes is a shuffle within blocks", "[shard_sampler]") {
  auto const source = skewed(60);
  shard_sampler const sampler(source.sizes, {.open = 10, .seed = 3});
  CHECK(sampler.epoch_size() == source.labels.size());
  auto const drawn = sampling::all(sampler.epoch(1));
  CHECK(sampling::distinct(drawn));
  data const one_class{std::vector<int>(source.labels.size(), 0), source.sizes};
  CHECK(checked(promise_of(one_class, sampler, 10, 1, 1), drawn) == kept{});
  // Every shard is as likely in the first block as in others, and neighbours in a shard are apart.
  std::vector<std::uint64_t> first_blocks(60);
  double near = 0;
  for (std::uint64_t e = 0; e < 600; ++e) {
    auto const block = sampler.blocks(e)[0];
    for (auto const shard : block.shards) ++first_blocks[shard];
    auto const order = sampling::all(sampler.epoch(e).take(300));
    for (std::size_t i = 1; i < order.size(); ++i) near += order[i] == order[i - 1] + 1 ? 1 : 0;
  }
  for (std::size_t s = 0; s < 60; ++s) {
    if (source.sizes[s] > 0) CHECK(std::abs(static_cast<double>(first_blocks[s]) - 600.0 / 6) < 60);
  }
  CHECK(near < 600 * 299 / 680.0 * 1.3);  // by chance 1 in about 680
  CHECK(near > 600 * 299 / 680.0 * 0.7);
}

TEST_CASE("shard_sampler deals to ranks: by batch, or by blocks", "[shard_sampler]") {
  auto const source = skewed(60);
  auto const classes = source.classes();
  shard_sampler const sampler(
      classes, source.sizes,
      {.open = 10, .batch_size = 16, .per_class = 700, .when_short = evendraw::when_short::give_all, .seed = 3});
  evendraw::batch_sampler const batches{sampler, 16};
  auto const epoch = batches.epoch(2);
  // By batch: a rank has a fourth of each class of each batch, rounded down or up.
  for (std::uint64_t b = 0; b < epoch.size(); ++b) {
    auto const whole = epoch[b];
    if (whole.size() < 16) continue;
    auto const blocks = sampler.blocks(2);
    bool const mixes = std::ranges::any_of(
        blocks, [&](auto const& block) { return block.first_position / 16 == b && block.first_position % 16 != 0; });
    if (mixes) continue;
    auto const in_whole = sampling::draws_of_classes(whole, source.labels);
    for (std::uint64_t rank = 0; rank < 4; ++rank) {
      auto in_part = sampling::draws_of_classes(epoch.shard(rank, 4)[b], source.labels);
      in_part.resize(in_whole.size());
      for (std::size_t c = 0; c < in_whole.size(); ++c) {
        CHECK(in_part[c] >= in_whole[c] / 4);
        CHECK(in_part[c] <= (in_whole[c] + 3) / 4);
      }
    }
  }
  // By blocks: a rank has a fourth of the batches. They are in blocks of its own, except for one block on each side.
  auto const draws = sampler.epoch(2);
  drawn_indices together;
  for (std::uint64_t rank = 0; rank < 4; ++rank) {
    std::uint64_t const first = epoch.size() * rank / 4 * 16, end = epoch.size() * (rank + 1) / 4 * 16;
    auto const part = sampling::all(draws.drop(first).take(end - first));
    together.insert(together.end(), part.begin(), part.end());
    std::set<std::size_t> opened;
    for (auto const i : part) opened.insert(source.shard_of(i));
    CHECK(opened.size() < 30);
  }
  CHECK(together == sampling::all(draws));
}

TEST_CASE("shard_sampler of a subset leaves the other samples out", "[shard_sampler]") {
  auto const source = skewed(60);
  drawn_indices train;
  for (std::uint32_t i = 0; i < source.labels.size(); ++i) {
    if (i % 3 != 0) train.push_back(i);
  }
  evendraw::class_index const classes(source.labels, train);
  shard_sampler const sampler(
      classes, source.sizes,
      {.open = 10, .batch_size = 16, .per_class = 100, .when_short = evendraw::when_short::give_all});
  CHECK(sampler.num_samples() == train.size());
  CHECK(sampler.index_bound() == source.labels.size());
  CHECK(std::ranges::all_of(sampling::all(sampler.epoch(0)), [](auto i) { return i % 3 != 0; }));
  for (auto const i : sampling::all(sampler.epoch(0))) REQUIRE(sampler.shard_of(i) == source.shard_of(i));
}

TEST_CASE("shard_sampler refuses bad input and says why", "[shard_sampler]") {
  auto const source = skewed(20);
  CHECK(error_of(source, {.batch_size = 10}) == "evendraw::shard_sampler: open is 0; at least one shard must be open");
  CHECK(error_of(source, {.open = 2, .batch_size = 0}) ==
        "evendraw::shard_sampler: batch_size is 0; a batch needs at least one index");
  CHECK(error_of(source, {.open = 2, .batch_size = 300, .epoch_size = 900}) ==
        "evendraw::shard_sampler: batch_size is 300, but a block of at most 2 shards has 100 draws on average; raise "
        "open, lower batch_size, or draw more in an epoch");
  CHECK(error_of(source, {.open = 20, .batch_size = 1'000, .epoch_size = 900}) ==
        "evendraw::shard_sampler: batch_size is 1000, but an epoch has 900 draws; lower batch_size, or draw more in an "
        "epoch");
  CHECK(error_of(source, {.open = 2, .per_class = 3, .limits = {{6, 1}}}) ==
        "evendraw::shard_sampler: limits names 6, which no sample has; the classes are 0, 1, 2, 3, 4, 7, 8");
  CHECK(error_of(source, {.open = 2, .epoch_size = 1'000'000}).find("lower it") != std::string::npos);
  auto const sum = [&](std::vector<int> const& sizes) {
    return message_of([&] { shard_sampler(evendraw::class_index(std::vector{1, 2, 1}), sizes, {.open = 1}); });
  };
  CHECK(sum({1, 2}) == none);
  CHECK(sum({1, 1}) ==
        "evendraw::shard_sampler: shard_sizes sum to 2, but there are 3 labels; give the number of samples in each "
        "shard");
  CHECK(sum({4, -1}) == "evendraw::shard_sampler: shard_sizes[1] is -1; a size must be >= 0");
  CHECK(sum({}) == "evendraw::shard_sampler: there are no shards; give the size of each");
  CHECK(message_of([] {
          shard_sampler(std::vector{0, 0}, {.open = 1});
        }) == "evendraw::shard_sampler: the shards have no samples; at least one must have some");
  CHECK(message_of([] {
          shard_sampler(counts{1ull << 62, 1ull << 62}, {.open = 1});
        }).find("more than 2^63 - 1 samples") != std::string::npos);
  shard_sampler const sampler(source.sizes, {.open = 2});
  CHECK(message_of([&] { (void)sampler.shard_of(source.labels.size()); }) ==
        "out of range: evendraw::shard_sampler: shard_of(" + std::to_string(source.labels.size()) + "); there are " +
            std::to_string(source.labels.size()) + " samples in the shards, numbered from 0");
}

TEST_CASE("shard_sampler has a fingerprint of everything that decides its draws", "[shard_sampler]") {
  auto const source = skewed(20);
  auto const fingerprint_of = [&](evendraw::shard_options<int> const& options) {
    return shard_sampler(source.classes(), source.sizes, options).fingerprint();
  };
  std::set<std::uint64_t> prints{
      fingerprint_of({.open = 2}),
      fingerprint_of({.open = 3}),
      fingerprint_of({.open = 2, .batch_size = 2}),
      fingerprint_of({.open = 2, .resident = 5}),
      fingerprint_of({.open = 2, .per_class = 50, .when_short = evendraw::when_short::give_all}),
      fingerprint_of({.open = 2, .seed = 1}),
      shard_sampler(source.sizes, {.open = 2}).fingerprint()};
  auto sizes = source.sizes;
  ++sizes[0];
  --sizes[1];
  prints.insert(shard_sampler(source.classes(), sizes, {.open = 2}).fingerprint());
  CHECK(prints.size() == 8);
  CHECK(fingerprint_of({.open = 2, .resident = 1}) == fingerprint_of({.open = 2}));
}

}  // namespace shard_sampler_test
