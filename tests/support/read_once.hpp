// A range that can be read once only, like a stream. Constructors have to accept it.
#pragma once

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace ranges_for_tests {

template <class T>
class read_once {
 public:
  explicit read_once(std::vector<T> values) : values_(std::move(values)) {}

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = T;
    explicit iterator(read_once& range) : range_(&range) {}
    T operator*() const { return range_->values_[range_->next_]; }
    iterator& operator++() {
      ++range_->next_;
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return range_->next_ == range_->values_.size(); }

   private:
    read_once* range_;
  };

  iterator begin() { return iterator(*this); }
  std::default_sentinel_t end() { return {}; }

 private:
  std::vector<T> values_;
  std::size_t next_ = 0;
};

}  // namespace ranges_for_tests
