"""A jet space: independent variables, fields, and the differential ring of functions of finitely many derivatives.

Definition: coordinates ``x^i, u^α_I``; ``D_i = ∂_i + Σ u^α_{I+i} ∂/∂u^α_I`` (Olver, Applications of Lie Groups, 2.3).
Convention: a multi-index counts derivatives by base coordinate, in the order of the base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.symbolic.jets.euler import euler_operator
from erlangen.symbolic.jets.jets_within import jets_within
from erlangen.symbolic.jets.momenta import presymplectic_current, presymplectic_potential
from erlangen.symbolic.jets.prolongation import prolong

__all__ = ["JetSpace"]


@final
class JetSpace:
    """The jets of fields over a base, as a differential ring with the operators of the calculus of variations.

    Parameters
    ----------
    base, constants : str or iterable of str
        Names, separated by spaces.
    fields : str, iterable of str, or mapping
        Names of fields over the whole base, or the base coordinates on which each depends.
    functions : mapping of str to str
        Given functions of some of the base coordinates, which are not varied.

    Raises
    ------
    DomainError
        If a name is taken or no name.

    Examples
    --------
    >>> J = JetSpace("t x", "u", constants="c")
    >>> J.euler(J.parse("u_t^2/2 - c^2*u_x^2/2"))
    {'u': c^2*u_xx - u_tt}
    """

    def __init__(
        self,
        base: str | Iterable[str],
        fields: str | Iterable[str] | Mapping[str, str | Iterable[str]],
        *,
        constants: str | Iterable[str] = (),
        functions: Mapping[str, str | Iterable[str]] | None = None,
    ) -> None:
        self.ring = DifferentialRing(base, constants=constants, functions=dict(functions or {}))
        self.base = self.ring.coordinates
        self.fields = tuple(fields.replace(",", " ").split()) if isinstance(fields, str) else tuple(fields)
        if not self.fields:
            message = "a jet space needs a field"
            raise DomainError(message, hint="JetSpace('t x', 'u')")
        self.ring.declare(functions=fields if isinstance(fields, Mapping) else dict.fromkeys(self.fields, self.base))

    @classmethod
    def over(cls, ring: DifferentialRing, fields: Iterable[str]) -> JetSpace:
        """Return the jet space of some functions of a ring that exists.

        Raises
        ------
        DomainError
            If a field is no function of the ring.

        Examples
        --------
        >>> ring = DifferentialRing("t x", functions="u v")
        >>> JetSpace.over(ring, ("v",)).euler(ring.parse("u*v^2"))
        {'v': 2*u*v}
        """
        space = cls.__new__(cls)
        space.ring, space.base, space.fields = ring, ring.coordinates, tuple(fields)
        for field in space.fields:
            if field not in ring.functions:
                message = f"{field!r} is no function of {ring!r}"
                raise DomainError(message, hint="declare it: ring.declare(functions=...)")
        return space

    def __repr__(self) -> str:
        return f"JetSpace({' '.join(self.base)!r}, {' '.join(self.fields)!r})"

    def __getitem__(self, name: str) -> DifferentialElement:
        return self.ring[name]

    def parse(self, text: str) -> DifferentialElement:
        """Read an expression in base coordinates, constants, fields and their jets; see :meth:`DifferentialRing.parse`.

        Examples
        --------
        >>> JetSpace("t x", "u").parse("u_t + u*u_x")
        u*u_x + u_t
        """
        return self.ring.parse(text)

    def order(self, element: DifferentialElement) -> int:
        """Return the highest order of a field's derivative that occurs, ``-1`` where no field does.

        Examples
        --------
        >>> J = JetSpace("t x", "u")
        >>> J.order(J.parse("u_xxt*u")), J.order(J.parse("x"))
        (3, -1)
        """
        return max((sum(index) for field in self.fields for index in jets_within(element, field)), default=-1)

    def euler(self, lagrangian: DifferentialElement | str) -> dict[str, DifferentialElement]:
        """Return the Euler–Lagrange expressions ``E_α(L) = Σ_I (-D)_I ∂L/∂u^α_I`` by field.

        Examples
        --------
        >>> JetSpace("x y", "u").euler("u_xy^2")
        {'u': 2*u_xxyy}
        """
        density = self._element(lagrangian)
        return {field: euler_operator(density, field) for field in self.fields}

    def prolong(
        self, characteristic: Mapping[str, DifferentialElement], element: DifferentialElement
    ) -> DifferentialElement:
        """Return ``pr X_Q f = Σ_{α,I} D_I Q^α ∂f/∂u^α_I`` of an evolutionary field; see :func:`prolong`.

        Examples
        --------
        >>> J = JetSpace("x", "u")
        >>> J.prolong({"u": J["u_x"]}, J["u"] ** 2)
        2*u*u_x
        """
        return prolong(characteristic, element)

    def presymplectic_potential(
        self, lagrangian: DifferentialElement | str, variation: str = "delta"
    ) -> dict[str, DifferentialElement]:
        """Return ``θ^i`` with ``δL = E_α δu^α + D_i θ^i``, by base coordinate; see :func:`presymplectic_potential`.

        Examples
        --------
        >>> JetSpace("t x", "u").presymplectic_potential("u_t^2/2 - u_x^2/2")
        {'t': u_t*delta_u, 'x': -u_x*delta_u}
        """
        return presymplectic_potential(self._element(lagrangian), self.fields, variation)

    def presymplectic_current(self, lagrangian: DifferentialElement | str) -> dict[str, DifferentialElement]:
        """Return ``ω^i = δ_1 θ^i(δ_2) - δ_2 θ^i(δ_1)``, by base coordinate; see :func:`presymplectic_current`.

        Examples
        --------
        >>> JetSpace("t", "u").presymplectic_current("u_t^2/2")
        {'t': -delta1_u*delta2_u_t + delta1_u_t*delta2_u}
        """
        return presymplectic_current(self._element(lagrangian), self.fields)

    def divergence(self, current: Mapping[str, DifferentialElement]) -> DifferentialElement:
        """Return ``D_i J^i``.

        Raises
        ------
        DomainError
            If a component is given for what is not a base coordinate.

        Examples
        --------
        >>> J = JetSpace("t x", "u")
        >>> J.divergence({"t": J["u"], "x": J["u"] ** 2 / 2})
        u*u_x + u_t
        """
        total = self.ring.constant(0)
        for coordinate, component in current.items():
            total = total + component.derivative(coordinate)
        return total

    def _element(self, value: DifferentialElement | str | int | Fraction) -> DifferentialElement:
        return self.parse(value) if isinstance(value, str) else self.ring.constant(0) + value
