"""The generators of a differential ring: their names, their places in the polynomials, and the FLINT context that holds them.

Definition: roots first, the newest foremost, then coordinates, constants, jets and adjoined functions in the order of their creation.
Convention: the context grows by spare places; polynomials of an earlier one are lifted when they are next used, by their level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import flint

from erlangen.errors import DomainError
from erlangen.exact.differential.fractions import Pair, cancel
from erlangen.exact.differential.names import check_name, jet_name, names_of, read_jet
from erlangen.exact.differential.symbols import Root, Symbol

__all__ = ["GeneratorTable"]

_CAPACITY = 8  # generators of the first context: exponents of eight generators share one machine word


class GeneratorTable:
    """What a differential ring knows of its generators; the abstract base of :class:`DifferentialRing`.

    Examples
    --------
    >>> GeneratorTable(("x",)).names[:2]
    ('x', '')
    """

    def __init__(self, coordinates: tuple[str, ...]) -> None:
        self.coordinates = coordinates
        self._symbols: list[Symbol] = []
        self.roots: list[Root] = []
        self._slots: dict[str, int] = {}
        self._positions: dict[str, int] = {}
        self._names: tuple[str, ...] | None = None
        self._functions: dict[str, tuple[str, ...]] = {}
        self._numbers: dict[int, Any] = {}
        self.level = -1
        self._grow(_CAPACITY)
        for name in self.coordinates:
            self._add(Symbol(name, "coordinate"))

    def declare(
        self,
        *,
        constants: str | Iterable[str] = (),
        functions: Mapping[str, str | Iterable[str]] | str = (),  # type: ignore[assignment]
    ) -> None:
        """Add constants and functions to the ring.

        Raises
        ------
        DomainError
            As for the constructor.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> ring.declare(constants="k", functions="u")
        >>> ring.parse("k*u_x")
        k*u_x
        """
        for name in names_of(constants):
            self._add(Symbol(name, "constant"))
        wanted = functions if isinstance(functions, Mapping) else dict.fromkeys(names_of(functions), self.coordinates)
        for name, arguments in wanted.items():
            check_name(name)
            if name in self._functions or name in self._slots:
                message = f"the name {name!r} is taken in {self!r}"
                raise DomainError(message, hint="choose another name")
            of = names_of(arguments)
            for coordinate in of:
                if coordinate not in self.coordinates:
                    message = f"the function {name} depends on {coordinate!r}, which is not among the coordinates {' '.join(self.coordinates)}"
                    raise DomainError(message, hint="declare the coordinate first")
            self._functions[name] = tuple(coordinate for coordinate in self.coordinates if coordinate in of)

    @property
    def functions(self) -> dict[str, tuple[str, ...]]:
        """The undetermined functions and the coordinates each depends on.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> DifferentialRing("t x", functions={"f": "x"}).functions
        {'f': ('x',)}
        """
        return dict(self._functions)

    @property
    def constants(self) -> tuple[str, ...]:
        """The names of the constants.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> DifferentialRing("x", constants="M a").constants
        ('M', 'a')
        """
        return tuple(symbol.name for symbol in self._symbols if symbol.kind == "constant")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the generators in use, by position in the polynomials; spare places are empty.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> DifferentialRing("x y").names[:3]
        ('x', 'y', '')
        """
        if self._names is None:
            spare = [""] * (self._capacity - len(self._symbols))
            self._names = (
                *(root.name for root in reversed(self.roots)),
                *(symbol.name for symbol in self._symbols),
                *spare,
            )
        return self._names

    def symbol(self, position: int) -> Symbol | Root:
        """Return what is known of the generator at a position.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> DifferentialRing("x y").symbol(1).kind
        'coordinate'
        """
        roots = len(self.roots)
        return self.roots[roots - 1 - position] if position < roots else self._symbols[position - roots]

    def position(self, name: str) -> int:
        """Return the position of a generator in the polynomials, creating a jet that is named for the first time.

        Raises
        ------
        DomainError
            If the name is unknown.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> DifferentialRing("x y").position("y")
        1
        """
        if name in self._positions:
            return self._positions[name]
        function, index = read_jet(name, self._functions, self.coordinates)
        known = jet_name(function, index, self._functions[function])
        if known not in self._positions:
            self._add(Symbol(known, "jet", function=function, index=index))
        return self._positions[known]

    def __contains__(self, name: object) -> bool:
        if name in self._positions:
            return True
        try:
            read_jet(str(name), self._functions, self.coordinates)
        except DomainError:
            return False
        return True

    @property
    def has_roots(self) -> bool:
        """Whether a root was adjoined.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> DifferentialRing("x").has_roots
        False
        """
        return bool(self.roots)

    def lift(self, polynomial: Any) -> Any:
        """Return a polynomial of an earlier context in the present one.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> ring.lift(ring.one) == ring.one
        True
        """
        return polynomial.project_to_context(self.context)

    def reduce(self, polynomial: Any) -> Any:
        """Return the normal form of a polynomial: every root to degree at most one.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> s = ring.adjoin_root("s", ring["x"])
        >>> s.pair[0] ** 3, ring.reduce(s.pair[0] ** 3)
        (r0^3, r0*v0)
        """
        for place, root in enumerate(reversed(self.roots)):
            if root.square is not None and polynomial.degrees()[place] > 1:
                polynomial = divmod(polynomial, self.gens[place] ** 2 - root.square.pair[0])[1]
        return polynomial

    def normal(self, pair: Pair) -> Pair:
        """Return the normal form of a fraction whose numerator may hold higher powers of roots.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> ring.normal(ring["x"].pair) == ring["x"].pair
        True
        """
        if not self.roots:
            return pair
        top = self.reduce(pair[0])
        return pair if top is pair[0] else cancel(top, pair[1])

    def _taken(self, name: str) -> None:
        if name in self._positions or name in self._functions:
            message = f"the name {name!r} is taken in {self!r}"
            raise DomainError(message, hint="choose another name")

    def _add(self, symbol: Symbol) -> None:
        """Give a symbol the next place, in a larger context where this one is full."""
        if symbol.kind != "jet":
            self._taken(symbol.name)
        if len(self._symbols) == self._capacity:
            self._grow(self._capacity + max(_CAPACITY, self._capacity // 2))
        self._symbols.append(symbol)
        self._names = None
        self._slots[symbol.name] = len(self._symbols) - 1
        self._positions[symbol.name] = len(self.roots) + len(self._symbols) - 1

    def _grow(self, capacity: int) -> None:
        """Make a new context, with the roots first and the newest root foremost, so that division reduces powers of roots."""
        self._capacity = capacity
        roots = len(self.roots)
        names = [f"r{i}" for i in reversed(range(roots))] + [f"v{i}" for i in range(capacity)]
        self.context = flint.fmpz_mpoly_ctx.get(tuple(names), "lex")
        self.gens = self.context.gens()
        self.one = self.context.constant(1)
        self.level += 1
        self._names = None
        self._numbers.clear()
        self._positions = {root.name: roots - 1 - i for i, root in enumerate(self.roots)}
        self._positions.update({name: roots + slot for name, slot in self._slots.items()})
