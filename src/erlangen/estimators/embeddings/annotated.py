"""Embeddings written into AnnData objects, as scanpy's tools do it.

Definition: ``adata.obsm[key] = estimator.fit_transform(adata)``, what was found in ``adata.uns[key]``.
Convention: nothing of anndata is imported; any object with ``X``, ``obsm``, ``obsp`` and ``uns`` will do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from erlangen.errors import DomainError
from erlangen.estimators.embeddings.heat_geodesic_embedding import HeatGeodesicEmbedding

__all__ = ["heat_geodesic"]


def heat_geodesic(adata: Any, *, key_added: str = "X_heatgeo", use_graph: bool = False, **parameters: Any) -> None:
    """Embed the cells of an AnnData object and write the places into ``adata.obsm[key_added]``.

    Parameters
    ----------
    adata : AnnData
        With ``obsm["X_pca"]``, which is used where it is there, or ``X``.
    key_added : str
        Where to write.
    use_graph : bool
        Take the graph in ``obsp["connectivities"]`` instead of points.
    **parameters
        Of :class:`HeatGeodesicEmbedding`.

    Raises
    ------
    DomainError
        If ``adata`` is no such object, or has no graph where one was asked for.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cells = SimpleNamespace(X=np.random.default_rng(0).normal(size=(40, 3)), obsm={}, obsp={}, uns={})
    >>> heat_geodesic(cells, n_neighbors=6)
    >>> cells.obsm["X_heatgeo"].shape, sorted(cells.uns["X_heatgeo"])[:2]
    ((40, 2), ['connected', 'power'])
    """
    if not all(hasattr(adata, name) for name in ("X", "obsm", "obsp", "uns")):
        message = f"adata is a {type(adata).__name__}, not an AnnData object"
        raise DomainError(message, hint="pass adata, or use HeatGeodesicEmbedding on an array")
    if use_graph:
        parameters["metric"] = "precomputed"
    estimator = HeatGeodesicEmbedding(**parameters)
    adata.obsm[key_added] = estimator.fit_transform(adata)
    found = {"t": estimator.t_, "sigma": estimator.sigma_, "power": estimator.power_, "scale": estimator.scale_}
    adata.uns[key_added] = {**found, "stress": estimator.stress_, "connected": bool(np.all(estimator.connected_))}
