"""Spherical harmonics against exact sums in 60 digits, numbers of e3nn and sphericart, and the laws of their addition and derivatives."""

from math import factorial

import mpmath
import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, DtypeError, ResourceLimitError, ShapeError
from erlangen.representations import Irreps, spherical_harmonics

POINT = [0.3, -0.5, 0.8]
# e3nn 0.6.0, o3.spherical_harmonics(l, POINT, True, "component")
E3NN = {
    2: [0.948485717438551, -0.5928035733990943, -0.26239573205354694, -1.5808095290642517, 1.0868065512316734],
    3: [
        1.1836471577702947, -1.2674673538941197, 0.1352728248146584, 1.1522232113061153, 0.36072753283908915,
        -1.4523063430036793, 0.6381777025501045,
    ],
    11: [
        -0.3968203634704565, 0.6520373838821846, -0.20331911862903337, -0.5108052570509057, -0.01452554640467335,
        1.4804955004628608, -1.179066188123265, -1.0131628180964922, 1.4127785822955592, 0.3260421515774712,
        -0.5905741395798707, -0.22679885357787433, -1.5748643722129891, 0.37358996534918565, 0.7617166855364039,
        -0.13835045300143411, 0.26744937609570313, -0.9738459686113956, 0.01991388606610517, 1.8354788911835074,
        -2.321891215290671, 1.3633211207153249, -0.3816487608941937,
    ],
}  # fmt: skip
# sphericart 2.0.4, SphericalHarmonics(4) at (z, x, y) of POINT, degree 4
SPHERICART = [
    0.34406629354140483, -0.5059359603338067, 0.18206276944606112, 0.124349029597018, -0.25127922550776155,
    0.3315974122587147, 0.20861358999027854, -0.2727815013821617, 0.04698329500821043,
]  # fmt: skip
DIM = {"component": lambda l: 2 * l + 1, "integral": lambda l: (2 * l + 1) / (4 * np.pi), "norm": lambda l: 1.0}


def vectors(n, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=(n, 3)))


def exact(l, v):
    """Harmonics of integral one at unit v by the explicit sum of the Legendre polynomial's derivative, in 60 digits."""
    with mpmath.workdps(60):
        x, y, z = (mpmath.mpf(float(c)) for c in v)
        r = mpmath.sqrt(x * x + y * y + z * z)
        x, y, z = x / r, y / r, z / r
        out = []
        for m in range(-l, l + 1):
            k = abs(m)
            legendre = mpmath.fsum(
                mpmath.mpf((-1) ** j * factorial(2 * l - 2 * j))
                / (2**l * factorial(j) * factorial(l - j) * factorial(l - 2 * j - k))
                * y ** (l - 2 * j - k)
                for j in range((l - k) // 2 + 1)
            )
            wave = mpmath.mpc(z, x) ** k
            size = mpmath.sqrt((2 * l + 1) / (4 * mpmath.pi) * mpmath.mpf(factorial(l - k)) / factorial(l + k))
            part = 1 if m == 0 else mpmath.sqrt(2) * (wave.real if m > 0 else wave.imag)
            out.append(float(size * legendre * part))
    return np.array(out)


@pytest.mark.parametrize("l", [0, 1, 2, 3, 5, 12, 20, 50])
def test_values_to_sixty_digits(l):
    v = torch.cat([vectors(3, l), torch.tensor([[0.0, 1, 0], [1e-3, -1, 1e-3], [1, 0, 0]], dtype=torch.float64)])
    found = spherical_harmonics(l, v, normalize=True, normalization="integral").numpy()
    assert np.abs(found - [exact(l, p) for p in v]).max() <= 1e-15 * (10 + l**1.5)


@pytest.mark.parametrize("l", E3NN)
def test_numbers_of_e3nn(l):
    found = spherical_harmonics(l, np.array(POINT), normalize=True, normalization="component")
    assert np.abs(found - E3NN[l]).max() <= 1e-13


def test_numbers_of_sphericart():
    found = spherical_harmonics(4, np.array(POINT), normalize=True, normalization="integral")
    assert np.abs(found - SPHERICART).max() <= 1e-14


@pytest.mark.parametrize("normalization", DIM)
def test_addition_theorem(normalization):
    v, w = vectors(20, 1), vectors(20, 2)
    cosine = torch.nn.functional.cosine_similarity(v, w).numpy()
    for l in (0, 1, 4, 9, 30):
        a, b = (spherical_harmonics(l, u, normalize=True, normalization=normalization).numpy() for u in (v, w))
        legendre = np.polynomial.legendre.legval(cosine, np.eye(l + 1)[l])
        assert np.abs((a * b).sum(-1) - DIM[normalization](l) * legendre).max() <= 1e-13 * (2 * l + 1)


def test_degree_one_of_norm_one_is_the_vector_and_solid_harmonics_are_homogeneous():
    v = vectors(5)
    assert torch.allclose(spherical_harmonics(1, v, normalize=False, normalization="norm"), v, atol=1e-15)
    for l in range(6):
        solid = spherical_harmonics(l, v, normalize=False)
        radius = v.norm(dim=-1, keepdim=True) ** l
        assert torch.allclose(solid, radius * spherical_harmonics(l, v, normalize=True), rtol=1e-12, atol=1e-13)


def test_solid_harmonics_are_harmonic():
    def solid(v):
        return spherical_harmonics([0, 1, 2, 3], v, normalize=False)

    v = vectors(1)[0].requires_grad_()
    for k in range(16):
        hessian = torch.autograd.functional.hessian(
            lambda v, k=k: spherical_harmonics([0, 1, 2, 3], v, normalize=False)[k], v
        )
        assert abs(hessian.trace()) <= 1e-12


@pytest.mark.parametrize(
    "normalization", ["component", *(pytest.param(name, marks=pytest.mark.slow) for name in ("integral", "norm"))]
)
@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("backend", ["auto", "python"])
def test_first_and_second_derivatives(normalization, normalize, backend):
    v = vectors(2, 4).requires_grad_()

    def harmonics(v):
        return spherical_harmonics(
            [0, 1, 2, 3, 4], v, normalize=normalize, normalization=normalization, backend=backend
        )

    assert torch.autograd.gradcheck(harmonics, v)
    assert torch.autograd.gradgradcheck(harmonics, v, fast_mode=backend == "python")


@pytest.mark.parametrize("backend", ["auto", "python"])
def test_third_derivatives(backend):
    v = vectors(2, 5).requires_grad_()

    def slope(v):
        y = spherical_harmonics([1, 3], v, normalize=True, backend=backend)
        return torch.autograd.grad(y.pow(3).sum(), v, create_graph=True)[0]

    assert torch.autograd.gradgradcheck(slope, v, fast_mode=True)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("backend", ["auto", "python"])
def test_zero_vectors_have_value_and_derivatives_zero(dtype, backend):
    v = torch.tensor([[0.0, 0, 0], [1, 2, 3]], dtype=dtype, requires_grad=True)
    y = spherical_harmonics([0, 1, 2], v, normalize=True, normalization="norm", backend=backend)
    assert y[0].tolist() == [1] + [0] * 8
    (slope,) = torch.autograd.grad(y.sin().sum(), v, create_graph=True)
    assert slope[0].tolist() == [0, 0, 0]
    slope.pow(2).sum().backward()
    assert v.grad[0].tolist() == [0, 0, 0]
    assert v.grad.isfinite().all()


@pytest.mark.parametrize("backend", ["auto", "python"])
@pytest.mark.parametrize("size", [1e-30, 1e-12, 1e14, 1e30])
def test_length_does_not_matter(size, backend):
    v = vectors(7, 6).float()
    small = (v.double() * size).float()
    a, b = (spherical_harmonics([1, 2, 3], u, normalize=True, backend=backend) for u in (v, small))
    assert torch.allclose(a, b, atol=3e-6)


def test_degrees_may_come_in_any_order_and_shape():
    v = vectors(6).reshape(2, 3, 3)
    full = spherical_harmonics(range(4), v, normalize=True)
    assert full.shape == (2, 3, 16)
    picked = spherical_harmonics([3, 0, 3], v, normalize=True)
    assert torch.equal(picked, torch.cat([full[..., 9:], full[..., :1], full[..., 9:]], -1))
    assert torch.equal(spherical_harmonics(2, v.transpose(0, 1), normalize=True), full[..., 4:9].transpose(0, 1))
    assert spherical_harmonics([], v, normalize=True).shape == (2, 3, 0)
    assert spherical_harmonics([0, 1], v[:0], normalize=True).shape == (0, 3, 4)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_single(dtype):
    v = vectors(5).to(dtype)
    found = spherical_harmonics([0, 1, 2, 3, 4], v, normalize=True)
    assert found.dtype == dtype
    assert torch.equal(found, spherical_harmonics([0, 1, 2, 3, 4], v.float(), normalize=True).to(dtype))


def test_kind_of_array_follows_the_input():
    v = vectors(4).numpy()
    found = spherical_harmonics([0, 2], v.astype(np.float32), normalize=True)
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.float32
    assert np.allclose(found, spherical_harmonics([0, 2], torch.from_numpy(v), normalize=True), atol=1e-6)


def test_a_compiled_graph_has_all_digits_of_values_and_gradients():
    v = vectors(4).requires_grad_()

    def harmonics(v):
        first = spherical_harmonics([0, 1, 2, 3], v, normalize=True)
        return torch.cat([first, spherical_harmonics(4, v, normalize=False, normalization="integral")], -1)

    try:
        found, expected = torch.compile(harmonics, fullgraph=True, backend="aot_eager")(v), harmonics(v)
        assert torch.allclose(found, expected, rtol=0, atol=1e-14)
        slopes = [torch.autograd.grad(y.pow(3).sum(), v)[0] for y in (found, expected)]
        assert torch.allclose(*slopes, rtol=1e-13, atol=1e-13)
    finally:
        torch.compiler.reset()


def test_refusals():
    v = vectors(2)
    with pytest.raises(ShapeError, match=r"vectors must have shape \(..., 3\), got \(2, 2\)"):
        spherical_harmonics(1, v[:, :2], normalize=True)
    with pytest.raises(DtypeError, match="floating-point numbers, got torch"):
        spherical_harmonics(1, v.long(), normalize=True)
    with pytest.raises(TypeError, match="int64"):
        spherical_harmonics(1, np.ones((2, 3), int), normalize=True)
    with pytest.raises(DtypeError, match="complex128"):
        spherical_harmonics(1, v.to(torch.complex128), normalize=True)
    with pytest.raises(DomainError, match="l=-1"):
        spherical_harmonics(-1, v, normalize=True)
    with pytest.raises(DomainError, match=r"l\[1\]"):
        spherical_harmonics([0, 1.5], v, normalize=True)
    with pytest.raises(ResourceLimitError, match=r"harmonics to degree 10000000 needs about .* TiB"):
        spherical_harmonics(10**7, v, normalize=True)
    with pytest.raises(DomainError, match="normalization must be one of"):
        spherical_harmonics(1, v, normalize=True, normalization="unit")


def test_irreps_name_degrees_and_must_have_parities_of_harmonics():
    v = vectors(3)
    full = spherical_harmonics([0, 1, 2], v, normalize=True)
    for text in ("0e+1o+2e", "0e+1e+2e"):
        assert torch.equal(spherical_harmonics(text, v, normalize=True), full)
        assert torch.equal(spherical_harmonics(Irreps(text), v, normalize=True), full)
    assert torch.equal(spherical_harmonics("2x1o", v, normalize=True), full[:, 1:4].repeat(1, 2))
    for text in ("0o", "2o", "1o+3e"):
        with pytest.raises(DomainError, match="harmonics have parity"):
            spherical_harmonics(text, v, normalize=True)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_vectors_that_are_not_finite_are_refused_by_their_place(bad):
    vectors = torch.ones(2, 3, 3)
    vectors[1, 2, 0] = bad
    with pytest.raises(DomainError, match=r"vectors\[1, 2\] is .*; 1 of 6 are not finite"):
        spherical_harmonics(2, vectors, normalize=True)
    huge = torch.full((4, 3), 3e38)  # the sum overflows, the vectors do not
    assert bool(spherical_harmonics(1, huge, normalize=True).isfinite().all())
