"""Representations of O(3): irreps, spherical harmonics, Wigner matrices, couplings, rules on the sphere, tensor products.

Definition: each name is documented where it is defined.
Convention: real spherical harmonics with polar axis y, ``m = -l..l``, no Condon-Shortley phase; couplings of Frobenius norm one.
"""

from __future__ import annotations

from erlangen.representations.couplings import gaunt, gaunt_scale, wigner_3j
from erlangen.representations.irrep import Irrep
from erlangen.representations.irreps import Irreps, SortedIrreps
from erlangen.representations.layout import to_ir_mul, to_mul_ir
from erlangen.representations.mul_irrep import MulIrrep
from erlangen.representations.recoupling import wigner_6j
from erlangen.representations.spherical_harmonics import spherical_harmonics, spherical_harmonics_gradient
from erlangen.representations.wigner_d import wigner_d

__all__ = [
    "Irrep",
    "Irreps",
    "MulIrrep",
    "SortedIrreps",
    "gaunt",
    "gaunt_scale",
    "spherical_harmonics",
    "spherical_harmonics_gradient",
    "to_ir_mul",
    "to_mul_ir",
    "wigner_3j",
    "wigner_6j",
    "wigner_d",
]
