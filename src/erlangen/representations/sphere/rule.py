r"""Rules on the sphere by family and degree: Lebedev, Gauss-Legendre, equal angles, minimal antipodal points.

Definition: a projection of a signal of degree d on :math:`l \le L` needs exactness :math:`t \ge d + L`; :math:`n_\beta = \lceil (t+1)/2 \rceil` Gauss
nodes and :math:`n_\alpha = t + 1` azimuths, or a Lebedev rule of degree >= t, or points that determine degree :math:`\max(d, L)`.
Convention: see :class:`erlangen.representations.sphere.SphereRule`.
"""

from __future__ import annotations

from functools import lru_cache
from math import pi

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import lebedev_rule

from erlangen.errors import DomainError
from erlangen.representations.sphere.minimal_points import LARGEST, minimal_points, quadrature_weights
from erlangen.representations.sphere.sphere_rule import SphereRule
from erlangen.validation import check_choice, check_integer

__all__ = ["KINDS", "projection_rule", "rule"]

KINDS = ("lebedev", "gauss-legendre", "minimal", "equal-angle")
_LEBEDEV = (*range(3, 33, 2), *range(35, 132, 6))
_WITH_NEGATIVE_WEIGHTS = (13, 25, 27)


def rule(degree: int, kind: str = "lebedev", *, nonnegative: bool = False) -> SphereRule:
    r"""Return the smallest rule of a family that integrates polynomials of a degree exactly.

    .. math:: \sum_i w_i F(r_i) = \int_{S^2} F(r)\, dr, \qquad \deg F \le \texttt{degree}

    Parameters
    ----------
    degree : int
        Exactness wanted; the rule's own ``degree`` may be higher.
    kind : {"lebedev", "gauss-legendre", "minimal", "equal-angle"}
        Octahedral rules (degree <= 131); a product of Gauss nodes and equal azimuths; antipodal points that determine the even polynomials of
        an even degree, as many as that space has dimensions (degree <= 21); a product of equal angles with Fejer's weights.
    nonnegative : bool
        Pass over the Lebedev rules of degree 13, 25 and 27, which have negative weights.

    Returns
    -------
    SphereRule

    Raises
    ------
    DomainError
        If the family has no rule of that degree.

    References
    ----------
    V. I. Lebedev, D. N. Laikov, Doklady Mathematics 59 (1999) 477; L. Fejer, Math. Z. 37 (1933) 287.

    Examples
    --------
    >>> [len(rule(4 * L)) for L in range(1, 7)]
    [14, 38, 74, 110, 170, 230]
    >>> rule(9, "gauss-legendre").grid
    (5, 10)
    """
    degree = check_integer(degree, "degree", low=0)
    check_choice(kind, "kind", KINDS)
    return _rule(degree, kind, bool(nonnegative))


def projection_rule(degree: int, lmax: int, kind: str = "lebedev", *, nonnegative: bool = False) -> SphereRule:
    r"""Return the smallest rule of a family that projects a signal of a degree on :math:`l \le L` exactly.

    .. math:: t \ge d + L \quad\text{by weights}, \qquad \max(d, L) \quad\text{by interpolation ("minimal")}

    Parameters
    ----------
    degree : int
        Degree d of the signal, ``L1 + L2`` for a product.
    lmax : int
        Highest degree of the coefficients wanted.
    kind, nonnegative
        As :func:`rule`.

    Returns
    -------
    SphereRule

    Raises
    ------
    DomainError
        If the family has no such rule.

    Examples
    --------
    >>> [len(projection_rule(2 * L, 2 * L, "minimal")) // 2 for L in range(1, 7)]
    [6, 15, 28, 45, 66, 91]
    """
    degree, lmax = check_integer(degree, "degree", low=0), check_integer(lmax, "lmax", low=0)
    if check_choice(kind, "kind", KINDS) == "minimal":
        return rule(max(degree, lmax) + 1, kind)
    return rule(degree + lmax, kind, nonnegative=nonnegative)


@lru_cache(maxsize=128)
def _rule(degree: int, kind: str, nonnegative: bool) -> SphereRule:
    if kind == "lebedev":
        return _lebedev(degree, nonnegative)
    if kind == "minimal":
        return _minimal(degree)
    if kind == "gauss-legendre":
        nodes, weights = np.polynomial.legendre.leggauss((degree + 2) // 2)
        return _product(degree, kind, nodes[::-1], np.sqrt((1 - nodes[::-1]) * (1 + nodes[::-1])), weights[::-1])
    n = degree + 1 - degree % 2
    beta = pi * (np.arange(n) + 0.5) / n
    k = np.arange(1, n // 2 + 1)
    weights = 2 / n * (1 - 2 * np.sum(np.cos(2 * k * beta[:, None]) / (4 * k**2 - 1), axis=1))
    return _product(degree, kind, np.sin(pi / 2 - beta), np.sin(beta), weights)


def _lebedev(degree: int, nonnegative: bool) -> SphereRule:
    """Return the Lebedev rule, its points ordered so that the second half are the negatives of the first."""
    fit = [d for d in _LEBEDEV if d >= degree and not (nonnegative and d in _WITH_NEGATIVE_WEIGHTS)]
    if not fit:
        message = f"there is no Lebedev rule of degree {degree}: the highest is {_LEBEDEV[-1]}"
        raise DomainError(message, hint="take kind='gauss-legendre', which has every degree")
    points, weights = lebedev_rule(fit[0])
    points = points.T + 0.0  # no negative zeros
    y, x, z = points[:, 1], points[:, 0], points[:, 2]
    upper = np.flatnonzero((y > 0) | ((y == 0) & ((z > 0) | ((z == 0) & (x > 0)))))
    half = points[upper] / np.linalg.norm(points[upper], axis=1, keepdims=True)
    return SphereRule(fit[0], "lebedev", np.concatenate([half, -half]), np.tile(weights[upper], 2), antipodal=True)


def _minimal(degree: int) -> SphereRule:
    """Return the points that determine even polynomials of degree 2L, with the weights their interpolation gives."""
    L = degree // 2
    if L > LARGEST:
        message = f"minimal points are kept to degree {2 * LARGEST + 1}, got degree={degree}"
        raise DomainError(message, hint="take kind='lebedev' or 'gauss-legendre'")
    half = minimal_points(L)
    weights = np.tile(quadrature_weights(half, L), 2)
    return SphereRule(2 * L + 1, "minimal", np.concatenate([half, -half]), weights, interpolates=2 * L, antipodal=True)


def _product(
    degree: int, kind: str, cosine: NDArray[np.float64], sine: NDArray[np.float64], weights: NDArray[np.float64]
) -> SphereRule:
    """Return the product of polar nodes and equal azimuths."""
    n = degree + 1
    alpha = 2 * pi * np.arange(n) / n
    x, z = np.outer(sine, np.sin(alpha)), np.outer(sine, np.cos(alpha))
    y = np.broadcast_to(cosine[:, None], x.shape)
    points = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    return SphereRule(degree, kind, points, np.repeat(weights * 2 * pi / n, n), grid=(len(cosine), n))
