"""The surface charge of a vector field as a one-form on the parameters of a family of solutions.

Definition: ``δ̸Q_ξ = Σ_p q_p dp``; its curvature is ``∂_p q_p' - ∂_p' q_p``, parameters in ξ included; Q exists where that vanishes.
Convention: Q is zero where the antiderivative in the parameters is; nothing is integrated along one path where the curvature is not zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import TypeAlias, final
from warnings import warn

from erlangen.errors import DomainError, DomainWarning
from erlangen.exact import DifferentialElement
from erlangen.symbolic.charges.charge_density import charge_density, circle_factor, leading_coefficient, leading_power
from erlangen.symbolic.charges.einstein import Einstein, WaldZoupas
from erlangen.symbolic.charges.first_law import FirstLaw, first_law
from erlangen.symbolic.charges.surface_charge import Prescription
from erlangen.symbolic.charges.surface_sphere import ClosedSurface
from erlangen.symbolic.geometry.metric import Metric
from erlangen.symbolic.geometry.tensor import Tensor
from erlangen.symbolic.jets.parts import antiderivative

__all__ = ["SurfaceCharge", "surface_charge"]

Vector: TypeAlias = "Tensor | Mapping[str, DifferentialElement | int | str]"
_BOTH: tuple[Prescription, Prescription] = ("barnich-brandt", "iyer-wald")


@final
@dataclass(frozen=True, eq=False)
class SurfaceCharge:
    """The charge variations of one vector field under each parameter.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> mass = surface_charge(spacetime("schwarzschild"), delta="M", xi={"t": 1})
    >>> mass.variation, mass.integrable, mass.charge
    ({'M': 1}, True, M)
    """

    metric: Metric
    xi: Tensor
    parameters: tuple[str, ...]
    prescription: Prescription | WaldZoupas
    theory: Einstein
    fixed: tuple[str, str]
    sphere: ClosedSurface
    density: dict[str, DifferentialElement]  # 16πG times the density, by parameter

    def integrate(self) -> dict[str, DifferentialElement]:
        """Return ``q_p`` at the radius r, exactly: the same at all radii for a Killing field.

        Raises
        ------
        DomainError
            As for :meth:`ClosedSurface.integrate`, or if the surface has several circles and the ring no constant ``pi``.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> surface_charge(spacetime("kerr"), delta=("M", "a"), xi={"phi": 1}).integrate()
        {'M': -a, 'a': -M}
        """
        scale = circle_factor(self.metric, len(self.sphere.circles)) / self.theory.gravitational_constant(self.metric)
        return {name: self.sphere.integrate(value) * scale for name, value in self.density.items()}

    @cached_property
    def at_radius(self) -> dict[str, DifferentialElement]:
        """What :meth:`integrate` returns, kept.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> surface_charge(spacetime("schwarzschild"), delta="M", xi={"t": 2}).at_radius
        {'M': 2}
        """
        return self.integrate()

    @property
    def leading_powers(self) -> dict[str, int]:
        """The powers with which the ``q_p`` grow in r: positive ones diverge.

        Raises
        ------
        DomainError
            If r stands under a root or in a function.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> g = spacetime("schwarzschild")
        >>> surface_charge(g, delta="M", xi={"t": g.ring["r"] ** 2}, warn_of_prescriptions=False).leading_powers
        {'M': 2}
        """
        return {name: leading_power(value, self.fixed[1]) for name, value in self.at_radius.items()}

    @cached_property
    def variation(self) -> dict[str, DifferentialElement]:
        """The ``q_p`` in the limit of large r.

        Raises
        ------
        DomainError
            If one diverges; the power of r is named.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> surface_charge(spacetime("kerr"), delta=("M", "a"), xi={"t": 1}).variation
        {'M': 1, 'a': 0}
        """
        radius = self.fixed[1]
        limits = {}
        for name, value in self.at_radius.items():
            power = leading_power(value, radius)
            if power > 0:
                message = f"the charge diverges: its change with {name} grows like {radius}^{power}"
                raise DomainError(
                    message, hint="weaker vector field, stronger fall-off, or a counterterm; see .at_radius"
                )
            limits[name] = leading_coefficient(value, radius) if power == 0 else value.ring.constant(0)
        return limits

    @cached_property
    def curvature(self) -> dict[tuple[str, str], DifferentialElement]:
        """``∂_p q_p' - ∂_p' q_p`` by pairs of parameters, where it is not zero.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> g = spacetime("kerr")
        >>> surface_charge(g, delta=("M", "a"), xi={"phi": g.ring["a"]}).curvature
        {('M', 'a'): a}
        """
        found = {}
        for p, q in combinations(self.parameters, 2):
            value = self.variation[q].partial(p) - self.variation[p].partial(q)
            if value:
                found[p, q] = value
        return found

    @property
    def integrable(self) -> bool:
        """Whether the charge is a function of the parameters.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> surface_charge(spacetime("kerr"), delta=("M", "a"), xi={"t": 1}).integrable
        True
        """
        return not self.curvature

    @cached_property
    def charge(self) -> DifferentialElement:
        """The charge Q with ``dQ = δ̸Q``.

        Raises
        ------
        DomainError
            If the variations are not integrable; the curvature is named. If they have no primitive in the ring.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> surface_charge(spacetime("kerr"), delta=("M", "a"), xi={"phi": -1}).charge
        M*a
        """
        for (p, q), value in self.curvature.items():
            message = f"the charge is not integrable: its curvature in ({p}, {q}) is {value}"
            raise DomainError(
                message,
                hint="add a multiple of another symmetry, let ξ depend on the parameters, or split it: WaldZoupas",
            )
        total = self.metric.ring.constant(0)
        for name, value in self.variation.items():
            primitive = antiderivative(value - total.partial(name), name)
            if primitive is None:
                message = f"{value} has no primitive in {name} among the functions of the ring"
                raise DomainError(message, hint="use .variation")
            total = total + primitive
        return total

    @cached_property
    def flux(self) -> DifferentialElement:
        """Wald and Zoupas' flux ``∮ Θ^r[L_ξ g]`` through the surface of constant r, at the radius r.

        Raises
        ------
        DomainError
            If the prescription is another.

        Examples
        --------
        >>> from erlangen.symbolic import WaldZoupas, einstein_potential, spacetime
        >>> form = WaldZoupas(einstein_potential)
        >>> surface_charge(spacetime("schwarzschild"), delta="M", xi={"t": 1}, prescription=form).flux
        0
        """
        if not isinstance(self.prescription, WaldZoupas):
            message = f"the prescription {self.prescription} has no preferred potential"
            raise DomainError(message, hint="prescription=WaldZoupas(theta)")
        through = self.prescription.theta(self.metric, self.metric.lower.lie_derivative(self.xi))
        density = through[self.metric.ring.coordinates.index(self.fixed[1])]
        scale = circle_factor(self.metric, len(self.sphere.circles)) / self.theory.gravitational_constant(self.metric)
        return self.sphere.integrate(density) * scale

    @cached_property
    def killing_defect(self) -> Tensor:
        """``L_ξ g``: zero for a Killing field.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> bool(surface_charge(spacetime("kerr"), delta="M", xi={"t": 1}).killing_defect)
        False
        """
        return self.metric.lower.lie_derivative(self.xi)

    @cached_property
    def alternatives(self) -> dict[str, dict[str, DifferentialElement]]:
        """The ``q_p`` at the radius r by both prescriptions, which differ only where ξ is no Killing field.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> sorted(surface_charge(spacetime("schwarzschild"), delta="M", xi={"t": 1}).alternatives)
        ['barnich-brandt', 'iyer-wald']
        """
        return {
            name: _build(self.metric, self.parameters, self.xi, self.theory, name, self.fixed, self.sphere).at_radius
            for name in _BOTH
        }

    def of_field(self, xi: Tensor) -> SurfaceCharge:
        """Return the charge of another vector field, all else the same.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> g = spacetime("kerr")
        >>> surface_charge(g, delta="a", xi={"t": 1}).of_field(Tensor(g.ring, "u", {(3,): 1})).variation
        {'a': -M}
        """
        return _build(self.metric, self.parameters, xi, self.theory, self.prescription, self.fixed, self.sphere)

    def first_law(self, horizon: str = "r_h") -> FirstLaw:
        """Return the first law at the horizon of a stationary black hole; see :class:`FirstLaw`.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> surface_charge(spacetime("schwarzschild"), delta="M", xi={"t": 1}).first_law().holds
        True
        """
        return first_law(self, horizon)

    def __repr__(self) -> str:
        return f"SurfaceCharge(xi={self.xi.components!r}, variation={self.at_radius!r}, prescription={self.prescription!r})"


def surface_charge(
    metric: Metric,
    *,
    delta: str | tuple[str, ...],
    xi: Vector,
    theory: Einstein | None = None,
    prescription: Prescription | WaldZoupas = "barnich-brandt",
    surface: tuple[str, str] | None = None,
    sphere: ClosedSurface | None = None,
    warn_of_prescriptions: bool = True,
) -> SurfaceCharge:
    """Return the surface charge of a vector field under changes of parameters.

    Parameters
    ----------
    metric : Metric
        A family of solutions.
    delta : str or tuple of str
        The parameters that change.
    xi : Tensor or mapping
        The vector field; components may be texts.
    theory : Einstein, optional
        With Λ, G and an electromagnetic potential.
    prescription : "barnich-brandt", "iyer-wald" or WaldZoupas
        The last adds ``ι_ξ Θ``.
    surface : tuple of str, optional
        The coordinates (t, r) that are constant; the first two of the chart by default.
    sphere : ClosedSurface, optional
        Over what is integrated; read off from the names of the coordinates by default.
    warn_of_prescriptions : bool
        Whether to compare both prescriptions where ξ is no Killing field.

    Warns
    -----
    DomainWarning
        If the metric does not solve the equations of the theory, or if ξ is no Killing field and the prescriptions differ.

    Raises
    ------
    DomainError
        If a parameter or coordinate is unknown.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> surface_charge(spacetime("btz"), delta=("M", "J"), xi={"t": 1}, theory=Einstein(newton="G")).charge
    M
    """
    ring = metric.ring
    names = (delta,) if isinstance(delta, str) else tuple(delta)
    vector = xi if isinstance(xi, Tensor) else _vector(metric, xi)
    fixed = (ring.coordinates[0], ring.coordinates[1]) if surface is None else surface
    chosen = ClosedSurface.of(ring, fixed) if sphere is None else sphere
    found = Einstein() if theory is None else theory
    residual = found.residual(metric)
    if residual:
        (i, j), value = next(iter(residual))
        message = (
            f"the metric does not solve Einstein's equations with Λ = {found.constant(metric)}: "
            f"G + Λg - T has the component {value} at {ring.coordinates[i]} {ring.coordinates[j]}"
        )
        warn(message, DomainWarning, stacklevel=2)
    result = _build(metric, names, vector, found, prescription, fixed, chosen)
    if warn_of_prescriptions and result.killing_defect and not isinstance(prescription, WaldZoupas):
        both = result.alternatives
        if both["barnich-brandt"] != both["iyer-wald"]:
            message = "ξ is no Killing field and the prescriptions differ: both values are in .alternatives"
            warn(message, DomainWarning, stacklevel=2)
    return result


def _vector(metric: Metric, xi: Mapping[str, DifferentialElement | int | str]) -> Tensor:
    ring = metric.ring
    components: dict[tuple[int, ...], DifferentialElement | int | Fraction] = {}
    for name, value in xi.items():
        if name not in ring.coordinates:
            message = f"{name!r} is not among the coordinates {' '.join(ring.coordinates)}"
            raise DomainError(message, hint="name components by coordinates of the chart")
        components[ring.coordinates.index(name),] = ring.parse(value) if isinstance(value, str) else value
    return Tensor(ring, "u", components)


def _build(
    metric: Metric,
    names: tuple[str, ...],
    vector: Tensor,
    theory: Einstein,
    prescription: Prescription | WaldZoupas,
    fixed: tuple[str, str],
    sphere: ClosedSurface,
) -> SurfaceCharge:
    density = {name: charge_density(metric, name, vector, theory, prescription, fixed) for name in names}
    return SurfaceCharge(metric, vector, names, prescription, theory, fixed, sphere, density)
