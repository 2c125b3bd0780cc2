// The part of LibTorch that adapters/torch.hpp needs, for tests without LibTorch. Archives hold one text.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace c10 {

class IValue {
 public:
  IValue() = default;
  explicit IValue(std::string text) : text_(std::move(text)) {}
  bool isString() const { return text_.has_value(); }
  std::string const& toStringRef() const { return *text_; }

 private:
  std::optional<std::string> text_;
};

}  // namespace c10

namespace torch {

template <class T>
using optional = std::optional<T>;
inline constexpr std::nullopt_t nullopt = std::nullopt;

namespace serialize {

class OutputArchive {
 public:
  void write(std::string const& key, c10::IValue const& value) { values[key] = value; }
  std::map<std::string, c10::IValue> values;
};

class InputArchive {
 public:
  bool try_read(std::string const& key, c10::IValue& value) {
    auto const found = values.find(key);
    if (found == values.end()) return false;
    value = found->second;
    return true;
  }
  std::map<std::string, c10::IValue> values;
};

}  // namespace serialize

namespace data::samplers {

template <class BatchRequest = std::vector<std::size_t>>
class Sampler {
 public:
  virtual ~Sampler() = default;
  virtual void reset(optional<std::size_t> new_size) = 0;
  virtual optional<BatchRequest> next(std::size_t batch_size) = 0;
  virtual void save(serialize::OutputArchive& archive) const = 0;
  virtual void load(serialize::InputArchive& archive) = 0;
};

}  // namespace data::samplers

}  // namespace torch
