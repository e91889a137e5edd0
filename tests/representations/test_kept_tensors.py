"""Whoever asks for a table first, inference, a transform or training, the next one can train with it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache

import pytest
import torch
from torch import Tensor

from erlangen.nn import EquivariantLinear, FullTensorProduct, FullyConnectedTensorProduct, GauntTensorProduct
from erlangen.representations import spherical_harmonics
from erlangen.representations.kept_tensors import ordinary_tensors
from erlangen.representations.products import bracket_product, complete_gaunt_product, gaunt_product, matrix_product
from erlangen.representations.sphere import evaluate, from_grid, rule, to_grid, to_grid_gradient

Function = Callable[[Tensor, Tensor], Tensor]


def _layer(layer: torch.nn.Module) -> Function:
    return lambda x, y: layer(x, y)


FAMILIES: dict[str, Callable[[], Function]] = {
    "twin": lambda: _layer(FullTensorProduct("0e+1o+2e", "0e+1o+2e", backend="python")),
    "weighted": lambda: _layer(FullyConnectedTensorProduct("0e+1o+2e", "0e+1o+2e", "2x1o", backend="python", rng=0)),
    "gaunt layer": lambda: _layer(GauntTensorProduct("0e+1o+2e", "0e+1o+2e", "0e+1o+2e", rng=0)),
    "linear": lambda: lambda x, y: EquivariantLinear("0e+1o+2e", "0e+1o", rng=0)(x * y),
    "dense": lambda: lambda x, y: gaunt_product(x, y, 3, method="dense"),
    "grid": lambda: lambda x, y: gaunt_product(x, y, 3, method="grid"),
    "separable": lambda: lambda x, y: gaunt_product(x, y, 3, method="grid-separable"),
    "fourier": lambda: lambda x, y: gaunt_product(x, y, 3, method="fourier"),
    "weights a degree": lambda: (
        lambda x, y: gaunt_product(x, y, 3, weights=tuple(torch.ones(n, dtype=x.dtype) for n in (3, 3, 4)))
    ),
    "bracket": lambda: lambda x, y: bracket_product(x, y, 3, method="grid"),
    "complete": lambda: lambda x, y: torch.cat(complete_gaunt_product(x, y, 3, method="grid"), -1),
    "matrices": lambda: lambda x, y: matrix_product(x, y, 3, method="matrix"),
    "matrices dense": lambda: lambda x, y: matrix_product(x, y, 3, method="dense"),
    "sphere dense": lambda: (
        lambda x, y: from_grid(
            to_grid(x, rule(5), route="dense") * to_grid(y, rule(5), route="dense"), 1, rule(5), degree=4, route="dense"
        )
    ),
    "sphere separable": lambda: (
        lambda x, y: from_grid(
            to_grid(x * y, rule(6, "gauss-legendre"), route="separable"),
            2,
            rule(6, "gauss-legendre"),
            route="separable",
        )
    ),
    "sphere gradient": lambda: lambda x, y: to_grid_gradient(x * y, rule(5)),
    "evaluate": lambda: lambda x, y: evaluate(x, y[:, :3]),
    "harmonics": lambda: lambda x, y: spherical_harmonics([0, 1, 2], x[:, :3] * y[:, :3], normalize=False),
    "harmonics twin": lambda: (
        lambda x, y: spherical_harmonics(2, x[:, :3] * y[:, :3], normalize=True, backend="python")
    ),
}


WITH_WEIGHTS = ("weighted", "gaunt layer", "linear")


def _forget() -> None:
    """Let every table be asked for anew."""
    for module in [module for name, module in sys.modules.items() if name.startswith("erlangen.representations")]:
        for found in vars(module).values():
            for kept in (found, *(cell.cell_contents for cell in getattr(found, "__closure__", None) or ())):
                if isinstance(kept, type(_example)):
                    kept.cache_clear()


@lru_cache
def _example() -> None:
    return None


@pytest.mark.parametrize("name", FAMILIES)
def test_inference_then_training(name: str) -> None:
    _forget()
    generator = torch.Generator().manual_seed(1)
    x, y = torch.randn(2, 4, 9, generator=generator, dtype=torch.float64).unbind()
    torch.set_default_dtype(torch.float64) if name in WITH_WEIGHTS else None
    try:
        function = FAMILIES[name]()
        with torch.inference_mode():
            first = function(x, y)
        x.requires_grad_()
        y.requires_grad_()
        value = function(x, y)
        (to_x,) = torch.autograd.grad(value.square().sum(), x, create_graph=True)
        to_x.square().sum().backward()
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.equal(value.detach(), first)
    assert y.grad is not None
    assert bool(y.grad.isfinite().all())
    assert bool((y.grad != 0).any())


@pytest.mark.parametrize("name", [name for name in FAMILIES if name not in WITH_WEIGHTS])
def test_no_grad_then_training_and_a_transform_first(name: str) -> None:
    _forget()
    x, y = torch.randn(2, 4, 9, generator=torch.Generator().manual_seed(2), dtype=torch.float64).unbind()
    function = FAMILIES[name]()
    slope = torch.func.grad(lambda a: function(a, y).square().sum())(x)
    with torch.no_grad():
        function(x, y)
    x.requires_grad_()
    function(x, y).square().sum().backward()
    assert x.grad is not None
    assert torch.allclose(x.grad, slope, rtol=1e-12, atol=1e-12)


def test_a_table_is_made_outside_of_every_mode() -> None:
    @lru_cache
    @ordinary_tensors
    def table(n: int) -> Tensor:
        return torch.tensor([1.0] * n)

    x = torch.ones(2)
    torch.func.grad(lambda a: (a * table(2)).sum())(x)
    assert (table(2) + x).tolist() == [2.0, 2.0]
    with torch.inference_mode():
        assert not table(3).is_inference()
