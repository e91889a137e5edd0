"""The exact tower's ground floor: rings, polynomials, matrices and complexes over Z, Q and the prime fields.

Definition: each name is documented where it is defined.
Convention: no floating-point number enters; equality is equality of data.
"""

from __future__ import annotations

from erlangen.exact.abelian_group import AbelianGroup
from erlangen.exact.chain_complex import ChainComplex
from erlangen.exact.chain_map import ChainMap
from erlangen.exact.complex_homology import Cocycle
from erlangen.exact.differential.differential_element import DifferentialElement
from erlangen.exact.differential.differential_ring import DifferentialRing
from erlangen.exact.differential.dot import dot
from erlangen.exact.differential.evaluation import to_callable
from erlangen.exact.graded_module import GradedModule
from erlangen.exact.laurent_polynomial import LaurentPolynomial
from erlangen.exact.linear.field_elimination import Echelon, echelon_form, nullspace, solve_linear
from erlangen.exact.ring import F, Q, Ring, Z, is_prime, parse_ring
from erlangen.exact.series.taylor import PRIME, Taylor
from erlangen.exact.series.truncated_series import TruncatedSeries
from erlangen.exact.smith_form import SmithForm
from erlangen.exact.sparse_matrix import Coordinates, SparseMatrix
from erlangen.exact.spectral_sequence import SpectralSequence

__all__ = [
    "PRIME",
    "AbelianGroup",
    "ChainComplex",
    "ChainMap",
    "Cocycle",
    "Coordinates",
    "DifferentialElement",
    "DifferentialRing",
    "Echelon",
    "F",
    "GradedModule",
    "LaurentPolynomial",
    "Q",
    "Ring",
    "SmithForm",
    "SparseMatrix",
    "SpectralSequence",
    "Taylor",
    "TruncatedSeries",
    "Z",
    "dot",
    "echelon_form",
    "is_prime",
    "nullspace",
    "parse_ring",
    "solve_linear",
    "to_callable",
]
