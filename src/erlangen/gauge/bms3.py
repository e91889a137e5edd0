"""The group BMS3 acting on the solutions of three-dimensional gravity, and its vacua.

Definition: ``Θ̃ = f'² Θ∘f - 2 Sch[f]``, ``Ξ̃ = f'² [Ξ + ½ α Θ' + α' Θ - α''']∘f`` with ``Sch[f] = f'''/f' - (3/2)(f''/f')²``
    (Barnich–Oblak 1403.5803).
Convention: f = φ + a periodic function, f' > 0; ``(f, α)`` acts on the left of nothing: ``element(Θ, Ξ)`` is the pull-back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.gauge.circle import CircleFunction, Periodic

__all__ = ["BMS3Element", "boost_vacuum", "match_null_infinities"]


@final
@dataclass(frozen=True)
class BMS3Element:
    """An element (f, α) of BMS3: a superrotation ``f = φ + shift`` and a supertranslation α.

    Parameters
    ----------
    shift : CircleFunction
        The periodic part of f.
    supertranslation : CircleFunction
        α.

    Raises
    ------
    DomainError
        If ``f' = 1 + shift'`` is not positive everywhere: f is no diffeomorphism.

    Examples
    --------
    >>> g = BMS3Element.of(lambda phi: 0.3 * np.sin(phi))
    >>> theta, xi = g(-1.0, 0.0)
    >>> bool(np.ptp(theta(np.linspace(0, 6, 50))) > 0.1)
    True
    """

    shift: CircleFunction
    supertranslation: CircleFunction

    def __post_init__(self) -> None:
        angles = np.linspace(0, 2 * np.pi, 4 * max(len(self.shift.coefficients), 64), endpoint=False)
        slope = 1 + self.shift.derivative()(angles)
        if np.min(slope) <= 0:
            message = f"f' = {np.min(slope):.3g} at φ = {angles[int(np.argmin(slope))]:.4g}: f is no diffeomorphism of the circle"
            raise DomainError(message, hint="make the shift smaller; f' must be positive")

    @classmethod
    def of(cls, shift: Periodic = 0.0, supertranslation: Periodic = 0.0) -> BMS3Element:
        """Return the element with ``f = φ + shift`` and α.

        Examples
        --------
        >>> bool(abs(BMS3Element.of(0.0, lambda phi: np.cos(phi)).supertranslation.mean()) < 1e-15)
        True
        """
        return cls(CircleFunction.of(shift), CircleFunction.of(supertranslation))

    def map(self, angle: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``f(φ)``.

        Examples
        --------
        >>> BMS3Element.of(0.5).map(np.array([1.0]))
        array([1.5])
        """
        return np.asarray(angle, dtype=np.float64) + self.shift(angle)

    def schwarzian(self) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        """Return ``Sch[f]``.

        Examples
        --------
        >>> bool(np.allclose(BMS3Element.of(0.5).schwarzian()(np.array([1.0])), 0))
        True
        """
        one, two, three = (self.shift.derivative(k) for k in (1, 2, 3))

        def value(angle: NDArray[np.float64]) -> NDArray[np.float64]:
            slope = 1 + one(angle)
            return three(angle) / slope - 1.5 * (two(angle) / slope) ** 2

        return value

    def __call__(self, theta: Periodic, xi: Periodic = 0.0) -> tuple[CircleFunction, CircleFunction]:
        """Return ``(Θ̃, Ξ̃)`` for data Θ, Ξ."""
        potential, spin, alpha = CircleFunction.of(theta), CircleFunction.of(xi), self.supertranslation
        slope, schwarzian = self.shift.derivative(), self.schwarzian()
        steepness, first, third = potential.derivative(), alpha.derivative(), alpha.derivative(3)

        def new_theta(angle: NDArray[np.float64]) -> NDArray[np.float64]:
            return (1 + slope(angle)) ** 2 * potential(self.map(angle)) - 2 * schwarzian(angle)

        def new_xi(angle: NDArray[np.float64]) -> NDArray[np.float64]:
            there = self.map(angle)
            moved = spin(there) + alpha(there) * steepness(there) / 2 + first(there) * potential(there) - third(there)
            return (1 + slope(angle)) ** 2 * moved

        return CircleFunction.of(new_theta), CircleFunction.of(new_xi)

    def __matmul__(self, other: BMS3Element) -> BMS3Element:
        """Return the element whose action is first that of ``self``, then that of ``other``: ``f = f_1 ∘ f_2``."""

        def shift(angle: NDArray[np.float64]) -> NDArray[np.float64]:
            return other.shift(angle) + self.shift(other.map(angle))

        # α_12 ∘ f_1 = α_1 ∘ f_1 + f_1' α_2, read at the preimage
        def alpha(angle: NDArray[np.float64]) -> NDArray[np.float64]:
            before = self.preimage(angle)
            return self.supertranslation(angle) + (1 + self.shift.derivative()(before)) * other.supertranslation(before)

        return BMS3Element.of(shift, alpha)

    def preimage(self, angle: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``f^{-1}(φ)``, by Newton's iteration from below with bisection's safety of a monotone function.

        Examples
        --------
        >>> g = BMS3Element.of(lambda phi: 0.3 * np.sin(phi))
        >>> bool(np.allclose(g.map(g.preimage(np.array([1.0, 5.0]))), [1.0, 5.0]))
        True
        """
        target = np.asarray(angle, dtype=np.float64)
        bound = float(np.sum(2 * np.abs(self.shift.coefficients))) + 1e-9
        low, high = target - bound, target + bound
        found = target - self.shift(target)
        slope = self.shift.derivative()
        for _ in range(80):
            value = self.map(found) - target
            low, high = np.where(value < 0, found, low), np.where(value > 0, found, high)
            step = found - value / (1 + slope(found))
            found = np.where((step > low) & (step < high), step, (low + high) / 2)
            if np.max(np.abs(value)) <= 4e-16 * max(1.0, float(np.max(np.abs(target)))):
                break
        return found


def boost_vacuum(shift: Periodic, supertranslation: Periodic = 0.0) -> tuple[CircleFunction, CircleFunction]:
    """Return ``(Θ, Ξ)`` of a Minkowski space moved by a superrotation and a supertranslation: the same space with other charges.

    Examples
    --------
    >>> theta, _ = boost_vacuum(lambda phi: 0.3 * np.sin(phi))
    >>> bool(theta.mean() > -1)
    True
    """
    return BMS3Element.of(shift, supertranslation)(-1.0, 0.0)


def match_null_infinities(theta: Periodic, xi: Periodic) -> tuple[CircleFunction, CircleFunction]:
    """Return the data at past null infinity that match data at future null infinity: ``Θ^-(φ) = Θ^+(φ - π)``, the antipodal map.

    Then ``Q^+_{T,Y} = Q^-_{T̂,Ŷ}`` with ``T̂(φ) = T(φ - π)``, ``Ŷ(φ) = Y(φ - π)``: infinitely many conservation laws.

    Examples
    --------
    >>> before, _ = match_null_infinities(lambda phi: np.cos(phi), 0.0)
    >>> bool(np.allclose(before(np.array([0.4])), -np.cos(0.4)))
    True
    """
    return _turned(CircleFunction.of(theta)), _turned(CircleFunction.of(xi))


def _turned(function: CircleFunction) -> CircleFunction:
    return CircleFunction(function.coefficients * (-1.0) ** np.arange(len(function.coefficients)))
