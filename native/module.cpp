// The extension module: which instruction sets were compiled, and which of them this machine can run.
// Definition: levels are ordered baseline < avx2 < avx512; a kernel called with level "auto" takes the best one that runs here.
// Convention: arrays are C-contiguous NumPy buffers; the interpreter lock is released around every kernel.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "levels.hpp"

namespace nb = nanobind;

NB_MODULE(_native, m) {
  m.doc() = "Compiled kernels of erlangen; each has a Python twin that serves where this module is missing.";
  m.def("cpu_levels", &erlangen::runnable_levels, "Instruction sets that were compiled and run on this machine, best last.");
  erlangen::bind_sparse(m);
  erlangen::bind_m_matrix(m);
  erlangen::bind_stress(m);
  erlangen::bind_spd(m);
  erlangen::bind_augment(m);
  erlangen::bind_barycentres(m);
  erlangen::bind_contraction(m);
  erlangen::bind_exact(m);
  erlangen::bind_harmonics(m);
  erlangen::bind_khovanov(m);
  erlangen::bind_messages(m);
  erlangen::bind_normalisation(m);
  erlangen::bind_tensor_products(m);
}
