// A function that is passed on, without its type.
#pragma once

#include <concepts>
#include <type_traits>

namespace evendraw::detail {

/// A function that is called through a pointer, so that what takes one is compiled once. It must outlive this.
template <class Signature>
class function_ref;

template <class Result, class... Arguments>
class function_ref<Result(Arguments...)> {
 public:
  template <class F>
  requires std::is_invocable_r_v<Result, F const&, Arguments...> &&
      (!std::same_as<F, function_ref>)function_ref(F const& f) noexcept  // implicit: a function is passed as one
      : of_(&f), call_(&call<F>) {}

  Result operator()(Arguments... arguments) const { return call_(of_, arguments...); }

 private:
  template <class F>
  static Result call(void const* of, Arguments... arguments) {
    return (*static_cast<F const*>(of))(arguments...);
  }

  void const* of_;
  Result (*call_)(void const*, Arguments...);
};

}  // namespace evendraw::detail
