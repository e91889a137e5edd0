"""Differential polynomials in one base variable modulo total derivatives, on exponents alone.

Definition: monomials in divided powers ``u_k^[n] = u_k^n/n!``, so that ``D u_k^[n] = u_k^[n-1] u_{k+1}`` and parts are integrated in integers;
    the rule ``g u_{k-1}^[p] u_k ≡ -D(g) u_{k-1}^[p+1]`` takes every class to one normal form.
Convention: jet ``u^α_k`` is the number ``k · fields + α``; a monomial is the falling tuple of its jets, each as often as its power.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import comb, factorial, prod
from typing import Any, TypeAlias, final

__all__ = ["EvolutionFlow", "Monomial", "is_normal", "modulo_derivatives", "power_factor"]

Monomial: TypeAlias = tuple[int, ...]
Row: TypeAlias = dict[int, Any]


def power_factor(monomial: Monomial) -> int:
    """Return ``Π n!`` over the powers of a monomial: how often it holds its divided powers.

    Examples
    --------
    >>> power_factor((2, 0, 0, 0))
    6
    """
    return prod(factorial(len(tuple(run))) for _, run in groupby(monomial))


def is_normal(monomial: Monomial, fields: int = 1) -> bool:
    """Return whether a monomial is its own normal form: not the leading term of a total derivative.

    Examples
    --------
    >>> is_normal((1, 1)), is_normal((2, 0)), is_normal((0, 0, 0))
    (True, False, True)
    """
    if not monomial or monomial[0] < fields:
        return True
    if len(monomial) == 1:
        return False
    (order, field), (below, other) = divmod(monomial[0], fields), divmod(monomial[1], fields)
    return below == order or (below == order - 1 and other > field)


def modulo_derivatives(rows: dict[Monomial, Row], fields: int = 1) -> dict[Monomial, Row]:
    """Return rows of coefficients, one a monomial, moved to the normal monomials; the given rows are used up.

    Examples
    --------
    >>> modulo_derivatives({(2, 0): {0: 1}})
    {(1, 1): {0: -2}}
    """
    layers: dict[int, list[Monomial]] = {}
    for monomial in rows:
        if not is_normal(monomial, fields):
            layers.setdefault(monomial[0], []).append(monomial)
    while layers:
        for monomial in layers.pop(max(layers)):
            row = rows.pop(monomial)
            for target, factor in _by_parts(monomial, fields):
                into = rows.get(target)
                if into is None:
                    into = rows[target] = {}
                    if not is_normal(target, fields):
                        layers.setdefault(target[0], []).append(target)
                for column, value in row.items():
                    into[column] = into.get(column, 0) + factor * value
    return rows


def _by_parts(monomial: Monomial, fields: int) -> Iterator[tuple[Monomial, int]]:
    """Yield what ``g u_{k-1}^[p] u_k`` is modulo derivatives: ``-D(g) u_{k-1}^[p+1]``, which stands lower."""
    below = monomial[0] - fields
    rest = tuple(jet for jet in monomial[1:] if jet != below)
    power = len(monomial) - len(rest)
    for other, count in _derivative(rest, fields):
        target, many = _times(other, below, power)
        yield target, -count * many


def _derivative(monomial: Monomial, fields: int) -> Iterator[tuple[Monomial, int]]:
    """Yield the terms of ``D m``."""
    last = -1
    for place, jet in enumerate(monomial):
        if jet != last:
            last = jet
            yield _times(monomial[:place] + monomial[place + 1 :], jet + fields, 1)


def _times(monomial: Monomial, jet: int, power: int) -> tuple[Monomial, int]:
    """Return the product with ``u_k^[n]``, a monomial and its number."""
    place = 0
    while place < len(monomial) and monomial[place] > jet:
        place += 1
    present = monomial.count(jet)
    number = comb(present + power, power) if present else 1
    return monomial[:place] + (jet,) * power + monomial[place:], number


@final
class EvolutionFlow:
    """The derivation ``pr X_K`` of evolution equations ``u^α_t = K^α`` on monomials in divided powers.

    Examples
    --------
    >>> list(EvolutionFlow([{(1, 0): 1}]).apply((0, 0)))
    [((1, 0, 0), 2)]
    """

    def __init__(self, right: Sequence[Mapping[Monomial, Any]]) -> None:
        self._fields = len(right)
        self._known: dict[int, dict[Monomial, Any]] = {field: dict(terms) for field, terms in enumerate(right)}

    def of(self, jet: int) -> dict[Monomial, Any]:
        """Return ``D_k K^α``, by monomial.

        Examples
        --------
        >>> EvolutionFlow([{(1, 0): 1}]).of(1)
        {(2, 0): 1, (1, 1): 2}
        """
        if jet not in self._known:
            found: dict[Monomial, Any] = {}
            for monomial, value in self.of(jet - self._fields).items():
                for target, number in _derivative(monomial, self._fields):
                    found[target] = found.get(target, 0) + number * value
            self._known[jet] = found
        return self._known[jet]

    def apply(self, monomial: Monomial) -> Iterator[tuple[Monomial, Any]]:
        """Yield the terms of ``Σ ∂m/∂u_k D_k K``; a monomial may come several times.

        Examples
        --------
        >>> list(EvolutionFlow([{(1,): 1}]).apply((0,)))
        [((1,), 1)]
        """
        last = -1
        for place, jet in enumerate(monomial):
            if jet == last:
                continue
            last = jet
            rest = monomial[:place] + monomial[place + 1 :]
            for term, value in self.of(jet).items():
                target, many = rest, 1
                for other, run in groupby(term):
                    target, number = _times(target, other, len(tuple(run)))
                    many *= number
                yield target, many * value
