"""The determining equations of point symmetries: linear, for undetermined functions of coordinates and fields.

Definition: ``X = ξ^i ∂_i + φ^α ∂_α`` with ``φ^α_{I+i} = D_i φ^α_I - (D_i ξ^k) u^α_{I+k}``; ``pr X Δ = 0`` on ``Δ = 0``, split by
    the parametric derivatives (Olver, 2.4).
Convention: in the ring of the unknowns coordinates and fields are coordinates, and derivatives of fields are constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.symbolic.jets.jets_within import jets_within
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem

__all__ = ["Determining", "determining_equations"]

Index: TypeAlias = tuple[int, ...]


@final
@dataclass(frozen=True)
class Determining:
    """Determining equations, the ring they live in and the names of the unknowns.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> found = determining_equations(DifferentialSystem(JetSpace("x", "y"), ["y_x"]))
    >>> found.unknowns, found.equations
    (('xi_x', 'eta_y'), (eta_y_x,))
    """

    ring: DifferentialRing
    unknowns: tuple[str, ...]
    equations: tuple[DifferentialElement, ...]


def determining_equations(system: DifferentialSystem) -> Determining:
    """Return the determining equations of the point symmetries of a system.

    Raises
    ------
    DomainError
        If an equation is not rational in the derivatives of the fields.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> burgers = DifferentialSystem(JetSpace("t x", "u"), ["u_t + u*u_x - u_xx"])
    >>> len(determining_equations(burgers).equations)
    9
    """
    worker = _Prolongation(system)
    equations: list[DifferentialElement] = []
    for equation in system.equations:
        value = worker.on_solutions(worker.apply(worker.carry(equation)))
        top = value.numerator
        names = [name for name in top.generators if name in worker.jets]
        for part in top.coefficients(*names).values():
            if part not in equations and -part not in equations:
                equations.append(part)
    return Determining(worker.ring, worker.unknowns, tuple(equations))


@final
class _Prolongation:
    def __init__(self, system: DifferentialSystem) -> None:
        space = system.space
        self._system = system
        self._space = space
        self.unknowns = (*(f"xi_{name}" for name in space.base), *(f"eta_{name}" for name in space.fields))
        variables = (*space.base, *space.fields)
        self.ring = DifferentialRing(
            variables, constants=space.ring.constants, functions=dict.fromkeys(self.unknowns, variables)
        )
        self.jets: dict[str, tuple[str, Index]] = {}
        self._values: dict[tuple[str, Index], DifferentialElement] = {}
        self._known: dict[tuple[str, Index], DifferentialElement] = {}

    def jet(self, field: str, index: Index) -> DifferentialElement:
        """Return the jet of a field in the ring of the unknowns."""
        if not any(index):
            return self.ring[field]
        name = self._space.ring.jet(field, index).generators[0]
        if name not in self.jets:
            self.ring.declare(constants=name)
            self.jets[name] = field, index
        return self.ring[name]

    def carry(self, element: DifferentialElement) -> DifferentialElement:
        """Return an element of the jet space in the ring of the unknowns."""
        for field in self._space.fields:
            for index in jets_within(element, field):
                self.jet(field, index)
        hidden = [name for name in element.generators if "(" not in name and name not in self.ring]
        if hidden:
            message = f"{element} has the generator {hidden[0]}, which has no meaning outside its ring"
            raise DomainError(message, hint="write roots and functions as sqrt(...), exp(...), sin(...)")
        return self.ring.parse(str(element))

    def total(self, element: DifferentialElement, place: int) -> DifferentialElement:
        """Return ``D_i`` of an element in the ring of the unknowns."""
        result = element.derivative(self._space.base[place])
        for field in self._space.fields:
            slope = element.derivative(field)
            if slope:
                result = result + slope * self.jet(field, _raise((0,) * len(self._space.base), place))
        for name in [name for name in element.generators if name in self.jets]:
            field, index = self.jets[name]
            result = result + element.partial(name) * self.jet(field, _raise(index, place))
        return result

    def coefficient(self, field: str, index: Index) -> DifferentialElement:
        """Return ``φ_I``."""
        key = field, index
        if key not in self._known:
            if not any(index):
                self._known[key] = self.ring[f"eta_{field}"]
            else:
                place = max(i for i, count in enumerate(index) if count)
                lower = (*index[:place], index[place] - 1, *index[place + 1 :])
                value = self.total(self.coefficient(field, lower), place)
                for k, name in enumerate(self._space.base):
                    slope = self.total(self.ring[f"xi_{name}"], place)
                    value = value - slope * self.jet(field, _raise(lower, k))
                self._known[key] = value
        return self._known[key]

    def apply(self, element: DifferentialElement) -> DifferentialElement:
        """Return ``pr X`` of an element."""
        result = self.ring.constant(0)
        for name in self._space.base:
            result = result + self.ring[f"xi_{name}"] * element.derivative(name)
        for name in self._space.fields:
            result = result + self.ring[f"eta_{name}"] * element.derivative(name)
        for name in [name for name in element.generators if name in self.jets]:
            result = result + self.coefficient(*self.jets[name]) * element.partial(name)
        return result

    def on_solutions(self, element: DifferentialElement) -> DifferentialElement:
        """Return an element with principal jets replaced."""
        names: dict[str, DifferentialElement] = {}
        for name in element.generators:
            if name in self.jets and self._system.principal(*self.jets[name]):
                names[name] = self.carry(self._system.value(*self.jets[name]))
        for field in self._space.fields:
            if self._system.principal(field, (0,) * len(self._space.base)):
                message = f"the equations determine {field} itself"
                raise DomainError(message, hint="eliminate that field first")
        return element.substitute(names) if names else element


def _raise(index: Index, place: int) -> Index:
    return (*index[:place], index[place] + 1, *index[place + 1 :])
