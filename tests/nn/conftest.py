"""Seeded batches of SPD matrices, and the symmetriser that lets any direction be a tangent vector."""

import pytest
import torch
from torch import nn


def _wishart(*shape, seed=0, condition=None, dtype=torch.float64):
    *batch, n = shape
    generator = torch.Generator().manual_seed(seed)
    Z = torch.randn(*batch, n, 3 * n, dtype=torch.float64, generator=generator)
    P = Z @ Z.mT / (3 * n)
    if condition is not None:
        spectrum = condition ** -torch.linspace(0, 1, n, dtype=torch.float64)
        vectors = torch.linalg.eigh(P).eigenvectors
        P = (vectors * spectrum) @ vectors.mT
    return ((P + P.mT) / 2).to(dtype)


class _Symmetric(nn.Module):
    """A layer on the symmetric part of its input."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, X, *rest):
        return self.layer((X + X.mT) / 2, *rest)


@pytest.fixture(scope="session")
def wishart():
    """SPD matrices ``shape + (n, n)`` for ``shape`` ending in n; with ``condition``, of that condition number each."""
    return _wishart


@pytest.fixture(scope="session")
def symmetric():
    """Wrap a layer so that differences may leave the symmetric matrices."""
    return _Symmetric
