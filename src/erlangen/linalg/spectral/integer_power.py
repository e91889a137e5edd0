r"""Natural powers with their divided differences, on all real numbers.

Definition: :math:`f[x_0, \dots, x_n] = h_{p-n}(x_0, \dots, x_n)`, the complete homogeneous symmetric polynomial.
Convention: :math:`x^0 = 1` also at 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.linalg.spectral.spectral_function import SpectralFunction, complete_sums, together
from erlangen.validation import check_integer

__all__ = ["IntegerPower"]


class IntegerPower(SpectralFunction):
    """The function x to the power p for p = 0, 1, 2 …

    Parameters
    ----------
    p : int
        Exponent, at most 1000.

    Examples
    --------
    >>> IntegerPower(2).first(torch.tensor(-2.0), torch.tensor(5.0))
    tensor(3.)
    """

    name: ClassVar[str] = "power"

    def __init__(self, p: int) -> None:
        self.p = check_integer(p, "p", low=0, high=1000)

    def value(self, x: Tensor) -> Tensor:
        """Return x**p."""
        return x**self.p

    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the first divided difference."""
        return self._homogeneous(a, b)

    def second(self, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        """Return the second divided difference."""
        return self._homogeneous(a, b, c)

    def third(self, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
        """Return the third divided difference."""
        return self._homogeneous(a, b, c, d)

    def _homogeneous(self, *points: Tensor) -> Tensor:
        broadcast = together(*points)
        degree = self.p - len(points) + 1
        if degree < 0:
            return torch.zeros_like(broadcast[0])
        return complete_sums([0.0] * self.p + [1.0], broadcast)

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the monomial itself, expanded about 0."""
        return torch.ones_like(centre), torch.ones_like(centre), [0.0] * self.p + [1.0]

    def __repr__(self) -> str:
        return f"IntegerPower({self.p})"
