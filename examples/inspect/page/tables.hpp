// The tables of the page.
#pragma once

#include <string>

#include "page_data.hpp"

namespace inspect {

/// A row for each sampler, with its most important numbers.
std::string table_of_samplers(page_data const& subject);

/// The classes of the data, largest first.
std::string table_of_classes(page_data const& subject);

/// The draws of every class under each sampler.
std::string table_of_balance(page_data const& subject);

/// Epochs until every sample was seen.
std::string table_of_coverage(page_data const& subject);

}  // namespace inspect
