// The bars and tables of the library.
#pragma once

#include <evendraw/inspect/format.hpp>

#include "text.hpp"

namespace shared {

using evendraw::detail::terminal::bar, evendraw::detail::terminal::last_column, evendraw::detail::terminal::table;

}  // namespace shared
