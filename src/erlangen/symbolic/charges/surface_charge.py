"""Surface charges of general relativity in any dimension, with or without cosmological constant.

Definition: ``B^{νμ} = ξ^ν D^μ h - ξ^ν D_σ h^{μσ} + ξ_σ D^ν h^{μσ} + ½ h D^ν ξ^μ + ½ h^{νσ}(D^μ ξ_σ - D_σ ξ^μ) - (ν ↔ μ)`` of
    Barnich–Brandt (hep-th/0111246); Iyer–Wald (gr-qc/9403028) has ``-h^{νσ} D_σ ξ^μ`` in the last place;
    ``δQ_ξ = -(1/16πG) ∮ √-g B^{tr} d^{n-2}x``.
Convention: the sign makes ``Q_{∂_t} = M``; both forms agree where ξ is a Killing field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias, final

from erlangen.errors import DomainError, ShapeError
from erlangen.exact import DifferentialElement, dot
from erlangen.symbolic.geometry.metric import Metric
from erlangen.symbolic.geometry.tensor import Tensor
from erlangen.symbolic.geometry.volume import volume_density
from erlangen.symbolic.jets.parts import antiderivative
from erlangen.symbolic.jets.prolongation import prolong

__all__ = ["ChargeForm", "charge_form", "metric_variation"]

Prescription: TypeAlias = Literal["barnich-brandt", "iyer-wald"]
Bounds: TypeAlias = Mapping[str, tuple["DifferentialElement | int | Fraction", "DifferentialElement | int | Fraction"]]


@final
@dataclass(frozen=True)
class ChargeForm:
    """The density ``-√-g B^{tr}/16π`` of a charge variation on the surfaces of constant t and r, in units of ``1/G``.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> g = spacetime("schwarzschild")
    >>> form = charge_form(g, metric_variation(g, "M"), {"t": 1})
    >>> form.integrate({"x": (-1, 1)}, circles=("phi",))
    1
    """

    density: DifferentialElement  # 16 π times the density
    surface: tuple[str, str]

    def integrate(self, bounds: Bounds, *, circles: tuple[str, ...] = ()) -> DifferentialElement:
        """Return ``δQ`` (times G): integrals between bounds, and over circles of length 2π on which nothing depends.

        Raises
        ------
        DomainError
            If the density depends on a circle's angle, if it has no elementary primitive in the ring, or if the surface has other
            coordinates than those named.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> g = spacetime("kerr")
        >>> charge_form(g, metric_variation(g, "a"), {"phi": 1}).integrate({"x": (-1, 1)}, circles=("phi",))
        -M
        """
        ring = self.density.ring
        rest = set(ring.coordinates) - set(self.surface) - set(bounds) - set(circles)
        if rest:
            message = f"the surface has the coordinates {', '.join(sorted(rest))}, over which nothing is said"
            raise DomainError(message, hint="name each in bounds or circles")
        value = self.density
        for name, (low, high) in bounds.items():
            primitive = antiderivative(value, name)
            if primitive is None:
                message = f"the density has no primitive in {name} among the functions of the ring: {value}"
                raise DomainError(message, hint="integrate numerically: to_callable(form.density)")
            value = primitive.substitute({name: high}) - primitive.substitute({name: low})
        for name in circles:
            if value.derivative(name):
                message = f"the density depends on the angle {name}"
                raise DomainError(message, hint="give bounds for it")
        if len(circles) != 1:
            message = f"one circle of length 2 pi makes the result rational, got {len(circles)}"
            raise DomainError(message, hint="use form.density and integrate over the others by hand")
        return value / 8  # 2 π / 16 π


def metric_variation(metric: Metric, change: str | Mapping[str, DifferentialElement]) -> Tensor:
    """Return ``h = δg`` under a change of a parameter, or of functions in the metric.

    Raises
    ------
    DomainError
        If the parameter is unknown.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> metric_variation(spacetime("schwarzschild"), "M")[0, 0]
    2/r
    """
    if isinstance(change, str):
        if change not in metric.ring.constants:
            message = f"{change!r} is not among the parameters {', '.join(metric.ring.constants)} of the metric"
            raise DomainError(message, hint="name a constant of the ring, or give {function: change}")
        return Tensor(metric.ring, "dd", {index: value.partial(change) for index, value in metric.lower})
    return Tensor(metric.ring, "dd", {index: prolong(change, value) for index, value in metric.lower})


def charge_form(
    metric: Metric,
    variation: Tensor,
    xi: Tensor | Mapping[str, DifferentialElement | int],
    *,
    surface: tuple[str, str] | None = None,
    prescription: Prescription = "barnich-brandt",
) -> ChargeForm:
    """Return the charge variation of a vector field about a solution.

    Parameters
    ----------
    metric : Metric
        A Lorentzian solution of Einstein's equations, with or without cosmological constant.
    variation : Tensor
        ``h_{μν} = δ g_{μν}``, tangent to the space of solutions.
    xi : Tensor or mapping
        The vector field, or its components by coordinate.
    surface : tuple of str
        The two coordinates (t, r) that are constant on the surface; the first two of the chart by default.
    prescription : "barnich-brandt" or "iyer-wald"
        They differ by ``½ h^{νσ} (L_ξ g)_σ^μ``.

    Raises
    ------
    ShapeError
        If ``h`` has not two lower indices.
    DomainError
        If the prescription or a coordinate is unknown.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> g = spacetime("btz")
    >>> charge_form(g, metric_variation(g, "J"), {"phi": 1}).integrate({}, circles=("phi",))
    -G
    """
    if prescription not in ("barnich-brandt", "iyer-wald"):
        message = f"there is no prescription {prescription!r}"
        raise DomainError(message, hint="choose barnich-brandt or iyer-wald")
    if variation.variance != "dd":
        message = f"a variation of the metric has two lower indices, not {variation.variance!r}"
        raise ShapeError(message)
    names = metric.ring.coordinates
    for coordinate in (*(() if isinstance(xi, Tensor) else xi), *(surface or ())):
        if coordinate not in names:
            message = f"{coordinate!r} is not among the coordinates {' '.join(names)}"
            raise DomainError(message, hint="name components and surfaces by coordinates of the chart")
    vector = (
        xi
        if isinstance(xi, Tensor)
        else Tensor(metric.ring, "u", {(names.index(name),): value for name, value in xi.items()})
    )
    first, second = names[:2] if surface is None else surface
    worker = _Bracket(metric, variation, vector, prescription)
    nu, mu = names.index(first), names.index(second)
    bracket = worker.half(nu, mu) - worker.half(mu, nu)
    return ChargeForm(-volume_density(metric) * bracket, (first, second))


@final
class _Bracket:
    """The bracket ``B^{νμ}``, component by component."""

    def __init__(self, metric: Metric, variation: Tensor, vector: Tensor, prescription: Prescription) -> None:
        self._metric = metric
        self._prescription = prescription
        self.xi = vector
        self.xi_lower = metric.lower_index(vector, 0)
        mixed = metric.raise_index(variation, 0)
        self.h = metric.raise_index(mixed, 1)
        self.trace = mixed.contract(0, 1)[()]
        ring = metric.ring
        slope = metric.covariant_derivative(self.h)  # D_c h^{ab} at (a, b, c)
        self.slope = slope
        self.slope_upper = metric.raise_index(slope, 2)
        self.divergence = slope.contract(1, 2)
        gradient = Tensor(ring, "d", {(i,): self.trace.derivative(name) for i, name in enumerate(ring.coordinates)})
        self.gradient = metric.raise_index(gradient, 0)
        turn = metric.covariant_derivative(self.xi)  # D_b ξ^a at (a, b)
        self.turn = turn
        self.turn_upper = metric.raise_index(turn, 1)
        self.turn_lower = metric.raise_index(metric.covariant_derivative(self.xi_lower), 1)  # D^b ξ_a at (a, b)

    def half(self, nu: int, mu: int) -> DifferentialElement:
        """Return the bracket before it is made antisymmetric."""
        xi, ring, n = self.xi, self._metric.ring, self._metric.dimension
        half = ring.constant(Fraction(1, 2))
        value = xi[nu] * (self.gradient[mu] - self.divergence[mu]) + half * self.trace * self.turn_upper[mu, nu]
        value = value + dot(ring, [(1, self.xi_lower[s], self.slope_upper[mu, s, nu]) for s in range(n)])
        if self._prescription == "iyer-wald":
            return value - dot(ring, [(1, self.h[nu, s], self.turn[mu, s]) for s in range(n)])
        return value + half * dot(
            ring, [(1, self.h[nu, s], self.turn_lower[s, mu] - self.turn[mu, s]) for s in range(n)]
        )
