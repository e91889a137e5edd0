"""Signature and nullity of hermitian forms, exactly.

Definition: the numbers of positive minus negative and of zero eigenvalues, over Z and over the cyclotomic field of exp(2 pi i k / n).
Convention: forms over Z are matrices of integers; over the field, pairs (V, angle) stand for (1 - w) V + (1 - conj w) V^T.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

__all__ = ["cyclotomic_inertia", "integer_inertia"]

_Matrix = list[list[Any]]


def integer_inertia(S: NDArray[np.int64]) -> tuple[int, int]:
    """Return signature and nullity of a symmetric matrix of integers.

    All roots of its characteristic polynomial are real, so that Descartes' rule counts the positive ones exactly.

    Examples
    --------
    >>> integer_inertia(np.array([[2, 1, 0], [1, 2, 0], [0, 0, 0]]))
    (2, 1)
    """
    if not len(S):
        return 0, 0
    coefficients = [int(c) for c in flint.fmpz_mat(S.tolist()).charpoly().coeffs()]
    nullity = next(power for power, c in enumerate(coefficients) if c)
    signs = [c > 0 for c in coefficients if c]
    positive = sum(a != b for a, b in pairwise(signs))
    return 2 * positive - (len(S) - nullity), nullity


class _Cyclotomic:
    """The field Q(w), w = exp(2 pi i k / n), as polynomials in w modulo the n-th cyclotomic one."""

    def __init__(self, angle: Fraction) -> None:
        self.angle, self.order = angle, angle.denominator
        self.modulus = flint.fmpq_poly(flint.fmpz_poly.cyclotomic(self.order).coeffs())
        self.zero = flint.fmpq_poly([])

    def power(self, k: int) -> Any:
        """Return w^k."""
        return flint.fmpq_poly([0] * (k % self.order) + [1]) % self.modulus

    def conjugate(self, x: Any) -> Any:
        """Return the complex conjugate."""
        coefficients = [0] * self.order
        for k, c in enumerate(x.coeffs()):
            coefficients[-k % self.order] += c
        return flint.fmpq_poly(coefficients) % self.modulus

    def product(self, x: Any, y: Any) -> Any:
        """Return x y."""
        return x * y % self.modulus

    def inverse(self, x: Any) -> Any:
        """Return 1/x of an element that is not zero."""
        _, s, _ = x.xgcd(self.modulus)
        return s % self.modulus

    def sign(self, x: Any) -> int:
        """Return the sign of a real element that is not zero: its ball is shrunk until it leaves out 0."""
        bits = 64
        while True:
            with flint.ctx.workprec(bits):
                total = flint.arb(0)
                for k, c in enumerate(x.coeffs()):
                    turn = 2 * k * self.angle
                    total += flint.arb(c) * flint.arb.cos_pi_fmpq(flint.fmpq(turn.numerator, turn.denominator))
                if total > 0:
                    return 1
                if total < 0:
                    return -1
            bits *= 2


def _expose(field: _Cyclotomic, H: _Matrix) -> int | None:
    """Return the place of a diagonal entry that is not zero, made by e_i + H_ij e_j if need be; None if the form is zero."""
    m = len(H)
    for i in range(m):
        if H[i][i] != field.zero:
            return i
    for i in range(m):
        for j in range(m):
            if H[i][j] != field.zero:
                factor = H[i][j]
                other = field.conjugate(factor)
                H[i] = [a + field.product(factor, b) for a, b in zip(H[i], H[j], strict=True)]
                for row in H:
                    row[i] = row[i] + field.product(other, row[j])
                return i
    return None


def cyclotomic_inertia(V: NDArray[np.int64], angle: Fraction) -> tuple[int, int]:
    r"""Return signature and nullity of :math:`(1 - w) V + (1 - \bar w) V^T`, :math:`w = e^{2 \pi i \, angle}`, by congruence over Q(w).

    Examples
    --------
    >>> cyclotomic_inertia(np.array([[-1, 1], [0, -1]]), Fraction(1, 6)), cyclotomic_inertia(np.array([[-1, 1], [0, -1]]), Fraction(1, 5))
    ((-1, 1), (-2, 0))
    """
    field = _Cyclotomic(angle)
    one = field.power(0)
    left, right = one - field.power(1), one - field.power(-1)
    H: _Matrix = [
        [left * v + right * w for v, w in zip(r, c, strict=True)] for r, c in zip(V.tolist(), V.T.tolist(), strict=True)
    ]
    signature = 0
    while H:
        pivot = _expose(field, H)
        if pivot is None:
            break
        row = H[pivot]
        signature += field.sign(row[pivot])
        scale = field.inverse(row[pivot])
        H = [_reduced(field, other, row, pivot, scale) for place, other in enumerate(H) if place != pivot]
    return signature, len(H)


def _reduced(field: _Cyclotomic, other: list[Any], row: list[Any], pivot: int, scale: Any) -> list[Any]:
    """Return a row minus its multiple of the pivot's row, without the pivot's column."""
    factor = field.product(other[pivot], scale)
    if factor == field.zero:
        return [a for j, a in enumerate(other) if j != pivot]
    return [a - field.product(factor, b) for j, (a, b) in enumerate(zip(other, row, strict=True)) if j != pivot]
