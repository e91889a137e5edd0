r"""Heat traces and entropies: how much of a graph a time t still tells apart.

Definition: trace :math:`\sum_k e^{-t\lambda_k}`; von Neumann entropy of :math:`e^{-tL} / \mathrm{tr}` (Braunstein, Ghosh, Severini 2006); entropy of rows.
Convention: natural logarithms; 0 log 0 = 0; both entropies grow or fall monotonically in t as stated with each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, xlogy

from erlangen.errors import DomainError, ShapeError
from erlangen.validation import check_finite

__all__ = ["diffusion_entropy", "heat_trace", "von_neumann_entropy"]


def heat_trace(eigenvalues: Any, t: Any) -> Any:
    r"""Return :math:`\sum_k e^{-t\lambda_k}`.

    Parameters
    ----------
    eigenvalues : array_like (k,)
        Of a Laplacian.
    t : float or array_like (...)
        Times, not negative.

    Returns
    -------
    float or ndarray (...)

    Raises
    ------
    DomainError
        If anything is not finite or a time is negative.

    Examples
    --------
    >>> round(heat_trace([0.0, 2.0], 0.5), 6)
    1.367879
    """
    values, times = _checked(eigenvalues, t)
    trace = np.exp(-times[..., None] * values).sum(axis=-1)
    return float(trace) if trace.ndim == 0 else trace


def von_neumann_entropy(eigenvalues: Any, t: Any) -> Any:
    r"""Return :math:`-\sum_k p_k \ln p_k`, :math:`p_k = e^{-t\lambda_k} / \sum_l e^{-t\lambda_l}`; it falls from ln k at t = 0 to ln (components).

    Parameters
    ----------
    eigenvalues : array_like (k,)
        Of a Laplacian.
    t : float or array_like (...)
        Times, not negative.

    Returns
    -------
    float or ndarray (...)

    Raises
    ------
    DomainError
        If anything is not finite or a time is negative.

    Examples
    --------
    >>> round(von_neumann_entropy([0.0, 0.0, 50.0], 100.0), 6)
    0.693147
    """
    values, times = _checked(eigenvalues, t)
    exponents = -times[..., None] * (values - values.min())
    p = np.exp(exponents - logsumexp(exponents, axis=-1, keepdims=True))
    entropy = -xlogy(p, p).sum(axis=-1) + 0.0
    return float(entropy) if entropy.ndim == 0 else entropy


def diffusion_entropy(H: Any) -> float:
    r"""Return :math:`-\sum_{ij} H_{ij} \ln H_{ij}` over the rows given; for stochastic rows it grows with t.

    Raises
    ------
    DomainError
        If an entry is negative or not finite.

    Examples
    --------
    >>> round(diffusion_entropy([[0.5, 0.5], [0.0, 1.0]]), 6)
    0.693147
    """
    rows = np.asarray(H, dtype=np.float64)
    check_finite(rows, "H")
    if (rows < 0).any():
        index = tuple(int(i) for i in np.argwhere(rows < 0)[0])
        message = f"H{list(index)} = {rows[index]:g} is negative: it has no logarithm"
        raise DomainError(message, hint="take a method that keeps heat positive, such as 'auto' or 'euler'")
    return float(-xlogy(rows, rows).sum()) + 0.0


def _checked(eigenvalues: Any, t: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return eigenvalues (k,) and times (...), finite, times not negative."""
    values, times = np.asarray(eigenvalues, dtype=np.float64), np.asarray(t, dtype=np.float64)
    if values.ndim != 1 or values.size == 0:
        message = f"eigenvalues must have shape (k,) with k >= 1, got {values.shape}"
        raise ShapeError(message, hint="pass the spectrum as a vector")
    check_finite(values, "eigenvalues")
    check_finite(times, "t")
    if (times < 0).any():
        message = f"t = {float(times.min()):g} is negative"
        raise DomainError(message, hint="heat flows forward: t >= 0")
    return values, times
