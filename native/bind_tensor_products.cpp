// Bindings of sparse bilinear products.
// Definition: BilinearProgram(...) holds the program of a product; forward writes z, backward the cotangents of x and y.
// Convention: operands are (n, d, c), or (n, d) with one channel; a second factor (n, d2, 1) is shared by all channels of the first.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>

#include "bilinear_program.hpp"
#include "bindings.hpp"
#include "dispatch.hpp"
#include "parallel.hpp"

namespace erlangen {
namespace {

template <typename T>
using In = nb::ndarray<const T, nb::c_contig, nb::device::cpu>;
template <typename T>
using Out = nb::ndarray<T, nb::c_contig, nb::device::cpu>;

// The channels of an operand (n, d, c) or (n, d).
template <typename A>
std::int64_t channels_of(const A& array) {
  require(array.ndim() == 2 || array.ndim() == 3, "an operand must have two or three axes");
  return array.ndim() == 3 ? static_cast<std::int64_t>(array.shape(2)) : 1;
}

template <typename A>
void check_operand(const A& array, std::int64_t rows, std::int64_t d, std::int64_t channels, const char* name) {
  const bool fits = channels_of(array) == channels && static_cast<std::int64_t>(array.shape(0)) == rows &&
                    static_cast<std::int64_t>(array.shape(1)) == d;
  if (!fits) throw std::invalid_argument(std::string(name) + " has the wrong shape");
}

// Rows handed out at a time.
std::int64_t share(std::int64_t channels) { return std::max<std::int64_t>(bilinear_share / std::max<std::int64_t>(channels, 1), 8); }

// Threads that are worth starting: each costs some ten microseconds.
int worthwhile(std::int64_t work, int threads) {
  constexpr std::int64_t least = 1 << 19;
  return static_cast<int>(std::clamp<std::int64_t>(work / least, 1, std::max(threads, 1)));
}

template <typename T>
void forward(const BilinearProgram& program, In<T> x, In<T> y, std::optional<In<T>> x2, std::optional<In<T>> y2, Out<T> z, int threads,
             const std::string& level) {
  const std::int64_t channels = channels_of(x), rows = static_cast<std::int64_t>(x.shape(0)), right = channels_of(y);
  const bool shared = right == 1 && channels != 1;
  require(x2.has_value() == y2.has_value(), "x2 and y2 come together");
  check_operand(x, rows, program.d1(), channels, "x");
  check_operand(y, rows, program.d2(), shared ? 1 : channels, "y");
  if (x2) check_operand(*x2, rows, program.d1(), channels, "x2");
  if (y2) check_operand(*y2, rows, program.d2(), shared ? 1 : channels, "y2");
  check_operand(z, rows, program.d3(), channels, "z");
  const BilinearForward<T> f{channels, shared, x.data(), y.data(), x2 ? x2->data() : nullptr, y2 ? y2->data() : nullptr, z.data()};
  const std::string chosen = resolve_level(level);
  const nb::gil_scoped_release release;
  parallel_for(rows, share(channels), worthwhile(rows * channels * program.work(), threads), [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, bilinear_forward_range(begin, end, program.view<T>(), f));
  });
}

template <typename T>
void backward(const BilinearProgram& program, In<T> z, std::optional<In<T>> x, std::optional<In<T>> y, std::optional<Out<T>> to_x,
              std::optional<Out<T>> to_y, int threads, const std::string& level) {
  const std::int64_t channels = channels_of(z), rows = static_cast<std::int64_t>(z.shape(0));
  check_operand(z, rows, program.d3(), channels, "z");
  require(to_x || to_y, "there is nothing to write to");
  require(y.has_value() == to_x.has_value() && x.has_value() == to_y.has_value(), "the cotangent of x needs y, that of y needs x");
  const std::int64_t right = y ? channels_of(*y) : channels_of(*to_y);
  const bool shared = right == 1 && channels != 1;
  if (y) check_operand(*y, rows, program.d2(), shared ? 1 : channels, "y");
  if (to_x) check_operand(*to_x, rows, program.d1(), channels, "to_x");
  if (x) check_operand(*x, rows, program.d1(), channels, "x");
  if (to_y) check_operand(*to_y, rows, program.d2(), shared ? 1 : channels, "to_y");
  const BilinearBackward<T> f{channels,
                              shared,
                              z.data(),
                              x ? x->data() : nullptr,
                              y ? y->data() : nullptr,
                              to_x ? to_x->data() : nullptr,
                              to_y ? to_y->data() : nullptr};
  const std::string chosen = resolve_level(level);
  const nb::gil_scoped_release release;
  parallel_for(rows, share(channels), worthwhile(2 * rows * channels * program.work(), threads), [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, bilinear_backward_range(begin, end, program.view<T>(), f));
  });
}

}  // namespace

void bind_tensor_products(nb::module_& m) {
  using namespace nb::literals;
  using Indices = BilinearProgram::Indices;
  nb::set_leak_warnings(false);  // programs are kept by Python's caches until the interpreter ends
  nb::class_<BilinearProgram>(m, "BilinearProgram")
      .def(nb::init<std::int64_t, std::int64_t, std::int64_t, Indices, Indices, Indices, Indices, Indices, Indices, Indices, Indices, Indices,
                    Indices, std::vector<double>>(),
           "d1"_a, "d2"_a, "d3"_a, "product_start"_a, "quads"_a, "i"_a, "j"_a, "butterfly_start"_a, "a"_a, "b"_a, "term_start"_a, "slot"_a, "k"_a,
           "value"_a)
      .def("forward", &forward<float>, "x"_a.noconvert(), "y"_a.noconvert(), "x2"_a.noconvert().none(), "y2"_a.noconvert().none(),
           "z"_a.noconvert(), "threads"_a, "level"_a)
      .def("forward", &forward<double>, "x"_a.noconvert(), "y"_a.noconvert(), "x2"_a.noconvert().none(), "y2"_a.noconvert().none(),
           "z"_a.noconvert(), "threads"_a, "level"_a)
      .def("backward", &backward<float>, "z"_a.noconvert(), "x"_a.noconvert().none(), "y"_a.noconvert().none(),
           "to_x"_a.noconvert().none(), "to_y"_a.noconvert().none(), "threads"_a, "level"_a)
      .def("backward", &backward<double>, "z"_a.noconvert(), "x"_a.noconvert().none(), "y"_a.noconvert().none(),
           "to_x"_a.noconvert().none(), "to_y"_a.noconvert().none(), "threads"_a, "level"_a);
}

}  // namespace erlangen
