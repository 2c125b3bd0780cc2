// torch_sampler without LibTorch, while every allocation fails in turn.
#include <evendraw/adapters/torch.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <allocation/failing_allocations.hpp>
#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/evendraw.hpp>

namespace torch_sampler_test {

using namespace evendraw;

namespace {

using batch = std::vector<std::size_t>;

/// A loader in one thread, which requests two batches ahead, as a LibTorch loader with one worker does.
template <class Sampler>
class loader {
 public:
  struct loader_options {
    bool enforce_ordering = true;
    std::size_t workers = 1;
    std::size_t batch_size = 4;
  };

  class iterator {
   public:
    explicit iterator(loader* source) : loader_(source) {
      if (source != nullptr) ++*this;
    }
    batch& operator*() { return *current_; }
    iterator& operator++() {
      if (!loader_->ahead_.empty()) {
        current_ = std::make_shared<batch>(loader_->ahead_.front());
        loader_->ahead_.erase(loader_->ahead_.begin());
        loader_->fetch();
      } else {
        current_ = nullptr;
      }
      return *this;
    }
    friend bool operator==(iterator const& a, iterator const& b) {
      return (a.current_ == nullptr) == (b.current_ == nullptr);
    }

   private:
    loader* loader_;
    std::shared_ptr<batch> current_;
  };

  explicit loader(Sampler sampler) : sampler_(std::move(sampler)) {}

  iterator begin() {
    ahead_.clear();
    sampler_.reset();
    fetch();
    fetch();
    return iterator(this);
  }
  iterator end() { return iterator(nullptr); }
  [[nodiscard]] loader_options options() const { return {}; }

 private:
  void fetch() {
    if (auto next = sampler_.next(options().batch_size)) ahead_.push_back(*std::move(next));
  }

  Sampler sampler_;
  std::vector<batch> ahead_;
};

/// The position of a sampler, and its next batches. The sampler cannot be used afterwards.
template <class Sampler>
std::pair<std::string, std::vector<batch>> state_of(Sampler& sampler) {
  std::string place;
  try {
    place = sampler.save().to_string();
  } catch (std::invalid_argument const& uncounted) {
    place = uncounted.what();
  }
  std::vector<batch> batches;
  for (int i = 0; i < 3; ++i) batches.push_back(sampler.next(4).value_or(batch{}));
  sampler.reset();
  batches.push_back(sampler.next(4).value_or(batch{}));
  return {place, batches};
}

/// Changes samplers in the same state while every allocation fails in turn; copies of one sampler share their state.
template <class Make, class Change>
allocations::result tried(Make const& make, Change const& change) {
  auto changed = make();
  change(changed);
  auto const after = state_of(changed);
  auto unchanged = make();
  auto const before = state_of(unchanged);
  allocations::result found;
  for (;; ++found.failures) {
    auto failing = make(), again = make();
    if (!allocations::runs_out(found.failures, [&] { change(failing); })) return found;
    (void)allocations::runs_out(found.failures, [&] { change(again); });
    found.wrong += state_of(failing) != before;
    change(again);
    found.wrong += state_of(again) != after;
  }
}

/// Samplers whose epochs allocate when they are made, with batches of 4 and without.
auto const labels = sampling::labels_of({12, 8, 4});
auto draws_in_batches() { return batch_sampler(scheduled_proportion_sampler(labels, progressive_schedule(10)), 4); }
auto draws_alone() { return scheduled_proportion_sampler(labels, progressive_schedule(10)); }

template <class Source>
void check_all(Source const& source) {
  auto const fresh = [&] { return torch_sampler(source); };
  auto const begun = [&] {
    torch_sampler sampler(source);
    (void)sampler.next(4);
    (void)sampler.next(4);
    return sampler;
  };
  auto const moved = [&] {
    auto sampler = begun();
    sampler.set_epoch(3);
    return sampler;
  };
  auto const next = [](auto& sampler) { (void)sampler.next(4); };
  auto const reset = [](auto& sampler) { sampler.reset(); };
  for (auto const& found :
       {tried(fresh, next), tried(begun, next), tried(moved, next), tried(begun, reset), tried(moved, reset)}) {
    CHECK(found.failures > 0);
    CHECK(found.wrong == 0);
  }
  CHECK(tried(begun, [](auto& sampler) { sampler.set_epoch(2); }).failures == 0);
  torch::serialize::OutputArchive archive;
  moved().save(archive);
  torch::serialize::InputArchive saved;
  saved.values = archive.values;
  auto const loaded = tried(begun, [&](auto& sampler) { sampler.load(saved); });
  CHECK(loaded.failures > 0);
  CHECK(loaded.wrong == 0);
}

}  // namespace

TEST_CASE("allocation: torch_sampler advances or stays", "[allocation][torch]") {
  check_all(draws_in_batches());
  check_all(draws_alone());
}

TEST_CASE("allocation: if a loop over a loader cannot begin, the next one begins at the same position",
          "[allocation][torch]") {
  auto const source = draws_in_batches();
  std::vector<batch> expected;
  for (auto const drawn : source.epoch(0)) expected.emplace_back(drawn.begin(), drawn.end());
  auto const rest_of_epoch = [](auto const& sampler, auto& data) {
    std::vector<batch> result;
    for (auto const& got : sampler.counted(data)) result.push_back(got);
    return result;
  };
  std::ptrdiff_t failures = 0;
  for (;; ++failures) {
    torch_sampler const sampler(source);
    loader data(sampler);
    for (auto it = sampler.counted(data).begin(); sampler.position() < 2;) ++it;  // two batches of the epoch are used
    auto const saved = sampler.save();
    bool const failed = allocations::runs_out(failures, [&] { (void)sampler.counted(data).begin(); });
    if (!failed) break;
    CHECK(sampler.save() == saved);
    CHECK(rest_of_epoch(sampler, data) == std::vector(expected.begin() + 2, expected.end()));
  }
  CHECK(failures > 3);
}

}  // namespace torch_sampler_test
