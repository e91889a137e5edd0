r"""Parallel transport by a ladder of geodesics, for every metric that has exp and log.

Definition: with the midpoint m of a rung, :math:`p = \exp_x(h v)`, :math:`v' = -h^{-1}\log_y \exp_m(-\log_m p)` (Guigui & Pennec 2022, sec. 2.3).
Convention: h is one over the number of rungs; the error falls with the square of the number of rungs, and vanishes on symmetric spaces.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor

__all__ = ["pole_ladder"]


def pole_ladder(metric: Any, x: Tensor, y: Tensor, v: Tensor, rungs: int) -> Tensor:
    """Return ``v`` at x transported to y along the geodesic, in so many rungs.

    Examples
    --------
    >>> import torch
    >>> from erlangen.manifolds import AffineInvariant
    >>> one = torch.eye(2, dtype=torch.float64)
    >>> bool(torch.allclose(pole_ladder(AffineInvariant(), one, 4 * one, one, 1), 4 * one))
    True
    """
    here = x
    for k in range(1, rungs + 1):
        there = y if k == rungs else metric.geodesic(x, y, k / rungs)
        middle = metric.geodesic(x, y, (k - 0.5) / rungs)
        pole = metric.exp(here, v / rungs)
        mirrored = metric.exp(middle, -metric.log(middle, pole))
        v = -rungs * metric.log(there, mirrored)
        here = there
    return v
