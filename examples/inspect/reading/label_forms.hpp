// What a label is besides the way it is written.
#pragma once

#include <string>
#include <string_view>

namespace inspect {

/// Each takes one difference away that people do not see, or do not mean.
namespace label_forms {

/// Capital letters become small: Latin without the rarer ones, Greek, Cyrillic.
std::string without_case(std::string_view label);

/// 1.0, 01, +1 and 1e0 become 1; what is no number stays as it is, and so do numbers of more than 15 characters.
std::string without_number_format(std::string_view label);

/// White space around the label goes, also such that is not seen; within it, it becomes one space.
std::string without_white_space(std::string_view label);

/// Letters and the combining marks behind them become one character (Unicode's form C), for the letters of Latin, Greek
/// and Cyrillic scripts, kana and Hangul.
std::string composed(std::string_view label);

}  // namespace label_forms
}  // namespace inspect
