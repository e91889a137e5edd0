"""The other distances against dense formulas, and the calibrated one against true lengths."""

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra
from scipy.spatial.distance import cdist

from erlangen.datasets import sphere, swiss_roll
from erlangen.errors import DomainError, DomainWarning
from erlangen.estimators import HeatGeodesicEmbedding
from erlangen.estimators.embeddings.distance_kinds import DISTANCES, calibrated_time, intrinsic_dimension
from erlangen.estimators.embeddings.point_graph import build_point_graph
from erlangen.operators import knn_graph, multiscale_weights

X = swiss_roll(160, noise=0.1, width=15, rng=0).X
GRAPH = knn_graph(X, 10)
L = GRAPH.laplacian().toarray()
PLAIN = {"smoothing": 0.0, "power": 1.0}


def euler(t):
    return np.linalg.matrix_power(np.linalg.inv(np.eye(160) + t / 6 * L), 6)


def dense(kind, t):
    """The distances (n, n), each written as its definition says."""
    if kind == "graph":
        W = np.where(GRAPH.weights.toarray() > 0, cdist(X, X), 0)
        return dijkstra(sp.csr_array(W), directed=False)
    if kind == "resistance":
        G = np.linalg.pinv(L)
        return G.diagonal()[:, None] + G.diagonal() - 2 * G
    if kind == "pagerank":
        walk = GRAPH.laplacian("random-walk").toarray()
        Q = np.linalg.inv(np.eye(160) + t * GRAPH.degrees.mean() * walk)
        return -0.5 * np.log(Q * Q.T)
    if kind == "diffusion":
        return cdist(euler(t), euler(t))
    if kind == "potential":
        return cdist(np.log(euler(t)), np.log(euler(t)))
    D = -4 * t * np.log(euler(t))
    return np.sqrt(np.maximum(D, 0))


@pytest.mark.parametrize("kind", [k for k in DISTANCES if k not in ("harnack", "calibrated")])
def test_all_pairs(kind):
    t = 8.0
    fitted = HeatGeodesicEmbedding(distance=kind, t=t, **PLAIN).fit(X)
    D = dense(kind, t)
    np.fill_diagonal(D, 0)
    assert np.allclose(fitted.dissimilarity_ / fitted.scale_, D, rtol=1e-6, atol=1e-7 * D.max())
    assert (fitted.scale_ == 1) is (kind == "graph")


@pytest.mark.parametrize("kind", DISTANCES)
def test_landmarks_are_columns_of_all_pairs(kind):
    options = {"distance": kind, "t": 8.0, **PLAIN}
    full = HeatGeodesicEmbedding(**options).fit(X)
    some = HeatGeodesicEmbedding(n_landmarks=40, **options).fit(X)
    D = full.dissimilarity_[:, some.landmarks_] / full.scale_
    assert np.corrcoef((some.landmark_distances_ / some.scale_).ravel(), D.ravel())[0, 1] > 0.98
    if kind not in ("harnack", "diffusion", "potential"):  # these are estimated, or over the landmarks only
        assert np.allclose(some.landmark_distances_ / some.scale_, D, rtol=1e-7, atol=1e-7 * D.max())


@pytest.mark.parametrize("kind", ["varadhan", "potential", "diffusion", "pagerank"])
def test_several_times_are_averaged(kind):
    times = [2.0, 12.0]
    many = HeatGeodesicEmbedding(distance=kind, t=times, **PLAIN).fit(X)
    single = [HeatGeodesicEmbedding(distance=kind, t=t, **PLAIN).fit(X) for t in times]
    D = sum(w * e.dissimilarity_ / e.scale_ for w, e in zip(multiscale_weights(times), single, strict=True))
    assert np.allclose(many.dissimilarity_ / many.scale_, D, rtol=1e-9, atol=1e-9 * D.max())


def test_the_sketch_keeps_every_distance():
    options = {"distance": "diffusion", "t": 8.0, **PLAIN}
    some = HeatGeodesicEmbedding(n_landmarks=40, **options).fit(X)
    D = dense("diffusion", 8.0)[:, some.landmarks_]
    off = D > 0
    assert np.abs(some.landmark_distances_[off] / some.scale_ / D[off] - 1).max() < 0.25
    assert np.median(np.abs(some.landmark_distances_[off] / some.scale_ / D[off] - 1)) < 0.1


@pytest.mark.parametrize("kind", DISTANCES)
@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_units(kind, scale):
    one, other = (HeatGeodesicEmbedding(distance=kind).fit(s * X) for s in (1.0, scale))
    assert np.allclose(
        other.dissimilarity_, scale * one.dissimilarity_, rtol=1e-5, atol=1e-6 * scale * one.dissimilarity_.max()
    )


@pytest.mark.parametrize("kind", DISTANCES)
def test_graphs_in_parts(kind):
    two = np.r_[X, X + 100]
    for bridge in (True, False):
        with pytest.warns(DomainWarning, match="2 components"):
            fitted = HeatGeodesicEmbedding(distance=kind, bridge=bridge).fit(two)
        assert np.isfinite(fitted.embedding_).all()


def test_calibrated_lengths_on_a_sphere():
    """Mean relative error of lengths without any fitting; Varadhan's distance errs by a quarter and more there."""
    ball = sphere(1500, rng=0)
    fitted = HeatGeodesicEmbedding(3, distance="calibrated", n_landmarks=20, n_neighbors=16).fit(ball.X)
    assert (fitted.power_, fitted.scale_) == (1.0, 1.0)
    G = ball.geodesics(fitted.landmarks_).T
    usable = (G > 0.3) & (G < 2.5)
    assert np.mean(np.abs(fitted.landmark_distances_ - G)[usable] / G[usable]) < 0.12


@pytest.mark.parametrize("d", [1, 2, 3])
def test_dimensions(d):
    points = np.random.default_rng(0).random((3000, d))
    assert intrinsic_dimension(build_point_graph(points, 12)) == pytest.approx(d, rel=0.12)
    turned = points @ np.linalg.qr(np.random.default_rng(1).normal(size=(7, d)))[0].T
    assert intrinsic_dimension(build_point_graph(turned, 12)) == pytest.approx(d, rel=0.12)


def test_the_calibrated_time_follows_the_spacing_only():
    """Sixteen squared spacings over the diffusivity: neither the unit nor the number of points changes it much."""
    rng = np.random.default_rng(0)
    times = [
        calibrated_time(build_point_graph(s * rng.random((n, 2)), 10)) for s, n in ((1, 500), (1e6, 500), (1, 4000))
    ]
    assert np.allclose(times, times[0], rtol=0.15)


@pytest.mark.parametrize(
    "parameters", [{"metric": "precomputed"}, {"method": "uniformisation"}, {"laplacian": "symmetric"}], ids=str
)
def test_what_the_calibrated_distance_needs(parameters):
    given = GRAPH if "metric" in parameters else X
    with pytest.raises(DomainError, match="distance='calibrated' needs points"):
        HeatGeodesicEmbedding(distance="calibrated", **parameters).fit(given)


def test_unknown_names_and_graphs_without_points():
    with pytest.raises(DomainError, match=r"distance .*'euclid'"):
        HeatGeodesicEmbedding(distance="euclid").fit(X)
    with pytest.raises(DomainError, match="without points"):
        HeatGeodesicEmbedding(distance="graph", metric="precomputed").fit(GRAPH)
