r"""The square root with its divided differences.

Definition: :math:`f[a, b] = 1/(\sqrt a + \sqrt b)`, :math:`f[a, b, c] = -1/((\sqrt a + \sqrt b)(\sqrt b + \sqrt c)(\sqrt a + \sqrt c))`.
Convention: defined for a >= 0; derivatives exist for a > 0 only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from torch import Tensor

from erlangen.linalg.spectral.spectral_function import SpectralFunction, binomials

__all__ = ["SquareRoot"]


class SquareRoot(SpectralFunction):
    """The function sqrt.

    Examples
    --------
    >>> import torch
    >>> SquareRoot().first(torch.tensor(4.0), torch.tensor(4.0))
    tensor(0.2500)
    """

    name: ClassVar[str] = "sqrt"
    domain: ClassVar[str] = "nonnegative"
    reach = 0.1

    def value(self, x: Tensor) -> Tensor:
        """Return sqrt(x)."""
        return x.sqrt()

    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return sqrt[a, b]."""
        return 1 / (a.sqrt() + b.sqrt())

    def second(self, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        """Return sqrt[a, b, c]."""
        p, q, r = a.sqrt(), b.sqrt(), c.sqrt()
        return -1 / (p + q) / (q + r) / (p + r)

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the binomial series about ``centre``."""
        return centre.sqrt(), centre, binomials(0.5, 20)
