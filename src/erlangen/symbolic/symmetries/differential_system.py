"""A system of differential equations, solved for leading derivatives, and what vanishes on its solutions.

Definition: each equation is solved for its highest jet in the lexicographic order of indices; all derivatives of that are replaced.
Convention: the first base coordinate counts most, so ``u_t = K[u]`` is solved for u_t.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement
from erlangen.symbolic.jets.jets_within import jets_by_function

if TYPE_CHECKING:
    from erlangen.symbolic.jets.jet_space import JetSpace

__all__ = ["DifferentialSystem"]

Index: TypeAlias = tuple[int, ...]
Jet: TypeAlias = tuple[str, Index]


@final
class DifferentialSystem:
    """Differential equations ``Δ = 0`` on a jet space, each solved for its leading derivative.

    Parameters
    ----------
    space : JetSpace
        The jet space.
    equations : iterable of element or str
        What vanishes.
    leading : iterable of str, optional
        The jets to solve for, one an equation; by default the highest of each.

    Raises
    ------
    DomainError
        If an equation is not linear in its leading derivative, holds no field, or two equations lead with one derivative.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> kdv = DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"])
    >>> kdv.solved
    {'u_t': -6*u*u_x - u_xxx}
    >>> kdv.reduce("u_tx")
    -6*u*u_xx - 6*u_x^2 - u_xxxx
    """

    def __init__(
        self, space: JetSpace, equations: Iterable[DifferentialElement | str], leading: Iterable[str] | None = None
    ) -> None:
        self.space = space
        self.equations = tuple(space.parse(value) if isinstance(value, str) else value for value in equations)
        if not self.equations:
            message = "a system needs an equation"
            raise DomainError(message, hint="give what vanishes, as 'u_t - u_xx'")
        wanted = list(leading) if leading is not None else [None] * len(self.equations)
        if len(wanted) != len(self.equations):
            message = f"{len(wanted)} leading derivatives are given for {len(self.equations)} equations"
            raise DomainError(message, hint="give one for each equation, in their order")
        self._known: dict[Jet, DifferentialElement] = {}
        self._corners: dict[Jet, DifferentialElement] = {}
        self._led: set[str] = set()
        for equation, name in zip(self.equations, wanted, strict=True):
            self._solve(self.reduce(equation) if self._corners else equation, name)

    def _solve(self, equation: DifferentialElement, name: str | None) -> None:
        present = jets_by_function(equation)
        jets = [(field, index) for field in self.space.fields for index in present.get(field, ())]
        if not jets:
            message = f"the equation {equation} = 0 holds no field"
            raise DomainError(message, hint="give differential equations for " + ", ".join(self.space.fields))
        ring = self.space.ring
        if name is None:
            lead = max(jets, key=lambda jet: (jet[1], sum(jet[1]), jet[0]))
        else:
            symbol = ring.symbol(ring.position(name))
            if getattr(symbol, "function", "") not in self.space.fields:
                message = f"{name} is no derivative of {', '.join(self.space.fields)}"
                raise DomainError(message, hint="name a jet of a field, such as u_t")
            lead = (symbol.function, symbol.index)  # type: ignore[union-attr]
        shown = ring.jet(*lead).generators[0]
        slope = equation.partial(shown)
        if not slope or slope.partial(shown):
            message = f"the equation {equation} = 0 is not linear in its leading derivative {shown}"
            raise DomainError(message, hint="solve it for another derivative: leading=[...]")
        right = ring[shown] - equation / slope
        self._corners[lead] = right
        self._led.add(lead[0])
        self._known = {}

    def add(self, equation: DifferentialElement, leading: str) -> None:
        """Add an equation, solved for a jet that is not determined yet.

        Raises
        ------
        DomainError
            As for the constructor.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> space = JetSpace("t x", "u")
        >>> system = DifferentialSystem(space, ["u_tt"])
        >>> system.add(space.parse("u_tx - u"), "u_tx")
        >>> system.reduce("u_tx")
        u
        """
        self._solve(equation, leading)
        self.equations = (*self.equations, equation)

    @property
    def solved(self) -> dict[str, DifferentialElement]:
        """The leading derivatives and what they equal.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> DifferentialSystem(JetSpace("x", "y"), ["y_xx"]).solved
        {'y_xx': 0}
        """
        return {self.space.ring.jet(*jet).generators[0]: value for jet, value in self._corners.items()}

    @property
    def order(self) -> int:
        """The highest order of a derivative in the equations.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"]).order
        2
        """
        return max(self.space.order(equation) for equation in self.equations)

    def principal(self, field: str, index: Index) -> bool:
        """Return whether a jet is a derivative of a leading one.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"]).principal("u", (1, 3))
        True
        """
        return any(name == field and _covers(index, corner) for name, corner in self._corners)

    def value(self, field: str, index: Index) -> DifferentialElement:
        """Return what a principal jet equals on solutions, in parametric jets.

        Raises
        ------
        DomainError
            If the jet is parametric.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> DifferentialSystem(JetSpace("t x", "u"), ["u_t - u_xx"]).value("u", (2, 0))
        u_xxxx
        """
        jet = field, index
        if jet not in self._known:
            for (name, corner), right in self._corners.items():
                if name == field and _covers(index, corner):
                    shift = tuple(a - b for a, b in zip(index, corner, strict=True))
                    if any(shift):
                        place = max(i for i, count in enumerate(shift) if count)
                        lower = (*index[:place], index[place] - 1, *index[place + 1 :])
                        self._known[jet] = self.reduce(
                            self.value(field, lower).derivative(self.space.ring.functions[field][place])
                        )
                    else:
                        self._known[jet] = self.reduce(right)
                    break
            else:
                message = f"{field} with index {index} is a parametric derivative"
                raise DomainError(message, hint="ask principal(field, index) first")
        return self._known[jet]

    def reduce(self, element: DifferentialElement | str) -> DifferentialElement:
        """Return an element with all principal jets replaced: its value on solutions.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> DifferentialSystem(JetSpace("t x", "u"), ["u_tt - u_xx"]).reduce("u_ttt + u_xxt")
        2*u_txx
        """
        value = self.space.parse(element) if isinstance(element, str) else element
        while True:
            present = [
                (field, index)
                for field, indices in jets_by_function(value).items()
                if field in self._led
                for index in indices
                if self.principal(field, index)
            ]
            if not present:
                return value
            names: Mapping[str, DifferentialElement] = {
                self.space.ring.jet(field, index).generators[0]: self.value(field, index) for field, index in present
            }
            value = value.substitute(names)


def _covers(index: Index, corner: Index) -> bool:
    return all(a >= b for a, b in zip(index, corner, strict=True))
