r"""Wigner's 6j symbols: how three couplings are bracketed one way and another.

Definition: :math:`\sum C^{j_1 j_2 j_3}_{abc} C^{j_1 j_5 j_6}_{aef} C^{j_4 j_2 j_6}_{dbf} C^{j_4 j_5 j_3}_{dec}` over all components is, up to
a sign, the symbol with the upper row :math:`j_1 j_2 j_3` and the lower :math:`j_4 j_5 j_6`.
Convention: Racah's, as in Edmonds; half-integers are welcome; sums are taken in integers and rounded once.
"""

from __future__ import annotations

import functools
import math
import numbers

from erlangen.errors import DomainError

__all__ = ["wigner_6j"]


def _twice(value: object, name: str) -> int:
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        double = 2 * float(value)
        if double >= 0 and double.is_integer():
            return int(double)
    message = f"{name} must be a non-negative integer or half-integer, got {value!r}"
    raise DomainError(message, hint="pass 2 or 1.5")


def _triangle(a: int, b: int, c: int) -> bool:
    return abs(a - b) <= c <= a + b and (a + b + c) % 2 == 0


def _delta(a: int, b: int, c: int) -> tuple[int, int]:
    """Return numerator and denominator of the squared triangle coefficient of doubled degrees."""
    f = math.factorial
    return f((a + b - c) // 2) * f((a - b + c) // 2) * f((-a + b + c) // 2), f((a + b + c) // 2 + 1)


@functools.lru_cache(maxsize=16384)
def _six(a: int, b: int, c: int, d: int, e: int, f: int) -> float:
    faces = ((a, b, c), (a, e, f), (d, b, f), (d, e, c))
    if not all(_triangle(*face) for face in faces):
        return 0.0
    corners = [sum(face) // 2 for face in faces]
    sides = [(a + b + d + e) // 2, (b + c + e + f) // 2, (a + c + d + f) // 2]
    low, high = max(corners), min(sides)
    terms = []
    for t in range(low, high + 1):
        below = math.prod(math.factorial(t - x) for x in corners) * math.prod(math.factorial(x - t) for x in sides)
        terms.append(((-1) ** t * math.factorial(t + 1), below))
    common = math.lcm(*(below for _, below in terms))
    total = sum(top * (common // below) for top, below in terms)
    top, bottom = total * total, common * common
    for face in faces:
        numerator, denominator = _delta(*face)
        top, bottom = top * numerator, bottom * denominator
    return math.sqrt(top / bottom) * (1 if total > 0 else -1)


def wigner_6j(j1: float, j2: float, j3: float, j4: float, j5: float, j6: float) -> float:
    r"""Return Wigner's 6j symbol, zero where one of its four triangles is broken.

    .. math::
        \begin{Bmatrix} j_1 & j_2 & j_3 \\ j_4 & j_5 & j_6 \end{Bmatrix}

    Parameters
    ----------
    j1, j2, j3, j4, j5, j6 : int or float
        Integers or half-integers, upper row first.

    Raises
    ------
    DomainError
        If one is negative or no half-integer.

    References
    ----------
    A. R. Edmonds, Angular Momentum in Quantum Mechanics, (6.3.7).

    Examples
    --------
    >>> round(wigner_6j(1, 1, 1, 1, 1, 1) * 6, 12), wigner_6j(1, 1, 3, 1, 1, 1)
    (1.0, 0.0)
    """
    given = zip(("j1", "j2", "j3", "j4", "j5", "j6"), (j1, j2, j3, j4, j5, j6), strict=True)
    return _six(*(_twice(value, name) for name, value in given))
