r"""The geometric median, by Weiszfeld's iteration on the manifold.

Definition: :math:`K \leftarrow \exp_K\big(\sum_i u_i \log_K X_i / \sum_i u_i\big)` with :math:`u_i = w_i / d(K, X_i)` (Fletcher et al. 2009).
Convention: at a sample K the step is that of Vardi and Zhang: samples at distance 0 hold K back by their weight, or it is optimal.
Steps are halved once they grow: negative curvature makes whole ones too long for samples far apart.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.linalg.certificate import Certificate
from erlangen.manifolds.mean.sample import coincide, spread

__all__ = ["weiszfeld"]


def weiszfeld(
    metric: Any, X: Tensor, w: Tensor, start: Tensor, tol: float, max_iter: int
) -> tuple[Tensor, Certificate]:
    """Return the median of ``X (..., N, *shape)`` and its certificate; the residual is the last step against the mean distance.

    Examples
    --------
    >>> from erlangen.manifolds import LogEuclidean
    >>> X = torch.tensor([[[1.0]], [[1.0]], [[9.0]]], dtype=torch.float64)
    >>> K, _ = weiszfeld(LogEuclidean(), X, torch.full((3,), 1 / 3, dtype=torch.float64), X[2] / 2, 1e-9, 100)
    >>> round(float(K), 6)
    1.0
    """
    axes = metric.point_axes
    axis = -axes - 1
    K, worst, count = start, float("inf"), 0
    damping = before = torch.ones(w.shape[:-1], dtype=X.dtype, device=X.device)
    for _ in range(max_iter):
        count += 1
        here = K.unsqueeze(axis).expand(X.shape)
        logs = metric.log(here, X)
        lengths = metric.norm(here, logs)
        unit = (w * lengths).sum(-1)
        met = coincide(logs, X, axes) | (lengths <= max(1e-12, torch.finfo(X.dtype).eps) * unit.unsqueeze(-1))
        pull = torch.where(met, 0.0, w / torch.where(met, 1.0, lengths))
        force = (spread(pull, axes) * logs).sum(axis)
        strength = metric.norm(K, force)
        held = (w * met).sum(-1)
        share = (1 - held / strength.clamp_min(torch.finfo(X.dtype).tiny)).clamp_min(0)
        size = share / pull.sum(-1).clamp_min(torch.finfo(X.dtype).tiny)
        step = spread(size, axes) * force
        moved = size * strength
        worst = float((moved / unit.clamp_min(torch.finfo(X.dtype).tiny)).max())
        if worst <= tol:
            break
        damping = torch.where((moved > before) & (count > 1), damping / 2, damping)
        before = moved
        K = metric.exp(K, spread(damping, axes) * step)
    return K, Certificate("Weiszfeld's iteration", count, worst, tol)
