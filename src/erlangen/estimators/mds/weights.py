r"""Weights of metric scaling: which pairs matter.

Definition: ``heat`` :math:`H + 10^{-5}`, ``inverse`` :math:`d^{-a}`, ``gaussian``
:math:`e^{-\hat d^2 / a}`, ``uniform`` 1; :math:`\hat d` is d scaled to [0, 1].
Convention: the diagonal is zero, and so is the weight of an infinite distance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.mds.checks import check_distances, check_weights
from erlangen.validation import check_choice, check_memory, check_real

__all__ = ["weights_from"]

Array = NDArray[np.float64]


def weights_from(kind: str, D: Any, *, H: Any = None, a: float = 1.0, floor: float = 1e-5) -> Array:
    r"""Return weights (n, n) for metric scaling.

    .. math:: w = h + \text{floor}, \qquad w = d^{-a}, \qquad w = e^{-\hat d^2 / a}, \quad \hat d = \frac{d - \min d}{\max d - \min d}

    Parameters
    ----------
    kind : {"heat", "inverse", "gaussian", "uniform"}
        Which of them.
    D : array_like (n, n)
        Distances; minimum and maximum are those of the pairs of distinct points. Coincident pairs of ``inverse`` weigh
        as much as the nearest pair.
    H : array_like (n, n), optional
        Heat kernel, needed by ``heat``.
    a : float
        Power, or width; > 0.
    floor : float
        What ``heat`` adds, >= 0.

    Raises
    ------
    ShapeError, DomainError
        If ``D`` or ``H`` breaks its law, or ``H`` is missing.

    Examples
    --------
    >>> weights_from("inverse", [[0, 2], [2, 0]], a=2.0)
    array([[0.  , 0.25],
           [0.25, 0.  ]])
    """
    check_choice(kind, "kind", ("heat", "inverse", "gaussian", "uniform"))
    a = check_real(a, "a", low=0.0, open_low=True)
    floor = check_real(floor, "floor", low=0.0)
    D = check_distances(D)
    check_memory(24.0 * D.size, f"weights of {len(D)} points")
    if kind == "heat":
        if H is None:
            message = "H is missing: the weights 'heat' are the heat kernel plus a floor"
            raise DomainError(message, hint="pass H=, the kernel the distances came from")
        W = check_weights(H, D, "H") + floor
    elif kind == "uniform":
        W = np.ones_like(D)
    else:
        W = _inverse(D, a) if kind == "inverse" else _gaussian(D, a)
    W[np.isinf(D)] = 0.0
    np.fill_diagonal(W, 0.0)
    return W


def _inverse(D: Array, a: float) -> Array:
    """Return d^-a, coincident pairs as the nearest pair."""
    least = float(np.min(D, where=D > 0, initial=np.inf))
    return np.asarray(np.maximum(D, least) ** -a)


def _gaussian(D: Array, a: float) -> Array:
    """Return exp(-d^2 / a) for distances scaled to [0, 1] over the pairs."""
    n = len(D)
    pairs = np.isfinite(D) & ~np.eye(n, dtype=bool)
    low, high = float(np.min(D, where=pairs, initial=np.inf)), float(np.max(D, where=pairs, initial=0.0))
    scaled = (D - low) / (high - low) if high > low else np.zeros_like(D)
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(-np.square(scaled) / a))
