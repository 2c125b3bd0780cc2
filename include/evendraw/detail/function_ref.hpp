// A reference to a function, without the type of the function.
#pragma once

#include <concepts>
#include <type_traits>

namespace evendraw::detail {

/// A reference to a function, which is called through a pointer. Code that takes such a reference is compiled once for
/// all functions. The function must outlive the reference.
template <class Signature>
class function_ref;

template <class Result, class... Arguments>
class function_ref<Result(Arguments...)> {
 public:
  template <class F>
  requires(!std::same_as<F, function_ref>) function_ref(F const& f)
  noexcept  // implicit, so that functions can be passed
      : function_(&f), call_(&call<F>) {}

  Result operator()(Arguments... arguments) const { return call_(function_, arguments...); }

 private:
  template <class F>
  static Result call(void const* function, Arguments... arguments) {
    return (*static_cast<F const*>(function))(arguments...);
  }

  void const* function_;
  Result (*call_)(void const*, Arguments...);
};

}  // namespace evendraw::detail
