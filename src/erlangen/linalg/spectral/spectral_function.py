r"""A scalar function with the divided differences its matrix function needs, computed without cancellation.

Definition: :math:`f[a] = f(a)`, :math:`f[a, b] = (f(a) - f(b))/(a - b)`, :math:`f[a, b, c] = (f[a, b] - f[b, c])/(a - c)`, by limits where points meet.
Convention: arguments are float64 tensors that broadcast; where points are close, :math:`f[x_0 \dots x_n] = \sum_k f_{n+k} h_k(x - m)` (Taylor).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

__all__ = ["SpectralFunction", "complete_sums"]


def complete_sums(coefficients: Sequence[float | Tensor], offsets: Sequence[Tensor]) -> Tensor:
    r"""Return :math:`\sum_k c_{n+k} h_k(d_0, \dots, d_n)` with the complete homogeneous symmetric polynomials h.

    Parameters
    ----------
    coefficients : sequence of float or Tensor
        Taylor coefficients :math:`c_0, c_1, \dots` (values divided by factorials).
    offsets : sequence of Tensor
        The n + 1 offsets from the centre of expansion.

    Examples
    --------
    >>> d = torch.tensor(0.5, dtype=torch.float64)
    >>> complete_sums([0.0, 0.0, 1.0], [d, d])  # f = x^2, so f[d, d] = 2 d
    tensor(1., dtype=torch.float64)
    """
    order = len(offsets) - 1
    powers = [torch.ones_like(offsets[0]) for _ in offsets]
    total = powers[-1] * coefficients[order]
    for coefficient in coefficients[order + 1 :]:
        below = torch.zeros_like(offsets[0])
        for j, offset in enumerate(offsets):
            below = powers[j] = below + offset * powers[j]
        total = total + coefficient * below
    return total


def together(*points: Tensor) -> list[Tensor]:
    """Return tensors broadcast to their common shape."""
    broadcast: Any = torch.broadcast_tensors
    return list(broadcast(*points))


class SpectralFunction(ABC):
    r"""A scalar function f that :func:`erlangen.linalg.spectral_function` applies to the eigenvalues of a symmetric matrix.

    A subclass gives the value, the first divided difference and a local expansion
    :math:`f(m + d) = \alpha \sum_j c_j (d/\ell)^j`; the second and third divided differences follow.

    Attributes
    ----------
    name : str
        As messages call it.
    domain : {"real", "nonnegative", "positive"}
        Where it is defined.
    reach : float
        The expansion serves while all points lie within this many lengths :math:`\ell`.
    """

    name: ClassVar[str]
    domain: ClassVar[str] = "real"
    reach: float = 1.0

    @abstractmethod
    def value(self, x: Tensor) -> Tensor:
        """Return f(x)."""

    @abstractmethod
    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return f[a, b], accurate relative to itself also where the arguments meet."""

    def second(self, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        """Return f[a, b, c], from the two differences that lie farthest apart, or from the expansion where all three are close."""
        ordered = torch.stack(together(a, b, c)).sort(dim=0).values
        low, middle, high = ordered.unbind(0)
        centre = low + (high - low) / 2
        amplitude, length, coefficients = self.expansion(centre)
        near = (high - low) <= self.reach * length
        offsets = [torch.where(near, (x - centre) / length, 0.0) for x in (low, middle, high)]
        close = amplitude / length / length * complete_sums(coefficients, offsets)
        gap = torch.where(near, torch.ones_like(high), high - low)
        far = (self.first(high, middle) - self.first(low, middle)) / gap
        return torch.where(near, close, far)

    def third(self, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
        """Return f[a, b, c, d], likewise."""
        points = torch.stack(together(a, b, c, d)).sort(dim=0).values
        low, high = points[0], points[-1]
        centre = low + (high - low) / 2
        amplitude, length, coefficients = self.expansion(centre)
        near = (high - low) <= self.reach * length
        offsets = [torch.where(near, (x - centre) / length, 0.0) for x in points]
        close = amplitude / length / length / length * complete_sums(coefficients, offsets)
        gap = torch.where(near, torch.ones_like(high), high - low)
        return torch.where(near, close, (self.second(*points[1:]) - self.second(*points[:-1])) / gap)

    @abstractmethod
    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        r"""Return amplitude :math:`\alpha`, length :math:`\ell` and coefficients :math:`c_j` of the expansion about ``centre``."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def binomials(p: float, count: int) -> list[float]:
    """Return the binomial coefficients of a real exponent, from 0 to count - 1."""
    row = [1.0]
    for j in range(1, count):
        row.append(row[-1] * (p - (j - 1)) / j)  # p - j + 1 would round p away where it is small
    return row


def inverse_factorials(count: int) -> list[float]:
    """Return 1/j! for j below count."""
    return [1.0 / math.factorial(j) for j in range(count)]
