"""How Minkowski space links its two null infinities: the Killing fields that reach both fix the map between the cuts.

Definition: with ``u = t - r``, ``v = t + r`` and directions ``n = x/r``, a Killing field has ``f^+ = lim ξ(u)`` and ``Y^+ = lim ξ(n)`` at
    future null infinity (r → ∞ at fixed u = 0), ``f^-`` and ``Y^-`` at past null infinity; the link A is linear with ``f^-(A n) = f^+(n)``.
Convention: nothing is assumed of A; that it is antipodal is what the translations say (Schöller; Prohazka, Salzer, Schöller 1701.06573).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing, TruncatedSeries, solve_linear
from erlangen.validation import check_integer

__all__ = ["NullLink", "null_link"]

_AXES = ("x", "y", "z")


@final
@dataclass(frozen=True)
class NullLink:
    """The map of directions that carries symmetries at future null infinity into those at past null infinity.

    ``future`` and ``past`` have, for each Killing field, the time component f and the components of Y in terms of the direction n.

    Examples
    --------
    >>> null_link(3).matrix
    ((-1, 0), (0, -1))
    """

    matrix: tuple[tuple[int | Fraction, ...], ...]
    future: dict[str, tuple[DifferentialElement, ...]]
    past: dict[str, tuple[DifferentialElement, ...]]

    @property
    def antipodal(self) -> bool:
        """Whether the map sends n to -n.

        Examples
        --------
        >>> null_link(4).antipodal
        True
        """
        return all(value == -int(i == j) for i, row in enumerate(self.matrix) for j, value in enumerate(row))


def null_link(dimension: int = 4) -> NullLink:
    """Return the link of the null infinities of Minkowski space, which all its Killing fields respect.

    Raises
    ------
    DomainError
        If the dimension is neither 3 nor 4, or the Killing fields do not agree on a map.

    Examples
    --------
    >>> link = null_link(3)
    >>> link.future["P_x"], link.past["P_x"]
    ((-n_x, 0, 0), (n_x, 0, 0))
    """
    if check_integer(dimension, "dimension") not in (3, 4):
        message = f"the link is that of three or four dimensions, not of {dimension}"
        raise DomainError(message)
    axes = _AXES[: dimension - 1]
    ring = DifferentialRing(("t", *axes, "e"), constants=[*(f"n_{a}" for a in axes), "s"])
    ring.adjoin_root("r", sum((ring[a] ** 2 for a in axes), ring.constant(0)))
    fields = _killing(ring, axes)
    ends = [{name: _at_infinity(ring, axes, xi, sign) for name, xi in fields.items()} for sign in (1, -1)]
    future, past = ends
    matrix = _solve(ring, axes, future, past)
    turned = {
        f"n_{a}": sum((ring[f"n_{b}"] * value for b, value in zip(axes, row, strict=True)), ring.constant(0))
        for a, row in zip(axes, matrix, strict=True)
    }
    for name in fields:
        early = [value.substitute(turned) for value in past[name]]
        late = [sum((w * m for w, m in zip(future[name][1:], row, strict=True)), ring.constant(0)) for row in matrix]
        if early != [future[name][0], *late]:
            message = f"the field {name} does not respect the map of directions {matrix}"
            raise DomainError(message, hint="this is an error of the library; please report it")
    return NullLink(matrix, future, past)


def _killing(ring: DifferentialRing, axes: tuple[str, ...]) -> dict[str, dict[str, DifferentialElement]]:
    """Return the Killing fields of Minkowski space by their Cartesian components."""
    one = ring.constant(1)
    fields: dict[str, dict[str, DifferentialElement]] = {f"P_{a}": {a: one} for a in ("t", *axes)}
    for i, a in enumerate(axes):
        fields[f"K_{a}"] = {"t": ring[a], a: ring["t"]}
        for b in axes[i + 1 :]:
            fields[f"J_{a}{b}"] = {b: ring[a], a: -ring[b]}
    return fields


def _at_infinity(
    ring: DifferentialRing, axes: tuple[str, ...], xi: Mapping[str, DifferentialElement], sign: int
) -> tuple[DifferentialElement, ...]:
    """Return f and Y at the end whose retarded (sign 1) or advanced (sign -1) time vanishes."""
    radius = ring["r"]
    scale = 1 / ring["e"]
    ray = {a: ring[f"n_{a}"] * scale for a in axes} | {"t": sign * scale, "r": scale}
    found = []
    for what in (ring["t"] - sign * radius, *(ring[a] / radius for a in axes)):
        value = sum((component * what.derivative(name) for name, component in xi.items()), ring.constant(0))
        limit = TruncatedSeries.of(value.substitute(ray), "e", order=1, at="0").coefficient(0)
        found.append(limit.numerator)  # the denominator is a power of n·n = 1
    return tuple(found)


def _solve(
    ring: DifferentialRing,
    axes: tuple[str, ...],
    future: Mapping[str, tuple[DifferentialElement, ...]],
    past: Mapping[str, tuple[DifferentialElement, ...]],
) -> tuple[tuple[int | Fraction, ...], ...]:
    """Return A with ``f^-(A n) = f^+(n)`` for all translations along the axes, by linear equations for its entries."""
    size = len(axes)
    rows = []
    for name in (f"P_{a}" for a in axes):
        early = [past[name][0].partial(f"n_{a}") for a in axes]
        late = [future[name][0].partial(f"n_{a}") for a in axes]
        for j in range(size):
            row = {i * size + j: slope.rational() or 0 for i, slope in enumerate(early)}
            rows.append({**row, size * size: late[j].rational() or 0})
    found = solve_linear(rows, size * size)
    if found is None or found[1]:
        message = "the translations do not fix the map of directions"
        raise DomainError(message, hint="this is an error of the library; please report it")
    return tuple(tuple(_whole(found[0].get(i * size + j, 0)) for j in range(size)) for i in range(size))


def _whole(value: int | Fraction) -> int | Fraction:
    return int(value) if Fraction(value).denominator == 1 else value
