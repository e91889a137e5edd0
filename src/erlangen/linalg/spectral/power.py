r"""Real powers with their divided differences.

Definition: with :math:`s = \log(\max/\min)`: :math:`f[a, b] = \max^p (1 - e^{-ps})/(\max - \min)`, for p < 0 with the smaller argument in front;
for p near 1 by Leibniz, :math:`f[a, b, c] = a\,h[a, b, c] + h[b, c]` with :math:`f = x h`.
Convention: on positive numbers; natural exponents on all numbers are :class:`IntegerPower`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.linalg.spectral.spectral_function import SpectralFunction, binomials, together
from erlangen.validation import check_real

__all__ = ["Power"]


class Power(SpectralFunction):
    """The function x to the power p.

    Parameters
    ----------
    p : float
        Exponent.

    Examples
    --------
    >>> Power(-1.0).first(torch.tensor(2.0), torch.tensor(4.0))
    tensor(-0.1250)
    """

    name: ClassVar[str] = "power"
    domain: ClassVar[str] = "positive"

    def __init__(self, p: float) -> None:
        self.p = check_real(p, "p", low=-1e6, high=1e6)
        self.reach = 0.2 / (1 + abs(self.p))

    def value(self, x: Tensor) -> Tensor:
        """Return x**p."""
        return x**self.p

    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the first divided difference: numerator and denominator in front's own unit, so that p - 1, which rounds, is not formed."""
        least, most = torch.minimum(a, b), torch.maximum(a, b)
        gap = most - least
        same = gap == 0
        sign, front = (-1.0, most) if self.p >= 0 else (1.0, least)
        change = torch.expm1(sign * self.p * torch.log1p(gap / least))
        quotient = sign * change / torch.where(same, torch.ones_like(gap), gap)
        return front**self.p * torch.where(same, self.p / front, quotient)

    def second(self, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        """Return the second divided difference; near p = 1, where it vanishes, as that of x times h = x**(p - 1)."""
        if not abs(self.p - 1) < 0.5:
            return super().second(a, b, c)
        low, middle, high = torch.stack(together(a, b, c)).sort(dim=0).values.unbind(0)
        h = Power(self.p - 1)
        return low * h.second(low, middle, high) + h.first(middle, high)

    def third(self, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
        """Return the third divided difference; near p = 1 and p = 2, where it vanishes, likewise."""
        if not 0.5 < self.p < 2.5:
            return super().third(a, b, c, d)
        low, *rest = torch.stack(together(a, b, c, d)).sort(dim=0).values
        h = Power(self.p - 1)
        return low * h.third(low, *rest) + h.second(*rest)

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the binomial series about ``centre``."""
        return centre**self.p, centre, binomials(self.p, 22)

    def __repr__(self) -> str:
        return f"Power({self.p!r})"
