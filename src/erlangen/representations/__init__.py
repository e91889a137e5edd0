"""Representations of O(3): irreps, spherical harmonics, Wigner matrices, couplings, rules on the sphere, tensor products.

Definition: each name is documented where it is defined.
Convention: real spherical harmonics with polar axis y, ``m = -l..l``, no Condon-Shortley phase; couplings of Frobenius norm one.
"""

from __future__ import annotations

from erlangen.representations.couplings import gaunt, gaunt_scale, wigner_3j
from erlangen.representations.irrep import Irrep
from erlangen.representations.irreps import Irreps, SortedIrreps
from erlangen.representations.mul_irrep import MulIrrep
from erlangen.representations.spherical_harmonics import spherical_harmonics

__all__ = [
    "Irrep",
    "Irreps",
    "MulIrrep",
    "SortedIrreps",
    "gaunt",
    "gaunt_scale",
    "spherical_harmonics",
    "wigner_3j",
]
