// The bars and tables of the library.
#pragma once

#include <evendraw/inspect/format.hpp>

#include "text.hpp"

namespace shared {

using evendraw::terminal::bar, evendraw::terminal::last_column, evendraw::terminal::table;

}  // namespace shared
