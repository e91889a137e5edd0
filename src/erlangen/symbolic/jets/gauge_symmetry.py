"""Noether's second theorem: identities, weakly vanishing currents and superpotentials of gauge symmetries.

Definition: for ``Q = R(f)`` linear in parameters f, ``Q^α E_α = f R*(E) + D_i S^i_f``, where ``R*(E) = 0`` identically and S vanishes on
    solutions; ``k_f[δu] = ρ(δS_f)`` by the horizontal homotopy in δu (Barnich–Brandt hep-th/0111246).
Convention: ``D_j k^{ij} = δS^i`` wherever ``Q = 0`` and the fields solve; k is antisymmetric and fixed up to ``D_l Y^{ijl}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.symbolic.jets.euler import euler_operator
from erlangen.symbolic.jets.homotopy import Form, horizontal_homotopy
from erlangen.symbolic.jets.jets_within import jets_within
from erlangen.symbolic.jets.momenta import presymplectic_potential
from erlangen.symbolic.jets.prolongation import linearise, prolong

if TYPE_CHECKING:
    from erlangen.symbolic.jets.jet_space import JetSpace

__all__ = ["GaugeSymmetry", "current_potential", "gauge_symmetry"]

Place = tuple[str, str]


@final
@dataclass(frozen=True)
class GaugeSymmetry:
    """A gauge symmetry of field equations: its characteristic, Noether identities and weakly vanishing current.

    Attributes
    ----------
    fields, parameters : tuple of str
        The fields, and the functions on which the characteristic depends linearly.
    equations, characteristic : mapping
        ``E_α`` and ``Q^α``, by field.
    identities : mapping
        By parameter, the combination of ``eq_α`` and their derivatives that vanishes when ``eq_α`` are the equations.
    current : mapping
        ``S^i`` with ``D_i S^i = Q^α E_α``, by base coordinate.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> J = JetSpace("t x", "a b", functions={"f": "t x"})
    >>> electric = gauge_symmetry(J, "(b_t - a_x)^2/2", {"a": "f_t", "b": "f_x"}, ("f",))
    >>> electric.identities
    {'f': -eq_a_t - eq_b_x}
    >>> electric.current
    {'t': -f*a_xx + f*b_tx, 'x': f*a_tx - f*b_tt}
    >>> electric.superpotential()["t", "x"].substitute({"f_t": 0, "f_x": 0})  # the electric field, where f is constant
    -f*delta_a_x + f*delta_b_t
    """

    fields: tuple[str, ...]
    parameters: tuple[str, ...]
    equations: dict[str, DifferentialElement]
    characteristic: dict[str, DifferentialElement]
    identities: dict[str, DifferentialElement]
    current: dict[str, DifferentialElement]

    @property
    def ring(self) -> DifferentialRing:
        """The ring of fields, parameters and ``eq_α``.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> J = JetSpace("t", "a", functions={"f": "t"})
        >>> gauge_symmetry(J, {"a": 0}, {"a": "f"}, ("f",)).ring is J.ring
        True
        """
        return next(iter(self.current.values())).ring

    def superpotential(self, variation: str = "delta") -> dict[Place, DifferentialElement]:
        """Return ``k^{ij}[δu]`` for i before j, with variations ``delta_u`` of the fields.

        Raises
        ------
        DomainError
            If there is one base coordinate only.

        Examples
        --------
        >>> from erlangen.symbolic import JetSpace
        >>> J = JetSpace("t x", "a b", functions={"f": "t x"})
        >>> gauge_symmetry(J, {"a": 0, "b": 0}, {"a": "f_t", "b": "f_x"}, ("f",)).superpotential()
        {('t', 'x'): 0}
        """
        ring = self.ring
        changed = {coordinate: linearise(value, self.fields, variation) for coordinate, value in self.current.items()}
        return current_potential(changed, tuple(f"{variation}_{field}" for field in self.fields), ring)


def current_potential(
    current: Mapping[str, DifferentialElement], functions: tuple[str, ...], ring: DifferentialRing
) -> dict[Place, DifferentialElement]:
    """Return ``k^{ij}`` with ``D_j k^{ij} = J^i`` for a current that is conserved identically, homogeneous in some functions.

    Raises
    ------
    DomainError
        If there is one base coordinate only, or a component is not polynomial in the functions.

    Examples
    --------
    >>> ring = DifferentialRing("t x", functions="u")
    >>> current_potential({"t": ring["u_x"], "x": -ring["u_t"]}, ("u",), ring)
    {('t', 'x'): u}
    """
    base = ring.coordinates
    if len(base) < 2:
        message = "a superpotential needs two base coordinates"
        raise DomainError(message, hint="in mechanics the current itself is the charge")
    form: Form = {}
    for place, coordinate in enumerate(base):
        if current[coordinate]:
            form[_others(base, coordinate)] = current[coordinate] * (-1) ** place
    found = horizontal_homotopy(form, functions, ring)
    result = {}
    for (i, first), (j, second) in combinations(enumerate(base), 2):
        value = found.get(_others(base, first, second), ring.constant(0))
        result[first, second] = value * (-1) ** (i + j + 1)
    return result


def gauge_symmetry(
    space: JetSpace,
    theory: DifferentialElement | str | Mapping[str, DifferentialElement | int],
    characteristic: Mapping[str, DifferentialElement | str],
    parameters: tuple[str, ...],
) -> GaugeSymmetry:
    """Return what Noether's second theorem says of a gauge symmetry.

    Parameters
    ----------
    space : JetSpace
        The fields; the parameters are further functions of its ring.
    theory : element, str or mapping
        A Lagrangian, or the equations ``E_α`` by field.
    characteristic : mapping
        ``Q^α``, linear in the parameters and their derivatives.
    parameters : tuple of str
        The functions that are arbitrary.

    Raises
    ------
    DomainError
        If the characteristic is not linear in the parameters, or if ``R*(E)`` does not vanish: it is no gauge symmetry.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> J = JetSpace("t x", "a b", functions={"f": "t x"})
    >>> gauge_symmetry(J, "a^2", {"a": "f_t", "b": "f_x"}, ("f",))
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: no gauge symmetry: the identity of f gives -2*a_t (check the characteristic, or the Lagrangian)
    """
    ring = space.ring
    zero = ring.constant(0)
    equations = (
        {field: zero + theory.get(field, 0) for field in space.fields}
        if isinstance(theory, Mapping)
        else space.euler(theory)
    )
    change = {field: space.parse(value) if isinstance(value, str) else value for field, value in characteristic.items()}
    _check_linear(change, parameters)
    names = {field: f"eq_{field}" for field in space.fields}
    for field, name in names.items():
        if name not in ring.functions:
            ring.declare(functions={name: ring.functions[field]})
    formal = sum((value * ring[names[field]] for field, value in change.items()), zero)
    identities = {parameter: euler_operator(formal, parameter) for parameter in parameters}
    paired = sum((value * equations[field] for field, value in change.items()), zero)
    for parameter in parameters:
        defect = euler_operator(paired, parameter)
        if defect:
            text = str(defect) if len(defect) <= 20 else f"{len(defect)} terms"
            message = f"no gauge symmetry: the identity of {parameter} gives {text}"
            raise DomainError(message, hint="check the characteristic, or the Lagrangian")
    potential = presymplectic_potential(paired, parameters, "own")
    own = {f"own_{parameter}": ring[parameter] for parameter in parameters}
    current = {coordinate: prolong(own, value) for coordinate, value in potential.items()}
    return GaugeSymmetry(space.fields, parameters, equations, change, identities, current)


def _check_linear(characteristic: Mapping[str, DifferentialElement], parameters: tuple[str, ...]) -> None:
    for field, value in characteristic.items():
        rest = value
        for parameter in parameters:
            for index in jets_within(value, parameter):
                jet = value.ring.jet(parameter, index)
                rest = rest - value.partial(jet.generators[0]) * jet
        if rest:
            message = f"the characteristic of {field} is not linear in {', '.join(parameters)}: {rest} is left over"
            raise DomainError(message, hint="name all parameters, and give one linear and homogeneous in them")


def _others(base: tuple[str, ...], *left_out: str) -> tuple[str, ...]:
    return tuple(coordinate for coordinate in base if coordinate not in left_out)
