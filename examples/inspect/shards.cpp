#include "shards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>

#include "shared/arguments.hpp"
#include "shared/csv_table.hpp"
#include "shared/lines.hpp"
#include "shared/sources.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

std::vector<std::uint64_t> sizes_in_file(std::string const& file) {
  std::string const text = read_source(file);
  std::vector<std::uint64_t> sizes;
  std::size_t number = 0;
  for (std::string_view remaining = text; !remaining.empty();) {
    auto const line = trimmed(take_line(remaining));
    ++number;
    if (line.empty()) continue;
    sizes.push_back(whole_number(fmt::format("{}: line {}", shown(file), number), line, 0));
  }
  return sizes;
}

}  // namespace

std::vector<std::uint64_t> shard_sizes(options const& settings, std::uint64_t num_samples) {
  if (!is_whole_number(settings.shards)) {
    auto sizes = sizes_in_file(settings.shards);
    auto const sum = std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
    if (sum != num_samples) {
      throw user_error(
          fmt::format("{}: the sizes of the shards sum to {}, but there are {}; give the number of "
                      "samples in each shard, one per line",
                      shown(settings.shards), with_commas(sum), counted(num_samples, "sample", "samples")));
    }
    return sizes;
  }
  std::uint64_t const size = whole_number("--shards", settings.shards, 1);
  std::vector<std::uint64_t> sizes(static_cast<std::size_t>((num_samples - 1) / size + 1), size);
  sizes.back() = (num_samples - 1) % size + 1;
  return sizes;
}

shard_use find_shard_use(evendraw::any_sampler<> const& sampler, std::vector<std::uint64_t> const& sizes,
                         std::vector<std::uint32_t> const& in_memory, std::uint64_t batch_size) {
  std::vector<std::uint64_t> ends(sizes.size());
  std::partial_sum(sizes.begin(), sizes.end(), ends.begin());
  auto const epoch = sampler.epoch(0);
  constexpr auto never = ~std::uint64_t{0};
  std::vector<std::uint64_t> last_batch(sizes.size(), never), last_use(sizes.size(), never);
  std::vector<std::int64_t> change(static_cast<std::size_t>(epoch.size()) + 1);  // of the shards that are open
  shard_use result{.shards = sizes.size()};
  std::uint64_t needed = 0, position = 0;
  for (auto const sample : epoch) {
    if (!std::ranges::binary_search(in_memory, sample)) {
      auto const shard = static_cast<std::size_t>(std::ranges::upper_bound(ends, sample) - ends.begin());
      if (last_use[shard] == never) ++change[static_cast<std::size_t>(position)];
      last_use[shard] = position;
      needed += last_batch[shard] != position / batch_size ? 1 : 0;
      last_batch[shard] = position / batch_size;
    }
    ++position;
  }
  for (auto const use : last_use) {
    if (use != never) --change[static_cast<std::size_t>(use) + 1];
  }
  std::int64_t open = 0;
  for (auto const each : change) {
    open += each;
    result.most_open = std::max(result.most_open, static_cast<std::uint64_t>(open));
  }
  result.per_batch = static_cast<double>(needed) / static_cast<double>((epoch.size() - 1) / batch_size + 1);
  return result;
}

std::string describe(shard_use const& subject) {
  return fmt::format("{:.1f} of {} in a batch on average, {} open at a time", subject.per_batch,
                     counted(subject.shards, "shard", "shards"), with_commas(subject.most_open));
}

}  // namespace inspect
