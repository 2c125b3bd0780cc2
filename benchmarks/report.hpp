// The results as tables, CSV or JSON.
#pragma once

#include <string>
#include <vector>

#include "race.hpp"

namespace benchmark {

/// Where and how the results were measured.
struct conditions {
  std::string cpu, compiler, flags;
  settings how;
  double xoshiro_word, splitmix_word;  // ns
};

void print_conditions(conditions const& where);
void print_table(std::vector<outcome> const& outcomes, settings how);             // against the peers
void print_ways(std::string const& title, std::vector<outcome> const& outcomes);  // evendraw only: epochs
void print_building(std::vector<outcome> const& outcomes);                        // evendraw only: building
void print_growth(std::vector<outcome> const& outcomes);                          // ns per draw against n
void print_csv(std::vector<outcome> const& outcomes, conditions const& where);
void print_json(std::vector<outcome> const& outcomes, conditions const& where);

}  // namespace benchmark
