"""The geometry that a parameter ``metric`` stands for.

Definition: a name of pyriemann's, a metric object of :mod:`erlangen.manifolds`, or a dictionary with one of these for each use.
Convention: ``"riemann"`` is affine-invariant; :mod:`erlangen.manifolds` knows further names.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from erlangen.errors import DomainError
from erlangen.estimators.covariances.geometries.affine_invariant_geometry import AffineInvariantGeometry
from erlangen.estimators.covariances.geometries.block_toeplitz_geometry import BlockToeplitzGeometry
from erlangen.estimators.covariances.geometries.bures_wasserstein_geometry import BuresWassersteinGeometry
from erlangen.estimators.covariances.geometries.directed_kullback_geometry import DirectedKullbackGeometry
from erlangen.estimators.covariances.geometries.euclidean_geometry import EuclideanGeometry
from erlangen.estimators.covariances.geometries.geometry import Geometry
from erlangen.estimators.covariances.geometries.harmonic_geometry import HarmonicGeometry
from erlangen.estimators.covariances.geometries.kullback_geometry import KullbackGeometry
from erlangen.estimators.covariances.geometries.log_cholesky_geometry import LogCholeskyGeometry
from erlangen.estimators.covariances.geometries.log_det_geometry import LogDetGeometry
from erlangen.estimators.covariances.geometries.log_euclidean_geometry import LogEuclideanGeometry
from erlangen.estimators.covariances.geometries.metric_geometry import MetricGeometry
from erlangen.validation import check_choice

__all__ = ["geometries_of", "geometry_of"]

_BY_NAME: dict[str, Callable[[], Geometry]] = {
    "riemann": AffineInvariantGeometry,
    "logeuclid": LogEuclideanGeometry,
    "logchol": LogCholeskyGeometry,
    "wasserstein": BuresWassersteinGeometry,
    "kullback": DirectedKullbackGeometry,
    "kullback_right": partial(DirectedKullbackGeometry, right=True),
    "kullback_sym": KullbackGeometry,
    "logdet": LogDetGeometry,
    "harmonic": HarmonicGeometry,
    "euclid": EuclideanGeometry,
    "block_toeplitz": BlockToeplitzGeometry,
}


def geometry_of(metric: Any, name: str = "metric") -> Geometry:
    """Return the geometry of a name or of a metric object.

    Raises
    ------
    DomainError
        If it is neither.

    Examples
    --------
    >>> geometry_of("riemann").name
    'riemann'
    """
    if isinstance(metric, Geometry):
        return metric
    if not isinstance(metric, str) and all(hasattr(metric, part) for part in ("exp", "log", "dist", "mean", "inner")):
        return MetricGeometry(metric)
    return _BY_NAME[check_choice(metric, name, _BY_NAME)]()


def geometries_of(metric: Any, *uses: str) -> list[Geometry]:
    """Return one geometry a use; a dictionary gives them by name.

    Raises
    ------
    DomainError
        If the dictionary lacks a use or has a key that is none, or a geometry is unknown.

    Examples
    --------
    >>> [g.name for g in geometries_of({"mean": "logeuclid", "distance": "riemann"}, "mean", "distance")]
    ['logeuclid', 'riemann']
    """
    if not isinstance(metric, dict):
        return [geometry_of(metric)] * len(uses)
    if set(metric) != set(uses):
        message = f"metric has the keys {sorted(map(str, metric))}; {', '.join(map(repr, uses))} are needed"
        raise DomainError(message, hint="give a name or an object for each")
    return [geometry_of(metric[use], f"metric[{use!r}]") for use in uses]
