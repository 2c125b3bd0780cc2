// Annotations of images in the format of COCO and LVIS.
#pragma once

#include <string_view>

#include "labelled_data.hpp"

namespace inspect {

/// The categories of every image: an object with "images" (id), "annotations" (image_id, category_id) and "categories"
/// (id, name), in any order. A category that an image has several times counts once. Images without annotations are
/// samples without a label. Throws user_error.
labelled_data read_coco(std::string_view text);

}  // namespace inspect
