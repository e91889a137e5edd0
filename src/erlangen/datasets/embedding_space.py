"""Placing a low-dimensional sample isometrically in a space of more dimensions, and blurring it.

Definition: X = Y Q + noise N(0, s^2 I), Q the first rows of a Haar-distributed orthogonal matrix (Mezzadri, Notices AMS 54 (2007) 592–604).
Convention: without extra dimensions nothing is turned; noise is added in all dimensions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.validation import check_integer, check_real

__all__ = ["place_in_space"]


def place_in_space(
    Y: NDArray[np.float64], dim: int | None, noise: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return ``Y`` (n, q) turned at random into (n, dim), with Gaussian noise of standard deviation ``noise`` per coordinate.

    Raises
    ------
    DomainError
        If ``dim`` < q or ``noise`` < 0.

    Examples
    --------
    >>> Y = np.array([[0.0, 0.0], [3.0, 4.0]])
    >>> X = place_in_space(Y, 7, 0.0, np.random.default_rng(0))
    >>> round(float(np.linalg.norm(X[1] - X[0])), 12)
    5.0
    """
    q = Y.shape[1]
    noise = check_real(noise, "noise", low=0)
    dim = q if dim is None else check_integer(dim, "dim", low=1)
    if dim < q:
        message = f"dim = {dim} is less than the {q} coordinates of the sample"
        raise DomainError(message, hint=f"use dim >= {q}")
    X = Y
    if dim > q:
        Q, R = np.linalg.qr(rng.normal(size=(dim, q)))
        X = Y @ (Q * np.sign(np.diag(R))).T
    return X + noise * rng.normal(size=X.shape) if noise else np.array(X)
