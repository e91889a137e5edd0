"""Several sets at once: an iteration written for one set, run on each.

Definition: ``X (..., N, n, n)`` holds one set for each index of the leading axes; each has an iteration and a residual of its own.
Convention: the certificate is that of the set with the largest residual, with the largest number of iterations.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from erlangen.linalg.certificate import Certificate

__all__ = ["each_set"]

Iteration = Callable[[Tensor, Tensor, float, int, Tensor | None], tuple[Tensor, Certificate]]


def each_set(
    iteration: Iteration, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None
) -> tuple[Tensor, Certificate]:
    """Return the means of all sets and the record of the worst.

    Examples
    --------
    >>> def first(X, w, tol, max_iter, init): return X[0], Certificate("none", 1, 0.0, tol)
    >>> each_set(first, torch.ones(2, 5, 3, 3), torch.ones(2, 5), 1e-9, 10, None)[0].shape
    torch.Size([2, 3, 3])
    """
    batch, point = X.shape[:-3], X.shape[-2:]
    if not batch:
        return iteration(X, w, tol, max_iter, init)
    sets = X.reshape(-1, *X.shape[-3:])
    weights = w.reshape(-1, w.shape[-1])
    starts = [None] * len(sets) if init is None else list(init.expand(*batch, *point).reshape(-1, *point))
    found = [iteration(x, u, tol, max_iter, start) for x, u, start in zip(sets, weights, starts, strict=True)]
    records = [record for _, record in found]
    worst = max(records, key=lambda record: record.residual)
    most = max(record.iterations for record in records)
    means = torch.stack([mean for mean, _ in found]).reshape(*batch, *point)
    return means, Certificate(worst.method, most, worst.residual, tol)
