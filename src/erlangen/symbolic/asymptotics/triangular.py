"""Equations between coefficients of expansions, solved one after the other.

Definition: each equation is solved for the jet of the least important unknown that it holds with a numerical factor: latest coefficients
    first, undifferentiated before differentiated, derivatives along the first coordinate before others.
Convention: what cannot be solved so is kept, and returned as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement
from erlangen.symbolic.jets.jet_space import JetSpace
from erlangen.symbolic.jets.jets_within import jets_by_function
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem

__all__ = ["Triangular", "prime_factors"]

Jet: TypeAlias = tuple[str, tuple[int, ...]]


@final
class Triangular:
    """A growing triangular system for the coefficients of an expansion.

    Parameters
    ----------
    space : JetSpace
        Its fields are the unknowns.
    rank : mapping of str to int
        How late an unknown comes in the expansion; equations are solved for the latest.
    units : iterable of element
        Polynomials in coordinates that vanish nowhere in the chart, by which may be divided.

    Examples
    --------
    >>> space = JetSpace("u phi", "a b")
    >>> system = Triangular(space, {"a": 0, "b": 1})
    >>> system.solve([space.parse("b - a_u"), space.parse("b_phi + a_phi_u"), space.parse("a_u")])
    ()
    >>> system.rules
    {'b': 0, 'a_u': 0}
    """

    def __init__(self, space: JetSpace, rank: Mapping[str, int], units: Iterable[DifferentialElement] = ()) -> None:
        self.space = space
        self._fields = frozenset(space.fields)
        self._rank = dict(rank)
        self._units = prime_factors(units)
        self._solved: list[tuple[DifferentialElement, Jet]] = []
        self._system: DifferentialSystem | None = None

    def extended(self, space: JetSpace, rank: Mapping[str, int]) -> Triangular:
        """Return a system for further unknowns in the same ring that keeps what was solved.

        Examples
        --------
        >>> space = JetSpace("u", "a b")
        >>> first = Triangular(JetSpace.over(space.ring, ("a",)), {"a": 0})
        >>> first.solve([space["a_u"]])
        ()
        >>> first.extended(space, {"a": -1, "b": 0}).reduce(space["a_uu"])
        0
        """
        grown = Triangular(space, rank, self._units)
        grown._solved = list(self._solved)
        if grown._solved:
            grown._rebuild()
        return grown

    def _rebuild(self) -> None:
        names = [self.space.ring.jet(*jet).generators[0] for _, jet in self._solved]
        self._system = DifferentialSystem(self.space, [e for e, _ in self._solved], leading=names)

    @property
    def rules(self) -> dict[str, DifferentialElement]:
        """The jets that are determined and what they equal.

        Examples
        --------
        >>> Triangular(JetSpace("u", "a"), {"a": 0}).rules
        {}
        """
        return {} if self._system is None else {name: self.reduce(self.space[name]) for name in self._system.solved}

    def reduce(self, element: DifferentialElement) -> DifferentialElement:
        """Return an element with everything determined put in.

        Examples
        --------
        >>> space = JetSpace("u", "a")
        >>> Triangular(space, {"a": 0}).reduce(space["a"])
        a
        """
        return element if self._system is None else self._system.reduce(element)

    def solve(self, equations: Iterable[DifferentialElement]) -> tuple[DifferentialElement, ...]:
        """Solve what can be solved; return the equations that are left.

        Raises
        ------
        DomainError
            If an equation says that a number vanishes: there is no solution.

        Examples
        --------
        >>> space = JetSpace("u", "a")
        >>> Triangular(space, {"a": 0}).solve([space.parse("a_u^2 - 1")])
        (a_u^2 - 1,)
        """
        waiting = [equation.numerator for equation in equations if equation]
        known: dict[
            int, tuple[DifferentialElement, list[Jet]]
        ] = {}  # what an equation may be solved for, while it stands
        while True:
            waiting = self._reduced(waiting)
            for equation in waiting:
                if self._is_unit(equation):
                    message = f"the equations demand {equation} = 0: there is no solution"
                    raise DomainError(message, hint="weaken the fall-offs or change the gauge")
            best = None
            for equation in waiting:
                if id(equation) not in known:
                    known[id(equation)] = equation, self._candidates(equation)
                for jet in known[id(equation)][1]:
                    key = (*self._key(jet), -len(equation))
                    if best is None or key > best[0]:
                        best = key, equation, jet
            if best is None:
                return tuple(waiting)
            waiting += self._take(best[1], best[2])

    def _reduced(self, waiting: list[DifferentialElement]) -> list[DifferentialElement]:
        """Return the numerators of what is left of equations, the same objects where nothing was put in."""
        left = []
        for equation in waiting:
            reduced = self.reduce(equation)
            if reduced:
                left.append(equation if reduced is equation else reduced.numerator)
        return left

    def _take(self, equation: DifferentialElement, jet: Jet) -> list[DifferentialElement]:
        """Add a rule; return the earlier equations whose jets it covers, which are to be solved again."""
        field, index = jet
        again = [old for old, (name, corner) in self._solved if name == field and _covers(corner, index)]
        self._solved = [pair for pair in self._solved if not (pair[1][0] == field and _covers(pair[1][1], index))]
        self._solved.append((equation, jet))
        if again or self._system is None:
            self._rebuild()
        else:
            self._system.add(equation, self.space.ring.jet(*jet).generators[0])
        return again

    def _candidates(self, equation: DifferentialElement) -> list[Jet]:
        """Return the jets that occur linearly with a factor that is a unit, and highest of their unknown."""
        found = []
        for field, jets in jets_by_function(equation).items():
            if field not in self._fields:
                continue
            for index in jets:
                if all(index == other or not _covers(other, index) for other in jets):
                    factor = equation.partial(self.space.ring.jet(field, index).generators[0])
                    if self._is_unit(factor):
                        found.append((field, index))
        return found

    def _is_unit(self, factor: DifferentialElement) -> bool:
        """Return whether a factor may be divided by: a product of numbers, constants and the units that were named."""
        ring = self.space.ring
        constants = set(ring.constants)
        if not factor or all(name in constants for name in factor.generators):
            return bool(factor)
        if not self._units:
            return False
        allowed = {name for unit in self._units for name in unit.generators} | constants
        if not allowed.issuperset(factor.generators):
            return False
        for prime, _ in factor.numerator.pair[0].factor()[1]:
            piece = DifferentialElement(ring, (prime, None))
            if not all(name in constants for name in piece.generators) and piece not in self._units:
                return False
        return True

    def _key(self, jet: Jet) -> tuple[bool, int, int, tuple[int, ...]]:
        field, index = jet
        return not any(index), self._rank.get(field, 0), -sum(index), index


def _covers(high: tuple[int, ...], low: tuple[int, ...]) -> bool:
    return all(a >= b for a, b in zip(high, low, strict=True))


def prime_factors(elements: Iterable[DifferentialElement]) -> tuple[DifferentialElement, ...]:
    """Return the irreducible polynomials, both signs of each, in numerators and denominators.

    Examples
    --------
    >>> ring = JetSpace("z", "a").ring
    >>> prime_factors([ring.parse("2*z^2/(1 + z)")])
    (z, -z, z + 1, -z - 1)
    """
    found: list[DifferentialElement] = []
    for element in elements:
        for part in (element.numerator, element.denominator):
            for prime, _ in part.pair[0].factor()[1]:
                piece = DifferentialElement(element.ring, (prime, None))
                if piece not in found:
                    found += [piece, -piece]
    return tuple(found)
