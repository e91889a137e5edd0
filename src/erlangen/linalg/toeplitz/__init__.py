r"""Block-Toeplitz covariances of stationary signals: assembly, Levinson–Whittle recursion and its inverse.

Definition: :math:`\Gamma(h) = E[x(t + h) x(t)^T]` for lags h = 0 … p - 1; see :mod:`erlangen.linalg.toeplitz.levinson_whittle`.
Convention: sequences are ``(..., p, n, n)``; :math:`\Gamma(-h) = \Gamma(h)^T`; NumPy in = NumPy out, torch in = torch out with autograd.
"""

from __future__ import annotations

from erlangen.linalg.toeplitz.block_toeplitz import block_toeplitz, toeplitz_blocks
from erlangen.linalg.toeplitz.levinson_whittle import LevinsonWhittle, levinson_whittle
from erlangen.linalg.toeplitz.partials import toeplitz_from_partials

__all__ = ["LevinsonWhittle", "block_toeplitz", "levinson_whittle", "toeplitz_blocks", "toeplitz_from_partials"]
