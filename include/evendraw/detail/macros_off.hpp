// Sets aside macros of other libraries whose names are ordinary words: those of Qt (slots, emit), of Apple (check,
// verify), of Windows (min, max, small) and of C (I). macros_on.hpp restores them. The code of every header is between
// the two. There, GCC also does not warn that a parameter hides a global variable of the user. It would warn wherever
// a template is instantiated, although nothing is hidden, because the variable is declared after the header.
#if defined(_MSC_VER) || defined(__GNUC__)
#pragma push_macro("I")
#pragma push_macro("check")
#pragma push_macro("far")
#pragma push_macro("foreach")
#pragma push_macro("emit")
#pragma push_macro("forever")
#pragma push_macro("interface")
#pragma push_macro("max")
#pragma push_macro("min")
#pragma push_macro("near")
#pragma push_macro("require")
#pragma push_macro("signals")
#pragma push_macro("slots")
#pragma push_macro("small")
#pragma push_macro("text")
#pragma push_macro("verify")
#pragma push_macro("word")
#endif
#undef I
#undef check
#undef far
#undef foreach
#undef emit
#undef forever
#undef interface
#undef max
#undef min
#undef near
#undef require
#undef signals
#undef slots
#undef small
#undef text
#undef verify
#undef word
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif
