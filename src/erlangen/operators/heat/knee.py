r"""The knee of a curve: where it turns away from the chord through its ends.

Definition: the index of the largest distance from the chord, after both axes are scaled to [0, 1] (Satopää et al., Kneedle, 2011, without smoothing).
Convention: the earliest one among equals; a straight line has its knee at its first point.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from erlangen.errors import DomainError, ShapeError
from erlangen.validation import check_finite

__all__ = ["knee"]


def knee(x: Any, y: Any) -> int:
    """Return the index of the knee of a curve.

    Parameters
    ----------
    x : array_like (m,)
        Strictly increasing, m >= 3.
    y : array_like (m,)
        Values.

    Raises
    ------
    ShapeError
        If the lengths differ or are below 3.
    DomainError
        If anything is not finite or ``x`` does not increase.

    Examples
    --------
    >>> knee(np.arange(20), np.exp(-np.arange(20) / 10))
    8
    """
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if a.ndim != 1 or a.shape != b.shape or len(a) < 3:
        message = f"x and y must be vectors of one length >= 3, got {a.shape} and {b.shape}"
        raise ShapeError(message, hint="pass one value for each abscissa")
    check_finite(a, "x")
    check_finite(b, "y")
    if not (np.diff(a) > 0).all():
        i = int(np.argmin(np.diff(a) > 0))
        message = f"x must increase, but x[{i}] = {a[i]:g} and x[{i + 1}] = {a[i + 1]:g}"
        raise DomainError(message, hint="sort the curve by x and drop repeated abscissae")
    along = (a - a[0]) / (a[-1] - a[0])
    gap = np.abs(b - b[0] - along * (b[-1] - b[0]))
    scale = float(np.abs(b).max())
    return 0 if gap.max() <= 1e-14 * scale else int(gap.argmax())
