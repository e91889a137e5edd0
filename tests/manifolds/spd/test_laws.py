"""Every metric on SPD matrices obeys the laws of a Riemannian metric, with first and second derivatives, in both precisions."""

import numpy as np
import pytest
import torch

from erlangen.manifolds import (
    SPD,
    AffineInvariant,
    BuresWasserstein,
    Frobenius,
    LogCholesky,
    LogEuclidean,
    PowerCholesky,
    PowerEuclidean,
    Pullback,
)
from erlangen.manifolds.spd.power_congruence import PowerCongruence
from erlangen.testing import check_manifold, check_metric

M = np.array([[2.0, 0, 1], [0, 1, 0], [1, 0, 3]])
METRICS = [
    AffineInvariant(),
    LogEuclidean(),
    LogCholesky(),
    PowerCholesky(0.5),
    PowerCholesky(-1.0),
    PowerEuclidean(0.5),
    PowerEuclidean(-1.0),
    Frobenius(),
    BuresWasserstein(),
    BuresWasserstein(theta=0.5),
    BuresWasserstein(theta=-1.5),
    BuresWasserstein(M=M),
    BuresWasserstein(M=M, theta=torch.tensor(0.7, dtype=torch.float64)),
    Pullback(AffineInvariant(), PowerCongruence(theta=0.5), 4.0),
]


class Single(SPD):
    """Samples in float32."""

    def sample(self, n, rng=None):
        return self.random(n, rng=rng, dtype=torch.float32)


class Stiff(SPD):
    """Samples of condition 1e6, one of them a multiple of the identity."""

    def sample(self, n, rng=None):
        x = self.random(n, rng=rng, condition=1e6)
        x[0] = 3 * torch.eye(self.n, dtype=x.dtype)
        return x


@pytest.mark.parametrize("metric", METRICS, ids=repr)
def test_laws(metric):
    check_metric(metric, SPD(3, metric), radius=0.1).raise_if_failed()


@pytest.mark.parametrize("metric", [AffineInvariant(), LogCholesky(), BuresWasserstein()], ids=repr)
def test_laws_in_single_precision(metric):
    laws = ["shape and dtype", "log after exp", "exp has the velocity", "transport is an isometry", "first derivatives"]
    check_metric(metric, Single(3, metric), n=3, radius=0.1, only=laws).raise_if_failed()


@pytest.mark.parametrize("metric", [AffineInvariant(), LogEuclidean(), LogCholesky(), BuresWasserstein()], ids=repr)
def test_laws_at_condition_1e6(metric):
    laws = ["inner is positive", "exp lands on the manifold", "exp after log", "distance is symmetric",
            "transport is an isometry", "transport there and back"]  # fmt: skip
    check_metric(metric, Stiff(4, metric), n=4, radius=1e-4, rtol=1e-5, only=laws).raise_if_failed()


def test_the_cone():
    check_manifold(SPD(3), off=np.diag([1.0, 1.0, -1e-3])).raise_if_failed()
    check_manifold(Single(3), off=torch.diag(torch.tensor([1.0, 1.0, 0.0]))).raise_if_failed()
