"""The symmetric contraction: derivatives, refusals, shapes."""

import math

import pytest
import torch

from erlangen import native
from erlangen.errors import BackendError, DomainError, DtypeError, ShapeError
from erlangen.representations.products import SymmetricBasis, symmetric_contraction


def waves(*shape, start=0.0):
    """Return numbers without pattern that every environment computes alike."""
    n = math.prod(shape)
    return torch.sin(start + torch.arange(1, n + 1, dtype=torch.float64) ** 2 * 0.7).reshape(shape)


MAPS = SymmetricBasis("0e+1o+2e", "0e+1o", 3)


needs_kernel = pytest.mark.skipif(not native.available(), reason="the kernels were not built")
BACKENDS = ["python", pytest.param("native", marks=needs_kernel)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_derivatives_in_features_and_weights(backend):
    x = waves(3, 9, 1).requires_grad_()
    W = waves(2, len(MAPS.paths), 1, start=1.0).requires_grad_()
    z = torch.tensor([1, 0, 1])

    def run(a, b):
        return symmetric_contraction(a, b, z, MAPS, backend=backend)

    assert torch.autograd.gradcheck(run, (x, W), fast_mode=True)
    assert torch.autograd.gradgradcheck(run, (x, W), fast_mode=True)


def all_derivatives(maps, n, channels, dtype, weights_too, **options):
    """Return the value, the gradients and the second derivatives of a function of these."""
    x = waves(n, maps.dim_in, channels).to(dtype).requires_grad_()
    W = waves(3, len(maps.paths), channels, start=1.0).to(dtype).requires_grad_()
    out = symmetric_contraction(x, W, torch.arange(n) * 5 % 3, maps, **options)
    g = waves(*out.shape, start=2.0).to(dtype).requires_grad_()
    to_x, to_W = torch.autograd.grad(out, (x, W), g, create_graph=True)
    second = (to_x * waves(*x.shape, start=3.0).to(dtype)).sum()
    if weights_too:
        second = second + (to_W**2).sum()
    return [out, to_x, to_W, *torch.autograd.grad(second, (x, W, g), allow_unused=True, materialize_grads=True)]


@needs_kernel
@pytest.mark.parametrize("level", native.cpu_levels())
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-13), (torch.float32, 2e-5)])
@pytest.mark.parametrize(
    ("maps", "n", "channels"),
    [
        (MAPS, 7, 3),
        (MAPS, 15, 33),
        (SymmetricBasis("0e+1o", "0e+2e", [1, 4], reduced=False), 5, 8),
        (SymmetricBasis("1o", "1o", 1), 4, 4),
    ],
)
def test_the_kernel_does_as_its_twin_at_every_level(maps, n, channels, dtype, tolerance, level):
    for weights_too in (False, True):
        ours = all_derivatives(maps, n, channels, dtype, weights_too, backend="native", level=level)
        theirs = all_derivatives(maps, n, channels, dtype, weights_too, backend="python")
        for a, b in zip(ours, theirs, strict=True):
            assert float((a - b).detach().abs().max()) <= tolerance * max(float(b.detach().abs().max()), 1e-30)


@needs_kernel
def test_the_number_of_threads_changes_no_bit():
    found = [all_derivatives(MAPS, 600, 20, torch.float32, True, backend="native", threads=t) for t in (1, 3)]
    assert all(torch.equal(a, b) for a, b in zip(*found, strict=True))


@needs_kernel
def test_strided_features_and_gradients_are_read_as_they_are():
    x, W, z = waves(9, 4, 6).permute(1, 0, 2), waves(1, len(MAPS.paths), 6), torch.zeros(4, dtype=torch.int32)
    expected = symmetric_contraction(x, W, z, MAPS, backend="python")
    torch.testing.assert_close(symmetric_contraction(x, W, z, MAPS, backend="native"), expected)


def test_a_compiled_graph_holds_the_contraction():
    x = waves(3, 9, 2).requires_grad_()
    W = waves(2, len(MAPS.paths), 2, start=1.0).requires_grad_()
    z = torch.tensor([1, 0, 1])
    compiled = torch.compile(lambda a, b: symmetric_contraction(a, b, z, MAPS), fullgraph=True, backend="aot_eager")
    expected = torch.autograd.grad(symmetric_contraction(x, W, z, MAPS).sum(), (x, W))
    torch.testing.assert_close(torch.autograd.grad(compiled(x, W).sum(), (x, W)), expected)


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
    with pytest.raises(DtypeError, match="one floating type"):
        symmetric_contraction(x, W.float(), z, MAPS)
    for backend in ("auto", "python"):
        with pytest.raises(DomainError, match=r"elements\[2\] = 2"):
            symmetric_contraction(x, W, torch.tensor([0, 1, 2]), MAPS, backend=backend)


@needs_kernel
def test_the_kernel_refuses_what_it_cannot_do():
    with pytest.raises(BackendError, match="float32 and float64"):
        symmetric_contraction(
            waves(3, 9, 2).half(), waves(2, len(MAPS.paths), 2).half(), torch.tensor([0, 1, 1]), MAPS, backend="native"
        )
    with pytest.raises(ValueError, match="does not run"):
        symmetric_contraction(waves(3, 9, 2), waves(2, len(MAPS.paths), 2), torch.tensor([0, 1, 1]), MAPS, level="sse9")


@needs_kernel
def test_a_third_derivative_is_refused_by_the_kernel_alone():
    x, W = waves(3, 9, 1).requires_grad_(), waves(2, len(MAPS.paths), 1)

    def second(backend):
        out = symmetric_contraction(x, W, torch.tensor([0, 1, 1]), MAPS, backend=backend)
        (first,) = torch.autograd.grad(out.sum(), x, create_graph=True)
        return torch.autograd.grad(first.sum(), x, create_graph=True)[0]

    assert second("python").requires_grad
    with pytest.raises(DomainError, match="two derivatives"):
        second("native")
