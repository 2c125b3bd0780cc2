// JSON, read from beginning to end without keeping it in memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace inspect {

/// Reads a JSON text. Values that are not needed are checked and skipped: files of annotations have hundreds of
/// megabytes, and nearly all of them are outlines of objects, which are not needed here. Every function throws
/// user_error if the text is not JSON, or not what the function reads; the message says where.
class json_reader {
 public:
  explicit json_reader(std::string_view text) : text_(text) {}

  /// Calls member(key) for every member of the object that follows. The function must read or skip the value.
  template <class Member>
  void object(Member member) {
    enter('{', '}', [&] {
      std::string const key = string();
      expect(':');
      member(std::string_view(key));
    });
  }

  /// Calls element() for every element of the array that follows. The function must read or skip the element.
  template <class Element>
  void array(Element element) {
    enter('[', ']', element);
  }

  bool begins_object() { return peek() == '{'; }
  std::string string();
  /// A number or a string as it is written. Such ids refer to objects elsewhere in the text.
  std::string_view id();
  void skip();
  /// Throws user_error if there is more.
  void end();

  /// Throws an error about what was read last: "line 3, character 17: ...".
  [[noreturn]] void refuse(std::string_view what) const;

 private:
  static constexpr std::size_t deepest = 200;

  template <class Element>
  void enter(char open, char close, Element element) {
    expect(open);
    if (++depth_ > deepest) refuse("more than 200 brackets are open here");
    bool first = true;
    while (peek() != close) {
      if (!first) expect(',');
      element();
      first = false;
    }
    expect(close);
    --depth_;
  }

  /// The next character that is not white space; '\0' at the end.
  char peek();
  void expect(char wanted);
  /// The string that follows, with its quotes, as it is written.
  std::string_view raw_string();
  std::string_view number();
  void skip_word();

  std::string_view text_;
  std::size_t place_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace inspect
