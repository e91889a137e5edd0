// A training step of Bures–Wasserstein batch normalisation as a whole: what the binding hands over.
// Definition: see normalisation.cpp; the twin is the general path of nn.SPDBatchNorm.
// Convention: X is (N, c, n, n), matrices of a channel (c, n, n), M (n, n) or null for the unit matrix; all row-major.
#pragma once

#include <cstdint>
#include <string>

#include "normalisation.hpp"

namespace erlangen {

struct NormalBatch {
  std::int64_t count, channels;
  int n, threads;
  std::string level;
  const double *X, *W, *M;
};

struct NormalRules {
  int iterations;            // steps of the mean; 0: mean and variance are given
  bool released;             // the dispersion is about I, and eps has no unit
  double eps, eta, margin, theta;  // eta < 0: no running statistics
};

struct NormalStatistics {
  const double *scale, *mean, *variance;  // s; running, or given, mean and dispersion
};

// What a step leaves, one array of doubles: running mean and dispersion to be, the mean in the image, k / s, then what the backward pass wants:
// frames of the channels, roots, basis and eigenvalues of M, and the memory of the batch.
struct NormalRecord {
  double* at;
  std::int64_t count, channels, n;

  static std::int64_t frame_size(std::int64_t n) { return 10 * n * n + 2 * n + 2; }
  std::int64_t means() const { return channels * n * n; }
  double* mean() const { return at; }
  double* centre() const { return at + means(); }
  double* variance() const { return centre() + means(); }
  double* factor() const { return variance() + channels; }
  double* frame(std::int64_t channel) const { return factor() + channels + channel * frame_size(n); }
  double* parameter() const { return frame(channels); }
  double* memory(std::int64_t channel) const { return parameter() + 3 * n * n + n + channel * normal_memory(count, n); }
  std::int64_t size() const { return memory(channels) - at; }
};

// False: nothing that was written counts, and the twin is to serve.
bool normalise_forward(const NormalBatch& batch, const NormalRules& rules, const NormalStatistics& statistics, double* out,
                       const NormalRecord& record);
// `to_rest` takes the gradients of W, of the scale and, if there is an M and it is asked for, of M.
void normalise_backward(const NormalBatch& batch, const double* gradient, const NormalRecord& record, bool parameter, double* to_X, double* to_rest);

}  // namespace erlangen
