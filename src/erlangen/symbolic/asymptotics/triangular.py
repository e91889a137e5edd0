"""Equations between coefficients of expansions, solved one after the other.

Definition: each equation is solved for the jet of the least important unknown that it holds with a numerical factor: latest coefficients
    first, undifferentiated before differentiated, derivatives along the first coordinate before others.
Convention: what cannot be solved so is kept, and returned as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement
from erlangen.symbolic.jets.jet_space import JetSpace
from erlangen.symbolic.jets.jets_within import jets_within
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem

__all__ = ["Triangular"]


@final
class Triangular:
    """A growing triangular system for the coefficients of an expansion.

    Parameters
    ----------
    space : JetSpace
        Its fields are the unknowns.
    rank : mapping of str to int
        How late an unknown comes in the expansion; equations are solved for the latest.

    Examples
    --------
    >>> space = JetSpace("u phi", "a b")
    >>> system = Triangular(space, {"a": 0, "b": 1})
    >>> system.solve([space.parse("b - a_u"), space.parse("b_phi + a_phi_u"), space.parse("a_u")])
    ()
    >>> system.rules
    {'b': 0, 'a_u': 0}
    """

    def __init__(self, space: JetSpace, rank: Mapping[str, int]) -> None:
        self.space = space
        self._rank = dict(rank)
        self._solved: list[tuple[DifferentialElement, tuple[str, tuple[int, ...]]]] = []
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
        grown = Triangular(space, rank)
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
        while True:
            waiting = [reduced.numerator for equation in waiting if (reduced := self.reduce(equation))]
            for equation in waiting:
                if equation.rational() is not None:
                    message = f"the equations demand {equation} = 0: there is no solution"
                    raise DomainError(message, hint="weaken the fall-offs or change the gauge")
            best = None
            for equation in waiting:
                for jet in self._candidates(equation):
                    key = (*self._key(jet), -len(equation))
                    if best is None or key > best[0]:
                        best = key, equation, jet
            if best is None:
                return tuple(waiting)
            field, index = best[2]
            kept = []
            for equation, jet in self._solved:  # what the new rule covers is an equation again
                if jet[0] == field and _covers(jet[1], index):
                    waiting.append(equation)
                else:
                    kept.append((equation, jet))
            self._solved = [*kept, (best[1], best[2])]
            self._rebuild()

    def _candidates(self, equation: DifferentialElement) -> list[tuple[str, tuple[int, ...]]]:
        """Return the jets that occur linearly with a numerical factor, and highest of their unknown."""
        found = []
        for field in self.space.fields:
            jets = jets_within(equation, field)
            for index in jets:
                factor = equation.partial(self.space.ring.jet(field, index).generators[0])
                lower = all(index == other or not _covers(other, index) for other in jets)
                if lower and self._is_unit(factor):
                    found.append((field, index))
        return found

    def _is_unit(self, factor: DifferentialElement) -> bool:
        """Return whether a factor is free of unknowns and coordinates, so that it may be divided by."""
        constants = set(self.space.ring.constants)
        return bool(factor) and all(name in constants for name in factor.generators)

    def _key(self, jet: tuple[str, tuple[int, ...]]) -> tuple[bool, int, int, tuple[int, ...]]:
        field, index = jet
        return not any(index), self._rank.get(field, 0), -sum(index), index


def _covers(high: tuple[int, ...], low: tuple[int, ...]) -> bool:
    return all(a >= b for a, b in zip(high, low, strict=True))
