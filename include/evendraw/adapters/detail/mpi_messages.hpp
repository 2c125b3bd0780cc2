// Messages between ranks.
#pragma once

#include <mpi.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/classes/partition_changes.hpp>
#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// Throws the message of an error, for communicators that return errors (by default MPI ends the program).
inline void check_mpi(int code, std::string_view call) {
  if (code == MPI_SUCCESS) return;
  std::string message(MPI_MAX_ERROR_STRING, ' ');
  int length = 0;
  MPI_Error_string(code, message.data(), &length);
  message.resize(static_cast<std::size_t>(length));
  throw std::runtime_error(joined("evendraw: ", call, " failed: ", message));
}

inline int mpi_rank(MPI_Comm comm) {
  int rank = 0;
  check_mpi(MPI_Comm_rank(comm, &rank), "MPI_Comm_rank");
  return rank;
}

inline int mpi_size(MPI_Comm comm) {
  int size = 0;
  check_mpi(MPI_Comm_size(comm, &size), "MPI_Comm_size");
  return size;
}

/// Gathers the bytes of every rank on every rank.
inline std::vector<std::string> gather_bytes(MPI_Comm comm, std::string_view context, std::string const& mine) {
  auto const ranks = static_cast<std::size_t>(mpi_size(comm));
  auto size = static_cast<std::uint64_t>(mine.size());
  std::vector<std::uint64_t> sizes(ranks);
  check_mpi(MPI_Allgather(&size, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, comm), "MPI_Allgather");
  std::vector<int> counts, begins;
  std::uint64_t sum = 0;
  for (std::uint64_t const each : sizes) {
    begins.push_back(static_cast<int>(sum));
    counts.push_back(static_cast<int>(each));
    sum += each;
    if (each > std::numeric_limits<int>::max() || sum > std::numeric_limits<int>::max()) {
      invalid(
          context,
          "what the ranks tell each other takes 2^31 bytes or more, which MPI cannot gather; use numbers or shorter "
          "names as labels");
    }
  }
  std::string all(static_cast<std::size_t>(sum), '\0');
  check_mpi(MPI_Allgatherv(mine.data(), static_cast<int>(size), MPI_BYTE, all.data(), counts.data(), begins.data(),
                           MPI_BYTE, comm),
            "MPI_Allgatherv");
  std::vector<std::string> result;
  for (std::size_t r = 0; r < ranks; ++r) {
    result.push_back(all.substr(static_cast<std::size_t>(begins[r]), static_cast<std::size_t>(counts[r])));
  }
  return result;
}

/// Writes numbers and texts as bytes, which are the same on every platform.
class byte_writer {
 public:
  void add(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) {
      bytes_ += static_cast<char>(static_cast<unsigned char>(number >> shift));
    }
  }
  void add(std::string_view text) {
    add(std::uint64_t{text.size()});
    bytes_ += text;
  }
  [[nodiscard]] std::string const& bytes() const noexcept { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads the bytes of a byte_writer.
class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) noexcept : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t result = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      result |= std::uint64_t{static_cast<unsigned char>(bytes_[static_cast<std::size_t>(shift / 8)])} << shift;
    }
    bytes_.remove_prefix(8);
    return result;
  }
  std::string text() {
    auto const size = static_cast<std::size_t>(number());
    std::string result(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return result;
  }
  template <class Label>
  Label label() {
    if constexpr (std::same_as<Label, std::string>) {
      return text();
    } else {
      return static_cast<Label>(static_cast<decltype(label_integer(Label{}))>(number()));
    }
  }

 private:
  std::string_view bytes_;
};

/// Calls f on every rank, and returns its result if no call throws. Otherwise it throws std::invalid_argument on all
/// ranks. If the messages are the same on all ranks, it throws this message; otherwise that of the first rank on which
/// f threw, with the number of the rank.
template <class F>
auto on_all_ranks(MPI_Comm comm, std::string_view context, F const& f) {
  std::optional<decltype(f())> result;
  std::string error;
  try {
    result.emplace(f());
  } catch (std::exception const& e) {
    error = e.what();
  } catch (...) {
    error = "an exception that is not a std::exception";
  }
  int failed = error.empty() ? 0 : 1;
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, comm), "MPI_Allreduce");
  if (failed == 0) return std::move(*result);
  auto const errors = gather_bytes(comm, context, error);
  std::size_t first = 0, alike = 0;
  while (errors[first].empty()) ++first;
  for (auto const& other : errors) alike += other == errors[first] ? 1 : 0;
  if (alike == errors.size()) throw std::invalid_argument(errors[first]);
  invalid(context, "on rank ", text(first), ": ", errors[first]);
}

/// The declarations that must be the same on all ranks, as bytes.
template <class Label>
std::string declared_as_bytes(class_index_options<Label> const& options) {
  byte_writer writer;
  writer.add(std::uint64_t{options.allow_empty});
  for (auto const& label : options.classes) writer.add(label_key(label));
  return writer.bytes();
}

/// The counts of a rank, as bytes.
template <class Label>
void add_counts(byte_writer& writer, label_counts<Label> const& counts) {
  writer.add(std::uint64_t{counts.size()});
  for (auto const& [label, count] : counts) {
    writer.add(label_key(label));
    writer.add(count);
  }
}
template <class Label>
label_counts<Label> read_counts(byte_reader& reader) {
  label_counts<Label> result(static_cast<std::size_t>(reader.number()));
  for (auto& [label, count] : result) {
    label = reader.template label<Label>();
    count = reader.number();
  }
  return result;
}

/// The changes of a rank, as bytes.
template <class Label>
void add_changes(byte_writer& writer, partition_changes<Label> const& changes) {
  writer.add(std::uint64_t{changes.withdrawn.size()});
  for (std::uint64_t const number : changes.withdrawn) writer.add(number);
  writer.add(std::uint64_t{changes.relabelled.size()});
  for (auto const& [number, label] : changes.relabelled) {
    writer.add(number);
    writer.add(label_key(label));
  }
  add_counts(writer, changes.appended);
}
template <class Label>
partition_changes<Label> read_changes(byte_reader& reader) {
  partition_changes<Label> result;
  result.withdrawn.resize(static_cast<std::size_t>(reader.number()));
  for (std::uint64_t& number : result.withdrawn) number = reader.number();
  result.relabelled.resize(static_cast<std::size_t>(reader.number()));
  for (auto& [number, label] : result.relabelled) {
    number = reader.number();
    label = reader.template label<Label>();
  }
  result.appended = read_counts<Label>(reader);
  return result;
}

/// Sends the declarations of a rank, and `what`. Returns the result of read() for every rank. Throws on all ranks if
/// one cannot send, or does not declare the same as rank 0.
template <class Label, class Write, class Read>
auto exchanged(MPI_Comm comm, std::string_view context, class_index_options<Label> const& options, Write const& write,
               Read const& read) {
  auto const message = on_all_ranks(comm, context, [&] {
    byte_writer writer;
    writer.add(declared_as_bytes(options));
    write(writer);
    return writer.bytes();
  });
  std::vector<decltype(read(std::declval<byte_reader&>()))> result;
  std::string expected;
  for (auto const& bytes : gather_bytes(comm, context, message)) {
    byte_reader reader(bytes);
    auto const declared = reader.text();
    if (result.empty()) expected = declared;
    if (declared != expected) {
      invalid(context, "rank ", text(result.size()),
              " has other .classes or another .allow_empty than rank 0; give all ranks the same");
    }
    result.push_back(read(reader));
  }
  return result;
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
