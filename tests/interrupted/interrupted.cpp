// A run that is killed at random times and continues from its checkpoints equals the uninterrupted run.
//
//   interrupted KILLS FOLDER             kills a run of each kind of sampler KILLS times
//   interrupted KILLS FOLDER careless    the same, but checkpoints are not written atomically, so it has to fail
//   interrupted walk KIND FOLDER [careless]   the run that is killed: it draws batches forever
#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <shared/atomic_file.hpp>

#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/cursor.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>
#include <evendraw/samplers/weighted_without_replacement_sampler.hpp>

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kinds{"balanced", "stratified", "without_replacement"};

/// Calls f with something whose epochs have some 20 batches of 16.
template <class F>
void with_batches(std::string_view kind, F f) {
  std::vector<int> labels(1000);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = i % 10 == 0 ? 1 : i % 33 == 0 ? 2 : 0;
  if (kind == "balanced") {
    f(evendraw::batch_sampler(evendraw::balanced_epoch_sampler(labels, {.epoch_size = 310, .seed = 1}), 16));
  } else if (kind == "stratified") {
    f(evendraw::stratified_batch_sampler(labels, {.batch_size = 16, .num_batches = 20, .seed = 2}));
  } else {
    std::vector<double> weights(labels.begin(), labels.end());
    for (double& weight : weights) weight += 0.5;
    f(evendraw::batch_sampler(evendraw::weighted_without_replacement_sampler(weights, {.epoch_size = 300, .seed = 3}),
                              16));
  }
}

std::string as_text(std::span<std::uint32_t const> batch) {
  std::string line;
  for (auto const index : batch) line += std::to_string(index) + ' ';
  line.back() = '\n';
  return line;
}

std::string content(fs::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// The record of a run: its position, and the length of its list of batches at that time.
struct record {
  evendraw::checkpoint stands;
  std::uint64_t length = 0;

  static std::optional<record> read(fs::path const& file) {
    if (!fs::exists(file)) return {};
    std::istringstream lines(content(file));
    std::string text, length;
    std::getline(lines, text);
    std::getline(lines, length);
    return record{evendraw::checkpoint::from_string(text), std::stoull(length)};
  }

  [[nodiscard]] std::string to_string() const { return stands.to_string() + '\n' + std::to_string(length) + '\n'; }
};

/// Writes a file as a careless program does.
void write_carelessly(std::string const& name, std::string_view text) {
  shared::detail::descriptor const file(name, O_WRONLY | O_CREAT | O_TRUNC);
  for (std::size_t i = 0; i < text.size(); ++i) file.write(text.substr(i, 1));
}

/// Draws batches until it is killed: appends each to the list, then records that.
template <class Batches>
void walk(Batches const& batches, fs::path const& folder, bool careless) {
  std::string const checkpoint = (folder / "checkpoint").string(), list = (folder / "batches").string();
  record last{.stands = evendraw::cursor(batches).save()};
  if (auto const saved = record::read(checkpoint)) last = *saved;
  evendraw::cursor run(batches, last.stands);
  if (fs::exists(list)) fs::resize_file(list, last.length);  // batches that were not recorded come again
  shared::detail::descriptor const out(list, O_WRONLY | O_CREAT | O_APPEND);
  if (::write(STDOUT_FILENO, "w", 1) != 1) return;  // walking
  for (;;) {
    std::string const line = as_text(run.next());
    out.write(line);
    last.stands = run.save();
    last.length += line.size();
    careless ? write_carelessly(checkpoint, last.to_string()) : shared::write_atomically(checkpoint, last.to_string());
  }
}

/// Starts this program as a run and kills it after some microseconds, counted from its first batch or from its start.
void start_and_kill(char const* program, std::string_view kind, fs::path const& folder, bool careless,
                    std::uint64_t microseconds, bool when_it_walks) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  pid_t const child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    ::close(pipe[1]);
    std::string const kind_name(kind), where = folder.string();
    ::execl(program, program, "walk", kind_name.c_str(), where.c_str(), careless ? "careless" : nullptr, nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  char walks = 0;
  if (when_it_walks && ::read(pipe[0], &walks, 1) < 0) throw std::system_error(errno, std::generic_category(), "read");
  ::usleep(static_cast<useconds_t>(microseconds));
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(pipe[0]);
  if (!WIFSIGNALED(status)) throw std::runtime_error("a run ended before it was killed");
}

void require(bool holds, char const* what) {
  if (!holds) throw std::runtime_error(std::string("does not hold: ") + what);
}

/// Compares the files of a killed run with the uninterrupted run, which is drawn as far as necessary.
template <class Batches>
class comparison {
 public:
  comparison(Batches const& batches, fs::path folder) : run_(batches), folder_(std::move(folder)) {}

  void after_a_kill() {
    auto const saved = record::read(folder_ / "checkpoint");
    std::string const list = content(folder_ / "batches");
    while (uninterrupted_.size() < list.size()) {
      uninterrupted_ += as_text(run_.next());
      stood_[uninterrupted_.size()] = run_.save();
    }
    require(list == uninterrupted_.substr(0, list.size()), "the batches are those of the uninterrupted run");
    half_written_ += fs::exists(folder_ / "checkpoint.new") ? 1 : 0;
    if (!saved) return;
    require(saved->length >= recorded_, "nothing that was recorded is lost");
    require(saved->length <= list.size(), "what is recorded is in the list");
    require(stood_.at(saved->length) == saved->stands, "the checkpoint is that of the uninterrupted run");
    recorded_ = saved->length;
    unrecorded_ += list.size() > recorded_ ? 1 : 0;
  }

  void report(std::string_view kind, std::uint64_t kills) const {
    auto const batches = std::ranges::count(uninterrupted_.substr(0, recorded_), '\n');
    require(batches > 0, "something was drawn between the kills");
    std::printf(
        "%-20s %5llu kills; after %llu a batch was drawn and not recorded, after %llu a checkpoint was half written; "
        "%lld batches, as uninterrupted\n",
        std::string(kind).c_str(), static_cast<unsigned long long>(kills), static_cast<unsigned long long>(unrecorded_),
        static_cast<unsigned long long>(half_written_), static_cast<long long>(batches));
  }

 private:
  evendraw::cursor<Batches> run_;
  fs::path folder_;
  std::string uninterrupted_;
  std::map<std::uint64_t, evendraw::checkpoint> stood_;  // by the length of the list
  std::uint64_t recorded_ = 0, unrecorded_ = 0, half_written_ = 0;
};

void kill_again_and_again(char const* program, std::string_view kind, fs::path const& folder, std::uint64_t kills,
                          bool careless) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  with_batches(kind, [&](auto const& batches) {
    comparison compared(batches, folder);
    for (std::uint64_t i = 0; i < kills; ++i) {
      bool const when_it_walks = i % 4 > 0;  // else perhaps while it starts
      start_and_kill(program, kind, folder, careless, evendraw::bounded(evendraw::random_word(1, i), 10'000),
                     when_it_walks);
      compared.after_a_kill();
    }
    compared.report(kind, kills);
  });
  fs::remove_all(folder);
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string_view> const given(arguments, arguments + count);
  try {
    if (count >= 4 && given[1] == "walk") {
      with_batches(given[2], [&](auto const& batches) { walk(batches, given[3], given.back() == "careless"); });
      return 1;
    }
    if (count < 3) throw std::invalid_argument("arguments: KILLS FOLDER [careless]");
    for (auto const kind : kinds) {
      kill_again_and_again(arguments[0], kind, fs::path(given[2]) / kind, std::strtoull(arguments[1], nullptr, 10),
                           given.back() == "careless");
    }
    return 0;
  } catch (std::exception const& error) {
    std::fprintf(stderr, "interrupted: %s\n", error.what());
    return 1;
  }
}
