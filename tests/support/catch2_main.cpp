// Compiled only where Catch2 2 comes without its Catch2WithMain library.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
