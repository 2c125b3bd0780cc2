// Samplers for the data loaders of LibTorch (tested with 1.13).
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <torch/data/samplers/base.h>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>
#include <torch/types.h>

#include <evendraw/adapters/detail/loader_state.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/checkpoint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// A sampler for torch::data::make_data_loader. The loader takes a copy. Copies share their state, so your sampler
/// still controls the loader's copy, with set_epoch(), epoch() and save().
///
///   source   a sampler, whose epochs the loader cuts into batches; or a batch_sampler, stratified_batch_sampler or
///            pk_batch_sampler, whose batches, or this rank's part of them, arrive whole. The loader's batch_size must
///            then be batch_size / world_size
///   saved    optional: the checkpoint to continue from, made by save() here or by a cursor over the same source
///   options  .rank, .world_size, .tail: the part of every epoch, or of every batch, as from shard()
///
/// Loop over counted(*loader), not over *loader. The loader requests 2 * workers batches ahead of training, and only
/// the loop knows which batches were used. Every loop runs from the current position to the end of an epoch. If a loop
/// reached the end, the next loop is the next epoch. After a break or a checkpoint, it is the remainder of the epoch.
///
/// Needs      rank < world_size; batches that world_size divides; a part of every epoch for this rank; a checkpoint of
///            this same source -> else std::invalid_argument; a loader with the right batch_size -> else
///            std::invalid_argument from next()
/// Edge       every loop over *loader itself begins the next epoch; save(), epoch() and position() then throw. Use a
///            sampler only in the thread that loops over the loader; worker threads do not call it
/// Cost       O(n) once, for the fingerprint; next() reads one block and makes the vector that LibTorch expects
/// Stable     same source, epoch, batch_size and options: same batches for any number of workers
template <detail::epoch_source Source>
class torch_sampler : public ::torch::data::samplers::Sampler<> {
  template <class Loader>
  class counted_loop;

 public:
  explicit torch_sampler(Source source, torch_sampler_options const& options = {})
      : torch_sampler(std::move(source), options, nullptr) {}

  torch_sampler(Source source, checkpoint const& saved, torch_sampler_options const& options = {})
      : torch_sampler(std::move(source), options, &saved) {}

  // There is no move, only a copy: after std::move the original still works and controls the copy.
  torch_sampler(torch_sampler const&) = default;
  torch_sampler& operator=(torch_sampler const&) = default;
  ~torch_sampler() override = default;

  /// The remainder of the epoch in the loader's batches, for a range-based for. A batch counts as used as soon as the
  /// loop receives it, so save() after the training step is the checkpoint of that step.
  ///
  /// Needs      a loader that was made with this sampler and keeps batches in order (enforce_ordering, or one worker);
  ///            no second loop inside this one -> else std::invalid_argument
  template <class Loader>
  [[nodiscard]] counted_loop<Loader> counted(Loader& loader) const {
    return {state_, loader};
  }

  /// Makes epoch e the next loop: its remainder if the run is within epoch e, and otherwise all of it. Outside of a
  /// counted loop, the next call of next() begins there, even without reset().
  void set_epoch(std::uint64_t e) noexcept {
    auto const& place = state_->place;
    if (!place.known() || place.reached.epoch != e) state_->go_on_from(e, 0);
  }

  /// The checkpoint of the position where the next loop begins.
  ///
  /// Needs      that no uncounted loop, over the loader itself, has begun since the last counted loop, set_epoch() or
  ///            load() -> else std::invalid_argument
  [[nodiscard]] checkpoint save() const {
    if (!state_->place.known()) {
      detail::invalid(context,
                      "the position of the training is not known in a loop over the loader, which runs ahead of it; "
                      "loop over sampler.counted(*loader), or call set_epoch after the loop");
    }
    return state_->place.reached;
  }
  /// The epoch of the last used batch; after the end of its loop, the next epoch.
  [[nodiscard]] std::uint64_t epoch() const { return save().epoch; }
  /// The number of batches of that epoch that were used; if the source does not make batches, the number of draws of
  /// all ranks.
  [[nodiscard]] std::uint64_t position() const { return save().position; }
  /// The sampler or batch source that this draws from.
  [[nodiscard]] Source const& source() const noexcept { return state_->source; }

  /// Begins a loop. The loader calls it.
  void reset(::torch::optional<std::size_t> new_size = ::torch::nullopt) override {
    if (new_size && *new_size != source().num_samples()) {
      detail::invalid(context, "reset to ", detail::counted(*new_size, "sample", "samples"),
                      ", and the sampler was made for ", detail::text(source().num_samples()),
                      "; make another sampler");
    }
    state_->begin_loop();
  }

  /// The next batch, which is never empty, or nothing at the end of the epoch. The loader calls it. Outside of a
  /// counted loop its batches are not counted, and save() throws afterwards.
  ::torch::optional<std::vector<std::size_t>> next(std::size_t batch_size) override {
    auto const batch = state_->next(batch_size);
    if (batch.empty()) return ::torch::nullopt;
    std::vector<std::size_t> result(batch.begin(), batch.end());
    state_->count_request(batch.size());
    return result;
  }

  /// Writes save() to an archive. torch::save(sampler, file) calls it.
  void save(::torch::serialize::OutputArchive& archive) const override {
    archive.write(archive_key, ::c10::IValue(save().to_string()));
  }

  /// Makes the next loop begin where the saved sampler was. torch::load(sampler, file) and ChunkDataset::load call it.
  /// The latter continues with next(), without reset().
  ///
  /// Needs      the archive of a torch_sampler with the same source -> else std::invalid_argument
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
  using state = detail::loader_state<Source>;

  torch_sampler(Source source, torch_sampler_options const& options, checkpoint const* saved)
      : state_(std::make_shared<state>(std::move(source), options, saved)) {}

  std::shared_ptr<state> state_;
};

/// A loop over a loader that counts the batches it receives.
template <detail::epoch_source Source>
template <class Loader>
class torch_sampler<Source>::counted_loop {
 public:
  class iterator;

  counted_loop(std::shared_ptr<state> shared_state, Loader& loader)
      : state_(std::move(shared_state)), loader_(&loader) {
    if (auto const& options = loader.options(); !options.enforce_ordering && options.workers > 1) {
      detail::invalid(context,
                      "the loader has enforce_ordering(false), so that the first batches of an epoch may come last; "
                      "set it to true, or loop over the loader itself and continue from whole epochs only");
    }
  }

  /// Begins the loop.
  [[nodiscard]] iterator begin() const {
    auto& place = state_->place;
    std::uint64_t const before = place.loops;
    auto batches = begin_of_loader(before);
    if (place.loops == before)
      detail::invalid(context, "the loader was made with another sampler; give it a copy of this one");
    place.reached_is = detail::training_place::kind::last_batch;
    return iterator(state_, *loader_, std::move(batches));
  }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  /// Begins the loader's loop. If it cannot begin, the next loop begins here, whatever the loader has requested.
  [[nodiscard]] auto begin_of_loader(std::uint64_t loops_before) const {
    try {
      return loader_->begin();
    } catch (...) {
      auto const& place = state_->place;
      if (place.loops != loops_before) state_->go_on_from(place.began.epoch, place.began.position);
      throw;
    }
  }

  std::shared_ptr<state> state_;
  Loader* loader_;
};

template <detail::epoch_source Source>
template <class Loader>
class torch_sampler<Source>::counted_loop<Loader>::iterator {
 public:
  using batch_iterator = decltype(std::declval<Loader&>().begin());

  iterator(std::shared_ptr<state> shared_state, Loader& loader, batch_iterator batches)
      : state_(std::move(shared_state)), loader_(&loader), batches_(std::move(batches)), loop_(state_->place.loops) {
    state_->counting = counts_;
    count();
  }

  [[nodiscard]] auto& operator*() { return *batches_; }
  iterator& operator++() {
    if (state_->place.loops != loop_) {
      detail::invalid(context,
                      "another loop over this sampler has begun; end one loop before you begin the next, or give the "
                      "second a sampler of its own");
    }
    ++number_;  // also counts a batch that could not be loaded, if the caller continues after the exception
    ++batches_;
    count();
    return *this;
  }
  friend bool operator==(iterator const& self, std::default_sentinel_t) noexcept { return self.ended_; }

 private:
  void count() {
    ended_ = batches_ == loader_->end();
    auto& place = state_->place;
    if (place.reached_is != detail::training_place::kind::last_batch) return;  // set_epoch or load was called meanwhile
    if (ended_) {
      place.end_epoch();
    } else {
      place.reached.position = state_->position_after(number_ + 1, loader_->options().batch_size);
    }
  }

  std::shared_ptr<state> state_;
  Loader* loader_;
  batch_iterator batches_;
  std::uint64_t loop_;
  std::uint64_t number_ = 0;  // the number of the batch in the loop
  std::shared_ptr<void const> counts_ = std::make_shared<char>();
  bool ended_ = false;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
