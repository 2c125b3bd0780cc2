// The plan of a run: its expected numbers, and findings about what is impossible or may be a mistake.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/inspect/detail/class_texts.hpp>
#include <evendraw/weights/detail/checked_counts.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// The number of samples of each class, and its name in findings: its label, or "number c".
///
/// Needs      counts >= 0, one positive, with a sum below 2^63 -> else std::invalid_argument
class class_sizes {
 public:
  template <count_range Counts>
  class_sizes(Counts&& counts)  // implicit, because a plan needs only counts
      : counts_(checked_counts("run_plan", counts)) {
    std::uint64_t left = std::numeric_limits<std::int64_t>::max();
    for (std::size_t c = 0; c < counts_.size(); ++c) {
      if (counts_[c] > left) {
        invalid("run_plan", "counts[", text(c), "] is ", text(counts_[c]),
                ", so there are more than 2^63 - 1 samples, which no sampler can count");
      }
      left -= counts_[c];
      names_.push_back(joined("number ", text(c)));
    }
  }
  class_sizes(std::initializer_list<std::uint64_t> counts) : class_sizes(std::vector(counts)) {}

  template <class Label, std::unsigned_integral Index>
  class_sizes(class_index<Label, Index> const& classes)  // implicit, too
      : counts_(classes.counts().begin(), classes.counts().end()) {
    for (std::size_t c = 0; c < counts_.size(); ++c) names_.push_back(text(Label(classes.labels()[c])));
    labels_ = names_of(classes.labels());
  }

  /// The number of samples of each class, by class number.
  [[nodiscard]] std::vector<std::uint64_t> const& counts() const noexcept { return counts_; }
  /// The names of the classes: their labels, or "number c".
  [[nodiscard]] std::vector<std::string> const& names() const noexcept { return names_; }
  /// The labels of the classes as text, for tables; empty for counts without labels.
  [[nodiscard]] std::vector<std::string> const& labels() const noexcept { return labels_; }
  /// The number of samples of all classes.
  [[nodiscard]] std::uint64_t num_samples() const noexcept {
    std::uint64_t sum = 0;
    for (std::uint64_t const count : counts_) sum += count;
    return sum;
  }

 private:
  std::vector<std::uint64_t> counts_;
  std::vector<std::string> names_;
  std::vector<std::string> labels_;
};

}  // namespace detail

/// The run to plan, and the limits above which numbers are findings.
struct plan_options {
  std::uint64_t batch_size = 32;      ///< indices in a batch
  std::uint64_t epochs = 1;           ///< epochs in the run
  std::uint64_t epoch_size = 0;       ///< draws per epoch; 0: the default of the sampler
  double confidence = 0.99;           ///< the probability of being covered within epochs_to_cover_at_most
  double max_draws_per_sample = 10;   ///< more draws of a sample in an epoch are a finding
  double max_batches_without = 0.25;  ///< a larger fraction of batches without a class is a finding
};

/// Something in a plan that is impossible or may be a mistake.
struct finding {
  /// What a finding is about.
  enum class subject {
    infeasible,         ///< the sampler would refuse the run, for the reason in the text
    left_out,           ///< classes that are never drawn
    no_full_batch,      ///< an epoch has fewer draws than a batch
    more_classes,       ///< more classes than draws in a batch
    many_draws,         ///< many draws of one sample in an epoch
    seldom_in_batches,  ///< many batches without a class
    not_covered,        ///< samples that the run does not draw
    unbalanced_blocks,  ///< a block of shards in which a class has less than half or more than twice its share
    small_epoch,        ///< a balanced epoch of less than a tenth of the data
  };

  subject kind;                ///< what it is about
  std::uint64_t class_number;  ///< the class that is affected most; K if the finding is not about classes
  std::uint64_t num_classes;   ///< the number of classes that it is about
  std::string text;            ///< the sentence to print
};

/// The expected numbers of a run, and findings.
struct run_plan {
  /// The expected numbers of one class. class_balance has the actual numbers of a run.
  struct class_plan {
    std::uint64_t class_size = 0;        ///< samples of the class in the data
    double draws = 0;                    ///< draws of the class in the run
    double share = 0;                    ///< draws / all draws
    double draws_per_epoch = 0;          ///< draws of the class in an epoch
    double draws_per_sample = 0;         ///< draws of one of its samples in an epoch
    double draws_per_batch = 0;          ///< draws of the class in a full batch
    double batches_without = 0;          ///< the fraction of the full batches without a draw of the class
    double unique_per_epoch = 0;         ///< samples of the class that are drawn at least once in an epoch
    double unique_samples = 0;           ///< samples of the class that are drawn at least once in the run
    double repeats = 0;                  ///< draws in the run of a sample that had been drawn before
    double epochs_to_cover = 0;          ///< mean number of epochs until all its samples are drawn
    double epochs_to_cover_at_most = 0;  ///< the number that is enough with probability .confidence
  };

  std::vector<class_plan> classes;            ///< by class number; all 0 except the sizes if the run is infeasible
  std::uint64_t epoch_size = 0;               ///< draws in an epoch
  std::uint64_t full_batches = 0;             ///< full batches in an epoch
  double unique_samples = 0;                  ///< samples that are drawn at least once in the run
  double unseen_samples = 0;                  ///< samples that are never drawn, except those of classes left out
  double epochs_to_cover = 0;                 ///< mean number of epochs until all samples are drawn
  double epochs_to_cover_at_most = 0;         ///< the number that is enough with probability .confidence
  std::vector<finding> findings;              ///< what is impossible or may be a mistake
  std::vector<std::string> class_names = {};  ///< the labels as text; empty for counts without labels

  /// Whether the sampler would accept the run.
  [[nodiscard]] bool feasible() const noexcept {
    return findings.empty() || findings.front().kind != finding::subject::infeasible;
  }
};

namespace detail {

/// The value as text, with about three digits.
inline std::string about(double value) {
  if (!(value < 1e15)) return text(value);
  double scale = 1;
  while (value != 0 && math::fabs(value) * scale < 99.5 && scale < 1e15) scale *= 10;
  return text(math::round(value * scale) / scale);
}

/// What a user can raise or lower, as findings name it.
struct plan_remedies {
  char const* class_draws;   ///< for the draws of one class
  char const* coverage;      ///< for the samples that are seen
  char const* batches_with;  ///< for the batches with a class
  char const* epoch;         ///< for the draws of an epoch
};
inline constexpr plan_remedies remedies_of_shares{"its share", "epochs, epoch_size or its share",
                                                  "batch_size or its share", "epoch_size"};
inline constexpr plan_remedies remedies_of_quotas{"its draws per epoch", "epochs or its draws per epoch",
                                                  "batch_size or its draws per epoch", "the draws per epoch"};
inline constexpr plan_remedies remedies_of_shuffles{"epoch_size", "epochs or epoch_size", "batch_size", "epoch_size"};

/// Finds what may be a mistake in a plan.
template <class = void>  // compiled where it is used
class plan_review {
 public:
  plan_review(class_sizes const& sizes, plan_options const& options, plan_remedies const& remedies, run_plan& plan)
      : sizes_(sizes), options_(options), remedies_(remedies), plan_(plan) {}

  void add_findings() {
    find_left_out();
    find_small_batches();
    find_many_draws();
    find_seldom();
    find_uncovered();
  }

 private:
  /// Adds one finding about all classes with how_bad(class_plan) above 0. Its text is words(class_plan, name) for the
  /// worst of them. The name also says how many others there are.
  template <class HowBad, class Words>
  void add_worst(finding::subject kind, HowBad how_bad, Words words) {
    std::size_t worst = plan_.classes.size();
    std::uint64_t bad = 0;
    double most = 0;
    for (std::size_t c = 0; c < plan_.classes.size(); ++c) {
      double const badness = how_bad(plan_.classes[c]);
      if (badness > 0) ++bad;
      if (badness > most) {
        worst = c;
        most = badness;
      }
    }
    if (bad == 0) return;
    auto name = joined("class ", sizes_.names()[worst]);
    if (bad == 2) name += " (and one other class)";
    if (bad > 2) name += joined(" (and ", text(bad - 1), " other classes)");
    plan_.findings.push_back({kind, worst, bad, words(plan_.classes[worst], name)});
  }

  void find_left_out() {
    add_worst(
        finding::subject::left_out,
        [](run_plan::class_plan const& expected) {
          return expected.draws_per_epoch > 0 ? 0 : static_cast<double>(expected.class_size);
        },
        [&](run_plan::class_plan const&, std::string const& name) {
          return joined(name, " is never drawn; raise ", remedies_.class_draws, ", unless it is meant to be left out");
        });
  }

  void find_small_batches() {
    if (plan_.full_batches == 0) {
      add(finding::subject::no_full_batch,
          joined("an epoch has ", counted(plan_.epoch_size, "draw", "draws"), " and a batch ",
                 text(options_.batch_size), ", so no batch is full; lower batch_size or raise ", remedies_.epoch));
    }
    std::uint64_t drawn = 0;
    for (run_plan::class_plan const& expected : plan_.classes)
      drawn += static_cast<std::uint64_t>(expected.draws_per_epoch > 0);
    if (drawn > options_.batch_size) {
      add(finding::subject::more_classes,
          joined(text(drawn), " classes are drawn and a batch has ", counted(options_.batch_size, "draw", "draws"),
                 ", so no batch can have them all; raise batch_size"));
    }
  }

  void find_many_draws() {
    add_worst(
        finding::subject::many_draws,
        [&](run_plan::class_plan const& expected) {
          return expected.draws_per_sample > options_.max_draws_per_sample ? expected.draws_per_sample : 0;
        },
        [&](run_plan::class_plan const& expected, std::string const& name) {
          return joined("each sample of ", name, " is drawn ", about(expected.draws_per_sample),
                        " times an epoch, more than ", about(options_.max_draws_per_sample), "; lower ",
                        remedies_.class_draws);
        });
  }

  void find_seldom() {
    add_worst(
        finding::subject::seldom_in_batches,
        [&](run_plan::class_plan const& expected) {
          bool const seldom = expected.draws_per_epoch > 0 && expected.batches_without > options_.max_batches_without;
          return seldom ? expected.batches_without : 0;
        },
        [&](run_plan::class_plan const& expected, std::string const& name) {
          bool const few = expected.draws_per_batch < 1;
          return joined(about(100 * expected.batches_without), " % of the batches are without ", name,
                        few ? "; raise " : "; stratified batches would all have it", few ? remedies_.batches_with : "");
        });
  }

  void find_uncovered() {
    add_worst(
        finding::subject::not_covered,
        [&](run_plan::class_plan const& expected) {
          bool const covered = expected.epochs_to_cover_at_most <= static_cast<double>(options_.epochs);
          return covered ? 0 : std::max(static_cast<double>(expected.class_size) - expected.unique_samples, 1e-300);
        },
        [&](run_plan::class_plan const& expected, std::string const& name) {
          double const unseen = static_cast<double>(expected.class_size) - expected.unique_samples;
          return joined(about(unseen), " of the ", counted(expected.class_size, "sample", "samples"), " of ", name,
                        " are expected to be unseen after ", counted(options_.epochs, "epoch", "epochs"),
                        "; seeing all takes ", about(expected.epochs_to_cover_at_most), "; raise ", remedies_.coverage);
        });
  }

  void add(finding::subject kind, std::string words) {
    plan_.findings.push_back({kind, plan_.classes.size(), 0, std::move(words)});
  }

  class_sizes const& sizes_;
  plan_options const& options_;
  plan_remedies const& remedies_;
  run_plan& plan_;
};

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
