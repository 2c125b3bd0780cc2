#include "limits.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "words.hpp"

namespace benchmark {
namespace {

constexpr std::size_t block_size = 256;

__extension__ using uint128 = unsigned __int128;

std::uint64_t bounded(std::uint64_t word, std::uint64_t n) {
  return static_cast<std::uint64_t>(uint128{word} * n >> 64);
}

struct members {
  struct place {
    std::uint64_t first;
    std::uint64_t count;
  };
  std::vector<place> classes;
  std::vector<std::uint32_t> samples;
};

members count(std::vector<std::uint32_t> const& labels) {
  std::vector<std::uint64_t> counts(*std::ranges::max_element(labels) + std::size_t{1});
  for (auto const label : labels) ++counts[label];
  members result;
  std::uint64_t first = 0;
  for (auto const n : counts) {
    if (n > 0) result.classes.push_back({first, n});
    first += n;
  }
  result.samples.resize(labels.size());  // the choice of members does not matter here
  std::iota(result.samples.begin(), result.samples.end(), 0u);
  return result;
}

/// Splits a block of the epoch into blocks of 256: make(position, number, out).
template <class Make>
std::uint64_t draw(part p, Make make) {
  return draw_in_blocks(p.draws, [&](std::uint64_t done, std::span<std::uint32_t> out) {
    for (std::size_t i = 0; i < out.size(); i += block_size) {
      make(p.first + done + i, out.subspan(i, std::min(block_size, out.size() - i)));
    }
  });
}

template <bool TwoWords>
drawer draw_members(std::shared_ptr<members const> data) {
  return [data](part p) {
    auto const* const classes = data->classes.data();
    auto const* const samples = data->samples.data();
    std::uint64_t const k = data->classes.size();
    return draw(p, [&](std::uint64_t position, std::span<std::uint32_t> out) {
      std::uint64_t places[block_size];
      for (std::size_t i = 0; i < out.size(); ++i) {
        auto const product = uint128{splitmix64(p.epoch, position + i)} * k;
        auto const [first, count] = classes[static_cast<std::size_t>(product >> 64)];
        std::uint64_t const remainder =
            TwoWords ? splitmix64(~p.epoch, position + i) : static_cast<std::uint64_t>(product);
        places[i] = first + bounded(remainder, count);
      }
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = samples[places[i]];
    });
  };
}

}  // namespace

contestant class_limit(labels const& data, int words) {
  return {.name = limit_name, .build = [data, words] {
            auto const built = std::make_shared<members const>(count(*data));
            return words == 1 ? draw_members<false>(built) : draw_members<true>(built);
          }};
}

contestant slot_limit(std::uint64_t samples) {
  return {.name = limit_name, .build = [samples]() -> drawer {
            auto const slots = std::make_shared<std::vector<std::uint64_t> const>(samples, 1);
            return [slots](part p) {
              auto const* const slot = slots->data();
              std::uint64_t const n = slots->size();
              return draw(p, [&](std::uint64_t position, std::span<std::uint32_t> out) {
                std::uint64_t places[block_size];
                for (std::size_t i = 0; i < out.size(); ++i) places[i] = bounded(splitmix64(p.epoch, position + i), n);
                for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint32_t>(slot[places[i]]);
              });
            };
          }};
}

contestant word_limit() {
  return {.name = limit_name, .build = []() -> drawer {
            return [](part p) {
              return draw(p, [&](std::uint64_t position, std::span<std::uint32_t> out) {
                for (std::size_t i = 0; i < out.size(); ++i) {
                  out[i] = static_cast<std::uint32_t>(splitmix64(p.epoch, position + i));
                }
              });
            };
          }};
}

}  // namespace benchmark
