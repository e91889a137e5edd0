"""Buchberger's algorithm for linear differential equations over a differential field.

Definition: differences of two equations differentiated to the least common derivative of their leading ones are reduced until all vanish;
    a pair is left out where a third leading derivative divides that corner and both its pairs were treated (the chain criterion).
Convention: equations are monic and map jets ``(function, index)`` to coefficients; the ranking is by order, then function, then index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, final

from erlangen.errors import ResourceLimitError
from erlangen.exact import DifferentialElement, DifferentialRing

__all__ = ["Completion", "Equation", "Index", "Jet", "ranking"]

Index: TypeAlias = tuple[int, ...]
Jet: TypeAlias = tuple[str, Index]
Equation: TypeAlias = dict[Jet, DifferentialElement]


def ranking(
    functions: tuple[str, ...], eliminated: tuple[str, ...] = ()
) -> Callable[[Jet], tuple[bool, int, int, Index]]:
    """Return the key of the ranking: what is eliminated, then order, then the function, then the index.

    Examples
    --------
    >>> max([("f", (2,)), ("g", (1,))], key=ranking(("f", "g"), ("g",)))
    ('g', (1,))
    """
    place = {function: k for k, function in enumerate(functions)}

    def key(jet: Jet) -> tuple[bool, int, int, Index]:
        return jet[0] in eliminated, sum(jet[1]), place[jet[0]], jet[1]

    return key


@final
@dataclass(eq=False)
class _Member:
    """An equation of the basis: its number, leading derivative and the derivatives taken of it."""

    number: int
    function: str
    corner: Index
    equation: Equation
    known: dict[Index, Equation] = field(default_factory=dict)


@final
class Completion:
    """A basis of linear differential equations that grows until it is complete.

    Examples
    --------
    >>> ring = DifferentialRing("x", functions="f")
    >>> worker = Completion(ring, ("f",))
    >>> worker.run([{("f", (1,)): 2 * ring.constant(1)}, {("f", (2,)): ring.constant(1)}])
    >>> worker.equations
    ({('f', (1,)): 1},)
    """

    def __init__(
        self,
        ring: DifferentialRing,
        functions: tuple[str, ...],
        eliminated: tuple[str, ...] = (),
        *,
        limit: int = 20_000,
        equations: Iterable[Equation] = (),
    ) -> None:
        self._of = {function: ring.functions[function] for function in functions}
        self._rank = ranking(functions, eliminated)
        self._left = self._limit = limit
        self._numbers = 0
        self._basis: list[_Member] = []
        self._treated: set[tuple[int, int]] = set()
        for equation in equations:
            self._basis.append(self._member(dict(equation)))

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The equations, lowest first.

        Examples
        --------
        >>> Completion(DifferentialRing("x", functions="f"), ("f",)).equations
        ()
        """
        return tuple(
            member.equation for member in sorted(self._basis, key=lambda one: self._rank((one.function, one.corner)))
        )

    def run(self, equations: list[Equation]) -> None:
        """Complete the basis with equations.

        Raises
        ------
        ResourceLimitError
            If the limit of reductions is reached.

        Examples
        --------
        >>> Completion(DifferentialRing("x", functions="f"), ("f",)).run([])
        """
        waiting = list(equations)
        while True:
            if waiting:
                waiting.sort(key=lambda equation: (self._rank(self._lead(equation)), len(equation)), reverse=True)
                candidate = self.reduce(waiting.pop())
            else:
                pair = self._next_pair()
                if pair is None:
                    break
                candidate = self.reduce(self._difference(*pair))
            if candidate:
                waiting += self._enter(candidate)
        for member in self._basis:
            lead = member.function, member.corner
            tail = self.reduce({jet: value for jet, value in member.equation.items() if jet != lead}, but=member)
            member.equation, member.known = {lead: member.equation[lead], **tail}, {}

    def reduce(self, equation: Equation, *, but: _Member | None = None) -> Equation:
        """Return the normal form of an equation, every derivative reduced.

        Examples
        --------
        >>> ring = DifferentialRing("x", functions="f")
        >>> one = ring.constant(1)
        >>> Completion(ring, ("f",), equations=[{("f", (1,)): one}]).reduce({("f", (3,)): one, ("f", (0,)): one})
        {('f', (0,)): 1}
        """
        done: Equation = {}
        waiting = dict(equation)
        while waiting:
            jet = self._lead(waiting)
            member = self._divisor(jet, but)
            if member is None:
                done[jet] = waiting.pop(jet)
                continue
            self._count()
            shift = tuple(a - b for a, b in zip(jet[1], member.corner, strict=True))
            factor = waiting.pop(jet)
            for term, value in self._derivative(member, shift).items():
                if term != jet:
                    _add(waiting, term, -factor * value)
        return done

    def _divisor(self, jet: Jet, but: _Member | None) -> _Member | None:
        function, index = jet
        for member in self._basis:
            if member.function == function and member is not but and _covers(index, member.corner):
                return member
        return None

    def _lead(self, equation: Equation) -> Jet:
        return max(equation, key=self._rank)

    def _member(self, equation: Equation) -> _Member:
        lead = self._lead(equation)
        scale = equation[lead]
        monic = equation if scale == 1 else {jet: value / scale for jet, value in equation.items()}
        self._numbers += 1
        return _Member(self._numbers, *lead, monic)

    def _enter(self, equation: Equation) -> list[Equation]:
        """Take a reduced equation into the basis and return those it leads, to be reduced anew."""
        member = self._member(equation)
        out = [o for o in self._basis if o.function == member.function and _covers(o.corner, member.corner)]
        self._basis = [other for other in self._basis if other not in out]
        self._basis.append(member)
        return [other.equation for other in out]

    def _next_pair(self) -> tuple[_Member, _Member] | None:
        """Return the untreated pair with the lowest corner, leaving out what the chain criterion covers."""
        while True:
            best: tuple[_Member, _Member] | None = None
            rank = None
            for j, right in enumerate(self._basis):
                for left in self._basis[:j]:
                    if left.function != right.function or (left.number, right.number) in self._treated:
                        continue
                    key = self._rank((left.function, _corner(left, right)))
                    if rank is None or key < rank:
                        best, rank = (left, right), key
            if best is None:
                return None
            self._treated.add((best[0].number, best[1].number))
            if not self._covered(*best):
                return best

    def _covered(self, left: _Member, right: _Member) -> bool:
        corner = _corner(left, right)
        for other in self._basis:
            if other is not left and other is not right and other.function == left.function:
                pairs = (tuple(sorted((one.number, other.number))) for one in (left, right))
                if _covers(corner, other.corner) and all(pair in self._treated for pair in pairs):
                    return True
        return False

    def _derivative(self, member: _Member, index: Index) -> Equation:
        """Return ``D_I`` of an equation of the basis, I over the coordinates of its function."""
        if not any(index):
            return member.equation
        if index not in member.known:
            place = max(i for i, count in enumerate(index) if count)
            lower = self._derivative(member, (*index[:place], index[place] - 1, *index[place + 1 :]))
            member.known[index] = self._along(lower, self._of[member.function][place])
        return member.known[index]

    def _along(self, equation: Equation, coordinate: str) -> Equation:
        result: Equation = {}
        for (name, index), value in equation.items():
            slope = value.derivative(coordinate)
            if slope:
                _add(result, (name, index), slope)
            of = self._of[name]
            if coordinate in of:
                place = of.index(coordinate)
                _add(result, (name, (*index[:place], index[place] + 1, *index[place + 1 :])), value)
        return result

    def _difference(self, left: _Member, right: _Member) -> Equation:
        """Return the difference of both equations, differentiated to the least common derivative of their leading ones."""
        corner = _corner(left, right)
        result: Equation = {}
        for member, sign in ((left, 1), (right, -1)):
            shift = tuple(a - b for a, b in zip(corner, member.corner, strict=True))
            for jet, value in self._derivative(member, shift).items():
                _add(result, jet, sign * value)
        return result

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            message = f"the completion of the linear system took more than {self._limit} reductions"
            raise ResourceLimitError(message, hint="raise limit, or give a simpler system")


def _corner(left: _Member, right: _Member) -> Index:
    return tuple(max(a, b) for a, b in zip(left.corner, right.corner, strict=True))


def _covers(index: Index, corner: Index) -> bool:
    return all(a >= b for a, b in zip(index, corner, strict=True))


def _add(equation: Equation, jet: Jet, value: DifferentialElement) -> None:
    total = equation[jet] + value if jet in equation else value
    if total:
        equation[jet] = total
    else:
        equation.pop(jet, None)
