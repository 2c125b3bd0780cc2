// Any sampler, in the data loaders of LibTorch (tested with 1.13).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <torch/data/samplers/base.h>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>
#include <torch/types.h>

#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/checkpoint.hpp>

namespace evendraw {

/// Which rank's part of every epoch a torch_sampler draws.
struct torch_sampler_options {
  std::uint64_t rank = 0;
  std::uint64_t world_size = 1;
  shard_tail tail = shard_tail::even;  ///< even: every rank has the same number of batches
};

namespace detail {

/// How far the training has come, and where the loop that is ahead of it began.
struct training_place {
  /// What `at` is.
  enum class kind {
    begin_of_loop,  // of which nothing is counted
    last_batch,     // that a counted loop was given
    next_loop,      // set_epoch, load, or a counted loop came to its end
  };

  checkpoint at;
  kind at_is = kind::next_loop;
  checkpoint began;
  std::uint64_t requested = 0;  // by the last loop
  std::uint64_t loops = 0;

  [[nodiscard]] bool known() const noexcept { return at_is != kind::begin_of_loop || requested == 0; }

  void begin_loop() noexcept {
    if (!known()) end_epoch();
    began = at;
    at_is = kind::begin_of_loop;
    requested = 0;
    ++loops;
  }
  void end_epoch() noexcept { move_to(at.epoch + 1, 0); }
  void move_to(std::uint64_t epoch, std::uint64_t position) noexcept {
    at.epoch = epoch;
    at.position = position;
    at_is = kind::next_loop;
  }
};

}  // namespace detail

/// A sampler for torch::data::make_data_loader. Copies share the place in the run: the one that the caller keeps is a
/// handle to the one that the loader took, for set_epoch(), epoch() and save().
///
///   source   a sampler: the loader's batch_size cuts its epochs; or a batch_sampler, stratified_batch_sampler,
///            pk_batch_sampler: its batches arrive whole, or this rank's part of them, and the loader's batch_size has
///            to be theirs: batch_size / world_size
///   from     optional: where the run goes on, from save() here or of a cursor over the same source
///   options  .rank, .world_size, .tail: the part that shard() gives, of every epoch or of every batch
///
/// Loop over counted(*loader), not over *loader: the loader asks for 2 * workers batches ahead of the training, and
/// only the loop knows which were used. Every loop goes on where the run stands, to the end of the epoch; so it is the
/// next epoch's loop after one that came to its end, and the rest of the epoch after a checkpoint or a break.
///
/// Needs      rank < world_size; batches that world_size divides; epochs of which this rank has a part; a checkpoint of
///            this very source -> else std::invalid_argument; a loader with the right batch_size -> else
///            std::invalid_argument by next()
/// Edge       a loop over *loader itself begins the next epoch every time; then save(), epoch() and position() refuse
/// Cost       O(n) once, for the fingerprint; next() reads one block and makes the vector that LibTorch wants
/// Stable     same source, epoch, batch_size and options: same batches, whatever the number of workers
///
/// It belongs to the thread that loops over the loader, as the loader does; the workers do not come here.
template <epoch_source Source>
class torch_sampler : public ::torch::data::samplers::Sampler<> {
  template <class Loader>
  class counted_loop;

 public:
  explicit torch_sampler(Source source, torch_sampler_options const& options = {})
      : torch_sampler(std::move(source), options, nullptr) {}

  torch_sampler(Source source, checkpoint const& from, torch_sampler_options const& options = {})
      : torch_sampler(std::move(source), options, &from) {}

  // No moves: who gives it away keeps a handle.
  torch_sampler(torch_sampler const&) = default;
  torch_sampler& operator=(torch_sampler const&) = default;
  ~torch_sampler() override = default;

  /// The rest of the epoch in the loader's batches, for a range-based for. A batch counts as used when the loop gets
  /// it: save() after the training step is the checkpoint of that step.
  ///
  /// Needs      a loader that was made with this sampler, of ordered batches (enforce_ordering, or one worker), and no
  ///            second loop inside this one -> else std::invalid_argument
  template <class Loader>
  [[nodiscard]] counted_loop<Loader> counted(Loader& loader) const {
    return {state_, loader};
  }

  /// The next loop is over epoch e: the rest of it if the run stands in it, else all of it.
  void set_epoch(std::uint64_t e) noexcept {
    auto& place = state_->place;
    if (!place.known() || place.at.epoch != e) place.move_to(e, 0);
  }

  /// What the next loop begins with. Throws std::invalid_argument in loops over the loader itself and after them, until
  /// set_epoch(): they are not counted.
  [[nodiscard]] checkpoint save() const {
    if (!state_->place.known()) {
      detail::invalid(context,
                      "how far the training has come is not known in a loop over the loader, which runs ahead of it; "
                      "loop over sampler.counted(*loader), or call set_epoch after the loop");
    }
    return state_->place.at;
  }
  /// The epoch of the last batch that was used; after the end of its loop, the next one.
  [[nodiscard]] std::uint64_t epoch() const { return save().epoch; }
  /// Batches of that epoch that were used; or draws, those of all ranks, if the source does not make batches.
  [[nodiscard]] std::uint64_t position() const { return save().position; }
  [[nodiscard]] Source const& source() const noexcept { return state_->source; }

  /// For the loader: begins a loop.
  void reset(::torch::optional<std::size_t> new_size = ::torch::nullopt) override {
    if (new_size && *new_size != source().num_samples()) {
      detail::invalid(context, "reset to ", detail::text(*new_size), " samples, and the sampler was made for ",
                      detail::text(source().num_samples()), "; make another sampler");
    }
    state_->begin_loop();
  }

  /// For the loader: the next batch, never an empty one, or nothing when the epoch is over.
  ::torch::optional<std::vector<std::size_t>> next(std::size_t batch_size) override {
    auto const batch = state_->next(batch_size);
    if (batch.empty()) return ::torch::nullopt;
    return std::vector<std::size_t>(batch.begin(), batch.end());
  }

  /// Writes save(), also for torch::save(sampler, file).
  void save(::torch::serialize::OutputArchive& archive) const override {
    archive.write(archive_key, ::c10::IValue(save().to_string()));
  }

  /// The next loop begins where the saved sampler stood.
  ///
  /// Needs      the archive of a torch_sampler with the very same source -> else std::invalid_argument
  void load(::torch::serialize::InputArchive& archive) override {
    ::c10::IValue text;
    if (!archive.try_read(archive_key, text) || !text.isString()) {
      detail::invalid(context, "the archive holds no checkpoint of evendraw; another kind of sampler was saved there");
    }
    state_->go_on_from(checkpoint::from_string(text.toStringRef()));
  }

 private:
  static constexpr std::string_view context = "torch_sampler";
  static constexpr char const* archive_key = "evendraw_checkpoint";
  struct state;

  torch_sampler(Source source, torch_sampler_options const& options, checkpoint const* from)
      : state_(std::make_shared<state>(std::move(source), options, from)) {}

  std::shared_ptr<state> state_;
};

/// What the copies of a torch_sampler share.
template <epoch_source Source>
struct torch_sampler<Source>::state {
  using epoch_type = decltype(std::declval<Source const&>().epoch(0));
  using index_type = typename epoch_type::index_type;
  static constexpr bool in_batches = requires(epoch_type const& epoch) { epoch.batch_size(); };

  state(Source of, torch_sampler_options const& with, checkpoint const* from)
      : source(std::move(of)), options(with), part(source.epoch(from == nullptr ? 0 : from->epoch)) {
    if (source.epoch_size() == 0) detail::invalid(context, "an epoch is empty; check batch_size");
    place.at.fingerprint = source.fingerprint();
    if (from != nullptr) go_on_from(*from);
    place.began = place.at;
    if (rest_of(part, 0).empty()) {
      detail::invalid(context, "rank ", detail::text(options.rank), " of ", detail::text(options.world_size),
                      " has no part of an epoch of ", detail::text(source.epoch_size()),
                      in_batches ? " batches" : " draws", "; train on fewer ranks");
    }
    part = rest_of(part, place.at.position);
  }

  void go_on_from(checkpoint const& from) {
    detail::check_continues(context, from, place.at.fingerprint, source.epoch_size());
    place.move_to(from.epoch, from.position);
  }

  void begin_loop() {
    auto const before = place.began;
    place.begin_loop();
    if (place.began != before) part = rest_of(source.epoch(place.began.epoch), place.began.position);
  }

  [[nodiscard]] epoch_type rest_of(epoch_type const& epoch, std::uint64_t position) const {
    return epoch.drop(position).shard(options.rank, options.world_size, options.tail);
  }

  std::span<index_type const> next(std::size_t batch_size) {
    if constexpr (in_batches) {
      if (batch_size != part.batch_size()) {
        detail::invalid(context, "the loader's batch_size is ", detail::text(batch_size),
                        ", and a batch of the sampler has ", detail::text(part.batch_size()),
                        options.world_size > 1 ? " on each rank" : "", "; give the loader ",
                        detail::text(part.batch_size()));
      }
      if (place.requested == part.size()) return {};
      buffer.resize(part.buffer_size());
      return part.read(place.requested++, buffer);
    } else {
      if (batch_size == 0) detail::invalid(context, "the loader's batch_size is 0; a batch needs at least one index");
      buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(batch_size, part.size() - place.requested)));
      part.read(place.requested, buffer);
      place.requested += buffer.size();
      return buffer;
    }
  }

  /// The place after n of the loader's batches.
  [[nodiscard]] std::uint64_t position_after(std::uint64_t n, std::uint64_t batch_size) const noexcept {
    std::uint64_t const left = source.epoch_size() - place.began.position;
    if (in_batches) return place.began.position + n;
    bool const all = batch_size > left / options.world_size / n;
    return place.began.position + (all ? left : n * batch_size * options.world_size);
  }

  Source source;
  torch_sampler_options options;
  detail::training_place place;
  epoch_type part;  // this rank's, from place.began on
  std::vector<index_type> buffer;
};

/// A loop over a loader that says what it was given.
template <epoch_source Source>
template <class Loader>
class torch_sampler<Source>::counted_loop {
 public:
  class iterator;

  counted_loop(std::shared_ptr<state> of, Loader& loader) : state_(std::move(of)), loader_(&loader) {
    if (auto const& options = loader.options(); !options.enforce_ordering && options.workers > 1) {
      detail::invalid(context,
                      "the loader has enforce_ordering(false), so that the first batches of an epoch may come last; "
                      "set it to true, or loop over the loader itself and go on from whole epochs only");
    }
  }

  /// Begins the loop.
  [[nodiscard]] iterator begin() const {
    auto& place = state_->place;
    std::uint64_t const before = place.loops;
    auto batches = loader_->begin();
    if (place.loops == before)
      detail::invalid(context, "the loader was made with another sampler; give it a copy of this one");
    place.at_is = detail::training_place::kind::last_batch;
    return iterator(state_, *loader_, std::move(batches));
  }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  std::shared_ptr<state> state_;
  Loader* loader_;
};

template <epoch_source Source>
template <class Loader>
class torch_sampler<Source>::counted_loop<Loader>::iterator {
 public:
  using batch_iterator = decltype(std::declval<Loader&>().begin());

  iterator(std::shared_ptr<state> of, Loader& loader, batch_iterator batches)
      : state_(std::move(of)), loader_(&loader), batches_(std::move(batches)), loop_(state_->place.loops) {
    count();
  }

  [[nodiscard]] auto& operator*() { return *batches_; }
  iterator& operator++() {
    if (state_->place.loops != loop_) {
      detail::invalid(context,
                      "another loop over this sampler has begun; end the first one before, or give the second a "
                      "sampler of its own");
    }
    ++number_;  // also past a batch that could not be loaded, if the caller goes on after the exception
    ++batches_;
    count();
    return *this;
  }
  friend bool operator==(iterator const& it, std::default_sentinel_t) noexcept { return it.ended_; }

 private:
  void count() {
    ended_ = batches_ == loader_->end();
    auto& place = state_->place;
    if (place.at_is != detail::training_place::kind::last_batch) return;  // it was set meanwhile
    if (ended_) {
      place.end_epoch();
    } else {
      place.at.position = state_->position_after(number_ + 1, loader_->options().batch_size);
    }
  }

  std::shared_ptr<state> state_;
  Loader* loader_;
  batch_iterator batches_;
  std::uint64_t loop_;
  std::uint64_t number_ = 0;  // of the batch in the loop
  bool ended_ = false;
};

}  // namespace evendraw
