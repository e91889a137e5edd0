"""AnnData objects: points, graphs, and what is written back."""

from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse as sp

from erlangen.errors import DomainError
from erlangen.estimators import HeatGeodesicEmbedding, heat_geodesic
from erlangen.operators import knn_graph

X = np.random.default_rng(0).normal(size=(60, 5))


def stand_in(**parts):
    return SimpleNamespace(**{"X": X, "obsm": {}, "obsp": {}, "uns": {}, **parts})


def real(**parts):
    anndata = pytest.importorskip("anndata")
    return anndata.AnnData(**{"X": X, **parts})


@pytest.mark.parametrize("make", [stand_in, real])
def test_points_and_what_is_written(make):
    cells = make()
    assert heat_geodesic(cells, n_neighbors=8) is None
    fitted = HeatGeodesicEmbedding(n_neighbors=8).fit(X)
    assert np.array_equal(cells.obsm["X_heatgeo"], fitted.embedding_)
    assert cells.uns["X_heatgeo"] == {
        "t": fitted.t_, "sigma": 1.0, "power": fitted.power_, "scale": fitted.scale_, "stress": fitted.stress_, "connected": True,
    }  # fmt: skip


@pytest.mark.parametrize("make", [stand_in, real])
def test_principal_components_where_there_are(make):
    cells = make(obsm={"X_pca": X[:, :3]})
    heat_geodesic(cells, key_added="here", n_neighbors=8)
    assert np.array_equal(cells.obsm["here"], HeatGeodesicEmbedding(n_neighbors=8).fit_transform(X[:, :3]))


@pytest.mark.parametrize("make", [stand_in, real])
def test_connectivities(make):
    graph = knn_graph(X, 8)
    cells = make(obsp={"connectivities": sp.csr_matrix(graph.weights)})
    heat_geodesic(cells, use_graph=True, t=5.0)
    expected = HeatGeodesicEmbedding(metric="precomputed", t=5.0).fit_transform(graph)
    assert np.array_equal(cells.obsm["X_heatgeo"], expected)


def test_an_object_on_disk_holds_it(tmp_path):
    anndata = pytest.importorskip("anndata")
    cells = real(X=sp.csr_matrix(X))
    heat_geodesic(cells, n_neighbors=8)
    cells.write_h5ad(tmp_path / "cells.h5ad")
    again = anndata.read_h5ad(tmp_path / "cells.h5ad")
    assert np.array_equal(again.obsm["X_heatgeo"], cells.obsm["X_heatgeo"])
    assert again.uns["X_heatgeo"]["sigma"] == 1.0


def test_refusals():
    with pytest.raises(DomainError, match="ndarray, not an AnnData object"):
        heat_geodesic(X)
    with pytest.raises(DomainError, match="lacks"):
        heat_geodesic(stand_in(), use_graph=True)
