"""Sums, products and quotients of reduced fractions of sparse integer polynomials.

Definition: a pair ``(n, d)`` with ``gcd(n, d) = 1``, ``d`` of positive leading coefficient; Henrici's rules, as in Knuth, TAOCP 2, 4.5.1.
Convention: ``d is None`` stands for ``d = 1``; zero is ``(0, None)``; polynomials are FLINT's ``fmpz_mpoly`` of one context.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from typing import TypeAlias

import flint

__all__ = ["Pair", "cancel", "invert", "multiply", "subtract_free", "sum_pairs"]

Polynomial: TypeAlias = flint.fmpz_mpoly
Pair: TypeAlias = tuple[Polynomial, "Polynomial | None"]

_MANY = 1000  # terms of a numerator from which on factors are tried instead of a gcd


def cancel(n: Polynomial, d: Polynomial | None) -> Pair:
    """Return ``n/d`` in lowest terms; the leading coefficient of ``d`` must be positive already.

    Examples
    --------
    >>> x, y = flint.fmpz_mpoly_ctx.get(("x", "y"), "lex").gens()
    >>> cancel(x**2 - y**2, x * y + y**2)
    (x - y, y)
    """
    if d is None or not n:
        return n, None
    if len(n) >= max(_MANY, 8 * len(d)):
        n, d = _divide_factors(n, d)
    else:
        g = n.gcd(d)
        if not g.is_one():
            n, d = n // g, d // g
    return n, None if d.is_one() else d


def _divide_factors(n: Polynomial, d: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Return ``n/d`` in lowest terms by dividing through the factors of a short ``d``, which is far less work than a gcd with a long ``n``."""
    content, factors = _factors(_Key(d))
    common = gcd(int(n.content()), content)
    if common != 1:
        n, d = n / common, d / common
    for factor, power in factors:
        for _ in range(power):
            try:
                n = n / factor
            except flint.utils.flint_exceptions.DomainError:
                break
            d = d / factor
    return n, d


@dataclass(frozen=True)
class _Key:
    """A polynomial that can be looked up."""

    polynomial: Polynomial

    def __hash__(self) -> int:
        return hash((len(self.polynomial), tuple(map(int, self.polynomial.degrees()))))


@lru_cache(maxsize=256)
def _factors(key: _Key) -> tuple[int, tuple[tuple[Polynomial, int], ...]]:
    """Return content and irreducible factors with their powers."""
    content, factors = key.polynomial.factor()
    return int(content), tuple((factor, int(power)) for factor, power in factors)


def sum_pairs(a: Pair, b: Pair) -> Pair:
    """Return the sum of two reduced fractions, reduced, with gcds of denominators only.

    Examples
    --------
    >>> x, y = flint.fmpz_mpoly_ctx.get(("x", "y"), "lex").gens()
    >>> sum_pairs((x**0, x * y), (x**0, y))
    (x + 1, x*y)
    """
    (n1, d1), (n2, d2) = a, b
    if d1 is None:
        return (n1 + n2, None) if d2 is None else (n1 * d2 + n2, d2)
    if d2 is None:
        return n1 + n2 * d1, d1
    if d1 == d2:
        return cancel(n1 + n2, d1)
    g = d1.gcd(d2)
    if g.is_one():
        return n1 * d2 + n2 * d1, d1 * d2
    left, right = d1 // g, d2 // g
    n = n1 * right + n2 * left
    if not n:
        return n, None
    n, rest = cancel(n, g)  # no other factor of the common denominator can divide the numerator
    if rest is None or rest is not g:
        d1 = d1 // g if rest is None else d1 // (g // rest)
    d = d1 * right
    return n, None if d.is_one() else d


def multiply(a: Pair, b: Pair) -> Pair:
    """Return the product of two reduced fractions, reduced by gcds across.

    Examples
    --------
    >>> x, y = flint.fmpz_mpoly_ctx.get(("x", "y"), "lex").gens()
    >>> multiply((x, y), (y, x + 1))
    (x, x + 1)
    """
    (n1, d1), (n2, d2) = a, b
    if not n1 or not n2:
        return n1 * n2, None
    if d2 is not None:
        n1, d2 = cancel(n1, d2)
    if d1 is not None:
        n2, d1 = cancel(n2, d1)
    n = n1 * n2
    if d1 is None:
        return n, d2
    return n, d1 if d2 is None else d1 * d2


def invert(a: Pair) -> Pair:
    """Return ``d/n`` with the sign moved to the numerator; ``n`` is not zero.

    Examples
    --------
    >>> x, y = flint.fmpz_mpoly_ctx.get(("x", "y"), "lex").gens()
    >>> invert((-x, y))
    (-y, x)
    """
    n, d = a
    top = n**0 if d is None else d
    if n.leading_coefficient() < 0:
        n, top = -n, -top
    return top, None if n.is_one() else n


def subtract_free(p: Polynomial, position: int, generator: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Return ``(p0, p1)`` with ``p = p0 + p1 s``, ``s`` the generator at ``position``, of degree at most one in ``p``.

    Examples
    --------
    >>> x, y = flint.fmpz_mpoly_ctx.get(("x", "y"), "lex").gens()
    >>> subtract_free(x * y + y + 3 * x, 0, x)
    (y, y + 3)
    """
    slope = p.derivative(position)
    return p - slope * generator, slope
