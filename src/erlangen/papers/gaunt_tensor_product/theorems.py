r"""The identities of the paper, measured: how far each is broken at worst, and on how many instances.

Definition: couplings, Fourier coefficients, routes, equivariance, aligned convolutions and powers (Luo, Chen & Krishnapriyan 2024, sections 3.1 to 3.3).
Convention: each function takes the highest degree L and returns (largest relative violation, instances); float64 throughout.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.edges import to_numpy, to_tensor
from erlangen.groups import SO3
from erlangen.representations import gaunt, gaunt_scale, spherical_harmonics, wigner_3j, wigner_d
from erlangen.representations.products import gaunt_product
from erlangen.representations.sphere import convolve2d, from_grid, projection_rule, rule, to_grid
from erlangen.representations.sphere import fourier_coefficients as kept_coefficients

__all__ = [
    "aligned_convolution",
    "convolution_example",
    "equivariance",
    "fourier_coefficients",
    "many_body",
    "minimal_points",
    "routes",
    "scale_identity",
]

Array = NDArray[np.float64]
Found = tuple[float, int]
ROUTES: tuple[dict[str, str], ...] = (
    {"method": "grid", "grid": "minimal"},
    {"method": "grid", "grid": "lebedev"},
    {"method": "grid", "grid": "gauss-legendre"},
    {"method": "grid-separable"},
    {"method": "fourier"},
    {"method": "dense"},
    {"method": "sparse"},
)


def _multiply(x: Array, y: Array, lmax: int, **options: str) -> Array:
    """Multiply arrays of coefficients."""
    return np.asarray(to_numpy(gaunt_product(to_tensor(x, "x"), to_tensor(y, "y"), lmax, **options)))  # type: ignore[arg-type]


def _harmonics(L: int, points: Array) -> Array:
    """Return the harmonics of integral one (n, (L + 1)^2)."""
    return np.asarray(
        to_numpy(spherical_harmonics(range(L + 1), points, normalize=False, normalization="integral"))  # type: ignore[arg-type]
    )


def _turn(R: Array, L: int) -> list[Array]:
    """Return the matrices of a rotation on the degrees 0..L."""
    return [np.asarray(to_numpy(wigner_d(degree, R))) for degree in range(L + 1)]  # type: ignore[arg-type]


def _applied(matrices: list[Array], x: Array) -> Array:
    """Apply one matrix a degree to coefficients (..., (L + 1)^2)."""
    blocks = [
        x[..., degree**2 : (degree + 1) ** 2] @ D.T for degree, D in enumerate(matrices) if degree**2 < x.shape[-1]
    ]
    return np.concatenate(blocks, axis=-1)


def _apart(a: Array, b: Array) -> float:
    """Return the largest difference, relative to the largest value."""
    return float(np.abs(a - b).max() / np.abs(b).max())


def _even_paths(L: int) -> Iterator[tuple[int, int, int]]:
    """Yield the degrees up to L that the triangle rule and an even sum let meet."""
    for l1, l2 in itertools.product(range(L + 1), repeat=2):
        yield from ((l1, l2, l3) for l3 in range(abs(l1 - l2), min(l1 + l2, L) + 1, 2))


def scale_identity(L: int) -> Found:
    """Compare integrals of three harmonics, by quadrature, with a positive multiple of the 3j tensor; all paths of even sum."""
    found = rule(3 * L)
    Y, worst, count = _harmonics(L, found.points), 0.0, 0
    for l1, l2, l3 in _even_paths(L):
        a, b, c = (Y[:, degree**2 : (degree + 1) ** 2] for degree in (l1, l2, l3))
        block = np.einsum("n,ni,nj,nk->ijk", found.weights, a, b, c)
        scale = gaunt_scale(l1, l2, l3)
        worst = max(worst, _apart(scale * np.asarray(to_numpy(wigner_3j(l1, l2, l3))), block), float(scale <= 0))
        count += 1
    return worst, count


def fourier_coefficients(L: int) -> Found:
    r"""Compare harmonics at random angles, and a transform of more angles than are needed, with finite Fourier sums :math:`|u| \le l, v = \pm m`.

    On the second half of the circle of :math:`\theta` the sine is negative, which gives odd m their sign; what lies beyond the support counts as error.
    """
    n, rng = 4 * L + 5, np.random.default_rng(L)
    angles, order = 2 * np.pi * np.arange(n) / n, np.fft.fftshift(np.fft.fftfreq(n, 1 / n)).round().astype(int)
    theta, alpha = np.meshgrid(angles, angles, indexing="ij")
    values = _harmonics(L, _direction(theta.ravel(), alpha.ravel())).reshape(n, n, -1)
    spectrum = np.fft.fftshift(np.fft.fft2(values, axes=(0, 1)), axes=(0, 1)) / n**2
    where = rng.uniform(0, np.pi, 40), rng.uniform(0, 2 * np.pi, 40)
    truth, worst, count = _harmonics(L, _direction(*where)), 0.0, 0
    for degree in range(L + 1):
        wave = [np.exp(1j * angle[:, None] * np.arange(-degree, degree + 1)) for angle in where]
        for m in range(-degree, degree + 1):
            own, k = kept_coefficients(degree, m), degree**2 + degree + m
            other = np.delete(own, [degree - abs(m), degree + abs(m)], axis=1)
            padded = np.zeros_like(spectrum[..., k])
            padded[np.ix_(np.abs(order) <= degree, np.abs(order) <= degree)] = own
            summed = np.einsum("nu,uv,nv->n", wave[0], own, wave[1]).real
            gaps = np.abs(padded - spectrum[..., k]).max(), np.abs(other).max(initial=0.0), _apart(summed, truth[:, k])
            worst, count = max(worst, *map(float, gaps)), count + 1
    return worst, count


def _direction(theta: Array, alpha: Array) -> Array:
    """Return unit vectors with polar axis y."""
    return np.stack([np.sin(theta) * np.sin(alpha), np.cos(theta), np.sin(theta) * np.cos(alpha)], axis=-1)


def routes(L: int) -> Found:
    """Compare every route of the product with a contraction with the Gaunt tensor, for degrees that differ."""
    rng, worst, count = np.random.default_rng(L), 0.0, 0
    for l1, l2, l3 in {(L, L, L), (L, L, 2 * L), (L, L // 2, L), (1, L, 0), (L, 0, L)}:
        x, y = rng.normal(size=(5, (l1 + 1) ** 2)), rng.normal(size=(5, (l2 + 1) ** 2))
        truth = _contracted(x, y, l1, l2, l3)
        worst = max(worst, *(_apart(_multiply(x, y, l3, **route), truth) for route in ROUTES))
        count += len(ROUTES)
    return worst, count


def _contracted(x: Array, y: Array, l1: int, l2: int, l3: int) -> Array:
    """Return the sum of all blocks of the Gaunt tensor against x and y."""
    out = np.zeros((len(x), (l3 + 1) ** 2))
    for a, b, c in itertools.product(range(l1 + 1), range(l2 + 1), range(l3 + 1)):
        if abs(a - b) <= c <= a + b and (a + b + c) % 2 == 0:
            G = np.asarray(to_numpy(gaunt(a, b, c)))
            left, right = x[:, a * a : (a + 1) ** 2], y[:, b * b : (b + 1) ** 2]
            out[:, c * c : (c + 1) ** 2] += np.einsum("ni,nj,ijk->nk", left, right, G)
    return out


def equivariance(L: int) -> Found:
    """Turn and invert both factors, and compare with the turned and inverted product, by every route."""
    rng, worst, count = np.random.default_rng(L), 0.0, 0
    x, y = rng.normal(size=(2, 4, (L + 1) ** 2))
    for R in np.asarray(SO3().sample(2, rng=L)):
        for sign in (1, -1):
            g = [D * sign**degree for degree, D in enumerate(_turn(R, L))]
            for route in ROUTES:
                turned = _multiply(_applied(g, x), _applied(g, y), L, **route)
                worst = max(worst, _apart(turned, _applied(g, _multiply(x, y, L, **route))))
                count += 1
    return worst, count


def aligned_convolution(L: int) -> Found:
    """Compare products with the harmonics of a direction with a sum over degrees alone, in a frame where the direction is the polar axis."""
    rng, worst = np.random.default_rng(L), 0.0
    directions = rng.normal(size=(6, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    x = rng.normal(size=(6, (L + 1) ** 2))
    truth = _multiply(x, _harmonics(L, directions), L, method="sparse")
    along, across = _axial(L)
    worst = max(worst, across)
    for k, r in enumerate(directions):
        g = _turn(_to_pole(r), L)
        z = _applied([D.T for D in g], _applied(g, x[k]) @ along)
        worst = max(worst, _apart(z, truth[k]))
    return worst, len(directions)


def _axial(L: int) -> tuple[Array, float]:
    """Return the matrix of the product with the harmonics of the pole, entries of equal order only, and the largest other entry."""
    pole, whole = _harmonics(L, np.array([[0.0, 1.0, 0.0]]))[0], np.zeros(((L + 1) ** 2,) * 2)
    for a, b, c in itertools.product(range(L + 1), repeat=3):
        if abs(a - b) <= c <= a + b and (a + b + c) % 2 == 0:
            G = np.asarray(to_numpy(gaunt(a, b, c)))
            whole[a * a : (a + 1) ** 2, c * c : (c + 1) ** 2] += G[:, b] * pole[b * b + b]
    order = np.concatenate([np.arange(-degree, degree + 1) for degree in range(L + 1)])
    same = order[:, None] == order[None]
    return np.where(same, whole, 0.0), float(np.abs(np.where(same, 0.0, whole)).max())


def _to_pole(r: Array) -> Array:
    """Return a rotation that takes the unit vector r to the pole y."""
    pole = np.array([0.0, 1.0, 0.0])
    other = np.array([1.0, 0.0, 0.0])
    mirror = pole - r
    first = np.eye(3) - 2 * np.outer(mirror, mirror) / (mirror @ mirror)
    return np.asarray((np.eye(3) - 2 * np.outer(other, other)) @ first)


def many_body(L: int) -> Found:
    """Compare powers 2 to 5 of a function, by halves through the Fourier basis, with powers of its values on the sphere."""
    L = min(L, 4)
    x, worst, out = np.random.default_rng(L).normal(size=(3, (L + 1) ** 2)), 0.0, min(L, 2)
    powers = {1: x}
    for nu in range(2, 6):
        half = nu // 2
        powers[nu] = _multiply(powers[half], powers[nu - half], nu * L, method="fourier")
        grid = rule(nu * L + out)
        values: Any = np.asarray(to_grid(x, grid)) ** nu  # type: ignore[arg-type]
        truth = np.asarray(from_grid(values, out, grid, degree=nu * L))  # type: ignore[arg-type]
        worst = max(worst, _apart(powers[nu][:, : (out + 1) ** 2], truth))
    return worst, 4


def convolution_example(L: int) -> Found:
    """Compare the convolution of the array 1..9 with itself, by a transform of its padded form, with its sum of shifts (first row 1, 4, 10, 12, 9)."""
    del L
    nine = np.arange(1.0, 10.0).reshape(3, 3)
    fast = np.asarray(convolve2d(nine, nine, method="fft"))
    slow = np.zeros((5, 5))
    for p, q in itertools.product(range(3), repeat=2):
        slow[p : p + 3, q : q + 3] += nine[p, q] * nine
    first = np.array([1.0, 4.0, 10.0, 12.0, 9.0])
    return max(_apart(fast, slow), _apart(fast[0], first)), 25


def minimal_points(L: int) -> Found:
    """Compare the pairs of points that determine the product of two functions of degree L with (L + 1)(2 L + 1)."""
    counts = {n: len(projection_rule(2 * n, 2 * n, "minimal")) // 2 - (n + 1) * (2 * n + 1) for n in range(1, L + 1)}
    return float(max(map(abs, counts.values()))), L
