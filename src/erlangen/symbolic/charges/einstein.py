"""Einstein's theory, with a cosmological constant and an electromagnetic field, as what surface charges need of it.

Definition: ``L = √-g (R - 2Λ - F_ab F^ab) / 16πG`` with ``F = dA``; ``θ^μ = √-g (∇_ν h^{μν} - ∇^μ h - 4 F^{μν} δA_ν) / 16πG``.
Convention: densities are times 16πG; ``A = -(Q/r) dt`` is the field of a charge Q.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from erlangen.exact import DifferentialElement
from erlangen.symbolic.geometry.metric import Metric
from erlangen.symbolic.geometry.tensor import Tensor
from erlangen.symbolic.geometry.volume import volume_density

__all__ = ["Einstein", "WaldZoupas", "einstein_potential"]


@final
@dataclass(frozen=True, eq=False)
class Einstein:
    """General relativity.

    Parameters
    ----------
    cosmological_constant : element, str, int or Fraction, optional
        Λ; read off from the metric where it is not given.
    newton : element, str or int
        G, 1 by default.
    potential : Tensor, optional
        The electromagnetic potential ``A_a``.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> theory = Einstein()
    >>> theory.constant(spacetime("btz"))
    -1/l^2
    >>> bool(theory.residual(spacetime("btz")))
    False
    """

    cosmological_constant: DifferentialElement | str | int | Fraction | None = None
    newton: DifferentialElement | str | int = 1
    potential: Tensor | None = None

    def gravitational_constant(self, metric: Metric) -> DifferentialElement:
        """Return G in the ring of a metric.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> Einstein(newton="G").gravitational_constant(spacetime("btz"))
        G
        """
        return _element(metric, self.newton)

    def constant(self, metric: Metric) -> DifferentialElement:
        """Return Λ, read off from ``R = 2nΛ/(n-2)`` where it was not given; 0 where R is not constant.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> Einstein().constant(spacetime("de-sitter"))
        3*H^2
        """
        if self.cosmological_constant is not None:
            return _element(metric, self.cosmological_constant)
        n = metric.dimension
        value = metric.scalar_curvature * Fraction(n - 2, 2 * n)
        moving = any(value.derivative(name) for name in metric.ring.coordinates)
        return metric.ring.constant(0) if moving or self.potential is not None else value

    def field(self) -> Tensor | None:
        """Return ``F = dA``, if there is a potential.

        Examples
        --------
        >>> Einstein().field() is None
        True
        """
        return None if self.potential is None else self.potential.exterior_derivative()

    def residual(self, metric: Metric) -> Tensor:
        """Return ``G_ab + Λ g_ab - 2 (F_ac F_b^c - ¼ g_ab F²)``: zero for solutions.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> Einstein(cosmological_constant=1).residual(spacetime("minkowski", dimension=3))[0, 0]
        -1
        """
        left = metric.einstein + metric.lower * self.constant(metric)
        strength = self.field()
        if strength is None:
            return left
        mixed = metric.raise_index(strength, 1)  # F_a^c
        square = mixed.outer(strength).transpose(0, 2, 3, 1).contract(2, 3)  # F_ac F_b^c
        invariant = metric.raise_index(square, 1).contract(0, 1)[()]
        return left - (square - metric.lower * (invariant / 4)) * 2


@final
@dataclass(frozen=True, eq=False)
class WaldZoupas:
    """The prescription of Wald and Zoupas: Iyer and Wald's charge plus ``ι_ξ Θ`` for a preferred potential Θ (gr-qc/9911095).

    Parameters
    ----------
    theta : callable
        ``theta(metric, h)`` gives ``16πG Θ^μ``, a vector density linear in the variation ``h_ab``; it should vanish for all h at
        stationary solutions.

    Examples
    --------
    >>> WaldZoupas(einstein_potential).theta.__name__
    'einstein_potential'
    """

    theta: Callable[[Metric, Tensor], Tensor]


def einstein_potential(metric: Metric, variation: Tensor) -> Tensor:
    """Return the presymplectic potential ``√-g (∇_ν h^{μν} - ∇^μ h)`` of the Einstein–Hilbert Lagrangian.

    Examples
    --------
    >>> from erlangen.symbolic import metric_variation, spacetime
    >>> g = spacetime("schwarzschild")
    >>> einstein_potential(g, metric_variation(g, "M"))[1]
    2
    """
    ring = metric.ring
    mixed = metric.raise_index(variation, 0)
    trace = mixed.contract(0, 1)[()]
    gradient = Tensor(ring, "d", {(i,): trace.derivative(name) for i, name in enumerate(ring.coordinates)})
    divergence = metric.covariant_derivative(metric.raise_index(mixed, 1)).contract(1, 2)
    return (divergence - metric.raise_index(gradient, 0)) * volume_density(metric)


def _element(metric: Metric, value: DifferentialElement | str | int | Fraction) -> DifferentialElement:
    if isinstance(value, str):
        return metric.ring.parse(value)
    return value if isinstance(value, DifferentialElement) else metric.ring.constant(value)
