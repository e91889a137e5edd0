r"""Odd functions of singular values, written as functions of the Gram matrix so that no singular vector is differentiated.

Definition: :math:`f_\sigma(U) = U g(U^T U)` with :math:`g(x) = f(\sqrt x)/\sqrt x`, analytic at 0; f is tanh or artanh.
Convention: divided differences by Taylor sums about the middle where points are close; coefficients by the differential equations of g.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.linalg.spectral import SpectralFunction, apply_spectral
from erlangen.linalg.spectral.spectral_function import complete_sums, together

__all__ = ["ArtanhOverRoot", "TanhOverRoot", "artanh_singular", "tanh_singular"]

_SEAM = 0.04
_TAIL = 40  # steps of the backward recurrence before its first coefficient is used


class _OverRoot(SpectralFunction):
    """g(x) = f(√x)/√x: series below the seam, closed form above, differences by Taylor sums where close."""

    terms: ClassVar[int]
    at_zero: ClassVar[tuple[float, ...]]

    @abstractmethod
    def outer(self, x: Tensor) -> Tensor:
        """Return f(√x)."""

    def value(self, x: Tensor) -> Tensor:
        """Return g(x)."""
        near = x < _SEAM
        small, large = torch.where(near, x, torch.zeros_like(x)), torch.where(near, torch.full_like(x, _SEAM), x)
        series = torch.zeros_like(x)
        for c in reversed(self.at_zero):
            series = c + series * small
        return torch.where(near, series, self.outer(large) / large.sqrt())

    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return g[a, b]."""
        a, b = together(a, b)
        centre = (a + b) / 2
        amplitude, length, coefficients = self.expansion(centre)
        near = (a - b).abs() <= 2 * self.reach * length
        offsets = [torch.where(near, (x - centre) / length, torch.zeros_like(x)) for x in (a, b)]
        gap = torch.where(near, torch.ones_like(a), a - b)
        return torch.where(
            near, amplitude / length * complete_sums(coefficients, offsets), (self.value(a) - self.value(b)) / gap
        )


class ArtanhOverRoot(_OverRoot):
    r"""artanh(√x)/√x on [0, 1), the solution of :math:`2 x g' + g = 1/(1 - x)`.

    Examples
    --------
    >>> zero = torch.zeros(1, dtype=torch.float64)
    >>> ArtanhOverRoot().value(zero), ArtanhOverRoot().first(zero, zero)
    (tensor([1.], dtype=torch.float64), tensor([0.3333], dtype=torch.float64))
    """

    name: ClassVar[str] = "artanh(s)/s"
    reach = 0.1
    terms = 18
    at_zero = tuple(1 / (2 * k + 1) for k in range(14))

    def outer(self, x: Tensor) -> Tensor:
        """Return artanh(√x), also accurate where x is near 1."""
        return torch.log1p(x.sqrt()) - torch.log1p(-x) / 2

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the coefficients in d/(1 - m): backward recurrence near 0, forward away from it, both stable there."""
        m, length = centre, 1 - centre
        small = m < 0.3
        inner, outer = torch.where(small, m, torch.zeros_like(m)), torch.where(small, torch.full_like(m, 0.3), m)
        c, backward = torch.zeros_like(m), [m] * self.terms
        for j in reversed(range(self.terms + _TAIL)):
            c = (1 - 2 * inner * (j + 1) / (1 - inner) * c) / (2 * j + 1)
            if j < self.terms:
                backward[j] = c
        forward = [self.value(outer) * (1 - outer)]
        for j in range(self.terms - 1):
            forward.append((1 - (2 * j + 1) * forward[-1]) * (1 - outer) / (2 * outer * (j + 1)))
        chosen = [torch.where(small, b, f) for b, f in zip(backward, forward, strict=True)]
        return 1 / length, length, chosen


def _tanh_at_zero(count: int) -> tuple[float, ...]:
    """Coefficients of tanh(√x)/√x, from 2 x u' = 1 - u - x u²."""
    found = [1.0]
    for k in range(1, count):
        square = sum(found[i] * found[k - 1 - i] for i in range(k))
        found.append(-square / (2 * k + 1))
    return tuple(found)


class TanhOverRoot(_OverRoot):
    r"""tanh(√x)/√x on [0, ∞), the solution of :math:`2 x u' = 1 - u - x u^2`.

    Examples
    --------
    >>> zero = torch.zeros(1, dtype=torch.float64)
    >>> TanhOverRoot().value(zero), TanhOverRoot().first(zero, zero)
    (tensor([1.], dtype=torch.float64), tensor([-0.3333], dtype=torch.float64))
    """

    name: ClassVar[str] = "tanh(s)/s"
    reach = 0.07
    terms = 18
    at_zero = _tanh_at_zero(14)
    pole: ClassVar[float] = math.pi**2 / 4

    def outer(self, x: Tensor) -> Tensor:
        """Return tanh(√x)."""
        return torch.tanh(x.sqrt())

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the coefficients in d/(m + π²/4): from 0 near it, by the differential equation away from it."""
        length = centre + self.pole
        small = centre < 0.5
        inner = torch.where(small, centre, torch.zeros_like(centre))
        outer = torch.where(small, torch.full_like(centre, 0.5), centre)
        pairs = zip(self._near(inner), self._away(outer), strict=True)
        return torch.ones_like(centre), length, [torch.where(small, a, b) for a, b in pairs]

    def _near(self, m: Tensor) -> list[Tensor]:
        """Quotient of the series of sinh(√x)/√x and cosh √x, which are entire, about m in [0, 0.5)."""
        above, below = [], []
        for j in range(self.terms):
            s, c = torch.zeros_like(m), torch.zeros_like(m)
            for k in reversed(range(9)):
                s = s * m + math.comb(k + j, j) / math.factorial(2 * (k + j) + 1)
                c = c * m + math.comb(k + j, j) / math.factorial(2 * (k + j))
            above.append(s * (m + self.pole) ** j)
            below.append(c * (m + self.pole) ** j)
        found: list[Tensor] = []
        for j in range(self.terms):
            rest = above[j]
            for i in range(j):
                rest = rest - found[i] * below[j - i]
            found.append(rest / below[0])
        return found

    def _away(self, m: Tensor) -> list[Tensor]:
        length = m + self.pole
        found, squares = [self.value(m)], [torch.zeros_like(m)]
        for j in range(self.terms - 1):
            square = torch.zeros_like(m)
            for i in range(j + 1):
                square = square + found[i] * found[j - i]
            source = (1.0 if j == 0 else 0.0) - (2 * j + 1) * found[j] - m * square - length * squares[-1]
            squares.append(square)
            found.append(source * length / (2 * m * (j + 1)))
        return found


def tanh_singular(U: Tensor) -> Tensor:
    r"""Return U with tanh of its singular values, twice differentiable at repeated and vanishing ones.

    Examples
    --------
    >>> float(tanh_singular(torch.eye(2, dtype=torch.float64))[0, 0]) == math.tanh(1.0)
    True
    """
    return U @ apply_spectral(U.mT @ U, TanhOverRoot(), check=True, symmetric=True)


def artanh_singular(W: Tensor) -> Tensor:
    r"""Return W with artanh of its singular values, which are below 1; twice differentiable at repeated and vanishing ones.

    Examples
    --------
    >>> float(artanh_singular(0.5 * torch.eye(2, dtype=torch.float64))[0, 0]) == math.atanh(0.5)
    True
    """
    return W @ apply_spectral(W.mT @ W, ArtanhOverRoot(), check=True, symmetric=True)
