r"""Weighted sums of a function of whitened matrices, the work of every step of a mean.

Definition: :math:`\sum_i w_i f(W X_i W^T)` for one frame W and all samples, without gradient.
Convention: the kernel of :mod:`erlangen.linalg` serves on the processor in float64; on other devices torch does the same.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.linalg import whitened_function
from erlangen.linalg.spectral.derivatives import symmetric_part

__all__ = ["whitened_sum"]


def whitened_sum(W: Tensor, X: Tensor, w: Tensor, f: str) -> Tensor:
    """Return the weighted sum of ``f`` in {"log", "sqrt"} of ``W X_i W^T`` for ``X (N, n, n)``.

    Examples
    --------
    >>> one = torch.eye(1, dtype=torch.float64)
    >>> whitened_sum(2 * one, torch.stack([one, 4 * one]), torch.tensor([0.5, 0.5], dtype=torch.float64), "sqrt")
    tensor([[3.]], dtype=torch.float64)
    """
    if X.device.type == "cpu" and X.dtype == torch.float64:
        found: Tensor = whitened_function(W, X, f, weights=w, each=False)
        return found
    values, vectors = torch.linalg.eigh(symmetric_part(W @ X @ W.mT))
    tiny = torch.finfo(X.dtype).tiny
    image = values.clamp_min(tiny).log() if f == "log" else values.clamp_min(0).sqrt()
    n = X.shape[-1]
    left = (vectors * (image * w[:, None]).unsqueeze(-2)).movedim(0, 1).reshape(n, -1)
    return symmetric_part(left @ vectors.movedim(0, 1).reshape(n, -1).mT)
