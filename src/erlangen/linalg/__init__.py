"""Linear algebra: matrix functions with true derivatives, Chebyshev and Krylov actions, eigenpairs, sparse kernels.

Definition: each name is documented where it is defined; names that need torch are loaded when first used (PEP 562), so that sparse work does not pay for it.
Convention: matrices are ``(..., n, n)``, blocks of columns ``(n, m)``.
"""

from __future__ import annotations

from erlangen.linalg.certificate import Certificate
from erlangen.linalg.chebyshev import chebyshev_action, chebyshev_coefficients, heat_coefficients
from erlangen.linalg.chebyshev_series import ChebyshevSeries
from erlangen.linalg.eigenpairs import lowest_eigenpairs
from erlangen.linalg.elimination_order import FactorEstimate, elimination_order, factor_estimate
from erlangen.linalg.m_matrix import MMatrixFactor, gth_inverse
from erlangen.linalg.sparse_product import row_arrays, spmm
from erlangen.linalg.spectral_bounds import SpectralBound, gershgorin_interval, largest_eigenvalue_bound

__all__ = [
    "Certificate",
    "ChebyshevSeries",
    "FactorEstimate",
    "MMatrixFactor",
    "SpectralBound",
    "chebyshev_action",
    "chebyshev_coefficients",
    "elimination_order",
    "factor_estimate",
    "gershgorin_interval",
    "gth_inverse",
    "heat_coefficients",
    "largest_eigenvalue_bound",
    "lowest_eigenpairs",
    "row_arrays",
    "spmm",
]
