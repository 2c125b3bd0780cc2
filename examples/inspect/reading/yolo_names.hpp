// The names of classes in the description of a YOLO data set.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace inspect {

using names_by_class = std::map<std::uint32_t, std::string>;

/// The entry "names" of a data.yaml, by class number; none if there is no such entry. It is a list or a mapping, one item
/// a line or in brackets:
///
///   names: [person, 'kite']      names: {0: person, 1: "kite"}      names:          names:
///                                                                     - person        0: person
///                                                                     - kite          1: kite
///
/// Throws user_error, with the number of the line.
names_by_class yolo_names(std::string_view yaml);

}  // namespace inspect
