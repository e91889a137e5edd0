"""The first law of black holes, ``δM = (κ/8πG) δA + Ω δJ + Φ δQ``, from the metric alone.

Definition: the horizon is a root ``r_h`` of ``g^{rr}``; ``ξ = ∂_t + Ω^i ∂_i`` is null there, ``κ² = -½ ∇_a ξ_b ∇^a ξ^b``, A is the area of the
    surface ``r = r_h``; the variation of the charge of ξ at infinity is compared with ``(κ/8πG) δA + Φ δQ``.
Convention: ``r_h`` is a new constant; one parameter, in which the equation of the horizon is linear, is eliminated for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, solve_linear
from erlangen.symbolic.geometry.determinant import determinant_of
from erlangen.symbolic.geometry.killing_frequencies import ignorable_coordinates
from erlangen.symbolic.geometry.metric import Metric
from erlangen.symbolic.geometry.tensor import Tensor
from erlangen.symbolic.geometry.volume import positive_root, volume_density

if TYPE_CHECKING:
    from erlangen.symbolic.charges.charge_one_form import SurfaceCharge

__all__ = ["FirstLaw", "first_law"]


@final
@dataclass(frozen=True, eq=False)
class FirstLaw:
    """The thermodynamics of a horizon, in terms of ``r_h`` and the parameters that were kept.

    ``angular_velocities`` by angle, ``surface_gravity`` κ, ``area`` over ``(2π)`` to the number of circles, ``electric_potential`` Φ,
    ``left`` the variation of the charge of the generator and ``right`` that of the horizon, by parameter.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime, surface_charge
    >>> law = surface_charge(spacetime("schwarzschild"), delta="M", xi={"t": 1}).first_law()
    >>> law.surface_gravity, law.area, law.eliminated
    (1/(2*r_h), 2*r_h^2, ('M', r_h/2))
    """

    horizon: str
    eliminated: tuple[str, DifferentialElement]
    generator: Tensor
    angular_velocities: dict[str, DifferentialElement]
    surface_gravity: DifferentialElement
    area: DifferentialElement
    electric_potential: DifferentialElement
    left: dict[str, DifferentialElement]
    right: dict[str, DifferentialElement]

    @property
    def holds(self) -> bool:
        """Whether both sides are equal for every parameter.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime, surface_charge
        >>> surface_charge(spacetime("schwarzschild"), delta="M", xi={"t": 1}).first_law().holds
        True
        """
        return self.left == self.right

    @property
    def defect(self) -> dict[str, DifferentialElement]:
        """Left minus right, by parameter.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime, surface_charge
        >>> surface_charge(spacetime("schwarzschild"), delta="M", xi={"t": 1}).first_law().defect
        {'M': 0}
        """
        return {name: self.left[name] - self.right[name] for name in self.left}


def first_law(charge: SurfaceCharge, horizon: str = "r_h") -> FirstLaw:
    """Return the first law for the family of solutions of a surface charge.

    Raises
    ------
    DomainError
        If no parameter can be eliminated for the radius of the horizon, if its angular velocity or surface gravity is not constant on it.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime, surface_charge
    >>> law = first_law(surface_charge(spacetime("btz"), delta=("M", "J"), xi={"t": 1}, theory=None))
    >>> law.angular_velocities["phi"]
    4*J*G/r_h^2
    """
    metric, (time, radius) = charge.metric, charge.fixed
    ring = metric.ring
    if horizon not in ring:
        ring.declare(constants=horizon)
    worker = _Horizon(metric, radius, horizon)
    angles = [name for name in ignorable_coordinates(metric) if name != time]
    omega = worker.velocities(time, angles)
    generator = Tensor(
        ring, "u", {(ring.coordinates.index(n),): v for n, v in {time: ring.constant(1), **omega}.items()}
    )
    gravity = worker.surface_gravity(generator)
    rest = [i for i, name in enumerate(ring.coordinates) if name not in (time, radius)]
    area = charge.sphere.integrate(
        positive_root(worker.at(determinant_of(ring, [[metric[i, j] for j in rest] for i in rest])), **{horizon: 10.0})
    )
    # the area before the parameter is eliminated moves with r_h and with every parameter: along the horizon's equation
    slopes = worker.slopes(area, charge.parameters)
    scale = Fraction(2 ** len(charge.sphere.circles), 8)
    factor = ring.constant(1) * scale / charge.theory.gravitational_constant(metric)
    if len(charge.sphere.circles) != 1:
        factor = factor * ring["pi"] ** (len(charge.sphere.circles) - 1)
    plain = charge.of_field(generator)
    left = {name: worker.at(value) for name, value in plain.variation.items()}
    right = {name: worker.at(gravity * slopes[name] * factor) for name in charge.parameters}
    potential = ring.constant(0)
    field = charge.theory.potential
    if field is not None:
        potential = -worker.at(sum((value * field[a] for (a,), value in generator), ring.constant(0)))
        change = _electric(charge)
        right = {name: right[name] + worker.at(potential * change[name]) for name in right}
    return FirstLaw(horizon, (worker.parameter, worker.value), generator, omega, gravity, area, potential, left, right)


def _electric(charge: SurfaceCharge) -> dict[str, DifferentialElement]:
    """Return the change of the electric charge ``(1/4π) ∮ √-g F^{tr}`` with each parameter."""
    metric, strength = charge.metric, charge.theory.field()
    if strength is None:
        return {}
    t, r = (metric.ring.coordinates.index(name) for name in charge.fixed)
    upper = metric.raise_index(metric.raise_index(strength, 0), 1)[t, r] * volume_density(metric)
    return {name: charge.sphere.integrate(upper.partial(name)) / 2 for name in charge.parameters}


@final
class _Horizon:
    """The equation of a horizon, and what stands on it."""

    def __init__(self, metric: Metric, radius: str, horizon: str) -> None:
        self._metric, self._radius, self._horizon = metric, radius, horizon
        ring = metric.ring
        place = ring.coordinates.index(radius)
        self.equation = self._polynomial(metric.upper[place, place])
        self.parameter, self.value = self._eliminate(ring.constants)

    def _polynomial(self, inverse: DifferentialElement) -> DifferentialElement:
        """Return the factors of ``g^{rr}`` that hold r and nothing else that moves, at ``r_h``."""
        ring = self._metric.ring
        total = ring.constant(1)
        for polynomial, _ in inverse.numerator.pair[0].factor()[1]:
            factor = DifferentialElement(ring, (polynomial, None))
            if self._radius in factor.generators and set(factor.generators) <= {self._radius, *ring.constants}:
                total = total * factor
        if total == 1:
            message = f"g^{{{self._radius}{self._radius}}} = {inverse} vanishes at no radius"
            raise DomainError(message, hint="choose coordinates in which the horizon is a surface of constant radius")
        return total.substitute({self._radius: ring[self._horizon]})

    def _eliminate(self, names: tuple[str, ...]) -> tuple[str, DifferentialElement]:
        for name in names:
            if name != self._horizon and self.equation.degree(name) == 1:
                parts = self.equation.coefficients(name)
                return name, -parts.get((0,), self.equation.ring.constant(0)) / parts[1,]
        message = f"no parameter stands linearly in the equation of the horizon, {self.equation} = 0"
        raise DomainError(message, hint="use parameters such as the mass")

    def at(self, element: DifferentialElement) -> DifferentialElement:
        """Return an element on the horizon, in terms of ``r_h``; what is singular only in these coordinates cancels first."""
        ring = element.ring
        free = element.substitute({self.parameter: self.value})
        return free.substitute({self._radius: ring[self._horizon]})

    def velocities(self, time: str, angles: list[str]) -> dict[str, DifferentialElement]:
        """Return Ω: the solution of ``g_{i t} + g_{ij} Ω^j = 0`` on the horizon."""
        names = self._metric.ring.coordinates
        t = names.index(time)
        places = [names.index(name) for name in angles]
        rows = [
            {
                **{k: self.at(self._metric[i, j]) for k, j in enumerate(places)},
                len(places): -self.at(self._metric[i, t]),
            }
            for i in places
        ]
        found = solve_linear(rows, len(places))
        if found is None:
            message = "no combination of the symmetries is null on the horizon"
            raise DomainError(message, hint="check that the angles are coordinates on which the metric does not depend")
        ring = self._metric.ring
        omega = {name: ring.constant(0) + found[0].get(k, 0) for k, name in enumerate(angles)}
        for name, value in omega.items():
            self._constant(value, f"the angular velocity of {name}")
        return omega

    def surface_gravity(self, generator: Tensor) -> DifferentialElement:
        """Return κ."""
        metric = self._metric
        slope = metric.covariant_derivative(metric.lower_index(generator, 0))
        raised = metric.raise_index(metric.raise_index(slope, 0), 1)
        total = sum((value * raised[index] for index, value in slope), metric.ring.constant(0))
        square = self.at(total / -2)
        self._constant(square, "the square of the surface gravity")
        return positive_root(square, **{self._horizon: 10.0})

    def slopes(self, area: DifferentialElement, parameters: tuple[str, ...]) -> dict[str, DifferentialElement]:
        """Return ``dA/dp`` along the horizon, where the eliminated parameter and ``r_h`` move together."""
        h, value = self._horizon, self.value
        found = {}
        for name in parameters:
            if name == self.parameter:
                found[name] = area.partial(h) / value.partial(h)
            else:  # the eliminated parameter is fixed: dr_h/dp = -(∂value/∂p)/(∂value/∂r_h)
                found[name] = area.partial(name) - area.partial(h) * value.partial(name) / value.partial(h)
        return found

    def _constant(self, value: DifferentialElement, what: str) -> None:
        for name in value.ring.coordinates:
            if value.derivative(name):
                message = f"{what} is not constant on the horizon: it depends on {name}"
                raise DomainError(message, hint="the surface is no Killing horizon of these symmetries")
