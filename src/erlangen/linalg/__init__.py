"""Linear algebra: matrix functions with true derivatives, Chebyshev and Krylov actions, eigenpairs, sparse kernels.

Definition: each name is documented where it is defined; names are loaded when first used, so that sparse work does not load torch.
Convention: matrices are ``(..., n, n)``, blocks of columns ``(n, m)``.
"""

from __future__ import annotations

from erlangen.linalg.elimination_order import FactorEstimate, elimination_order, factor_estimate
from erlangen.linalg.m_matrix import MMatrixFactor, gth_inverse
from erlangen.linalg.sparse_product import row_arrays, spmm

__all__ = [
    "FactorEstimate",
    "MMatrixFactor",
    "elimination_order",
    "factor_estimate",
    "gth_inverse",
    "row_arrays",
    "spmm",
]
