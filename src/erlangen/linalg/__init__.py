"""Linear algebra: matrix functions with true derivatives, Chebyshev and Krylov actions, eigenpairs, sparse kernels.

Definition: each name is documented where it is defined; names that need torch are loaded when first used (PEP 562), so that sparse work does not pay for it.
Convention: matrices are ``(..., n, n)``, blocks of columns ``(n, m)``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from erlangen.linalg.bures_distances import bures_distances
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.chebyshev import chebyshev_action, chebyshev_coefficients, heat_coefficients
from erlangen.linalg.chebyshev_series import ChebyshevSeries
from erlangen.linalg.eigenpairs import lowest_eigenpairs
from erlangen.linalg.elimination_order import FactorEstimate, elimination_order, factor_estimate
from erlangen.linalg.krylov import krylov_action
from erlangen.linalg.m_matrix import MMatrixFactor, gth_inverse
from erlangen.linalg.sparse_product import row_arrays, spmm
from erlangen.linalg.spectral_bounds import SpectralBound, gershgorin_interval, largest_eigenvalue_bound
from erlangen.linalg.symmetric_eigen import eigh, eigvalsh
from erlangen.linalg.trace_estimate import TraceEstimate, trace_estimate
from erlangen.linalg.whitening import congruence, whitened_eigenvalues, whitened_function

if TYPE_CHECKING:
    from erlangen.linalg.spd import (
        ConditionReport,
        Repair,
        bures_distance,
        bures_squared_distance,
        check_spd,
        condition_report,
        covariance,
        effective_samples,
        geometric_mean,
        joint_diagonaliser,
        lyapunov,
        nearest_spd,
        polar,
        procrustes,
    )
    from erlangen.linalg.spectral import (
        AnalyticFunction,
        Clamp,
        Rectifier,
        SpectralFunction,
        divided_differences,
        expm,
        inv_sqrtm,
        logm,
        powm,
        spectral_function,
        sqrtm,
    )
    from erlangen.linalg.toeplitz import (
        LevinsonWhittle,
        block_toeplitz,
        levinson_whittle,
        toeplitz_blocks,
        toeplitz_from_partials,
    )

__all__ = [
    "AnalyticFunction",
    "Certificate",
    "ChebyshevSeries",
    "Clamp",
    "ConditionReport",
    "FactorEstimate",
    "LevinsonWhittle",
    "MMatrixFactor",
    "Rectifier",
    "Repair",
    "SpectralBound",
    "SpectralFunction",
    "TraceEstimate",
    "block_toeplitz",
    "bures_distance",
    "bures_distances",
    "bures_squared_distance",
    "chebyshev_action",
    "chebyshev_coefficients",
    "check_spd",
    "condition_report",
    "congruence",
    "covariance",
    "divided_differences",
    "effective_samples",
    "eigh",
    "eigvalsh",
    "elimination_order",
    "expm",
    "factor_estimate",
    "geometric_mean",
    "gershgorin_interval",
    "gth_inverse",
    "heat_coefficients",
    "inv_sqrtm",
    "joint_diagonaliser",
    "krylov_action",
    "largest_eigenvalue_bound",
    "levinson_whittle",
    "logm",
    "lowest_eigenpairs",
    "lyapunov",
    "nearest_spd",
    "polar",
    "powm",
    "procrustes",
    "row_arrays",
    "spectral_function",
    "spmm",
    "sqrtm",
    "toeplitz_blocks",
    "toeplitz_from_partials",
    "trace_estimate",
    "whitened_eigenvalues",
    "whitened_function",
]

_SPD = frozenset(
    {
        "ConditionReport",
        "Repair",
        "bures_distance",
        "bures_squared_distance",
        "check_spd",
        "condition_report",
        "covariance",
        "effective_samples",
        "geometric_mean",
        "joint_diagonaliser",
        "lyapunov",
        "nearest_spd",
        "polar",
        "procrustes",
    }
)
_SPECTRAL = frozenset(
    {
        "AnalyticFunction",
        "Clamp",
        "Rectifier",
        "SpectralFunction",
        "divided_differences",
        "expm",
        "inv_sqrtm",
        "logm",
        "powm",
        "spectral_function",
        "sqrtm",
    }
)
_TOEPLITZ = frozenset(
    {"LevinsonWhittle", "block_toeplitz", "levinson_whittle", "toeplitz_blocks", "toeplitz_from_partials"}
)


def __getattr__(name: str) -> Any:
    if name in _SPD:
        return getattr(import_module("erlangen.linalg.spd"), name)
    if name in _SPECTRAL:
        return getattr(import_module("erlangen.linalg.spectral"), name)
    if name in _TOEPLITZ:
        return getattr(import_module("erlangen.linalg.toeplitz"), name)
    message = f"module 'erlangen.linalg' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
