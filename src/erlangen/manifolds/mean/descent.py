r"""The Fréchet mean under any metric, by Riemannian gradient descent.

Definition: :math:`K \leftarrow \exp_K(\nu \sum_i w_i \log_K X_i)`; minus the sum is half the gradient of :math:`\sum w_i d^2(K, X_i)`.
Convention: the step shrinks where the gradient does not; the residual is the gradient's length divided by the root mean square distance at the start,
0 where all points coincide up to rounding.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.linalg.certificate import Certificate
from erlangen.manifolds.mean.sample import coincide, spread

__all__ = ["gradient_descent"]


def gradient_descent(
    metric: Any, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None = None
) -> tuple[Tensor, Certificate]:
    """Return the mean of ``X (..., N, *shape)`` under ``metric`` and its certificate.

    Examples
    --------
    >>> from erlangen.manifolds import LogEuclidean
    >>> X = torch.tensor([[[1.0]], [[4.0]]], dtype=torch.float64)
    >>> K, record = gradient_descent(LogEuclidean(), X, torch.tensor([0.5, 0.5], dtype=torch.float64), 1e-10, 50)
    >>> round(float(K), 9), record.converged
    (2.0, True)
    """
    axes = metric.point_axes
    axis = -axes - 1
    K = X.select(axis, 0).clone() if init is None else init
    W = spread(w, axes)
    unit = residual = before = None
    step = torch.ones(w.shape[:-1], dtype=X.dtype, device=X.device)
    worst, count = float("inf"), 0
    for _ in range(max_iter):
        count += 1
        logs = metric.log(K.unsqueeze(axis), X)
        direction = (W * logs).sum(axis)
        residual = metric.norm(K, direction)
        if unit is None:
            squares = metric.inner(K.unsqueeze(axis).expand(X.shape), logs, logs)
            unit = (w * squares).sum(-1).clamp_min(torch.finfo(X.dtype).tiny).sqrt()
        met = (coincide(logs, X, axes) | (w == 0)).all(-1)
        worst = float(torch.where(met, 0.0, residual / unit).max())
        if worst <= tol:
            break
        if before is not None:
            step = torch.where(residual > before, step / 2, step)
        before = residual
        K = _advance(metric, K, direction, step)
    return K, Certificate("Riemannian gradient descent", count, worst, tol)


def _advance(metric: Any, K: Tensor, direction: Tensor, step: Tensor) -> Tensor:
    """Return the end of a step, halved until it lies within the domain of exp."""
    for _ in range(30):
        move = spread(step, metric.point_axes) * direction
        inside = metric.in_exp_domain(K, move)
        if bool(inside.all()):
            break
        step = torch.where(inside, step, step / 2)
    moved: Tensor = metric.exp(K, move)
    return moved
