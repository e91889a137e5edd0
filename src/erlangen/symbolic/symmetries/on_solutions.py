"""Functions on the solutions of a differential system, as functions of finitely many parametric jets.

Definition: base coordinates and the parametric jets up to an order are coordinates, higher parametric jets constants; ``D_i`` takes a jet to
    the next one, or to what that is on solutions.
Convention: ``u_xx`` is the coordinate ``uxx``, and the unknown characteristic of u is ``Q_u``.
"""

from __future__ import annotations

from itertools import product
from typing import TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem

__all__ = ["OnSolutions"]

Index: TypeAlias = tuple[int, ...]
Jet: TypeAlias = tuple[str, Index]


@final
class OnSolutions:
    """Functions on the solutions of a system, with their total derivatives and the derivatives of unknown characteristics.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> frame = OnSolutions(DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"]), 1)
    >>> frame.jet("u", (1, 0)), frame.changes("u", (0, 1))
    (uxx, uxx*Q_u_ux + ux*Q_u_u + Q_u_x)
    """

    def __init__(self, system: DifferentialSystem, order: int) -> None:
        space = system.space
        self._system, self._space = system, space
        size = len(space.base)
        for field in space.fields:
            if system.principal(field, (0,) * size):
                message = f"the equations determine {field} itself"
                raise DomainError(message, hint="eliminate that field first")
        indices = sorted((sum(index), index) for index in product(range(order + 1), repeat=size) if sum(index) <= order)
        self._names: dict[Jet, str] = {}
        self.jets: dict[str, Jet] = {}
        self.free: dict[str, Jet] = {}
        taken = {*space.base, *space.ring.constants, *space.ring.functions}
        for _, index in indices:
            for field in space.fields:
                if not system.principal(field, index):
                    self.jets[self._name((field, index), taken)] = field, index
        self.unknowns = tuple(f"Q_{field}" for field in space.fields)
        coordinates = (*space.base, *self.jets)
        given = {name: of for name, of in space.ring.functions.items() if name not in space.fields}
        self.ring = DifferentialRing(
            coordinates,
            constants=space.ring.constants,
            functions={**given, **dict.fromkeys(self.unknowns, coordinates)},
        )
        self._values: dict[Jet, DifferentialElement] = {}
        self._changes: dict[Jet, DifferentialElement] = {}

    def _name(self, jet: Jet, taken: set[str]) -> str:
        field, index = jet
        name = field + "".join(base * count for base, count in zip(self._space.base, index, strict=True))
        while name in taken and name != field:
            name += "j"
        taken.add(name)
        self._names[jet] = name
        return name

    def jet(self, field: str, index: Index) -> DifferentialElement:
        """Return what a jet is on solutions.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> OnSolutions(DifferentialSystem(JetSpace("x", "y"), ["y_xx - y"]), 1).jet("y", (3,))
        yx
        """
        key = field, index
        if key not in self._values:
            if self._system.principal(field, index):
                self._values[key] = self.carry(self._system.value(field, index))
            else:
                if key not in self._names:
                    name = self._name(key, {*self.ring.coordinates, *self.ring.constants, *self.ring.functions})
                    self.ring.declare(constants=name)
                    self.free[name] = key
                self._values[key] = self.ring[self._names[key]]
        return self._values[key]

    def carry(self, element: DifferentialElement) -> DifferentialElement:
        """Return an element of the jet space on solutions, in the ring of the unknowns.

        Raises
        ------
        DomainError
            If it holds a root without a name such as ``sqrt(...)``.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> space = JetSpace("x", "y")
        >>> OnSolutions(DifferentialSystem(space, ["y_xx - y"]), 1).carry(space.parse("exp(y_xx)"))
        exp(y)
        """
        theirs, values = element.ring, {}
        for name in element.generators:
            symbol = theirs.symbol(theirs.position(name))
            inner = getattr(symbol, "square", None) or getattr(symbol, "argument", None)
            if inner is not None:
                head, bracket, _ = name.partition("(")
                if not bracket:
                    message = f"{element} has the generator {name}, which has no meaning outside its ring"
                    raise DomainError(message, hint="write roots and functions as sqrt(...), exp(...), sin(...)")
                if head == "sin":
                    inner = theirs.symbol(theirs.position("cos" + name[3:])).argument  # type: ignore[union-attr]
                values[name] = self.ring.function(head)(self.carry(inner))  # type: ignore[arg-type]
            elif getattr(symbol, "function", "") in self._space.fields:
                values[name] = self.jet(symbol.function, symbol.index)  # type: ignore[union-attr]
            else:
                values[name] = self.ring[name]
        return self.ring.constant(0) + element.evaluate(values)

    def back(self, element: DifferentialElement) -> DifferentialElement:
        """Return a polynomial in coordinates and jets as an element of the jet space.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> frame = OnSolutions(DifferentialSystem(JetSpace("x", "y"), ["y_xx"]), 1)
        >>> frame.back(frame.ring["yx"] ** 2)
        y_x^2
        """
        theirs = self._space.ring
        values: dict[str, DifferentialElement] = {}
        for name in element.generators:
            symbol = element.ring.symbol(element.ring.position(name))
            jet = self.jets.get(name, self.free.get(name))
            if jet is not None:
                values[name] = theirs.jet(*jet)
            elif (argument := getattr(symbol, "argument", None)) is not None:
                values[name] = theirs.function(name.partition("(")[0])(self.back(argument))
            else:
                values[name] = theirs[name]
        return theirs.constant(0) + element.evaluate(values)

    def total(self, element: DifferentialElement, place: int) -> DifferentialElement:
        """Return ``D_i`` of a function on solutions.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> frame = OnSolutions(DifferentialSystem(JetSpace("x", "y"), ["y_xx - y"]), 1)
        >>> frame.total(frame.ring["yx"], 0)
        y
        """
        result = element.derivative(self._space.base[place])
        for name, (field, index) in self.jets.items():
            slope = element.derivative(name)
            if slope:
                result = result + slope * self.jet(field, _raise(index, place))
        for name in [name for name in element.generators if name in self.free]:
            field, index = self.free[name]
            result = result + element.partial(name) * self.jet(field, _raise(index, place))
        return result

    def changes(self, field: str, index: Index) -> DifferentialElement:
        """Return ``D_I Q`` on solutions.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> OnSolutions(DifferentialSystem(JetSpace("x", "y"), ["y_xx"]), 1).changes("y", (1,))
        yx*Q_y_y + Q_y_x
        """
        key = field, index
        if key not in self._changes:
            if any(index):
                place = max(i for i, count in enumerate(index) if count)
                lower = (*index[:place], index[place] - 1, *index[place + 1 :])
                self._changes[key] = self.total(self.changes(field, lower), place)
            else:
                self._changes[key] = self.ring[f"Q_{field}"]
        return self._changes[key]


def _raise(index: Index, place: int) -> Index:
    return (*index[:place], index[place] + 1, *index[place + 1 :])
