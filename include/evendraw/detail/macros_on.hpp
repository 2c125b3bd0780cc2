// Restores the macros and warnings that macros_off.hpp has set aside.
#if defined(_MSC_VER) || defined(__GNUC__)
#pragma pop_macro("I")
#pragma pop_macro("check")
#pragma pop_macro("far")
#pragma pop_macro("foreach")
#pragma pop_macro("emit")
#pragma pop_macro("forever")
#pragma pop_macro("interface")
#pragma pop_macro("max")
#pragma pop_macro("min")
#pragma pop_macro("near")
#pragma pop_macro("require")
#pragma pop_macro("signals")
#pragma pop_macro("slots")
#pragma pop_macro("small")
#pragma pop_macro("text")
#pragma pop_macro("verify")
#pragma pop_macro("word")
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
