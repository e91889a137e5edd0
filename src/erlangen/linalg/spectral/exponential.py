r"""The exponential with its divided differences.

Definition: :math:`f[a, b] = e^{\max} (1 - e^{-s})/s`, :math:`s = |a - b|`, which is :math:`e^{(a+b)/2} \sinh(s/2)/(s/2)`.
Convention: written with the larger argument in front, so that nothing overflows before the result does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.linalg.spectral.spectral_function import SpectralFunction, inverse_factorials

__all__ = ["Exponential"]

_COEFFICIENTS = inverse_factorials(20)


class Exponential(SpectralFunction):
    """The function exp.

    Examples
    --------
    >>> Exponential().first(torch.zeros(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64))
    tensor([1.], dtype=torch.float64)
    """

    name: ClassVar[str] = "exp"

    def value(self, x: Tensor) -> Tensor:
        """Return exp(x)."""
        return x.exp()

    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return exp[a, b]."""
        gap = (a - b).abs()
        same = gap == 0
        quotient = -torch.expm1(-gap) / torch.where(same, torch.ones_like(gap), gap)
        return torch.maximum(a, b).exp() * torch.where(same, torch.ones_like(gap), quotient)

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the Taylor series about ``centre``."""
        return centre.exp(), torch.ones_like(centre), _COEFFICIENTS
