"""The compiled harmonics against their twin on every instruction set: values, gradients, second derivatives, threads, ends of ranges."""

import numpy as np
import pytest
import torch

from erlangen import native
from erlangen.errors import BackendError, DomainError
from erlangen.representations import spherical_harmonics, spherical_harmonics_gradient
from erlangen.representations.harmonic_tables import kernel_table

LEVELS = native.cpu_levels()
EPS = {torch.float64: 2.3e-16, torch.float32: 1.2e-7}
pytestmark = pytest.mark.skipif(not hasattr(native.kernels(), "harmonics"), reason="the kernels are not built")


def points(n, dtype, seed=0):
    v = torch.from_numpy(np.random.default_rng(seed).normal(size=(n, 3))).to(dtype)
    if n > 4:
        v[3] = 0
    return v


def both(v, l, level, **options):
    twin = spherical_harmonics(l, v, backend="python", **options)
    return spherical_harmonics(l, v, backend="native", level=level, **options), twin


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("dtype", EPS)
@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("L", [0, 1, 2, 3, 4, 5, 6, 7, 12])
def test_values_and_derivatives_are_those_of_the_twin(L, normalize, dtype, level):
    for n in (0, 1, 7, 16, 37):
        v = points(n, dtype, L).requires_grad_()
        cotangent = torch.from_numpy(np.random.default_rng(1).normal(size=(n, (L + 1) ** 2))).to(dtype).requires_grad_()
        upstream = points(n, dtype, 9)
        found, exact = [], []
        for out, backend in ((found, "native"), (exact, "python")):
            y = spherical_harmonics(range(L + 1), v, normalize=normalize, backend=backend, level=level)
            (slope,) = torch.autograd.grad(y, v, cotangent, create_graph=True)
            out += [y, slope]
            out += torch.autograd.grad(
                slope, (v, cotangent), upstream, allow_unused=True, materialize_grads=True, retain_graph=True
            )
        for a, b in zip(found, exact, strict=True):
            assert a.shape == b.shape
            size = 1 + (b.abs().max().item() if b.numel() else 0)
            assert (a - b).abs().sum().item() / max(b.numel(), 1) <= 60 * (L + 1) * EPS[dtype] * size


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("backend", ["native", "python"])
def test_gradients_are_those_of_autograd(normalize, backend):
    v = points(11, torch.float64)
    values, gradients = spherical_harmonics_gradient([0, 3, 1], v, normalize=normalize, backend=backend)
    assert gradients.shape == (11, 3, 11)
    assert torch.allclose(values, spherical_harmonics([0, 3, 1], v, normalize=normalize, backend="python"), atol=1e-13)
    jacobian = torch.autograd.functional.jacobian(
        lambda v: spherical_harmonics([0, 3, 1], v, normalize=normalize, backend="python").sum(0), v
    )
    assert torch.allclose(gradients, jacobian.permute(1, 2, 0), atol=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_bits_do_not_depend_on_threads_or_company(level):
    v = points(30_001, torch.float32)
    one = spherical_harmonics(range(5), v, normalize=True, threads=1, level=level)
    assert torch.equal(one, spherical_harmonics(range(5), v, normalize=True, threads=3, level=level))
    assert torch.equal(one[5:12], spherical_harmonics(range(5), v[5:12], normalize=True, level=level))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("n", [21_003, 21_008])
def test_results_larger_than_the_caches_have_the_same_bits(n, level):
    """They are written past the caches, except where memory does not begin on a register."""
    v = points(n, torch.float64)
    values, gradients = spherical_harmonics_gradient(range(6), v, normalize=True, level=level, threads=1)
    for part in (slice(0, 41), slice(n - 41, n)):
        alone = spherical_harmonics_gradient(range(6), v[part], normalize=True, level=level, threads=1)
        assert torch.equal(values[part], alone[0])
        assert torch.equal(gradients[part], alone[1])
    loose = np.empty(36 * n + 1)[1:].reshape(n, 36)
    native.kernels().harmonics(5, True, kernel_table(5, "component"), v.numpy(), loose, 1, level)
    assert np.array_equal(loose, values.numpy())
    twin = spherical_harmonics_gradient(range(6), v[9_000:9_100], normalize=True, backend="python")
    assert torch.allclose(gradients[9_000:9_100], twin[1], rtol=1e-12, atol=1e-10)


@pytest.mark.parametrize("level", LEVELS)
def test_lengths_of_any_size(level):
    v = points(9, torch.float64)
    for size in (1e-200, 1e-160, 1e150, 1e200):
        found, twin = both(v * size, [1, 2], level, normalize=True)
        assert torch.allclose(found, twin, atol=1e-14)


def test_strided_vectors_and_forward_mode():
    v = points(12, torch.float64)
    found, twin = both(v.T.contiguous().T[::2], [2], "auto", normalize=True)
    assert torch.allclose(found, twin, atol=1e-14)
    h = points(12, torch.float64, 3)
    for normalize in (True, False):
        with torch.autograd.forward_ad.dual_level():
            dual = torch.autograd.forward_ad.make_dual(v, h)
            sides = [
                torch.autograd.forward_ad.unpack_dual(
                    spherical_harmonics([3], dual, normalize=normalize, backend=b)
                ).tangent
                for b in ("native", "python")
            ]
        assert torch.allclose(*sides, atol=1e-12)
    rows = torch.func.vmap(
        torch.func.jacrev(lambda p: spherical_harmonics([1], p, normalize=False, normalization="norm"))
    )(v)
    assert torch.allclose(rows, torch.eye(3, dtype=v.dtype).expand(12, 3, 3), atol=1e-14)


def test_refusals():
    v = points(2, torch.float64)
    with pytest.raises(BackendError, match="degrees up to 200"):
        spherical_harmonics(201, v, normalize=True, backend="native")
    kernels, table, x = native.kernels(), np.zeros((6, 3)), np.ones((4, 3))
    with pytest.raises(ValueError, match="table has the wrong shape"):
        kernels.harmonics(2, True, table, x, np.empty((4, 9)), 1, "auto")
    with pytest.raises(ValueError, match="out has the wrong shape"):
        kernels.harmonics(1, True, table, x, np.empty((4, 9)), 1, "auto")
    with pytest.raises(ValueError, match="v has the wrong shape"):
        kernels.harmonics_pullback(1, True, table, np.ones((4, 2)), np.ones((4, 4)), np.empty((4, 3)), 1, "auto")
    with pytest.raises(ValueError, match="g has the wrong shape"):
        kernels.harmonics_pullback(1, True, table, x, np.ones((5, 4)), np.empty((4, 3)), 1, "auto")
    with pytest.raises(ValueError, match="gradient has the wrong shape"):
        kernels.harmonics_gradient(1, True, table, x, np.empty((4, 4)), np.empty((4, 3, 3)), 1, "auto")
    with pytest.raises(ValueError, match="h has the wrong shape"):
        kernels.harmonics_second(1, True, table, x, np.ones((4, 4)), np.ones((3, 3)), x, np.ones((4, 4)), 1, "auto")
    with pytest.raises(ValueError, match="lmax is higher"):
        kernels.harmonics(201, True, table, x, np.empty((4, 9)), 1, "auto")
    with pytest.raises(TypeError):
        kernels.harmonics(1, True, table.astype(np.float32), x, np.empty((4, 4)), 1, "auto")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("dtype", EPS)
def test_the_first_point_that_is_not_finite_is_named_by_every_way(dtype, normalize, level):
    options = {"normalize": normalize, "level": level}
    for n, row, bad in (
        (1, 0, float("nan")),
        (300, 298, float("inf")),
        (5000, 129, -float("inf")),
        (20000, 7777, float("nan")),
    ):
        v = points(n, dtype)
        v[row, row % 3] = bad
        v[-1, 0] = bad
        ways = (
            lambda v=v: spherical_harmonics([0, 1], v, **options),
            lambda v=v: spherical_harmonics(range(4), v, threads=3, **options),
            lambda v=v: spherical_harmonics(range(3), v.clone().requires_grad_(), **options),
            lambda v=v: spherical_harmonics_gradient(range(3), v, threads=2, **options),
            lambda v=v: spherical_harmonics_gradient([2, 0], v.numpy(), **options),
        )
        for way in ways:
            with pytest.raises(DomainError, match=rf"vectors\[{row}\] is .* of {n} are not finite"):
                way()


@pytest.mark.parametrize("dtype", EPS)
@pytest.mark.parametrize("normalize", [True, False])
def test_numbers_take_the_short_way_to_the_same_bits(normalize, dtype):
    v = points(333, dtype)
    v[5] = 1e-30
    v[6] = 1e30 if normalize else 1e4
    careful = spherical_harmonics(range(5), v, normalize=normalize, backend="native")
    for given in (v, v.clone().requires_grad_(), v.t().contiguous().t(), torch._neg_view(-v), v[None]):
        assert torch.equal(spherical_harmonics(range(5), given, normalize=normalize).detach().reshape(333, 25), careful)
    pair = spherical_harmonics_gradient(range(5), v, normalize=normalize)
    for short, long in zip(
        pair, spherical_harmonics_gradient(range(5), v, normalize=normalize, backend="native"), strict=True
    ):
        assert torch.equal(short, long)
    assert torch.equal(pair[0], careful)
    for wrong in ({"normalization": "none"}, {"threads": 0}, {"level": "none"}):
        with pytest.raises((DomainError, ValueError, BackendError)):
            spherical_harmonics(range(5), v, normalize=True, **wrong)
