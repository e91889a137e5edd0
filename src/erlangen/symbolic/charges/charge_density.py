"""The density of a charge variation in Einstein's theory by each prescription, and how it grows with the radius.

Definition: the gravitational form of :func:`charge_form`, the electromagnetic ``δ(-4√-g F^{tr} A_a) ξ^a + ξ^t θ^r - ξ^r θ^t``, and Wald and
    Zoupas' ``-(ξ^t Θ^r - ξ^r Θ^t)``.
Convention: densities are times 16πG.
"""

from __future__ import annotations

from fractions import Fraction

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement
from erlangen.symbolic.charges.einstein import Einstein, WaldZoupas
from erlangen.symbolic.charges.surface_charge import Prescription, charge_form, metric_variation
from erlangen.symbolic.geometry.metric import Metric
from erlangen.symbolic.geometry.tensor import Tensor
from erlangen.symbolic.geometry.volume import volume_density

__all__ = ["charge_density", "circle_factor", "leading_coefficient", "leading_power"]


def charge_density(
    metric: Metric,
    name: str,
    vector: Tensor,
    theory: Einstein,
    prescription: Prescription | WaldZoupas,
    fixed: tuple[str, str],
) -> DifferentialElement:
    """Return 16πG times the density of the charge variation under one parameter.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> g = spacetime("schwarzschild")
    >>> charge_density(g, "M", Tensor(g.ring, "u", {(0,): 1}), Einstein(), "iyer-wald", ("t", "r"))
    4
    """
    plain: Prescription = "iyer-wald" if isinstance(prescription, WaldZoupas) else prescription
    h = metric_variation(metric, name)
    value = charge_form(metric, h, vector, surface=fixed, prescription=plain).density
    if theory.potential is not None:
        value = value + _electromagnetic(metric, theory, vector, name, fixed)
    if isinstance(prescription, WaldZoupas):
        t, r = (metric.ring.coordinates.index(place) for place in fixed)
        through = prescription.theta(metric, h)
        value = value - (vector[t] * through[r] - vector[r] * through[t])
    return value


def _electromagnetic(
    metric: Metric, theory: Einstein, vector: Tensor, name: str, fixed: tuple[str, str]
) -> DifferentialElement:
    """Return ``δ(-4√-g F^{tr} A_a) ξ^a + ξ^t θ^r - ξ^r θ^t`` with ``θ^μ = -4√-g F^{μν} δA_ν``."""
    ring, potential, strength = metric.ring, theory.potential, theory.field()
    if potential is None or strength is None:
        return ring.constant(0)
    t, r = (ring.coordinates.index(place) for place in fixed)
    upper = metric.raise_index(metric.raise_index(strength, 0), 1) * (volume_density(metric) * -4)
    change = Tensor(ring, "d", {index: value.partial(name) for index, value in potential})
    total = ring.constant(0)
    for (a,), value in vector:
        total = total + value * (upper[t, r] * potential[a]).partial(name)
    theta = [sum((upper[mu, nu] * change[nu] for nu in range(metric.dimension)), ring.constant(0)) for mu in (t, r)]
    return total + vector[t] * theta[1] - vector[r] * theta[0]


def circle_factor(metric: Metric, circles: int) -> DifferentialElement:
    """Return ``(2π)^circles / 16π``, with the constant ``pi`` of the ring where it is needed.

    Raises
    ------
    DomainError
        If it is needed and not there.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> circle_factor(spacetime("kerr"), 1)
    1/8
    """
    value = metric.ring.constant(1) * Fraction(2**circles, 16)
    if circles == 1:
        return value
    if "pi" not in metric.ring:
        message = f"{circles} circles of length 2 pi leave pi^{circles - 1}, which is not rational"
        raise DomainError(message, hint="declare a constant pi in the ring of the metric")
    return value * metric.ring["pi"] ** (circles - 1)


def leading_power(value: DifferentialElement, radius: str) -> int:
    """Return the power of r with which a rational function grows.

    Raises
    ------
    DomainError
        If r stands under a root or in a function.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> leading_power(spacetime("kerr").ring.parse("r^2/(r+M)"), "r")
    1
    """
    if not value:
        return 0
    moving = [name for name in value.generators if name != radius and value.ring[name].derivative(radius)]
    if moving:
        message = f"{moving[0]} depends on {radius}, so that no power of {radius} leads"
        raise DomainError(message, hint="use .at_radius, or expand: TruncatedSeries")
    return value.numerator.degree(radius) - value.denominator.degree(radius)


def leading_coefficient(value: DifferentialElement, radius: str) -> DifferentialElement:
    """Return the coefficient of the leading power of r.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> leading_coefficient(spacetime("kerr").ring.parse("M*r^2/(r+M)"), "r")
    M
    """
    if not value:
        return value
    parts = []
    for element in (value.numerator, value.denominator):
        coefficients = element.coefficients(radius)
        parts.append(coefficients[max(coefficients)])
    return parts[0] / parts[1]
