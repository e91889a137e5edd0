"""The Lie algebra of Killing fields with explicit fields, each proved by ``L_ξ g = 0``.

Definition: the dimension is known from curvature first; fields are sought in growing spaces until they are as many.
Convention: ``complete`` says whether they are; nothing is claimed of fields that were not found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any, final

import numpy as np

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, solve_linear
from erlangen.random import as_generator
from erlangen.symbolic.geometry.killing import killing_dimension
from erlangen.symbolic.geometry.killing_ansatz import Ansatz, KillingSampler, Shape
from erlangen.symbolic.geometry.killing_fields import exact_fields, field_columns, field_text, independent_rows
from erlangen.symbolic.geometry.killing_frequencies import translation_frequencies
from erlangen.symbolic.geometry.metric import Metric
from erlangen.symbolic.geometry.tensor import Tensor
from erlangen.symbolic.symmetries.lie_algebra import LieAlgebra

__all__ = ["KillingAlgebra", "killing_algebra"]

# power of the singular factors, degree, degree in ignorable coordinates, further coordinates
_LEVELS = (
    (0, 0, 0, False),
    (0, 1, 1, False),
    (1, 0, 1, False),
    (0, 2, 2, False),
    (1, 1, 2, False),
    (1, 2, 3, True),
    (2, 1, 3, False),
    (2, 2, 4, True),
)
_LARGEST = 1200  # candidates of one ansatz


@final
@dataclass(frozen=True)
class KillingAlgebra:
    """The Killing fields of a metric that were found, and the dimension that curvature certifies.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> found = killing_algebra(spacetime("schwarzschild"))
    >>> found.dimension, found.complete, len(found.fields)
    (4, True, 4)
    """

    metric: Metric
    dimension: int
    fields: tuple[Tensor, ...]

    @property
    def complete(self) -> bool:
        """Whether as many fields were found as there are.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> killing_algebra(spacetime("bondi-3d"), levels=2).complete  # they solve Hill's equation
        False
        """
        return len(self.fields) == self.dimension

    @cached_property
    def structure_constants(self) -> dict[tuple[int, int], dict[int, DifferentialElement]]:
        """``[ξ_i, ξ_j] = Σ_k c_ij^k ξ_k`` for ``i < j``, exact in the parameters of the metric.

        Raises
        ------
        DomainError
            If the fields found are not closed under brackets, which only incomplete ones can be.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> killing_algebra(spacetime("minkowski", dimension=2)).structure_constants
        {(0, 1): {}, (0, 2): {1: 1}, (1, 2): {0: 1}}
        """
        ring = self.metric.ring
        pairs = [(i, j) for i in range(len(self.fields)) for j in range(i + 1, len(self.fields))]
        brackets = [self.fields[j].lie_derivative(self.fields[i]) for i, j in pairs]
        columns = field_columns([*self.fields, *brackets])
        count = len(self.fields)
        rows: dict[Any, dict[int, Any]] = {}
        for k, column in enumerate(columns):
            for key, value in column.items():
                rows.setdefault(key, {})[k] = value
        pivots = independent_rows(rows, count)
        table = {}
        for number, pair in enumerate(pairs):
            place = count + number
            system = [{**{k: row[k] for k in row if k < count}, count: row.get(place, 0)} for row in pivots]
            found = solve_linear(system, count)
            weights = {} if found is None else {k: ring.constant(0) + value for k, value in found[0].items() if value}
            total = brackets[number]
            for k, weight in weights.items():
                total = total - self.fields[k] * weight
            if total:
                message = f"the bracket of the fields {pair[0]} and {pair[1]} is not among those found"
                raise DomainError(message, hint="the algebra is complete only where .complete is true")
            table[pair] = weights
        return table

    def algebra(self, **values: int | Fraction) -> LieAlgebra:
        """Return the Lie algebra over Q, at given values of the parameters on which the structure constants depend.

        Raises
        ------
        DomainError
            If a value is missing, or the fields are not all known.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> so3_and_time = killing_algebra(spacetime("schwarzschild")).algebra()
        >>> len(so3_and_time.levi_factor()), len(so3_and_time.centre())
        (3, 1)
        >>> killing_algebra(spacetime("de-sitter")).algebra(H=1).is_semisimple
        True
        """
        if not self.complete:
            message = f"{len(self.fields)} of {self.dimension} Killing fields are known"
            raise DomainError(message, hint="the structure constants of those known are in .structure_constants")
        table = {}
        for pair, weights in self.structure_constants.items():
            row = {}
            for k, weight in weights.items():
                missing = [name for name in weight.generators if name not in values]
                if missing:
                    message = f"the structure constant of {pair} on field {k} is {weight}: {missing[0]} has no value"
                    raise DomainError(message, hint=f"give it: algebra({missing[0]}=1)")
                row[k] = weight.substitute({name: values[name] for name in weight.generators}).rational() or Fraction(0)
            table[pair] = row
        return LieAlgebra(self.dimension, table)

    def texts(self) -> tuple[str, ...]:
        """Return the fields as ``f ∂_x + g ∂_y``.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> killing_algebra(spacetime("minkowski", dimension=2)).texts()
        ('∂_t', '∂_x', 'x ∂_t + t ∂_x')
        """
        return tuple(field_text(field) for field in self.fields)

    def __repr__(self) -> str:
        return f"KillingAlgebra(dimension={self.dimension}, complete={self.complete}, fields={list(self.texts())})"


def killing_algebra(
    metric: Metric, *, levels: int = len(_LEVELS), derivatives: int = 4, rng: int | np.random.Generator = 0
) -> KillingAlgebra:
    """Return the Killing fields of a metric: their certified number, and explicit ones.

    Parameters
    ----------
    metric : Metric
        Parameters and undetermined functions are generic. What the fields need (sines of angles, roots) is adjoined to its ring.
    levels : int
        How many of the growing spaces of fields are tried, from constants to polynomials over the singular factors.
    derivatives : int
        Of the curvature, for the dimension; see :func:`killing_dimension`.
    rng : int or Generator
        For the random points at which spaces are tried.

    Raises
    ------
    ConvergenceError
        If the dimension is not certified.
    DomainError
        If the metric holds a function without expansion at a random point of a prime field.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> print(*killing_algebra(spacetime("kasner")).texts(), sep=", ")
    ∂_x, ∂_y, ∂_z
    """
    generator = as_generator(rng)
    dimension = killing_dimension(metric, derivatives=derivatives, rng=generator).dimension
    best: dict[Any, tuple[Ansatz, list[Shape], list[dict[int, int]]]] = {}
    sampler = KillingSampler(metric, generator)
    for ansatz in _spaces(sampler, generator, levels):
        if sum(len(kernel) for _, _, kernel in best.values()) >= dimension:
            break
        found = _lifted(sampler, ansatz, dimension)
        key = ansatz.modes, ansatz.parity
        if found is not None and len(found[2]) > (len(best[key][2]) if key in best else 0):
            best[key] = found
    fields: list[Tensor] = []
    for ansatz, shapes, kernel in best.values():
        fields += exact_fields(sampler, ansatz, [shapes[k] for k in sorted({k for vector in kernel for k in vector})])
    return KillingAlgebra(metric, dimension, tuple(fields))


def _spaces(sampler: KillingSampler, generator: np.random.Generator, levels: int) -> Iterator[Ansatz]:
    """Yield the spaces to try, the small ones first; frequencies are computed when constants do not suffice."""
    zero = (0,) * len(sampler.factors)
    still: tuple[DifferentialElement | None, ...] = (None,) * len(sampler.ignorable)
    modes, parities = [still], [zero]
    for number, (power, degree, times, hidden) in enumerate(_LEVELS[:levels]):
        if number == 1:
            choices = [(None, *translation_frequencies(sampler.metric, name, generator)) for name in sampler.ignorable]
            modes = sorted(product(*choices), key=lambda mode: sum(c is not None for c in mode))
        if power and len(parities) == 1:
            parities = _parities(sampler)
        for parity in parities if power else [zero]:
            for mode in modes:
                yield Ansatz(mode, parity, power, degree, times, hidden)


def _parities(sampler: KillingSampler) -> list[tuple[int, ...]]:
    """Return which factors stand under the root, up to the roots that the ring has already; few first."""
    known: set[tuple[int, ...]] = {(0,) * len(sampler.factors)}
    for root in sampler.metric.ring.roots:
        if root.square is not None:
            parts = {
                str(DifferentialElement(root.square.ring, (f, None))): int(k)
                for f, k in root.square.pair[0].factor()[1]
            }
            vector = tuple(parts.get(str(factor), 0) % 2 for factor in sampler.factors)
            known |= {tuple((a + b) % 2 for a, b in zip(other, vector, strict=True)) for other in known}
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for parity in sorted(product((0, 1), repeat=len(sampler.factors)), key=lambda p: (_odd(sampler, p), sum(p), p)):
        key = min(tuple((a + b) % 2 for a, b in zip(parity, other, strict=True)) for other in known)
        found.setdefault(key, parity)
    return list(found.values())


def _odd(sampler: KillingSampler, parity: tuple[int, ...]) -> bool:
    """Return whether the factors under the root change, by more than a sign, where a variable changes its sign."""
    ring = sampler.metric.ring
    under = ring.constant(1)
    for factor, odd in zip(sampler.factors, parity, strict=True):
        under = under * factor if odd else under
    names = [name for name in under.generators if name in sampler.variables]
    return any(len({power % 2 for (power,) in under.coefficients(name)}) > 1 for name in names)


def _lifted(
    sampler: KillingSampler, ansatz: Ansatz, wanted: int
) -> tuple[Ansatz, list[Shape], list[dict[int, int]]] | None:
    """Return the solutions of an ansatz, its degree in ignorable coordinates raised only while that brings more."""
    best = None
    for times in range(ansatz.ignorable_degree + 1):
        tried = replace(ansatz, ignorable_degree=times)
        if len(sampler.shapes(tried)) > _LARGEST:
            break
        shapes, kernel = sampler.solutions(tried)
        if best is not None and len(kernel) <= len(best[2]):
            break
        if not kernel:
            return None
        best = tried, shapes, kernel
        if len(kernel) >= wanted:
            break
    return best
