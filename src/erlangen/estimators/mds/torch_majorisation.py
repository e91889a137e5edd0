r"""Majorisation on torch tensors, on their device and in their dtype.

Definition: the same step as :func:`erlangen.estimators.mds.smacof`, :math:`X \leftarrow V^+ B(X) X`, in blocks of rows.
Convention: checks and the classical start are made on the host in float64; no gradient flows through the iteration.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from erlangen.edges import to_numpy, to_tensor
from erlangen.errors import DomainError
from erlangen.estimators.mds.checks import check_components, check_distances, check_weights
from erlangen.estimators.mds.majorisation import descend, prepare, start_points
from erlangen.estimators.mds.mds_result import MDSResult
from erlangen.random import RngLike

__all__ = ["smacof_torch"]

_BLOCK = 2**24


def smacof_torch(
    D: Tensor, n_components: int, *, weights: Any, init: Any, max_iter: int, rtol: float, rng: RngLike
) -> MDSResult:
    """Return the same as :func:`erlangen.estimators.mds.smacof` for a tensor, the points as a tensor.

    Examples
    --------
    >>> D = torch.tensor([[0.0, 3.0, 5.0], [3.0, 0.0, 4.0], [5.0, 4.0, 0.0]])
    >>> smacof_torch(D, 2, weights=None, init=None, max_iter=50, rtol=1e-6, rng=0).embedding.dtype
    torch.float32
    """
    dtype = D.dtype if D.is_floating_point() else torch.float64
    host: Any = to_numpy(D.to(torch.float32) if dtype in (torch.float16, torch.bfloat16) else D)
    distances = check_distances(host)
    d = check_components(n_components, len(distances))
    W: Any = None if weights is None else check_weights(to_numpy(weights), distances)
    start = start_points(distances, d, None if init is None else to_numpy(init), rng)
    distances, W = prepare(distances, W)

    def place(array: np.ndarray[Any, Any] | None) -> Any:
        return None if array is None else to_tensor(array, "D").to(device=D.device, dtype=dtype)

    square = distances if W is None else distances * np.sqrt(W)
    with torch.no_grad():
        step = _TorchGuttman(place(distances), place(W))
        return descend(step, place(start), float(np.vdot(square, square)) / 2, max_iter, rtol)


class _TorchGuttman:
    """Blocks of rows against all columns, about 2^24 pairs at a time."""

    def __init__(self, D: Tensor, W: Tensor | None) -> None:
        self._D, self._W = D, W
        self._factor = None if W is None else _factor(W)
        self._step = max(1, _BLOCK // len(D))

    def solve(self, pulled: Tensor) -> Tensor:
        """Return V^+ times centred columns."""
        if self._factor is None:
            return pulled / len(pulled)
        X = torch.cholesky_solve(pulled - pulled.mean(0), self._factor)
        return X - X.mean(0)

    def pull(self, X: Tensor) -> tuple[Tensor, float]:
        """Return B(X) X and the raw stress."""
        parts, raw = [], 0.0
        for start in range(0, len(X), self._step):
            rows = slice(start, start + self._step)
            reached = torch.cdist(X[rows], X, compute_mode="donot_use_mm_for_euclid_dist")
            target = self._D[rows]
            gaps = (target - reached).square()
            if self._W is not None:
                target, gaps = target * self._W[rows], gaps * self._W[rows]
            raw += float(gaps.sum(dtype=torch.float64)) / 2
            ratio = torch.where(reached > 0, target / reached, torch.zeros((), dtype=X.dtype, device=X.device))
            parts.append(ratio.sum(1, keepdim=True) * X[rows] - ratio @ X)
        return torch.cat(parts), raw


def _factor(W: Tensor) -> Tensor:
    """Return the Cholesky factor of V + (mean degree) 11^T / n."""
    degree = W.sum(1)
    factor: Tensor
    factor, failed = torch.linalg.cholesky_ex(torch.diag(degree) - W + degree.mean() / len(W))
    if int(failed):
        message = f"weights: V is not positive definite on centred columns to working precision (minor {int(failed)})"
        raise DomainError(
            message, hint="some points hang on by too small weights; raise the least weights, or use float64"
        )
    return factor
