// The page.
#pragma once

#include <span>
#include <string>

#include "page_data.hpp"
#include "pictures.hpp"

namespace inspect {

/// The pictures of the page, in the order of its sections.
struct page_pictures {
  picture first_batches, repeats, samples_seen;
};

/// The page as one file, which needs no other file, no scripts and no network.
std::string html_page(page_data const& subject, page_pictures const& pictures);

}  // namespace inspect
