"""From rows of distances to points: all pairs at once, or landmarks first and every other point by its distances to them.

Definition: metric scaling (:mod:`erlangen.estimators.mds`) of the landmarks, then majorisation of each point against them.
Convention: distances are (n, m), point by landmark; with m = n they are symmetrised.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.estimators.mds import classical_scaling, place_points, smacof, stress, stress_sgd, weights_from
from erlangen.validation import check_choice

__all__ = ["MDS", "WEIGHTS", "lay_out", "place_on", "scaled"]

MDS = ("sgd", "smacof", "classical")
WEIGHTS = ("inverse-square", "uniform", "inverse", "gaussian", "heat")
_BLOCK = 65_536
_STEPS = 12
_MORE_STEPS = 24
_MANY = 10_000_000
_LEAST = 1e-5
_RANGE = 1e100

Array = NDArray[np.float64]


def scaled(
    D: Array,
    n_components: int,
    *,
    mds: str = "sgd",
    weights: str = "inverse-square",
    H: Array | None = None,
    rng: Any = 0,
    threads: int | None = None,
) -> tuple[Array, float]:
    """Return points (n, d) for distances (n, n) and their normalised stress under the weights.

    Raises
    ------
    DomainError
        If a name is unknown.

    Examples
    --------
    >>> Z, value = scaled(np.array([[0.0, 3, 5], [3, 0, 4], [5, 4, 0]]), 2, mds="classical")
    >>> bool(np.isclose(np.linalg.norm(Z[0] - Z[2]), 5)), value < 1e-12
    (True, True)
    """
    check_choice(mds, "mds", MDS)
    check_choice(weights, "weights", WEIGHTS)
    unit = _unit(D)
    if unit != 1:
        Z, value = scaled(D / unit, n_components, mds=mds, weights=weights, H=H, rng=rng, threads=threads)
        return Z * unit, value
    if mds == "classical":
        Z, _ = classical_scaling(D, n_components, rng=rng)
        return Z, float(stress(D, Z))
    D = _with_floor(D)
    W = None
    if weights == "inverse-square":
        W = None if mds == "sgd" else weights_from("inverse", D, a=2.0)
    elif weights != "uniform" or mds == "sgd":
        W = weights_from(weights, D, H=H)
    scaling = stress_sgd if mds == "sgd" else smacof
    result = scaling(D, n_components, weights=W, rng=rng, threads=threads)
    return np.asarray(result.embedding), float(result.stress)


def _unit(D: NDArray[Any]) -> float:
    """Return the power of two by which distances are divided where their squares would leave the range of numbers, otherwise 1."""
    largest = float(D.max(initial=0.0, where=np.isfinite(D)))
    return 1.0 if largest == 0 or 1 / _RANGE < largest < _RANGE else float(2.0 ** np.frexp(largest)[1])


def _with_floor(D: Array) -> Array:
    """Return distances of which no positive one is below 1e-5 of the largest, so that weights of near duplicates do not rule all others."""
    least = _LEAST * float(D.max(initial=0.0, where=np.isfinite(D)))
    near = (D > 0) & (least > D)
    return np.where(near, least, D) if near.any() else D


def place_on(landmarks: Array, D: NDArray[Any], *, threads: int | None = None) -> Array:
    """Return points (n, d) placed by their distances (n, m) to fixed landmarks (m, d), in blocks of rows.

    Examples
    --------
    >>> place_on(np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]]), np.array([[5.0, 3.0, 4.0]])).round(6)
    array([[4., 3.]])
    """
    unit = _unit(D)
    if unit != 1:
        return place_on(landmarks / unit, D / unit, threads=threads) * unit
    blocks = [
        _placed(landmarks, np.ascontiguousarray(D[i : i + _BLOCK], dtype=np.float64), D.size > _MANY, threads)
        for i in range(0, len(D), _BLOCK)
    ]
    return np.concatenate(blocks) if blocks else np.empty((0, landmarks.shape[1]))


def _placed(landmarks: Array, D: Array, many: bool, threads: int | None) -> Array:
    """Place one block; of many points each starts at its nearest landmark and takes more steps, which is cheaper than a better start."""
    if not many:
        return place_points(landmarks, D, max_iter=_STEPS, threads=threads)
    start = landmarks[D.argmin(axis=1)]
    return place_points(landmarks, D, init=start, max_iter=_MORE_STEPS, threads=threads)


def lay_out(
    D: NDArray[Any], columns: NDArray[np.int64], n_components: int, *, threads: int | None = None, **options: Any
) -> tuple[Array, float]:
    """Return points (n, d) for distances (n, m) to the points ``columns``, and the stress of what was scaled.

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 3.0, 7.0])
    >>> Z, _ = lay_out(np.abs(x[:, None] - x[[0, 3]]), np.array([0, 3]), 1)
    >>> bool(np.allclose(np.abs(Z[:, 0] - Z[0, 0]), x, atol=1e-6))
    True
    """
    if D.shape[0] == D.shape[1]:
        return scaled(np.asarray(D, dtype=np.float64), n_components, threads=threads, **options)
    own = np.asarray(D[columns], dtype=np.float64)
    own = (own + own.T) / 2
    np.fill_diagonal(own, 0.0)
    Y, value = scaled(own, n_components, threads=threads, **options)
    Z = place_on(Y, D, threads=threads)
    Z[columns] = Y
    return Z, value
