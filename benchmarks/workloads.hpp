// The workloads, one file a question.
#pragma once

#include <vector>

#include "contestant.hpp"

namespace benchmark {

std::vector<workload> weighted();             // what does a weighted draw with replacement cost?
std::vector<workload> balanced();             // what does a class-balanced epoch cost?
std::vector<workload> without_replacement();  // what do weighted draws without replacement cost?
std::vector<workload> family();               // what do the draws of the other samplers cost?
std::vector<workload> backwards();            // what does finding a sample cost, and going on with other data?
std::vector<workload> shuffled();             // what does a plain shuffle cost, also in batches?
std::vector<workload> reading();              // what do the ways of reading one epoch cost?
std::vector<workload> building();             // what does building cost, with one thread and with two?
std::vector<workload> instruction_sets();     // what do the instruction sets chosen at run time give?

}  // namespace benchmark
