"""Manifolds and the metrics they carry: symmetric positive definite matrices, Stiefel, Siegel disk, products.

Definition: a manifold gives ``shape, dim, project, to_tangent, check``; a metric gives ``inner, exp, log, transport, retract`` and the domain of exp.
Convention: points are ``(..., *shape)``; point first, then tangent vector; NumPy in = NumPy out, torch in = torch out with autograd.
"""

from __future__ import annotations

from erlangen.manifolds.manifold import Manifold
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.spd import (
    SPD,
    AffineInvariant,
    BuresWasserstein,
    Frobenius,
    LogCholesky,
    LogEuclidean,
    PowerCholesky,
    Pullback,
    metric_named,
)

__all__ = [
    "SPD",
    "AffineInvariant",
    "BuresWasserstein",
    "Frobenius",
    "LogCholesky",
    "LogEuclidean",
    "Manifold",
    "Metric",
    "PowerCholesky",
    "Pullback",
    "metric_named",
]
