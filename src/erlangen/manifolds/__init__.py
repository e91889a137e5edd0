"""Manifolds and the metrics they carry: symmetric positive definite matrices, Stiefel, Siegel disk, products.

Definition: a manifold gives ``shape, dim, project, to_tangent, check``; a metric gives ``inner, exp, log, transport, retract`` and the domain of exp.
Convention: points are ``(..., *shape)``; point first, then tangent vector; NumPy in = NumPy out, torch in = torch out with autograd.
"""

from __future__ import annotations

from erlangen.manifolds.block_toeplitz_spd import BlockToeplitzMetric, BlockToeplitzSPD
from erlangen.manifolds.euclidean import Euclidean, FlatMetric
from erlangen.manifolds.manifold import Manifold
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.product import Product, ProductMetric
from erlangen.manifolds.siegel import Siegel
from erlangen.manifolds.siegel_metric import SiegelMetric
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
from erlangen.manifolds.sphere import RoundMetric, Sphere
from erlangen.manifolds.stiefel import Stiefel
from erlangen.manifolds.stiefel_metric import StiefelMetric

__all__ = [
    "SPD",
    "AffineInvariant",
    "BlockToeplitzMetric",
    "BlockToeplitzSPD",
    "BuresWasserstein",
    "Euclidean",
    "FlatMetric",
    "Frobenius",
    "LogCholesky",
    "LogEuclidean",
    "Manifold",
    "Metric",
    "PowerCholesky",
    "Product",
    "ProductMetric",
    "Pullback",
    "RoundMetric",
    "Siegel",
    "SiegelMetric",
    "Sphere",
    "Stiefel",
    "StiefelMetric",
    "metric_named",
]
