r"""Quotients of an angle and its sine, smooth where the angle vanishes.

Definition: :math:`\operatorname{sinc}(s) = \sin\sqrt s/\sqrt s` and its inverse's :math:`\arcsin\sqrt s/\sqrt s`, functions of a square.
Convention: a series below 1e-2, the closed form above, so that derivatives of any order exist at zero.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["ARCSINC", "SEAM", "SINC", "angle_over_sine", "series", "sinc"]

SEAM = 1e-2
SINC = (1.0, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800, 1 / 6227020800)
ARCSINC = (
    1.0,
    1 / 6,
    3 / 40,
    15 / 336,
    105 / 3456,
    945 / 42240,
    10395 / 599040,
    135135 / 9676800,
    2027025 / 175472640,
)


def series(x: Tensor, coefficients: tuple[float, ...]) -> Tensor:
    """Return the polynomial with coefficients from the constant on."""
    total = torch.zeros_like(x)
    for c in reversed(coefficients):
        total = c + total * x
    return total


def sinc(squared: Tensor) -> Tensor:
    """Return ``sin(t)/t`` of ``t**2``.

    Examples
    --------
    >>> sinc(torch.tensor([0.0, torch.pi**2 / 4]))
    tensor([1.0000, 0.6366])
    """
    near = squared < SEAM
    t = torch.where(near, 1.0, squared).sqrt()
    return torch.where(near, series(torch.where(near, squared, 0.0), SINC), t.sin() / t)


def angle_over_sine(squared_sine: Tensor, cosine: Tensor) -> Tensor:
    """Return ``t/sin(t)`` of ``sin(t)**2`` and ``cos(t)``, for angles from 0 up to pi.

    Examples
    --------
    >>> angle_over_sine(torch.tensor(0.0), torch.tensor(1.0))
    tensor(1.)
    """
    near = (squared_sine < SEAM) & (cosine > 0)
    s = torch.where(near, 1.0, squared_sine).sqrt()
    far = torch.atan2(s, cosine) / s
    return torch.where(near, series(torch.where(near, squared_sine, 0.0), ARCSINC), far)
