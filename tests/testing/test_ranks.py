"""Gradients on gloo ranks against a closed form and one process; layers that several ranks cannot train are caught."""

import numpy as np
import pytest
import torch
from torch import nn

from erlangen.errors import ConvergenceError
from erlangen.testing import check_layer
from erlangen.testing.ranks import rank_gradients

pytestmark = pytest.mark.slow
LAW = "gradients on two ranks"
X = torch.linspace(-1, 1, 15, dtype=torch.float64).reshape(5, 3)


def test_a_linear_map_has_the_gradient_of_outer_products():
    """d/dA <W, X Aᵀ> = Wᵀ X, on five rows that two ranks share unevenly."""
    weight = torch.arange(10.0, dtype=torch.float64).reshape(5, 2)
    found = rank_gradients(nn.Linear(3, 2, bias=False).double(), (X,), weight, split=True)
    assert len(found) == 2
    for gradient in found:
        assert np.allclose(gradient.reshape(2, 3), weight.T @ X, rtol=1e-14, atol=0)


def test_layers_pass_with_and_without_batches():
    layer = nn.Sequential(nn.Linear(3, 4), nn.Tanh())
    check_layer(layer, X, distributed=True, only=LAW).raise_if_failed()
    check_layer(layer, X, batched=False, distributed=True, only=LAW).raise_if_failed()


class Straying(nn.Linear):
    """Its gradient depends on the size of the batch."""

    def forward(self, x):
        return super().forward(x) * len(x)


class Mirrored(nn.Linear):
    """Its second parameter never receives a gradient."""

    def __init__(self):
        super().__init__(3, 2)
        self.idle = nn.Parameter(torch.zeros(2))


def test_a_gradient_that_depends_on_the_rank_is_caught():
    report = check_layer(Straying(3, 2), X, distributed=True, only=LAW)
    assert report.results[0].residual > 0.1
    assert "worst at rank" in report.results[0].detail


def test_a_rank_that_fails_says_why():
    with pytest.raises(ConvergenceError, match="rank 0 failed"):
        rank_gradients(Mirrored().double(), (X,), torch.ones(5, 2, dtype=torch.float64), split=True)
