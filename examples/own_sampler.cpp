// A sampler of your own. It draws the clips of a video in random order, and the frames of each clip in their own order.
#include <evendraw/epochs/draws.hpp>
#include <evendraw/inspect/check_sampler.hpp>
#include <evendraw/random/permutation.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/version.hpp>
#include <fmt/ranges.h>

#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

/// Frames are numbered clip by clip. All clips have the same number of frames.
class clip_sampler {
 public:
  using index_type = std::uint32_t;

  clip_sampler(std::uint32_t clips, std::uint32_t frames, std::uint64_t seed)
      : clips_(clips), frames_(frames), seed_(seed) {
    if (clips == 0 || frames == 0) throw std::invalid_argument("clip_sampler: there are no frames");
  }

  /// One epoch is a function from position to index. It is a value that holds everything it needs.
  class core {
   public:
    using index_type = clip_sampler::index_type;

    core(evendraw::permutation order, std::uint64_t frames) : order_(order), frames_(frames) {}

    /// The index at one position.
    [[nodiscard]] index_type at(std::uint64_t position) const noexcept {
      return static_cast<index_type>(order_(position / frames_) * frames_ + position % frames_);
    }

    /// The indices at first, first + stride, ... Reading many at once can be faster than reading them one by one.
    void read_block(std::uint64_t first, std::uint64_t stride, std::span<index_type> out) const noexcept {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = at(first + i * stride);
    }

    /// Optional: the positions below `end` that have a sample, ascending. Without it, draws::find reads the whole
    /// epoch.
    [[nodiscard]] std::vector<std::uint64_t> find(index_type sample, std::uint64_t end) const {
      std::uint64_t const position = order_.place_of(sample / frames_) * frames_ + sample % frames_;
      return std::vector<std::uint64_t>(position < end ? 1 : 0, position);
    }

   private:
    evendraw::permutation order_;
    std::uint64_t frames_;
  };

  /// Each epoch has its own order, and its own random words for draws::word.
  [[nodiscard]] evendraw::draws<core> epoch(std::uint64_t e) const {
    evendraw::permutation const order(clips_, evendraw::stream_key(seed_, e, evendraw::random_stream::order));
    std::uint64_t const word_key = evendraw::stream_key(seed_, e, evendraw::random_stream::augment);
    return {core(order, frames_), epoch_size(), word_key, index_bound()};
  }

  [[nodiscard]] std::uint64_t epoch_size() const noexcept { return num_samples(); }
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return std::uint64_t{clips_} * frames_; }
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return num_samples(); }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }

  /// A hash of everything that decides a draw. A checkpoint with another fingerprint is refused.
  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    std::uint64_t result = evendraw::sequence_version;
    for (std::uint64_t const part : {std::uint64_t{clips_}, std::uint64_t{frames_}, seed_}) {
      result = evendraw::mix64(result + part);
    }
    return result;
  }

 private:
  std::uint32_t clips_;
  std::uint32_t frames_;
  std::uint64_t seed_;
};

int main() {
  evendraw::check_sampler(clip_sampler(40, 100, 1));  // throws if the sampler breaks a promise; use it in your tests

  evendraw::batch_sampler batches(clip_sampler(5, 4, 1), 8);
  for (std::uint64_t e = 0; e < 2; ++e) {
    for (auto batch : batches.epoch(e)) fmt::print("epoch {}: {}\n", e, batch);
  }
  fmt::print("frame 7 in epoch 1: position {}\n", clip_sampler(5, 4, 1).epoch(1).find(7));
  fmt::print("rank 1 of 2, epoch 1: {}\n", batches.epoch(1).shard(1, 2)[0]);
}
