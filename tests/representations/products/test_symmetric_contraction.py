"""The symmetric contraction: derivatives, refusals, shapes."""

import math

import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.representations.products import SymmetricBasis, symmetric_contraction


def waves(*shape, start=0.0):
    """Return numbers without pattern that every environment computes alike."""
    n = math.prod(shape)
    return torch.sin(start + torch.arange(1, n + 1, dtype=torch.float64) ** 2 * 0.7).reshape(shape)


MAPS = SymmetricBasis("0e+1o+2e", "0e+1o", 3)


def test_two_derivatives_in_features_and_weights():
    x = waves(3, 9, 2).requires_grad_()
    W = waves(2, len(MAPS.paths), 2, start=1.0).requires_grad_()
    z = torch.tensor([1, 0, 1])
    assert torch.autograd.gradcheck(lambda a, b: symmetric_contraction(a, b, z, MAPS), (x, W))
    assert torch.autograd.gradgradcheck(lambda a, b: symmetric_contraction(a, b, z, MAPS), (x, W))


def test_no_nodes_no_channels():
    W = waves(2, len(MAPS.paths), 2)
    assert symmetric_contraction(
        torch.zeros(0, 9, 2, dtype=W.dtype), W, torch.zeros(0, dtype=torch.long), MAPS
    ).shape == (0, 4, 2)


def test_refusals_name_what_is_wrong():
    x, W, z = waves(3, 9, 2), waves(2, len(MAPS.paths), 2), torch.tensor([0, 1, 1])
    with pytest.raises(ShapeError, match=r"x must have shape \(n, 9, channels\)"):
        symmetric_contraction(x[:, :8], W, z, MAPS)
    with pytest.raises(ShapeError, match="weights must have shape"):
        symmetric_contraction(x, W[:, 1:], z, MAPS)
    with pytest.raises(ShapeError, match=r"elements must have shape \(3,\)"):
        symmetric_contraction(x, W, z[:2], MAPS)
    with pytest.raises(DomainError, match="integers"):
        symmetric_contraction(x, W, z.double(), MAPS)
    with pytest.raises(DomainError, match="one floating type"):
        symmetric_contraction(x, W.float(), z, MAPS)
    with pytest.raises(DomainError, match=r"elements\[2\] = 2"):
        symmetric_contraction(x, W, torch.tensor([0, 1, 2]), MAPS)
