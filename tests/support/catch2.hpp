// The only header that knows whether Catch2 2.13 or 3 is installed.
#pragma once
#if __has_include(<catch2/catch_test_macros.hpp>)  // 3
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#else  // 2.13
#include <catch2/catch.hpp>
#endif
