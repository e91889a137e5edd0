"""The polynomials of Alexander and Conway in one variable, and the determinant.

Definition: Δ(t) = det(t^(-1/2) V - t^(1/2) V^T) = ∇(t^(1/2) - t^(-1/2)) for any Seifert matrix V.
Convention: Conway's normalisation: Δ(1) = 1 for knots, ∇(positive Hopf link) = z; links of evenly many components have half-integer exponents.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from erlangen.exact import LaurentPolynomial
from erlangen.topology.diagrams.link import Link
from erlangen.topology.invariants.packing import unpack
from erlangen.topology.invariants.seifert import seifert_matrix

__all__ = ["alexander_polynomial", "conway_polynomial", "determinant"]


def _pencil(V: NDArray[np.int64]) -> list[int]:
    """Return the coefficients of det(V - t V^T), lowest first, of length m + 1."""
    if not len(V):
        return [1]
    S = flint.fmpz_mat((V - V.T).tolist())
    coefficients = _of_knot(V, S) if abs(int(S.det())) == 1 else _of_link(V)
    return coefficients + [0] * (len(V) + 1 - len(coefficients))


def _of_knot(V: NDArray[np.int64], S: Any) -> list[int]:
    """Use that S = V - V^T is unimodular: det(V - t V^T) = det(t + (1 - t) S^-1 V), from one characteristic polynomial."""
    inverse, _ = S.inv().numer_denom()
    characteristic = (inverse * flint.fmpz_mat(V.tolist())).charpoly().coeffs()
    sign = -1 if len(V) % 2 else 1
    total, power = flint.fmpz_poly([0]), flint.fmpz_poly([sign])
    for c in reversed(characteristic):
        total = total * flint.fmpz_poly([0, -1]) + c * power
        power *= flint.fmpz_poly([1, -1])
    return [int(c) for c in total.coeffs()]


def _of_link(V: NDArray[np.int64]) -> list[int]:
    """Take the determinant once, at a power of two beyond Hadamard's bound for the coefficients."""
    bits = 2 + sum(int(row).bit_length() for row in (abs(V) + abs(V.T)).sum(axis=1))
    base = 1 << bits
    rows = zip(V.tolist(), V.T.tolist(), strict=True)
    entries = [[w - base * v for w, v in zip(row, column, strict=True)] for row, column in rows]
    return unpack(int(flint.fmpz_mat(entries).det()), bits)


def alexander_polynomial(link: Link) -> LaurentPolynomial:
    r"""Return the Alexander polynomial in Conway's normalisation, :math:`\Delta(t) = \nabla(t^{1/2} - t^{-1/2})`.

    Parameters
    ----------
    link : Link
        Any diagram with at least one component.

    Returns
    -------
    LaurentPolynomial
        In ``t``; symmetric under t -> 1/t up to the sign :math:`(-1)^{c-1}`; zero for split links.

    References
    ----------
    Kauffman, Topology 20 (1981); Lickorish, An Introduction to Knot Theory (1997), ch. 6 and 8.

    Examples
    --------
    >>> str(alexander_polynomial(Link.from_braid([1, -2, 1, -2])))
    '-t^-1 + 3 - t'
    >>> str(alexander_polynomial(Link.from_braid([1, 1])))
    '-t^(-1/2) + t^(1/2)'
    """
    coefficients = _pencil(seifert_matrix(link))
    shift = Fraction(len(coefficients) - 1, 2)
    return LaurentPolynomial({(power - shift,): c for power, c in enumerate(coefficients)}, ("t",))


def conway_polynomial(link: Link) -> LaurentPolynomial:
    r"""Return Conway's polynomial :math:`\nabla(z)`, with :math:`\nabla_+ - \nabla_- = z \nabla_0` and value 1 on the unknot.

    Examples
    --------
    >>> str(conway_polynomial(Link.from_braid([1, 1, 1]))), str(conway_polynomial(Link.from_braid([1, 1])))
    ('1 + z^2', 'z')
    """
    rest = _pencil(seifert_matrix(link))[::-1]  # in x = t^(1/2): coefficient of x^m, x^(m-2), ...
    m = len(rest) - 1
    terms: dict[tuple[int | Fraction, ...], int] = {}
    for power in range(m, -1, -2):
        lead = rest[(m - power) // 2]
        terms[(power,)] = lead
        binomial = 1
        for k in range(power + 1):  # lead * (x - 1/x)^power
            rest[(m - power) // 2 + k] -= (-1) ** k * binomial * lead
            binomial = binomial * (power - k) // (k + 1)
    return LaurentPolynomial(terms, ("z",))


def determinant(link: Link) -> int:
    r"""Return :math:`|\Delta(-1)| = |\det(V + V^T)|`, the order of the first homology of the double branched cover, 0 if that is infinite.

    Examples
    --------
    >>> determinant(Link.from_braid([1, -2, 1, -2])), determinant(Link.from_braid([], strands=2))
    (5, 0)
    """
    V = seifert_matrix(link)
    return abs(int(flint.fmpz_mat((V + V.T).tolist()).det())) if len(V) else 1
