"""Public law batteries: a user runs them on their own objects, each object of this library passes them.

Definition: one battery a family; each returns a :class:`LawReport` of measured residuals and raises only when asked (``raise_if_failed``).
Convention: samples come from ``rng=`` (default 0, so that a report can be repeated); torch and scikit-learn load only where the object needs them.
"""

from __future__ import annotations

from erlangen.testing.chain_complex import betti_numbers, check_complex
from erlangen.testing.derivatives import check_derivatives, directional_defects
from erlangen.testing.equivariance import assert_equivariant, equivariance_error
from erlangen.testing.estimator_3d import check_estimator_3d
from erlangen.testing.group import check_group
from erlangen.testing.kernel import check_kernel
from erlangen.testing.law_report import LawReport
from erlangen.testing.law_result import LawResult
from erlangen.testing.laws import laws_of
from erlangen.testing.layer import check_layer
from erlangen.testing.manifold import check_manifold
from erlangen.testing.metric import check_metric
from erlangen.testing.operator import check_operator
from erlangen.testing.optimiser import check_optimiser
from erlangen.testing.parametrisation import parametrize_with_laws
from erlangen.testing.representation import check_representation, commutant_dimension

__all__ = [
    "LawReport",
    "LawResult",
    "assert_equivariant",
    "betti_numbers",
    "check_complex",
    "check_derivatives",
    "check_estimator_3d",
    "check_group",
    "check_kernel",
    "check_layer",
    "check_manifold",
    "check_metric",
    "check_operator",
    "check_optimiser",
    "check_representation",
    "commutant_dimension",
    "directional_defects",
    "equivariance_error",
    "laws_of",
    "parametrize_with_laws",
]
