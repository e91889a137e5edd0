"""The exact tower's ground floor: rings, polynomials, matrices and complexes over Z, Q and the prime fields.

Definition: each name is documented where it is defined.
Convention: no floating-point number enters; equality is equality of data.
"""

from __future__ import annotations

from erlangen.exact.abelian_group import AbelianGroup
from erlangen.exact.differential.differential_element import DifferentialElement
from erlangen.exact.differential.differential_ring import DifferentialRing
from erlangen.exact.differential.evaluation import to_callable
from erlangen.exact.laurent_polynomial import LaurentPolynomial
from erlangen.exact.ring import F, Q, Ring, Z, is_prime, parse_ring
from erlangen.exact.smith_form import SmithForm
from erlangen.exact.sparse_matrix import Coordinates, SparseMatrix

__all__ = [
    "AbelianGroup",
    "Coordinates",
    "DifferentialElement",
    "DifferentialRing",
    "F",
    "LaurentPolynomial",
    "Q",
    "Ring",
    "SmithForm",
    "SparseMatrix",
    "Z",
    "is_prime",
    "parse_ring",
    "to_callable",
]
