r"""The rectifier max(x, c) with its divided differences, also on both sides of the kink.

Definition: :math:`f[a, b]` is 1 above c, 0 below, and :math:`(\max - c)/(\max - \min)` across; :math:`f[a, b, c']` is 0 unless points lie on both sides.
Convention: at the kink itself the derivative is 1, as torch.clamp has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.linalg.spectral.spectral_function import SpectralFunction, together
from erlangen.validation import check_real

__all__ = ["Rectifier"]


class Rectifier(SpectralFunction):
    """The function max(x, c).

    Parameters
    ----------
    c : float
        The floor.

    Examples
    --------
    >>> Rectifier(1.0).first(torch.tensor([3.0, 3.0, 0.0]), torch.tensor([2.0, 0.0, 0.0]))
    tensor([1.0000, 0.6667, 0.0000])
    """

    name: ClassVar[str] = "rectifier"

    def __init__(self, c: float) -> None:
        self.c = check_real(c, "c")

    def value(self, x: Tensor) -> Tensor:
        """Return max(x, c)."""
        return x.clamp_min(self.c)

    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the first divided difference."""
        low, high = torch.minimum(a, b), torch.maximum(a, b)
        across = (low < self.c) & (high > self.c)
        gap = torch.where(across, high - low, torch.ones_like(high))
        return torch.where(across, (high - self.c) / gap, (low >= self.c).to(gap.dtype))

    def second(self, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        """Return the second divided difference; infinite limits at the kink count as 0."""
        low, middle, high = torch.stack(together(a, b, c)).sort(dim=0).values.unbind(0)
        across = (low < self.c) & (high > self.c)
        upper = middle >= self.c
        top = torch.where(upper, self.c - low, high - self.c)
        near = torch.where(upper, middle - low, high - middle)
        gap = torch.where(across, high - low, torch.ones_like(high))
        return torch.where(across, top / torch.where(across, near, torch.ones_like(near)) / gap, torch.zeros_like(top))

    def third(self, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
        """Return the third divided difference, 0 on either side of the kink."""
        points = torch.stack(together(a, b, c, d)).sort(dim=0).values
        gap = points[-1] - points[0]
        met = gap == 0
        change = self.second(*points[1:]) - self.second(*points[:-1])
        return torch.where(met, 0.0, change / torch.where(met, 1.0, gap))

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the linear function on the side of ``centre``."""
        unit = torch.ones_like(centre)
        return unit, unit, [self.value(centre), (centre >= self.c).to(centre.dtype)]

    def __repr__(self) -> str:
        return f"Rectifier({self.c!r})"
