"""Symmetric positive definite matrices and the metrics they carry.

Definition: one file a metric; flat ones are pull-backs by a diffeomorphism, Bures–Wasserstein is written once and pulled back for M and theta.
Convention: points are ``(..., n, n)``, tangent vectors symmetric; formulas and scale factors are those of each file's head.
"""

from __future__ import annotations

from erlangen.manifolds.spd.affine_invariant import AffineInvariant
from erlangen.manifolds.spd.bures_wasserstein import BuresWasserstein
from erlangen.manifolds.spd.frobenius import Frobenius
from erlangen.manifolds.spd.gaussian import riemannian_gaussian
from erlangen.manifolds.spd.log_cholesky import LogCholesky
from erlangen.manifolds.spd.log_euclidean import LogEuclidean
from erlangen.manifolds.spd.named import metric_named
from erlangen.manifolds.spd.power_cholesky import PowerCholesky
from erlangen.manifolds.spd.power_euclidean import PowerEuclidean
from erlangen.manifolds.spd.pullback import Pullback
from erlangen.manifolds.spd.spd import SPD
from erlangen.manifolds.spd.spd_metric import SPDMetric

__all__ = [
    "SPD",
    "AffineInvariant",
    "BuresWasserstein",
    "Frobenius",
    "LogCholesky",
    "LogEuclidean",
    "PowerCholesky",
    "PowerEuclidean",
    "Pullback",
    "SPDMetric",
    "metric_named",
    "riemannian_gaussian",
]
