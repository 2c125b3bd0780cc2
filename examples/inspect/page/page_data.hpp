// The data of the page and of report.json.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "inspect/classes.hpp"
#include "inspect/coverage.hpp"
#include "inspect/options.hpp"
#include "inspect/sampling.hpp"

namespace inspect {

struct page_data {
  label_index const& classes;
  std::span<outcome const> outcomes;
  std::span<std::string const> notes;  ///< sentences about the data
  std::vector<coverage> coverages;     ///< of the outcomes
  options const& settings;
  std::string version;  ///< of the library
  std::string date;     ///< when this was made
};

}  // namespace inspect
