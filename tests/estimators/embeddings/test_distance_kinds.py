"""Each kind of distance against its definition; calibrated lengths against the sphere and the roll, in their own unit."""

import numpy as np
import pytest

from erlangen.datasets import sphere, swiss_roll
from erlangen.errors import DomainError
from erlangen.estimators import HeatGeodesicEmbedding
from erlangen.estimators.embeddings.distance_kinds import DISTANCES, calibrated_time, intrinsic_dimension, kind_rows
from erlangen.estimators.embeddings.point_graph import build_point_graph
from erlangen.operators import heat_kernel

OPTIONS = {"laplacian": "combinatorial", "method": "euler", "steps": 6, "threads": 1}
ALL = np.arange(150)


@pytest.fixture(scope="module")
def place():
    return build_point_graph(swiss_roll(150, rng=0).X, 8)


def rows(kind, place, sources=ALL, t=2.0, chosen=None):
    function = kind_rows(kind, place, t, sources, np.random.default_rng(0), **OPTIONS)
    return function(sources if chosen is None else chosen)


def test_diffusion_is_the_distance_between_rows(place):
    H = heat_kernel(place.graph, 4.0, method="euler", steps=6)
    square = H.diagonal()[:, None] + H.diagonal() - 2 * H
    np.testing.assert_allclose(rows("diffusion", place) ** 2, np.maximum(square, 0) * (1 - np.eye(150)), atol=1e-13)


def test_potential_is_the_distance_between_logarithms(place):
    U = np.log(heat_kernel(place.graph, 2.0, method="euler", steps=6))
    direct = np.linalg.norm(U[:, None] - U, axis=2)
    np.testing.assert_allclose(rows("potential", place), direct, atol=1e-5 * direct.max())


def test_resistance_is_the_one_of_kirchhoff(place):
    G = np.linalg.pinv(place.graph.laplacian().toarray())
    direct = G.diagonal()[:, None] + G.diagonal() - 2 * G
    np.testing.assert_allclose(rows("resistance", place), direct, atol=1e-9 * direct.max())


def test_pagerank_restarts_after_as_many_jumps(place):
    W = place.graph.weights.toarray()
    d = W.sum(axis=1)
    Q = np.linalg.inv(np.eye(150) + 2.0 * d.mean() * (np.eye(150) - W / d[:, None]))
    direct = -0.5 * np.log(Q * Q.T)
    found = rows("pagerank", place)
    off = ~np.eye(150, dtype=bool)
    np.testing.assert_allclose(found[off], direct[off], rtol=1e-8)
    assert not found.diagonal().any()


@pytest.mark.parametrize("kind", ["diffusion", "potential", "resistance", "pagerank", "graph", "calibrated"])
def test_chosen_rows_are_rows(place, kind):
    whole = rows(kind, place)
    assert whole.shape == (150, 150)
    assert np.isfinite(whole).all()
    np.testing.assert_allclose(whole, whole.T, atol=1e-7 * whole.max())
    np.testing.assert_array_equal(rows(kind, place, chosen=np.array([3, 70])), whole[[3, 70]])


def test_the_dimension_is_estimated():
    assert intrinsic_dimension(build_point_graph(sphere(2000, rng=0).X, 10)) == pytest.approx(2, abs=0.1)
    assert intrinsic_dimension(build_point_graph(sphere(3000, dimension=3, rng=0).X, 10)) == pytest.approx(3, abs=0.15)


@pytest.mark.parametrize(
    ("sample", "mean", "spread"),
    [
        (sphere(1500, rng=1), 0.04, 0.12),
        (sphere(1500, radius=1e6, rng=1), 0.04, 0.12),
        (swiss_roll(1500, width=25, rng=0), 0.05, 0.1),
    ],
    ids=["sphere", "large sphere", "roll"],
)
def test_calibrated_distances_are_lengths_without_fitting(sample, mean, spread):
    fitted = HeatGeodesicEmbedding(distance="calibrated", n_landmarks=40, mds="classical", n_jobs=1).fit(sample.X)
    assert (fitted.power_, fitted.scale_) == (1.0, 1.0)
    truth = sample.geodesics(fitted.landmarks_)
    far = truth > 0.2 * truth.max()
    ratio = fitted.landmark_distances_.T[far] / truth[far]
    assert abs(ratio.mean() - 1) < mean
    assert ratio.std() < spread


def test_the_calibrated_time_is_a_length_squared_over_the_diffusivity():
    X = sphere(800, rng=0).X
    assert calibrated_time(build_point_graph(1e-9 * X, 10)) == pytest.approx(
        calibrated_time(build_point_graph(X, 10)), rel=1e-9
    )


@pytest.mark.parametrize("options", [{"method": "squaring"}, {"laplacian": "symmetric"}])
def test_calibrated_needs_implicit_steps_and_the_combinatorial_laplacian(options):
    with pytest.raises(DomainError, match="distance='calibrated' needs"):
        HeatGeodesicEmbedding(distance="calibrated", **options).fit(sphere(60, rng=0).X)


def test_a_graph_without_points_has_no_lengths():
    W = np.ones((12, 12)) - np.eye(12)
    with pytest.raises(DomainError, match="without points"):
        HeatGeodesicEmbedding(distance="graph", metric="precomputed").fit(W)


def test_an_unknown_kind_is_refused():
    with pytest.raises(DomainError, match="distance must be one of"):
        HeatGeodesicEmbedding(distance="euclid").fit(sphere(60, rng=0).X)


@pytest.mark.parametrize("kind", DISTANCES)
@pytest.mark.parametrize("landmarks", [None, 30])
def test_every_kind_embeds(kind, landmarks):
    X = swiss_roll(200, rng=0).X
    Z = HeatGeodesicEmbedding(distance=kind, n_landmarks=landmarks, mds="classical").fit_transform(X)
    assert Z.shape == (200, 2)
    assert np.isfinite(Z).all()
