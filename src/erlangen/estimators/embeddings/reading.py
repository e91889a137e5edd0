"""What a user may pass as points or as a graph, read into one form.

Definition: points are arrays, frames, or AnnData objects (``obsm["X_pca"]`` where there is one, else ``X``); graphs are what :meth:`Graph.coerce` reads,
or an AnnData object with ``obsp["connectivities"]``.
Convention: scikit-learn's validation sets ``n_features_in_`` and ``feature_names_in_``; entries that are not finite are named by their index.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from erlangen.errors import DomainError, ShapeError
from erlangen.operators import Graph
from erlangen.validation import check_finite, check_memory

__all__ = ["read_graph", "read_points"]


def read_points(estimator: BaseEstimator, X: Any, *, reset: bool = True) -> NDArray[np.float64]:
    """Return finite points (n, p) in double precision; with ``reset=False`` they must fit those of the fit.

    Raises
    ------
    DomainError
        If an entry is not finite, with its index.
    ResourceLimitError
        If the sparse ``X`` of an AnnData object would not fit in memory as an array.
    """
    if _is_annotated(X):
        X = X.obsm["X_pca"] if "X_pca" in X.obsm else _dense(X.X)
    least = 2 if reset else 1
    points = validate_data(
        estimator, X, reset=reset, dtype=np.float64, ensure_min_samples=least, ensure_all_finite=False
    )
    check_finite(points, "X")
    return np.asarray(points)


def read_graph(estimator: BaseEstimator, X: Any) -> Graph:
    """Return the graph of weights (n, n), of a :class:`Graph`, of networkx, of an edge index (2, E), or of an AnnData object's connectivities.

    Raises
    ------
    DomainError
        If a weight is negative, not finite, asymmetric or on the diagonal, with its index; or the graph has fewer than three vertices.
    ShapeError
        If the weights are not square.
    """
    if _is_annotated(X):
        if "connectivities" not in X.obsp:
            message = "metric='precomputed' takes obsp['connectivities'], which this AnnData object lacks"
            raise DomainError(message, hint="run scanpy.pp.neighbors first, or use another metric")
        X = X.obsp["connectivities"]
    if _is_matrix(X):
        X = validate_data(
            estimator, X, accept_sparse="csr", dtype=np.float64, ensure_min_samples=2, ensure_all_finite=False
        )
        if X.shape[0] != X.shape[1]:
            message = f"metric='precomputed' takes weights (n, n), got shape {X.shape}"
            raise ShapeError(message, hint="pass the graph's weights, or another metric with points")
    graph = Graph.coerce(X)
    estimator.n_features_in_ = graph.n
    if graph.n < 3:
        message = f"the graph has {graph.n} vertices; at least 3 are needed"
        raise DomainError(message, hint="an embedding of fewer points says nothing")
    return graph


def _is_annotated(X: Any) -> bool:
    """Whether this is an AnnData object, or looks like one."""
    return hasattr(X, "obsm") and hasattr(X, "obsp")


def _is_matrix(X: Any) -> bool:
    """Whether these are weights, which scikit-learn validates: arrays and lists, but not integer arrays (2, E)."""
    if sp.issparse(X):
        return True
    if not isinstance(X, (np.ndarray, list, tuple)):
        return False
    try:
        array = np.asarray(X)
    except ValueError:
        return True
    return not (array.ndim == 2 and array.shape[0] == 2 and array.shape[1] != 2 and array.dtype.kind in "iu")


def _dense(X: Any) -> Any:
    """Return a sparse matrix as an array, anything else as it is."""
    if not sp.issparse(X):
        return X
    check_memory(8.0 * X.shape[0] * X.shape[1], f"points {X.shape} of a sparse X")
    return X.toarray()
