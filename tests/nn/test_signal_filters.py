"""Filters of signals: shapes, the convolution against a plain sum, normalised outputs, the laws of a layer."""

import pytest
import torch

from erlangen.errors import ShapeError
from erlangen.nn import SignalFilters
from erlangen.testing import check_layer


def test_without_normalisation_it_is_one_convolution_of_the_mixed_channels():
    layer = SignalFilters(3, 4, 2, 5, rng=1, dtype=torch.float64).eval()
    X = torch.randn(2, 3, 20, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    mixed = torch.einsum("mn,bnt->bmt", layer.spatial.weight[..., 0], X) + layer.spatial.bias[:, None]
    mixed = torch.nn.functional.pad(mixed / (1 + 1e-5) ** 0.5, (2, 2))
    direct = torch.stack(
        [(layer.temporal.weight * mixed[:, None, :, t : t + 5]).sum((-1, -2)) + layer.temporal.bias for t in range(20)],
        -1,
    )
    assert torch.allclose(layer(X), direct / (1 + 1e-5) ** 0.5, atol=1e-12)


@pytest.mark.parametrize("width", [1, 4, 5])
def test_one_convolution_equals_the_layers_in_turn_with_gradients_and_running_statistics(width):
    layer, plain = (SignalFilters(3, 6, 4, width, rng=2, dtype=torch.float64) for _ in range(2))
    with torch.no_grad():
        for item in (layer, plain):
            item.spatial_norm.weight.copy_(torch.linspace(0.5, 2.0, 6))
            item.spatial_norm.bias.copy_(torch.linspace(-1.0, 1.0, 6))
    X = 5.0 + torch.randn(7, 3, 30, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    in_turn = torch.nn.Sequential(plain.spatial, plain.spatial_norm, plain.temporal, plain.temporal_norm)
    for mode in (True, False):
        ours, theirs = layer.train(mode)(X), in_turn.train(mode)(X)
        assert torch.allclose(ours, theirs, atol=1e-11)
        ours.pow(3).sum().backward()
        theirs.pow(3).sum().backward()
    for (name, mine), (_, other) in zip(layer.named_parameters(), plain.named_parameters(), strict=True):
        assert torch.allclose(mine.grad, other.grad, rtol=1e-8, atol=1e-7), name
    for (name, mine), (_, other) in zip(layer.named_buffers(), plain.named_buffers(), strict=True):
        assert torch.allclose(mine.to(torch.float64), other.to(torch.float64), atol=1e-12), name


def test_in_training_every_filter_has_mean_zero_and_variance_one():
    layer = SignalFilters(3, 8, 4, 6, rng=0, dtype=torch.float64).train()
    out = layer(torch.randn(10, 3, 50, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))
    assert out.shape == (10, 4, 51)
    assert out.mean((0, 2)).abs().max() < 1e-10
    assert (out.var((0, 2), unbiased=False) - 1).abs().max() < 1e-2


def test_it_is_a_layer():
    X = torch.randn(4, 3, 16, generator=torch.Generator().manual_seed(0))
    check_layer(SignalFilters(3, 4, 2, 5, rng=0), X).raise_if_failed()


@pytest.mark.parametrize("shape", [(3, 16), (2, 4, 16)])
def test_other_axes_or_channels_are_refused(shape):
    with pytest.raises(ShapeError, match=r"takes signals \(N, 3, T\)"):
        SignalFilters(3, 4, 2, 5, rng=0)(torch.zeros(shape))
