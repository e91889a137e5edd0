r"""The function that cuts numbers to an interval, with its divided differences.

Definition: :math:`f(x) = \min(\max(x, l), h)`; :math:`f[a, b]` is the part of :math:`[a, b]` that lies inside :math:`[l, h]`.
Convention: the derivative at the ends is 1, as torch.clamp has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.linalg.spectral.rectifier import Rectifier
from erlangen.linalg.spectral.spectral_function import SpectralFunction
from erlangen.validation import check_real

__all__ = ["Clamp"]


class Clamp(SpectralFunction):
    """The function that cuts to [low, high].

    Parameters
    ----------
    low, high : float
        The interval, of positive length.

    Examples
    --------
    >>> Clamp(0.0, 2.0).first(torch.tensor([1.0, 4.0, 4.0]), torch.tensor([0.5, -4.0, 3.0]))
    tensor([1.0000, 0.2500, 0.0000])
    """

    name: ClassVar[str] = "clamp"

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = check_real(low, "low"), check_real(high, "high")
        if not self.low < self.high:
            message = f"low must be below high, got low={self.low:g} and high={self.high:g}"
            raise DomainError(message, hint="exchange them")

    def value(self, x: Tensor) -> Tensor:
        """Return x cut to the interval."""
        return x.clamp(self.low, self.high)

    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the first divided difference."""
        small, large = torch.minimum(a, b), torch.maximum(a, b)
        inside = (small >= self.low) & (large <= self.high)
        gap = large - small
        common = (large.clamp(max=self.high) - small.clamp(min=self.low)).clamp_min(0)
        whole = inside | (gap == 0)
        return torch.where(whole, inside.to(gap.dtype), common / torch.where(whole, torch.ones_like(gap), gap))

    def second(self, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        """Return the second divided difference: that of the lower kink less that of the upper."""
        return Rectifier(self.low).second(a, b, c) - Rectifier(self.high).second(a, b, c)

    def third(self, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
        """Return the third divided difference, likewise."""
        return Rectifier(self.low).third(a, b, c, d) - Rectifier(self.high).third(a, b, c, d)

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the linear function on the piece of ``centre``."""
        unit = torch.ones_like(centre)
        inside = (centre >= self.low) & (centre <= self.high)
        return unit, unit, [self.value(centre), inside.to(centre.dtype)]

    def __repr__(self) -> str:
        return f"Clamp({self.low!r}, {self.high!r})"
