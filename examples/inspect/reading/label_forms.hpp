// Forms of a label that do not depend on how it is written.
#pragma once

#include <string>
#include <string_view>

namespace inspect {

/// Each function removes one kind of difference that people do not see or do not intend.
namespace label_forms {

/// Whether all bytes of the label are UTF-8.
bool is_utf8(std::string_view label);

/// Capital letters become small: Latin without the rarer ones, Greek, Cyrillic.
std::string without_case(std::string_view label);

/// 1.0, 01, +1 and 1e0 become 1. Other text is unchanged, and so are numbers of more than 15 characters.
std::string without_number_format(std::string_view label);

/// Removes white space around the label, even if it is invisible. White space within the label becomes one space.
std::string without_white_space(std::string_view label);

/// A letter and the combining marks after it become one character (Unicode's form C), in Latin, Greek and Cyrillic
/// scripts, kana and Hangul.
std::string composed(std::string_view label);

}  // namespace label_forms
}  // namespace inspect
