"""The exact tower's ground floor: rings, polynomials, matrices and complexes over Z, Q and the prime fields.

Definition: each name is documented where it is defined; what computes with functions is loaded when it is first used (PEP 562).
Convention: no floating-point number enters; equality is equality of data.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from erlangen.exact.abelian_group import AbelianGroup
from erlangen.exact.chain_complex import ChainComplex
from erlangen.exact.chain_map import ChainMap
from erlangen.exact.complex_homology import Cocycle
from erlangen.exact.graded_module import GradedModule
from erlangen.exact.laurent_polynomial import LaurentPolynomial
from erlangen.exact.ring import F, Q, Ring, Z, is_prime, parse_ring
from erlangen.exact.smith_form import SmithForm
from erlangen.exact.sparse_matrix import Coordinates, SparseMatrix
from erlangen.exact.spectral_sequence import SpectralSequence

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_element import DifferentialElement
    from erlangen.exact.differential.differential_ring import DifferentialRing
    from erlangen.exact.differential.dot import dot
    from erlangen.exact.differential.evaluation import to_callable
    from erlangen.exact.linear.field_elimination import Echelon, echelon_form, nullspace, solve_linear
    from erlangen.exact.linear.residues import WORD, residue_kernel, residue_program, residue_root
    from erlangen.exact.series.taylor import PRIME, Taylor
    from erlangen.exact.series.truncated_series import TruncatedSeries

__all__ = [
    "PRIME",
    "WORD",
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
    "residue_kernel",
    "residue_program",
    "residue_root",
    "solve_linear",
    "to_callable",
]

_LATER = {
    "DifferentialElement": "differential.differential_element",
    "DifferentialRing": "differential.differential_ring",
    "dot": "differential.dot",
    "to_callable": "differential.evaluation",
    "Echelon": "linear.field_elimination",
    "echelon_form": "linear.field_elimination",
    "nullspace": "linear.field_elimination",
    "solve_linear": "linear.field_elimination",
    "WORD": "linear.residues",
    "residue_kernel": "linear.residues",
    "residue_program": "linear.residues",
    "residue_root": "linear.residues",
    "PRIME": "series.taylor",
    "Taylor": "series.taylor",
    "TruncatedSeries": "series.truncated_series",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"erlangen.exact.{_LATER[name]}"), name)
    message = f"module 'erlangen.exact' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
