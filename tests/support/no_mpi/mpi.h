// The part of MPI that adapters/mpi.hpp needs, for tests that compile it and do not call it.
#pragma once

using MPI_Comm = int;
using MPI_Datatype = int;
using MPI_Op = int;

inline constexpr int MPI_SUCCESS = 0, MPI_MAX_ERROR_STRING = 256;
inline constexpr MPI_Comm MPI_COMM_WORLD = 0;
inline constexpr MPI_Datatype MPI_UINT64_T = 0, MPI_BYTE = 1, MPI_INT = 2;
inline constexpr MPI_Op MPI_MAX = 0, MPI_MIN = 1;
inline constexpr void* MPI_IN_PLACE = nullptr;

int MPI_Error_string(int code, char* text, int* length);
int MPI_Comm_rank(MPI_Comm comm, int* rank);
int MPI_Comm_size(MPI_Comm comm, int* size);
int MPI_Allgather(void const* sent, int count, MPI_Datatype type, void* received, int counts, MPI_Datatype types,
                  MPI_Comm comm);
int MPI_Allgatherv(void const* sent, int count, MPI_Datatype type, void* received, int const* counts,
                   int const* begins, MPI_Datatype types, MPI_Comm comm);
int MPI_Allreduce(void const* sent, void* received, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm);
