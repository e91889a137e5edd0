r"""The inverse square root with its divided differences.

Definition: with p, q, r the roots of a, b, c: :math:`f[a, b] = -1/(p q (p + q))`, :math:`f[a, b, c] = (p + q + r)/(p q r (p + q)(q + r)(p + r))`.
Convention: on positive numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from torch import Tensor

from erlangen.linalg.spectral.spectral_function import SpectralFunction, binomials

__all__ = ["InverseSquareRoot"]


class InverseSquareRoot(SpectralFunction):
    """The function 1/sqrt.

    Examples
    --------
    >>> import torch
    >>> InverseSquareRoot().first(torch.tensor(1.0), torch.tensor(1.0))
    tensor(-0.5000)
    """

    name: ClassVar[str] = "inv-sqrt"
    domain: ClassVar[str] = "positive"
    reach = 0.1

    def value(self, x: Tensor) -> Tensor:
        """Return 1/sqrt(x)."""
        return 1 / x.sqrt()

    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the first divided difference."""
        p, q = a.sqrt(), b.sqrt()
        return -1 / p / q / (p + q)

    def second(self, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        """Return the second divided difference."""
        p, q, r = a.sqrt(), b.sqrt(), c.sqrt()
        return ((p + q + r) / (p + q) / (q + r) / (p + r)) / p / q / r

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the binomial series about ``centre``."""
        return 1 / centre.sqrt(), centre, binomials(-0.5, 20)
