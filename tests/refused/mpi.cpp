// Objects that are not labels of a rank: see run.
#include <evendraw/adapters/mpi.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace evendraw;

int main() {
  MPI_Comm const comm = MPI_COMM_WORLD;
  auto const a = gather_classes(comm, "labels.txt");                                              // refused: characters
  auto const b = gather_classes(comm, std::filesystem::path("labels.txt"));                       // refused: characters
  auto const c = gather_classes(comm, "labels-1.txt", std::vector{1, 2});                         // refused: characters
  auto const d = gather_classes(comm, std::vector<double>{1, 2});                                 // refused: labels
  auto const e = gather_classes(comm, std::vector<std::wstring>{L"a"});                           // refused: labels
  auto const f = gather_classes(comm, std::vector<std::optional<int>>{1}, std::vector{0});        // refused: labels
  auto const g = gather_classes(comm, std::vector<std::pair<int, int>>{{1, 2}}, {.threads = 1});  // refused: labels
}
