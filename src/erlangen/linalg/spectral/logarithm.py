r"""The logarithm with its divided differences.

Definition: :math:`f[a, b] = \operatorname{log1p}(u)/(u \min)`, :math:`u = |a - b|/\min(a, b)`.
Convention: natural logarithm, on positive numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.linalg.spectral.spectral_function import SpectralFunction

__all__ = ["Logarithm"]

_COEFFICIENTS = [0.0] + [(-1.0) ** (j + 1) / j for j in range(1, 22)]


class Logarithm(SpectralFunction):
    """The function log.

    Examples
    --------
    >>> Logarithm().first(torch.tensor(2.0), torch.tensor(2.0))
    tensor(0.5000)
    """

    name: ClassVar[str] = "log"
    domain: ClassVar[str] = "positive"
    reach = 0.2

    def value(self, x: Tensor) -> Tensor:
        """Return log(x)."""
        return x.log()

    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return log[a, b]."""
        least = torch.minimum(a, b)
        ratio = (a - b).abs() / least
        return torch.where(ratio == 0, 1.0, torch.log1p(ratio) / ratio) / least

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the Taylor series about ``centre``; the constant, which no difference sees, is left out."""
        return torch.ones_like(centre), centre, _COEFFICIENTS
