"""Manifolds and the metrics they carry: symmetric positive definite matrices, Stiefel, Siegel disk, products.

Definition: a manifold gives ``shape, dim, project, to_tangent, check``; a metric gives ``inner, exp, log, transport, retract`` and the domain of exp.
Convention: points are ``(..., *shape)``; point first, then tangent vector; NumPy in = NumPy out, torch in = torch out with autograd.
"""

from __future__ import annotations

from erlangen.manifolds.block_toeplitz_spd import BlockToeplitzMetric, BlockToeplitzSPD
from erlangen.manifolds.divergences import (
    Divergence,
    KullbackLeibler,
    LogDet,
    Thompson,
    distance,
    divergence_named,
    pairwise_distance,
)
from erlangen.manifolds.euclidean import Euclidean, FlatMetric
from erlangen.manifolds.manifold import Manifold
from erlangen.manifolds.mean.ale import ale_mean
from erlangen.manifolds.mean.partial import partial_mean
from erlangen.manifolds.mean.power import power_mean
from erlangen.manifolds.mean.recursive import recursive_mean
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
    PowerEuclidean,
    Pullback,
    metric_named,
    riemannian_gaussian,
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
    "Divergence",
    "Euclidean",
    "FlatMetric",
    "Frobenius",
    "KullbackLeibler",
    "LogCholesky",
    "LogDet",
    "LogEuclidean",
    "Manifold",
    "Metric",
    "PowerCholesky",
    "PowerEuclidean",
    "Product",
    "ProductMetric",
    "Pullback",
    "RoundMetric",
    "Siegel",
    "SiegelMetric",
    "Sphere",
    "Stiefel",
    "StiefelMetric",
    "Thompson",
    "ale_mean",
    "distance",
    "divergence_named",
    "metric_named",
    "pairwise_distance",
    "partial_mean",
    "power_mean",
    "recursive_mean",
    "riemannian_gaussian",
]
