"""Distances and divergences by name, and the functions that take a name.

Definition: the Riemannian metrics of :func:`erlangen.manifolds.metric_named`, and ``kullback``, ``kullback_right``, ``kullback_sym``, ``logdet``, ``thompson``.
Convention: names are pyriemann's; an object with ``dist`` is taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import ShapeError
from erlangen.manifolds.divergences.divergence import Divergence
from erlangen.manifolds.divergences.kullback_leibler import KullbackLeibler
from erlangen.manifolds.divergences.log_det import LogDet
from erlangen.manifolds.divergences.thompson import Thompson
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.spd.named import metric_named, read_value

__all__ = ["distance", "divergence_named", "pairwise_distance"]

_NAMES: dict[str, Callable[[], Divergence]] = {
    "kullback": KullbackLeibler,
    "kullback_right": partial(KullbackLeibler, "right"),
    "kullback_sym": partial(KullbackLeibler, "symmetric"),
    "logdet": LogDet,
    "thompson": Thompson,
}
_KINDS = {kind.__name__: kind for kind in (KullbackLeibler, LogDet, Thompson)}


def divergence_named(name: str | Metric | Divergence) -> Metric | Divergence:
    """Return what compares SPD matrices by that name: a divergence, or a metric.

    Raises
    ------
    DomainError, ParseError
        If the name or text is not known.

    Examples
    --------
    >>> divergence_named("kullback_sym"), divergence_named("riemann"), divergence_named("LogDet()")
    (KullbackLeibler('symmetric'), AffineInvariant(), LogDet())
    """
    if isinstance(name, Divergence):
        return name
    if isinstance(name, str) and name in _NAMES:
        return _NAMES[name]()
    if isinstance(name, str) and name.partition("(")[0] in _KINDS:
        found: Divergence = read_value(name, _KINDS)
        return found
    return metric_named(name)


@array_edge("x", "y")
def distance(x: Tensor, y: Tensor, metric: str | Metric | Divergence = "riemann") -> Tensor:
    """Return the distances of SPD matrices ``(..., n, n)`` under a metric or divergence, ``(...)``; batch axes broadcast.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If shapes do not fit, a matrix is not symmetric positive definite, or the name is not known.

    Examples
    --------
    >>> import numpy as np
    >>> distance(np.eye(1), 9 * np.eye(1), "wasserstein")
    array(2.)
    """
    found: Tensor = divergence_named(metric).dist(x, y)
    return found


@array_edge("X", "Y")
def pairwise_distance(X: Tensor, Y: Tensor | None = None, metric: str | Metric | Divergence = "riemann") -> Tensor:
    """Return the distances ``(N, m)`` of every matrix of X ``(N, n, n)`` to every one of Y ``(m, n, n)``, or of X to itself.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        As :func:`distance`, or if X or Y is no stack of matrices.

    Examples
    --------
    >>> import numpy as np
    >>> pairwise_distance(np.array([[[1.0]], [[9.0]]]), metric="wasserstein")
    array([[0., 2.],
           [2., 0.]])
    """
    Y = X if Y is None else Y
    geometry: Any = divergence_named(metric)
    for A, name in ((X, "X"), (Y, "Y")):
        if A.ndim != 3:
            message = f"{name} must have shape (N, n, n), got {tuple(A.shape)}"
            raise ShapeError(message, hint="distance broadcasts other shapes")
    found: Tensor = geometry.dist(X.unsqueeze(1), Y)
    return found
