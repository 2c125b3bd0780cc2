// mpirun runs this program with 1, 2, 3, 4 ... ranks, and all ranks run all tests in the same order. Checks between calls
// that wait for the other ranks are CHECK, not REQUIRE: a rank that leaves a test early would keep the others waiting.
#include <evendraw/adapters/mpi.hpp>
#include <evendraw/adapters/mpi.hpp>  // twice in a row

#include <evendraw/evendraw.hpp>

#include <cstddef>
#include <iterator>
#include <limits>
#include <new>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>

#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/sampling.hpp>

namespace {

/// Begins MPI before main(), which is Catch2's, and ends it after main(). mpirun fails if main() fails on any rank.
struct mpi_session {
  mpi_session() { MPI_Init(nullptr, nullptr); }
  mpi_session(mpi_session const&) = delete;
  mpi_session& operator=(mpi_session const&) = delete;
  ~mpi_session() { MPI_Finalize(); }
} const session;

using sample_list = std::vector<std::uint64_t>;

int rank() { return evendraw::detail::mpi_rank(MPI_COMM_WORLD); }
int size() { return evendraw::detail::mpi_size(MPI_COMM_WORLD); }

/// The numbers of every rank, on every rank.
std::vector<sample_list> gathered(sample_list const& mine) {
  evendraw::detail::byte_writer writer;
  for (auto const number : mine) writer.add(number);
  std::vector<sample_list> result;
  for (auto const& bytes : evendraw::detail::gather_bytes(MPI_COMM_WORLD, "test", writer.bytes())) {
    auto& numbers = result.emplace_back(bytes.size() / 8);
    evendraw::detail::byte_reader reader(bytes);
    for (auto& number : numbers) number = reader.number();
  }
  return result;
}

template <class Draws>
sample_list numbers_of(Draws const& draws) {
  return {draws.begin(), draws.end()};
}

std::string const nothing = message_of([] {});

/// Whether all ranks have the same text.
bool same_everywhere(std::string const& text) {
  auto const all = evendraw::detail::gather_bytes(MPI_COMM_WORLD, "test", text);
  return std::ranges::count(all, text) == size();
}

auto const labels = sampling::labels_of({500, 77, 20, 3});

/// The labels 0, 1, 2, 3. Reading label number `bad` throws, if `bad` is below 4.
class throwing_labels {
 public:
  throwing_labels(int bad, bool throws_number) : bad_(bad), throws_number_(throws_number) {}

  class iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = int;
    using reference = int;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::forward_iterator_tag;

    iterator() = default;
    iterator(throwing_labels const& owner, int position) : owner_(&owner), position_(position) {}
    int operator*() const {
      if (position_ == owner_->bad_ && owner_->throws_number_) throw 5;
      if (position_ == owner_->bad_) throw std::runtime_error("no label for sample " + std::to_string(position_));
      return position_;
    }
    iterator& operator++() {
      ++position_;
      return *this;
    }
    iterator operator++(int) {
      auto const old = *this;
      ++*this;
      return old;
    }
    friend bool operator==(iterator const& a, iterator const& b) { return a.position_ == b.position_; }

   private:
    throwing_labels const* owner_ = nullptr;
    int position_ = 0;
  };
  [[nodiscard]] iterator begin() const { return {*this, 0}; }
  [[nodiscard]] iterator end() const { return {*this, 4}; }

 private:
  int bad_;
  bool throws_number_;
};

/// The labels of one rank. The data is cut into a part for each rank; the parts differ in size, and the second of three
/// is empty.
std::vector<int> part_of(int of_rank, int ranks) {
  auto const cut = [&](int r) {
    if (ranks == 3 && r == 2) r = 1;
    return static_cast<std::ptrdiff_t>(labels.size()) * r * r / (ranks * ranks);
  };
  return {labels.begin() + cut(of_rank), labels.begin() + cut(of_rank + 1)};
}

}  // namespace

TEST_CASE("agree accepts ranks that draw the same", "[mpi]") {
  evendraw::balanced_epoch_sampler const sampler(labels, {.seed = 42});
  evendraw::stratified_batch_sampler const batches(labels, {.batch_size = 12, .seed = 42});
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    CHECK(message_of([&] { evendraw::agree(MPI_COMM_WORLD, sampler, epoch); }) == nothing);
    CHECK(message_of([&] { evendraw::agree(MPI_COMM_WORLD, evendraw::batch_sampler(sampler, 12), epoch); }) == nothing);
    CHECK(message_of([&] { evendraw::agree(MPI_COMM_WORLD, batches, epoch); }) == nothing);
  }
}

TEST_CASE("agree stops ranks that continue from different positions of one run", "[mpi]") {
  evendraw::class_index const classes(labels);
  evendraw::balanced_epoch_sampler const first(classes, {.seed = 42});
  auto const message = [&](std::uint64_t position) {
    auto const next = evendraw::amended(first, {.epoch = 1, .position = position}, classes, {.seed = 42});
    return message_of([&] { evendraw::agree(MPI_COMM_WORLD, next, 0); });
  };
  CHECK(message(4) == nothing);
  auto const text = message(rank() == 1 ? 5 : 4);
  CHECK(same_everywhere(text));
  CHECK((text == nothing) == (size() == 1));
}

TEST_CASE("agree stops all ranks when some differ, and names them", "[mpi]") {
  auto const message = [&](auto labels_here, evendraw::balanced_epoch_options<int> const& options,
                           std::uint64_t epoch) {
    evendraw::balanced_epoch_sampler const sampler(labels_here, options);
    auto const text = message_of([&] { evendraw::agree(MPI_COMM_WORLD, sampler, epoch); });
    CHECK(same_everywhere(text));
    return text;
  };
  std::string const remedy = "; give every rank the same labels, options, seed and epoch";
  auto const one_differs = [&](std::string const& how) {
    return size() == 1 ? nothing
                       : "evendraw::agree: 1 of " + std::to_string(size()) +
                             " ranks would not draw what rank 0 draws: rank 1 (" + how + ")" + remedy;
  };
  bool const odd = rank() == 1;
  CHECK(message(labels, {.seed = odd ? 43u : 42u}, 3) == one_differs("seed 43, not 42"));
  CHECK(message(labels, {.seed = 42}, odd ? 2 : 3) == one_differs("epoch 2, not 3"));
  CHECK(message(labels, {.per_class = odd ? 4u : 3u, .when_short = evendraw::when_short::give_all}, 3) ==
        one_differs("epoch_size 15, not 12"));
  CHECK(message(labels, {.epoch_size = 40, .limits = {{0, odd ? 12u : 20u}}}, 3) ==
        one_differs("another kind of sampler, or other labels or options"));
  auto other_labels = labels;  // the same counts
  std::swap(other_labels[0], *std::ranges::find_if(other_labels, [](int label) { return label != labels[0]; }));
  CHECK(message(odd ? other_labels : labels, {}, 3) ==
        one_differs("another kind of sampler, or other labels or options"));
  auto more_labels = labels;
  more_labels.push_back(0);
  CHECK(message(odd ? more_labels : labels, {}, 3) == one_differs("num_samples 601, not 600"));
  // The last two of several; the only two.
  bool const last = size() > 1 && rank() >= size() - 2;
  auto const two = message(labels, {.seed = last ? 50u + static_cast<unsigned>(rank()) : 42u}, 0);
  if (size() == 2)
    CHECK(two == "evendraw::agree: 1 of 2 ranks would not draw what rank 0 draws: rank 1 (seed 51, not 50)" + remedy);
  if (size() == 3) {
    CHECK(two ==
          "evendraw::agree: 2 of 3 ranks would not draw what rank 0 draws: rank 1 (seed 51, not 42), rank 2 "
          "(seed 52, not 42)" +
              remedy);
  }
  if (size() == 4) {
    CHECK(two ==
          "evendraw::agree: 2 of 4 ranks would not draw what rank 0 draws: rank 2 (seed 52, not 42), rank 3 "
          "(seed 53, not 42)" +
              remedy);
  }
  // Rank 0 alone is wrong.
  auto const first = message(labels, {.seed = rank() == 0 ? 1u : 42u}, 0);
  if (size() > 2) {
    CHECK(first == "evendraw::agree: 1 of " + std::to_string(size()) +
                       " ranks would not draw what rank 1 draws: rank 0 (seed 1, not 42)" + remedy);
  }
  // The run can continue.
  CHECK(message(labels, {.seed = 42}, 4) == nothing);
}

TEST_CASE("shard gives the ranks their parts of the single-process epoch", "[mpi]") {
  auto const ranks = static_cast<std::uint64_t>(size());
  evendraw::balanced_epoch_sampler const sampler(labels, {.epoch_size = 100, .seed = 42});
  auto const epoch = sampler.epoch(5);
  auto const merged = [&](std::vector<sample_list> const& parts) {
    sample_list result;
    for (std::size_t i = 0; i < parts[0].size(); ++i) {
      for (auto const& part : parts) {
        if (i < part.size()) result.push_back(part[i]);
      }
    }
    return result;
  };
  auto const all = gathered(numbers_of(evendraw::shard(MPI_COMM_WORLD, epoch, evendraw::shard_tail::uneven)));
  CHECK(merged(all) == numbers_of(epoch));
  auto const even = gathered(numbers_of(evendraw::shard(MPI_COMM_WORLD, epoch)));
  CHECK(merged(even) == numbers_of(epoch.take(100 / ranks * ranks)));
  for (auto const& part : even) CHECK(part.size() == 100 / ranks);
  auto const steps = gathered({evendraw::shard(MPI_COMM_WORLD, epoch.batches(24)).size()});
  CHECK(std::ranges::count(steps, steps[0]) == size());  // of a last batch that is shorter, too

  for (std::uint64_t const batch_size : {12u, 10u}) {
    evendraw::stratified_batch_sampler const batches(labels, {.batch_size = batch_size, .num_batches = 9, .seed = 42});
    auto const whole = batches.epoch(2);
    if (batch_size % ranks == 0) {
      auto const mine = evendraw::shard(MPI_COMM_WORLD, whole);
      CHECK(mine.size() == 9);
      for (std::uint64_t b = 0; b < 9; ++b) {  // in another order
        auto together = merged(gathered(numbers_of(mine[b]))), batch = numbers_of(whole[b]);
        std::ranges::sort(together);
        std::ranges::sort(batch);
        CHECK(together == batch);
      }
    } else {
      CHECK_THROWS_AS(evendraw::shard(MPI_COMM_WORLD, whole), std::invalid_argument);
    }
  }
}

TEST_CASE("Ranks that share the data draw the batches of one process with all of it", "[mpi]") {
  auto const mine = part_of(rank(), size());
  auto const data = evendraw::gather_classes(MPI_COMM_WORLD, mine);
  std::uint64_t offset = 0;
  for (int r = 0; r < rank(); ++r) offset += part_of(r, size()).size();

  auto const draws_as_one = [&](auto const& distributed, auto const& alone) {
    for (std::uint64_t const epoch : {0u, 1u, 6u}) {
      CHECK(message_of([&] { evendraw::agree(MPI_COMM_WORLD, distributed, epoch); }) == nothing);
      bool same = distributed.epoch_size() == alone.epoch_size();
      for (std::uint64_t b = 0; b < alone.epoch_size(); ++b) {
        auto const batch = distributed.epoch(epoch)[b];
        auto own = data.local_samples(batch);
        sample_list numbered;
        for (std::uint64_t const number : batch) {
          auto const sample = data.local_sample(number);
          numbered.push_back(sample ? offset + *sample + 1 : 0);
        }
        sample_list together(batch.size());
        std::size_t samples = 0;
        for (auto const& of_rank : gathered(numbered)) {
          samples += of_rank.size() - static_cast<std::size_t>(std::ranges::count(of_rank, std::uint64_t{0}));
          for (std::size_t i = 0; i < together.size(); ++i) together[i] += of_rank[i];
        }
        for (auto& number : together) --number;
        std::erase(numbered, 0);
        same &=
            samples == batch.size() && together == numbers_of(alone.epoch(epoch)[b]) && own.size() == numbered.size();
        for (std::size_t i = 0; same && i < own.size(); ++i) same &= offset + own[i] + 1 == numbered[i];
      }
      CHECK(same);
    }
  };
  SECTION("balanced epochs") {
    evendraw::balanced_epoch_options<int> const options{.epoch_size = 100, .seed = 42};
    draws_as_one(evendraw::batch_sampler(evendraw::balanced_epoch_sampler(data.classes(), options), 16),
                 evendraw::batch_sampler(evendraw::balanced_epoch_sampler(labels, options), 16));
  }
  SECTION("stratified batches") {
    evendraw::stratified_batch_options<int> const options{.batch_size = 10, .num_batches = 12, .seed = 42};
    draws_as_one(evendraw::stratified_batch_sampler(data.classes(), options),
                 evendraw::stratified_batch_sampler(labels, options));
  }
}

TEST_CASE("Ranks continue as one process does after the data of each has changed", "[mpi]") {
  auto const appended_on = [](int r) { return r == 1 ? std::vector<int>() : std::vector{9, 0, 1, r % 2, 3}; };
  auto const is_gone = [](std::size_t sample) { return sample % 7 == 3; };
  auto mine = part_of(rank(), size());
  auto const data = evendraw::gather_classes(MPI_COMM_WORLD, mine);

  // One process has the appended samples of rank 0, rank 1, ... after all others.
  std::vector<int> all = labels;
  sample_list number;  // of my local samples there
  for (int r = 0; r < rank(); ++r) number.resize(number.size() + part_of(r, size()).size());
  std::size_t const offset = number.size();
  number.clear();
  for (std::size_t i = 0; i < mine.size(); ++i) number.push_back(offset + i);
  for (int r = 0; r < size(); ++r) {
    for (int const label : appended_on(r)) {
      if (r == rank()) number.push_back(all.size());
      all.push_back(label);
    }
  }
  sample_list left, left_here;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_gone(i)) left.push_back(i);
  }
  auto const more = appended_on(rank());
  mine.insert(mine.end(), more.begin(), more.end());
  for (std::size_t i = 0; i < mine.size(); ++i) {
    if (!is_gone(static_cast<std::size_t>(number[i]))) left_here.push_back(i);
  }
  std::optional<evendraw::class_index<int>> now;
  if (!left_here.empty()) now.emplace(mine, left_here);
  auto const next = evendraw::gather_amended(MPI_COMM_WORLD, data, now);
  CHECK(next.classes().num_samples() == left.size());

  auto const go_on = [](auto const& old_classes, auto const& classes, std::uint64_t position) {
    evendraw::batch_sampler const before(evendraw::balanced_epoch_sampler(old_classes, {.epoch_size = 90, .seed = 4}),
                                         9);
    return evendraw::amended(before, {.epoch = 3, .position = position}, classes, {.epoch_size = 50, .seed = 4});
  };
  auto const shared = go_on(data.classes(), next.classes(), 4);
  auto const alone = go_on(evendraw::class_index(labels), evendraw::class_index(all, left), 4);
  for (std::uint64_t const epoch : {0u, 1u, 5u}) {
    CHECK(message_of([&] { evendraw::agree(MPI_COMM_WORLD, shared, epoch); }) == nothing);
    for (std::uint64_t b = 0; b < alone.epoch_size(); ++b) {
      sample_list here;
      for (std::uint64_t const sample : shared.epoch(epoch)[b]) {
        auto const local = next.local_sample(sample);
        here.push_back(local ? number[static_cast<std::size_t>(*local)] + 1 : 0);
      }
      sample_list together(here.size());
      for (auto const& of_rank : gathered(here)) {
        for (std::size_t i = 0; i < together.size(); ++i) together[i] += of_rank[i];
      }
      for (auto& sample : together) --sample;
      CHECK(together == numbers_of(alone.epoch(epoch)[b]));
    }
  }
  // One rank has stopped elsewhere.
  auto const other = go_on(data.classes(), next.classes(), rank() == 1 ? 5 : 4);
  auto const text = message_of([&] { evendraw::agree(MPI_COMM_WORLD, other, 0); });
  CHECK(same_everywhere(text));
  CHECK((text == nothing) == (size() == 1));
  // One rank has labels that it did not declare.
  auto const refused = message_of([&] {
    (void)evendraw::gather_amended(MPI_COMM_WORLD, data, now, {.classes = {0, 1, 2, 3}});
  });
  CHECK(same_everywhere(refused));
  CHECK(refused.find("9") != std::string::npos);
}

TEST_CASE("Ranks read different blocks of shards at the same time, and together they read the epoch", "[mpi]") {
  std::vector<std::uint64_t> const sizes(40, 15);
  evendraw::class_index const classes(labels);
  evendraw::shard_sampler const sampler(classes, sizes, {.open = 4, .batch_size = 5, .epoch_size = 600, .seed = 3});
  evendraw::agree(MPI_COMM_WORLD, sampler, 2);
  auto const epoch = sampler.epoch(2);
  auto const ranks = static_cast<std::uint64_t>(size()), batches = epoch.size() / 5,
             r = static_cast<std::uint64_t>(rank());
  std::uint64_t const first = batches * r / ranks * 5, end = batches * (r + 1) / ranks * 5;
  auto const mine = epoch.drop(first).take(end - first);
  sample_list shards;  // of each draw
  for (auto const i : mine) shards.push_back(sampler.shard_of(i));

  sample_list together;
  for (auto const& part : gathered(numbers_of(mine))) together.insert(together.end(), part.begin(), part.end());
  CHECK(together == numbers_of(epoch));
  auto const all = gathered(shards);
  std::size_t shared = 0;  // shards that two ranks read at the same step
  for (std::size_t step = 0; step < shards.size() / 5; ++step) {
    std::vector<std::uint64_t> open;
    for (auto const& of_rank : all) {
      std::vector<std::uint64_t> now;
      for (std::size_t i = 5 * step; i < std::min(5 * step + 5, of_rank.size()); ++i) now.push_back(of_rank[i]);
      std::ranges::sort(now);
      now.erase(std::unique(now.begin(), now.end()), now.end());
      open.insert(open.end(), now.begin(), now.end());
    }
    std::ranges::sort(open);
    for (std::size_t i = 1; i < open.size(); ++i) shared += open[i] == open[i - 1] ? 1 : 0;
  }
  CHECK(shared == 0);
  // With evendraw::shard all ranks read the same block: the first 12 draws of 4 ranks need only its shards.
  sample_list by_batch;
  for (auto const i : evendraw::shard(MPI_COMM_WORLD, epoch).take(12)) by_batch.push_back(sampler.shard_of(i));
  std::set<std::uint64_t> open;
  for (auto const& of_rank : gathered(by_batch)) open.insert(of_rank.begin(), of_rank.end());
  if (ranks <= 4) CHECK(open.size() <= 4);
}

TEST_CASE("gather_classes brings together labels of any kind", "[mpi]") {
  auto const counts_of = [](auto const& data) {
    return sample_list(data.classes().counts().begin(), data.classes().counts().end());
  };
  auto const ranks = static_cast<std::uint64_t>(size());
  SECTION("strings, each rank with one of its own") {
    std::vector<std::string> mine{"all of them", "", std::string("zero\0inside", 11), "rank " + std::to_string(rank())};
    auto const data = evendraw::gather_classes(MPI_COMM_WORLD, mine);
    std::vector<std::string> expected{"", "all of them"};
    for (int r = 0; r < size(); ++r) expected.push_back("rank " + std::to_string(r));
    expected.push_back(mine[2]);
    CHECK(data.classes().labels() == expected);
    sample_list counts(expected.size(), 1);
    counts.front() = counts[1] = counts.back() = ranks;
    CHECK(counts_of(data) == counts);
  }
  SECTION("negative numbers, and the largest") {
    using limits = std::numeric_limits<std::int64_t>;
    auto const data = evendraw::gather_classes(
        MPI_COMM_WORLD, std::vector<std::int64_t>{-1, limits::min(), limits::max(), -1, 10 + rank()});
    std::vector<std::int64_t> expected{limits::min(), -1};
    for (int r = 0; r < size(); ++r) expected.push_back(10 + r);
    expected.push_back(limits::max());
    CHECK(data.classes().labels() == expected);
    CHECK(counts_of(data)[1] == 2 * ranks);
  }
  SECTION("enumerators and bools") {
    enum class surface : signed char { worn = -3, fresh = 4 };
    auto const data = evendraw::gather_classes(
        MPI_COMM_WORLD, std::vector{rank() == 0 ? surface::fresh : surface::worn, surface::fresh});
    CHECK(data.classes().labels().back() == surface::fresh);
    CHECK(data.classes().labels().front() == (size() == 1 ? surface::fresh : surface::worn));
    CHECK(evendraw::gather_classes(MPI_COMM_WORLD, std::vector<bool>{rank() == 0, true}).classes().num_samples() ==
          2 * ranks);
  }
  SECTION("a rank that has no samples") {
    std::vector<int> const mine(rank() == size() - 1 ? 4 : 0, 9);
    auto const data = evendraw::gather_classes<std::uint16_t>(MPI_COMM_WORLD, mine);
    CHECK(counts_of(data) == sample_list{4});
    CHECK(data.local_samples(sample_list{3, 0, 3}) ==
          (mine.empty() ? std::vector<std::uint16_t>{} : std::vector<std::uint16_t>{3, 0, 3}));
  }
  SECTION("a part of the samples, an existing class_index, and declared classes") {
    std::vector<int> const mine{5, 6, 5, 6, 7};
    std::vector<int> const part{4, 0};
    auto const data = evendraw::gather_classes(MPI_COMM_WORLD, mine, rank() == 0 ? part : std::vector<int>{});
    CHECK(data.classes().labels() == std::vector{5, 7});
    CHECK(data.local_samples(sample_list{0, 1}) ==
          (rank() == 0 ? std::vector<std::uint32_t>{0, 4} : std::vector<std::uint32_t>{}));
    auto const given = evendraw::gather_classes(MPI_COMM_WORLD, evendraw::class_index(mine, part),
                                                {.classes = {7, 6, 5}, .allow_empty = true});
    CHECK(given.classes().labels() == std::vector{7, 6, 5});
    CHECK(counts_of(given) == sample_list{ranks, 0, ranks});
    CHECK(given.local_sample(static_cast<std::uint64_t>(rank())) == 0u);
    CHECK(given.local_sample(static_cast<std::uint64_t>(rank()) + ranks) == 4u);
  }
}

TEST_CASE("gather_classes throws on all ranks what it throws on one", "[mpi]") {
  auto const message = [](auto call) {
    auto const text = message_of(call);
    CHECK(same_everywhere(text));
    return text;
  };
  int const last = size() - 1;
  // The message of a single rank, or the same of all, needs no number.
  std::string const on_last = size() == 1 ? "" : "evendraw::gather_classes: on rank " + std::to_string(last) + ": ";
  std::vector<int> const mine{5, 6, 5};
  CHECK(message([&] {
          (void)evendraw::gather_classes(MPI_COMM_WORLD, mine, std::vector<int>{0, rank() == last ? 3 : 2});
        }) == on_last + "evendraw::class_index: indices[1] is 3; there are 3 labels, and an index must be below that");
  CHECK(message([&] {
          (void)evendraw::gather_classes(MPI_COMM_WORLD, std::vector<int>{rank() == last ? 8 : 5}, {.classes = {5, 6}});
        }) == "evendraw::partitioned_classes: the label 8 of rank " + std::to_string(last) +
                  " is not one of the declared .classes; the classes are 5, 6");
  CHECK(message([&] { (void)evendraw::gather_classes(MPI_COMM_WORLD, std::vector<int>{}); }) ==
        "evendraw::partitioned_classes: no rank has samples; at least one must have some");
  CHECK(message([&] {
          (void)evendraw::gather_classes<std::uint8_t>(MPI_COMM_WORLD, std::vector<int>(rank() == last ? 256 : 2));
        }) ==
        on_last +
            "evendraw::class_index: 256 samples do not fit into 8-bit indices; use std::uint64_t as the index type: "
            "class_index<Label, std::uint64_t>(...), or sampler<std::uint64_t>(labels)");
}

TEST_CASE("gather_classes: no rank waits for a rank whose input is refused", "[mpi]") {
  auto const message = [](auto call) {
    auto const text = message_of(call);
    CHECK(same_everywhere(text));
    return text;
  };
  int const last = size() - 1;
  std::vector<int> const mine{5, 6, 5};
  std::string const on_last = size() == 1 ? "" : "evendraw::gather_classes: on rank " + std::to_string(last) + ": ";

  // One rank declares other classes: without the label of this rank, in another order, or more of them.
  for (std::vector<int> const& other : {std::vector{5}, std::vector{6, 5}, std::vector{5, 6, 7}}) {
    if (size() == 1) break;
    CHECK(message([&] {
            (void)evendraw::gather_classes(
                MPI_COMM_WORLD, mine, {.classes = rank() == last ? other : std::vector{5, 6}, .allow_empty = true});
          }) == "evendraw::gather_classes: rank " + std::to_string(last) +
                    " has other .classes or another .allow_empty than rank 0; give all ranks the same");
  }
  CHECK(message([&] {
          (void)evendraw::gather_classes(MPI_COMM_WORLD, throwing_labels(rank() == last ? 2 : 9, false));
        }) == on_last + "no label for sample 2");
  CHECK(message([&] {
          (void)evendraw::gather_classes(MPI_COMM_WORLD, throwing_labels(rank() == last ? 2 : 9, true));
        }) == on_last + "an exception that is not a std::exception");
  // All ranks know the counts, but one of them cannot build the result.
  CHECK(message([&] {
          (void)evendraw::detail::on_all_ranks(MPI_COMM_WORLD, "gather_classes", [&] {
            if (rank() == last) throw std::bad_alloc();
            return 1;
          });
        }) == on_last + std::bad_alloc().what());
  // The run can continue.
  CHECK(evendraw::gather_classes(MPI_COMM_WORLD, mine).classes().labels() == std::vector{5, 6});
}

TEST_CASE("check_mpi throws for MPI's error codes", "[mpi]") {
  CHECK_THROWS_AS(evendraw::detail::check_mpi(MPI_ERR_COMM, "MPI_Allreduce"), std::runtime_error);
  CHECK_NOTHROW(evendraw::detail::check_mpi(MPI_SUCCESS, "MPI_Allreduce"));
}
