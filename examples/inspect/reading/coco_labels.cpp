#include "coco_labels.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "json_reader.hpp"
#include "shared/text.hpp"
#include "shared/user_error.hpp"

namespace inspect {

using namespace shared;
namespace {

/// Numbers ids in the order in which they come, and keeps which ids were declared and not only used.
class id_numbers {
 public:
  std::uint32_t use(std::string_view id) { return numbers_.try_emplace(id, size()).first->second; }
  /// False if it was declared before.
  bool declare(std::string_view id) {
    std::uint32_t const number = use(id);
    if (number < declared_.size() && declared_[number]) return false;
    if (number >= declared_.size()) declared_.resize(std::size_t{number} + 1);
    declared_[number] = true;
    return true;
  }
  bool is_declared(std::uint32_t number) const { return number < declared_.size() && declared_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(numbers_.size()); }
  std::string_view id(std::uint32_t number) const {
    for (auto const& [id, its] : numbers_) {
      if (its == number) return id;
    }
    return {};
  }

 private:
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::vector<bool> declared_;
};

struct annotation {
  std::uint32_t image, category;
};

class coco_reader {
 public:
  explicit coco_reader(std::string_view text) : json_(text) {}

  labelled_data read() {
    need(json_.begins_object(), "object");
    json_.object([this](std::string_view key) {
      if (key == "images") return list(key, images_, [this] { image(); });
      if (key == "annotations") return list(key, annotated_, [this] { one_annotation(); });
      if (key == "categories") return list(key, categorised_, [this] { category(); });
      json_.skip();
    });
    json_.end();
    need(images_, "\"images\"");
    need(annotated_, "\"annotations\"");
    need(categorised_, "\"categories\"");
    check_ids();
    return result();
  }

 private:
  template <class Element>
  void list(std::string_view key, bool& seen, Element element) {
    if (std::exchange(seen, true)) json_.refuse(fmt::format("\"{}\" occurs twice", key));
    json_.array(element);
  }

  static void need(bool seen, std::string_view what) {
    if (seen) return;
    throw user_error(fmt::format(
        "there is no {}; a JSON file must hold annotations in the format of COCO: an object with \"images\", "
        "\"annotations\" and \"categories\"",
        what));
  }

  void image() {
    std::string_view id;
    json_.object([&](std::string_view key) { key == "id" ? void(id = json_.id()) : json_.skip(); });
    if (id.empty()) json_.refuse("the image that ends here has no \"id\"");
    if (!image_ids_.declare(id)) json_.refuse(fmt::format("a second image has the id {}", printable(id)));
    images_in_order_.push_back(image_ids_.use(id));
  }

  void category() {
    std::string_view id;
    std::string name;
    json_.object([&](std::string_view key) {
      if (key == "id") return void(id = json_.id());
      if (key == "name") return void(name = json_.string());
      json_.skip();
    });
    if (id.empty()) json_.refuse("the category that ends here has no \"id\"");
    if (!category_ids_.declare(id)) json_.refuse(fmt::format("a second category has the id {}", printable(id)));
    std::uint32_t const number = category_ids_.use(id);
    if (number >= names_.size()) names_.resize(std::size_t{number} + 1);
    names_[number] = name.empty() ? std::string(id) : name;
  }

  void one_annotation() {
    std::string_view image, category;
    json_.object([&](std::string_view key) {
      if (key == "image_id") return void(image = json_.id());
      if (key == "category_id") return void(category = json_.id());
      json_.skip();
    });
    if (image.empty()) json_.refuse("the annotation that ends here has no \"image_id\"");
    if (category.empty()) json_.refuse("the annotation that ends here has no \"category_id\"");
    annotations_.push_back({image_ids_.use(image), category_ids_.use(category)});
  }

  void check_ids() const {
    for (auto const& [image, category] : annotations_) {
      if (!image_ids_.is_declared(image)) {
        throw user_error(fmt::format("an annotation has the image_id {}, which no image has; the file is incomplete",
                                     printable(image_ids_.id(image))));
      }
      if (!category_ids_.is_declared(category)) {
        throw user_error(
            fmt::format("an annotation has the category_id {}, which no category has; the file is incomplete",
                        printable(category_ids_.id(category))));
      }
    }
  }

  labelled_data result() {
    std::vector<std::size_t> begins(std::size_t{image_ids_.size()} + 1);  // where the categories of each image begin
    for (auto const& each : annotations_) ++begins[std::size_t{each.image} + 1];
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    std::vector<std::uint32_t> categories(annotations_.size());
    auto next = begins;
    for (auto const& each : annotations_) categories[next[each.image]++] = each.category;
    labelled_data result;
    result.sets.names = names_;
    std::vector<std::uint32_t> of_image;
    for (std::uint32_t const image : images_in_order_) {
      of_image.assign(categories.data() + begins[image], categories.data() + begins[std::size_t{image} + 1]);
      result.sets.add(of_image);
    }
    return result;
  }

  json_reader json_;
  bool images_ = false, annotated_ = false, categorised_ = false;
  id_numbers image_ids_, category_ids_;
  std::vector<std::uint32_t> images_in_order_;
  std::vector<std::string> names_;
  std::vector<annotation> annotations_;
};

}  // namespace

labelled_data read_coco(std::string_view text) { return coco_reader(text).read(); }

}  // namespace inspect
