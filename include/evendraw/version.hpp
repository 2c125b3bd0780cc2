// The version of evendraw, and that of the sequences of its samplers. MIT licence.
#pragma once

#define EVENDRAW_VERSION_MAJOR 0
#define EVENDRAW_VERSION_MINOR 1
#define EVENDRAW_VERSION_PATCH 0

namespace evendraw {

/// The version of the sequences. It changes when any sampler gives other indices for the same arguments. Every
/// fingerprint includes it, so that a checkpoint of an older sequence is refused and not continued wrongly.
inline constexpr unsigned sequence_version = 5;

}  // namespace evendraw
