// Bindings: batch normalisation of small SPD matrices under Bures–Wasserstein, forward and backward.
// Definition: see the Python twin, the general path of nn.SPDBatchNorm.
// Convention: arguments are checked here and refused with ValueError; the interpreter lock is released around every kernel.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <optional>

#include "bindings.hpp"
#include "dispatch.hpp"
#include "normal_step.hpp"

namespace erlangen {
namespace {

using Batch = Array<const double, 4>;
using Means = Array<const double, 3>;

bool same(const auto& a, std::initializer_list<std::int64_t> shape) {
  std::size_t axis = 0;
  for (const std::int64_t length : shape)
    if (static_cast<std::int64_t>(a.shape(axis++)) != length) return false;
  return true;
}

using Numbers = Array<const double, 1>;
using Parameter = std::optional<Array<const double, 2>>;

NormalBatch checked(const Batch& X, const Means& W, const Parameter& M, int threads, const std::string& level) {
  const auto count = static_cast<std::int64_t>(X.shape(0)), channels = static_cast<std::int64_t>(X.shape(1)), n = static_cast<std::int64_t>(X.shape(2));
  require(static_cast<std::int64_t>(X.shape(3)) == n && n >= 1 && n <= most_normalised, "matrices are not square or larger than the kernel takes");
  require(count >= 1 && channels >= 1, "there are no matrices");
  require(same(W, {channels, n, n}), "W has the wrong shape");
  require(!M || same(*M, {n, n}), "M has the wrong shape");
  return {count, channels, static_cast<int>(n), threads, resolve_level(level), X.data(), W.data(), M ? M->data() : nullptr};
}

NormalRecord record_in(const NormalBatch& batch, const auto& array) {
  const NormalRecord record{const_cast<double*>(array.data()), batch.count, batch.channels, batch.n};
  require(same(array, {record.size()}), "the record has the wrong length");
  return record;
}

std::int64_t record_size(std::int64_t count, std::int64_t channels, std::int64_t n) { return NormalRecord{nullptr, count, channels, n}.size(); }

bool forward(Batch X, Means W, Parameter M, Numbers scale, Means mean, Numbers variance, int iterations, bool released, double eps, double eta,
             double margin, double theta, Array<double, 4> out, Array<double, 1> record, int threads, const std::string& level) {
  const NormalBatch batch = checked(X, W, M, threads, level);
  const std::int64_t c = batch.channels, n = batch.n;
  require(same(scale, {c}) && same(variance, {c}), "scale or variance has the wrong length");
  require(same(mean, {c, n, n}), "the mean has the wrong shape");
  require(same(out, {batch.count, c, n, n}), "out has the wrong shape");
  require(iterations >= 0 && theta != 0, "iterations or theta is out of range");
  const NormalRecord room = record_in(batch, record);
  const nb::gil_scoped_release release;
  return normalise_forward(batch, {iterations, released, eps, eta, margin, theta}, {scale.data(), mean.data(), variance.data()}, out.data(), room);
}

void backward(Batch gradient, Batch X, Means W, Parameter M, Numbers record, bool parameter, Array<double, 4> to_X, Array<double, 1> to_rest,
              int threads, const std::string& level) {
  const NormalBatch batch = checked(X, W, M, threads, level);
  const std::int64_t c = batch.channels, n = batch.n;
  require(!parameter || M, "there is no M");
  require(same(gradient, {batch.count, c, n, n}) && same(to_X, {batch.count, c, n, n}), "a gradient has the wrong shape");
  require(same(to_rest, {c * n * n + c + (parameter ? n * n : 0)}), "the gradients of the parameters have the wrong length");
  const NormalRecord room = record_in(batch, record);
  const nb::gil_scoped_release release;
  normalise_backward(batch, gradient.data(), room, parameter, to_X.data(), to_rest.data());
}
}  // namespace

void bind_normalisation(nb::module_& m) {
  using namespace nb::literals;
  m.def("normalise_record", &record_size, "count"_a, "channels"_a, "n"_a, "Length of the array `record`.");
  m.def("normalise_forward", &forward, "X"_a.noconvert(), "W"_a.noconvert(), "M"_a.noconvert().none(), "scale"_a.noconvert(), "mean"_a.noconvert(),
        "variance"_a.noconvert(), "iterations"_a, "released"_a, "eps"_a, "eta"_a, "margin"_a, "theta"_a, "out"_a.noconvert(),
        "record"_a.noconvert(), "threads"_a, "level"_a);
  m.def("normalise_backward", &backward, "gradient"_a.noconvert(), "X"_a.noconvert(), "W"_a.noconvert(), "M"_a.noconvert().none(),
        "record"_a.noconvert(), "parameter"_a, "to_X"_a.noconvert(), "to_rest"_a.noconvert(), "threads"_a, "level"_a);
}

}  // namespace erlangen
