r"""Estimators of covariance matrices for sets of trials, plain and shrunk.

Definition: :math:`C = \frac{1}{T} \tilde X \tilde X^T`; shrunk estimators are :math:`(1 - \rho) C + \rho \frac{\operatorname{tr} C}{n} I`.
Convention: ``cov`` divides by T − 1, all others by T; ``scm`` alone keeps the temporal mean; as pyriemann and scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["ESTIMATORS"]

Array = NDArray[np.float64]


def _centred(X: Array) -> Array:
    return X - X.mean(axis=-1, keepdims=True)


def _product(X: Array, count: int) -> Array:
    C = X @ np.swapaxes(X, -1, -2) / count
    return 0.5 * (C + np.swapaxes(C, -1, -2))


def _cov(X: Array) -> Array:
    """Return the unbiased covariance."""
    return _product(_centred(X), X.shape[-1] - 1)


def _scm(X: Array) -> Array:
    """Return the second moment, mean included."""
    return _product(X, X.shape[-1])


def _shrunk(C: Array, rho: Array) -> Array:
    """Return C moved by rho towards the multiple of I of its trace."""
    n = C.shape[-1]
    scale = np.trace(C, axis1=-2, axis2=-1) / n
    return (1.0 - rho)[..., None, None] * C + (rho * scale)[..., None, None] * np.eye(n)


def _lwf(X: Array) -> Array:
    """Return the shrinkage of Ledoit and Wolf (2004), lemma 3.3."""
    X = _centred(X)
    n, T = X.shape[-2:]
    C = _product(X, T)
    scale = np.trace(C, axis1=-2, axis2=-1) / n
    spread = np.sum(C**2, axis=(-2, -1)) / n - scale**2
    fourth = np.sum(np.sum(X**2, axis=-2) ** 2, axis=-1) / T
    noise = (fourth - np.sum(C**2, axis=(-2, -1))) / (T * n)
    with np.errstate(invalid="ignore", divide="ignore"):
        rho = np.where(spread > 0, np.minimum(noise, spread) / spread, 1.0)
    return _shrunk(C, np.maximum(rho, 0.0))


def _oas(X: Array) -> Array:
    """Return the oracle approximating shrinkage of Chen et al. (2010), eq. 23, in scikit-learn's form."""
    C = _product(_centred(X), X.shape[-1])
    n, T = C.shape[-1], X.shape[-1]
    alpha = np.mean(C**2, axis=(-2, -1))
    square = (np.trace(C, axis1=-2, axis2=-1) / n) ** 2
    bottom = (T + 1.0) * (alpha - square / n)
    with np.errstate(invalid="ignore", divide="ignore"):
        rho = np.where(bottom > 0, np.minimum((alpha + square) / bottom, 1.0), 1.0)
    return _shrunk(C, rho)


ESTIMATORS: dict[str, Callable[[Array], Array]] = {"cov": _cov, "scm": _scm, "oas": _oas, "lwf": _lwf}
