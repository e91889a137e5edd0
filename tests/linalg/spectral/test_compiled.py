"""Whole graphs without a break: the compiled function has the value and the slope of the eager one, also at repeated eigenvalues."""

import warnings

import pytest
import torch

from erlangen.linalg import (
    Clamp,
    Rectifier,
    bures_distance,
    bures_squared_distance,
    covariance,
    expm,
    geometric_mean,
    inv_sqrtm,
    logm,
    lyapunov,
    nearest_spd,
    powm,
    spectral_function,
    sqrtm,
)
from erlangen.linalg.spectral import Logarithm, apply_spectral

FUNCTIONS = {
    "exp": lambda a, b, t: expm(a),
    "log": lambda a, b, t: logm(a),
    "sqrt": lambda a, b, t: sqrtm(a),
    "inv_sqrt": lambda a, b, t: inv_sqrtm(a),
    "power": lambda a, b, t: powm(a, 0.3),
    "learnable power": lambda a, b, t: powm(a, t),
    "rectifier": lambda a, b, t: spectral_function(a, Rectifier(0.5)),
    "clamp": lambda a, b, t: spectral_function(a, Clamp(0.5, 2.5)),
    "refined": lambda a, b, t: logm(a, refine=True),
    "unchecked": lambda a, b, t: apply_spectral(a, Logarithm()),
    "lyapunov": lambda a, b, t: lyapunov(a, b),
    "general lyapunov": lambda a, b, t: lyapunov(a, b, b),
    "geometric mean": lambda a, b, t: geometric_mean(a, b, t),
    "bures": lambda a, b, t: bures_squared_distance(a, b) + bures_distance(a, b),
    "nearest": lambda a, b, t: nearest_spd(a - b),
    "oas": lambda a, b, t: covariance(a, "oas"),
}


def value_and_slope(function, dtype):
    X = torch.randn(4, 3, 9, generator=torch.Generator().manual_seed(0), dtype=dtype)
    A = X @ X.mT / 9 + torch.eye(3, dtype=dtype)
    A[0] = 2 * torch.eye(3, dtype=dtype)
    leaves = [
        A.clone().requires_grad_(),
        A.flip(0).clone().requires_grad_(),
        torch.tensor(0.3, dtype=dtype, requires_grad=True),
    ]
    value = function(*leaves)
    gradients = torch.autograd.grad(value.square().sum(), leaves, allow_unused=True)
    return [value.detach(), *(g for g in gradients if g is not None)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_compiled_graph_is_whole_and_equal(name):
    torch._dynamo.reset()
    compiled = torch.compile(FUNCTIONS[name], fullgraph=True, backend="aot_eager")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fewer samples than channels
        expected, found = (value_and_slope(f, torch.float64) for f in (FUNCTIONS[name], compiled))
    assert len(expected) == len(found) >= 2
    for one, other in zip(expected, found, strict=True):
        assert torch.allclose(one, other, rtol=1e-10, atol=1e-12)


def test_float32_compiles_too():
    torch._dynamo.reset()
    compiled = torch.compile(FUNCTIONS["log"], fullgraph=True, backend="aot_eager")
    found = value_and_slope(compiled, torch.float32)
    assert found[0].dtype == found[1].dtype == torch.float32
    for one, other in zip(value_and_slope(FUNCTIONS["log"], torch.float32), found, strict=True):
        assert torch.allclose(one, other, rtol=1e-4, atol=1e-5)
