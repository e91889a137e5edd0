r"""Landmark scaling: a few points by classical scaling, all others by triangulation against them.

Definition: :math:`z(x) = -\tfrac12 L^\# (\delta_x - \bar\delta)`, :math:`\delta_x` the squared distances of x to the landmarks,
:math:`\bar\delta` the mean of the landmarks' own (de Silva and Tenenbaum 2004).
Convention: the landmarks are centred; rows of ``D_points`` are points, columns landmarks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.mds.checks import check_distances, real_matrix
from erlangen.estimators.mds.classical import classical_scaling
from erlangen.random import RngLike
from erlangen.validation import check_shape

__all__ = ["check_point_distances", "landmark_scaling"]

Array = NDArray[np.float64]


def landmark_scaling(D_landmarks: Any, D_points: Any, n_components: int = 2, *, rng: RngLike = 0) -> Array:
    r"""Return points (n, d) triangulated against landmarks that classical scaling places.

    .. math:: z(x) = -\tfrac12 \Lambda_d^{-1/2} V_d^T (\delta_x - \bar\delta)

    Parameters
    ----------
    D_landmarks : array_like (m, m)
        Distances among the landmarks.
    D_points : array_like (n, m)
        Distances of the points to the landmarks, finite.
    n_components : int
        1 <= d < m.
    rng : seed or Generator
        Of the Lanczos start.

    Returns
    -------
    ndarray (n, d)
        A landmark's own row gives its place by classical scaling; exact where all distances are Euclidean in d dimensions.

    Raises
    ------
    ShapeError, DomainError
        If the arrays do not fit or are not finite distances.

    Warns
    -----
    DomainWarning
        If fewer than d eigenvalues are positive; the columns without one are zero.

    References
    ----------
    V. de Silva, J. B. Tenenbaum, *Sparse multidimensional scaling using landmark points* (Stanford, 2004), section 2.

    Examples
    --------
    >>> landmark_scaling([[0, 4], [4, 0]], [[1, 3], [0, 4], [6, 2]], 1).ravel().round(12)
    array([ 1.,  2., -4.])
    """
    landmarks = check_distances(D_landmarks, "D_landmarks", infinite=False)
    distances = check_point_distances(D_points, len(landmarks), "D_points", infinite=False)
    Z, values = classical_scaling(landmarks, n_components, rng=rng)
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=Z.any(axis=0))
    scale = max(float(landmarks.max()), float(distances.max(initial=0.0)))
    centre = np.square(landmarks / scale).mean(axis=0)
    return np.asarray(-0.5 * scale**2 * ((np.square(distances / scale) - centre) @ (Z * inverse)))


def check_point_distances(D: Any, m: int, name: str = "D", *, infinite: bool = True) -> Array:
    """Return distances (n, m) of points to landmarks as float64 in rows; every point must know one landmark.

    Examples
    --------
    >>> check_point_distances([[1, 2]], 2)
    array([[1., 2.]])
    """
    array = np.ascontiguousarray(real_matrix(D, name)[0])
    check_shape(array, name, (None, m))
    good = array >= 0 if infinite else (array >= 0) & (array < np.inf)
    if not good.all():
        i, j = (int(k) for k in np.argwhere(~good)[0])
        law = "a distance is >= 0" if infinite else "a distance is finite and >= 0"
        message = f"{name}[{i}, {j}] = {array[i, j]:.6g}, but {law}; {int((~good).sum())} entries break this"
        raise DomainError(message, hint="remove the point, or the landmark that knows nothing of it")
    lost = np.flatnonzero(np.isinf(array).all(axis=1)) if infinite else np.empty(0)
    if lost.size:
        message = f"{name}[{int(lost[0])}] is infinite throughout: the point reaches no landmark ({lost.size} points)"
        raise DomainError(message, hint="add a landmark in its component")
    return array
