// Data in shards, with any counts of any classes and any options. Every accepted sampler keeps its promises.
#include <evendraw/classes/sharded_classes.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/shard_sampler.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "input.hpp"

namespace {

using fuzz::check;

/// The most draws that are read.
constexpr std::uint64_t most_draws = 3000;

/// Checks that epoch e is the same in two ways of reading, that its draws lie in the shards of its blocks, and that each
/// class gives its quota.
void check_epoch(evendraw::shard_sampler<> const& sampler, evendraw::sharded_classes<int> const& classes,
                 evendraw::shard_options<int> const& options, std::uint64_t e) {
  auto const epoch = sampler.epoch(e);
  check(epoch.size() == sampler.epoch_size(), "an epoch has epoch_size() draws");
  std::vector<std::uint32_t> drawn(static_cast<std::size_t>(epoch.size()));
  epoch.read(0, drawn);
  std::vector<std::uint64_t> times(static_cast<std::size_t>(sampler.index_bound()));
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    check(drawn[i] < times.size(), "an index is below the bound");
    check(epoch[i] == drawn[i], "[] and read");
    ++times[drawn[i]];
  }
  auto const resident = sampler.resident_samples();
  std::uint64_t next = 0;
  std::vector<char> opened(static_cast<std::size_t>(classes.num_shards()));
  for (auto const& block : sampler.blocks(e)) {
    check(block.first_position == next, "blocks follow each other");
    check(block.shards.size() <= options.open, "a block has at most .open shards");
    next += block.size;
    check(next <= drawn.size(), "blocks end with the epoch");
    for (auto const shard : block.shards) {
      check(!opened[shard], "a shard is in one block");
      opened[shard] = 1;
    }
    for (std::uint64_t i = block.first_position; i < next; ++i) {
      std::uint32_t const index = drawn[static_cast<std::size_t>(i)];
      check(std::binary_search(resident.begin(), resident.end(), index) ||
                std::binary_search(block.shards.begin(), block.shards.end(), sampler.shard_of(index)),
            "a draw is resident, or of a shard of its block");
    }
  }
  check(next == drawn.size(), "blocks are all positions");

  auto const quotas = sampler.quotas();
  for (std::size_t c = 0; c < quotas.size(); ++c) {
    auto const& table = *classes.shared_cells();
    std::uint64_t draws = 0, n = classes.counts()[c];
    for (std::size_t cell = table.first_cell[c]; cell < table.first_cell[c + 1]; ++cell) {
      for (std::uint64_t i = 0; i < table.cells[cell].count; ++i) {
        std::uint64_t const of_sample = times[static_cast<std::size_t>(table.cells[cell].begin + i)];
        draws += of_sample;
        check(of_sample >= quotas[c] / n && of_sample <= quotas[c] / n + 1, "samples of a class come equally often");
      }
    }
    check(draws == quotas[c], "a class gives its quota");
  }
  if (!drawn.empty()) {
    auto const index = drawn[drawn.size() / 2];
    check(epoch.find(index).size() == times[index], "find() gives all positions");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  fuzz::byte_reader input(data, size);
  bool const small = input.byte() < 224;
  auto const shards = input.list(20, [&] {
    return input.list(
        6, [&] { return std::pair(static_cast<int>(input.below(9)), small ? input.below(40) : input.count()); });
  });
  auto const classes = fuzz::made([&] { return evendraw::sharded_classes(shards, {.allow_empty = input.flag()}); });
  if (!classes) return 0;
  evendraw::shard_options<int> options{.open = small ? input.below(12) : input.count(),
                                       .batch_size = small ? input.below(40) : input.count(),
                                       .resident = input.maybe_count(),
                                       .epoch_size = input.maybe_count(),
                                       .per_class = input.maybe_count(),
                                       .max_repeats = small ? 1 + input.below(3) : input.count(),
                                       .seed = input.byte()};
  if (input.flag()) options.limits = {{static_cast<int>(input.below(9)), input.count()}};
  if (input.flag()) options.when_short = evendraw::when_short::give_all;
  auto const sampler = fuzz::made([&] { return evendraw::shard_sampler(*classes, options); });
  if (!sampler) return 0;
  check(sampler->fingerprint() == evendraw::shard_sampler(*classes, options).fingerprint(),
        "equal options give the same fingerprint");
  if (sampler->epoch_size() > most_draws || sampler->index_bound() > 100'000) {  // a few draws of it
    if (sampler->epoch_size() >> 40 != 0) return 0;
    auto const epoch = sampler->epoch(input.count());
    std::vector<std::uint32_t> some(static_cast<std::size_t>(std::min<std::uint64_t>(epoch.size(), 700)));
    std::uint64_t const first = input.below(epoch.size() - some.size() + 1);
    epoch.read(first, some);
    for (std::size_t i = 0; i < some.size(); i += 97) check(epoch[first + i] == some[i], "[] and read, far on");
    return 0;
  }
  for (int i = 0; i < 3; ++i) check_epoch(*sampler, *classes, options, input.count());
  return 0;
}
