// The GNU Scientific Library.
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include <memory>
#include <numeric>

#include "peers.hpp"

namespace benchmark {
namespace {

using generator = std::unique_ptr<gsl_rng, decltype(&gsl_rng_free)>;

generator make_generator(part p) {
  generator result(gsl_rng_alloc(gsl_rng_taus2), gsl_rng_free);  // its fastest good one
  gsl_rng_set(result.get(), p.seed());
  return result;
}

}  // namespace

contestant gsl_weighted(weights const& data) {
  return {.name = "gsl", .build = [data]() -> drawer {
            std::shared_ptr<gsl_ran_discrete_t> const table(gsl_ran_discrete_preproc(data->size(), data->data()),
                                                            gsl_ran_discrete_free);
            return [table](part p) {
              auto const rng = make_generator(p);
              return draw_in_blocks(p.draws, [&](std::uint64_t, std::span<std::uint32_t> block) {
                for (auto& index : block) index = static_cast<std::uint32_t>(gsl_ran_discrete(rng.get(), table.get()));
              });
            };
          }};
}

contestant gsl_shuffle(std::uint64_t samples) {
  return {.name = "gsl",
          .build = [samples]() -> drawer {
            std::vector<std::uint32_t> list(samples);
            std::iota(list.begin(), list.end(), 0u);
            return [list = std::move(list)](part p) mutable {
              gsl_ran_shuffle(make_generator(p).get(), list.data(), list.size(), sizeof(list[0]));
              return draw_in_blocks(p.draws, [&](std::uint64_t done, std::span<std::uint32_t> block) {
                std::copy_n(list.begin() + static_cast<std::ptrdiff_t>(done), block.size(), block.begin());
              });
            };
          },
          .whole_epochs = true};
}

}  // namespace benchmark
