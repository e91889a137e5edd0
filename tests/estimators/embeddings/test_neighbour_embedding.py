"""What the embeddings have in common: landmarks, memory, bridges, corrections, lengths, new points."""

import tracemalloc
import warnings

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.datasets import swiss_roll
from erlangen.errors import DomainError, DomainWarning, ResourceLimitError
from erlangen.estimators import PHATE, HeatGeodesicEmbedding, RandomWalkGeodesicEmbedding, ShortestPathEmbedding
from erlangen.estimators.embeddings import neighbour_embedding
from erlangen.operators import bridge_components, denoise

ALL = [HeatGeodesicEmbedding, PHATE, ShortestPathEmbedding, RandomWalkGeodesicEmbedding]
ROLL = swiss_roll(300, noise=0.1, rng=0)
RNG = np.random.default_rng(0)
PARTS = np.r_[RNG.normal(size=(70, 3)), RNG.normal(size=(50, 3)) + 60]


# landmarks


def test_automatic_landmarks_from_five_thousand_points_on():
    estimator = HeatGeodesicEmbedding()
    assert [estimator._landmark_count(n) for n in (5, 5000, 5001, 10**6)] == [5, 5000, 500, 500]
    assert HeatGeodesicEmbedding(n_landmarks=None)._landmark_count(10**6) == 10**6
    assert HeatGeodesicEmbedding(n_landmarks=40)._landmark_count(50) == 40


@pytest.mark.parametrize("m", [3, 40, 119])
def test_every_component_has_a_landmark(m):
    with pytest.warns(DomainWarning, match="2 components"):
        fitted = ShortestPathEmbedding(n_neighbors=5, n_landmarks=m).fit(PARTS)
    chosen = fitted.landmarks_
    assert len(np.unique(chosen)) == m
    assert (np.diff(chosen) > 0).all()
    assert 0 < (chosen < 70).sum() < m
    assert fitted.landmark_distances_.shape == (120, m)
    assert (fitted.landmark_distances_[chosen, np.arange(m)] == 0).all()
    with pytest.raises(DomainError, match=f"{m} landmarks"):
        _ = fitted.dissimilarity_


def test_more_components_than_landmarks():
    X = np.arange(40.0)[:, None] + 1000 * (np.arange(40) // 4)[:, None]
    with pytest.raises(DomainError, match="10 components, more than the 5 landmarks"):
        ShortestPathEmbedding(1, n_neighbors=1, n_landmarks=5).fit(X)


@pytest.mark.parametrize("m", [2, 301, 0, -1])
def test_numbers_of_landmarks_out_of_range(m):
    with pytest.raises(DomainError, match=rf"n_landmarks must be an integer in \[3, 300\], got n_landmarks={m}"):
        HeatGeodesicEmbedding(n_landmarks=m).fit(ROLL.X)


def test_landmarks_are_rows_of_the_points_given_duplicates_or_not():
    X = np.r_[ROLL.X[:50], ROLL.X]
    fitted = ShortestPathEmbedding(n_landmarks=30).fit(X)
    distinct, first = np.unique(X, axis=0, return_index=True)
    assert len(distinct) == 300
    assert set(fitted.landmarks_) <= set(first)
    assert (fitted.landmark_distances_[fitted.landmarks_, np.arange(30)] == 0).all()
    assert np.array_equal(fitted.embedding_[:50], fitted.embedding_[50:100])


def test_large_blocks_of_distances_are_kept_in_single_precision(monkeypatch):
    double = ShortestPathEmbedding(n_landmarks=90).fit(ROLL.X)
    monkeypatch.setattr(neighbour_embedding, "_SINGLE_PRECISION", 20_000)
    single = ShortestPathEmbedding(n_landmarks=90).fit(ROLL.X)
    assert (double.landmark_distances_.dtype, single.landmark_distances_.dtype) == (np.float64, np.float32)
    assert np.allclose(single.landmark_distances_, double.landmark_distances_, rtol=1e-6)
    assert np.abs(single.embedding_ - double.embedding_).max() < 1e-2
    for Class in (HeatGeodesicEmbedding, RandomWalkGeodesicEmbedding):
        fitted = Class(n_landmarks=90, rho=0.3).fit(ROLL.X)
        assert fitted.landmark_distances_.dtype == np.float32
        assert np.isfinite(fitted.transform(ROLL.X + 0.01)).all()


# memory


@pytest.mark.parametrize(("n", "m"), [(1200, None), (6000, 400)])
def test_the_estimate_of_memory_is_that_of_the_peak(n, m):
    X = swiss_roll(n, noise=0.1, rng=0).X
    estimator = ShortestPathEmbedding(n_landmarks=m)
    ShortestPathEmbedding(n_landmarks=m).fit(X[:500])
    tracemalloc.start()
    try:
        estimator.fit(X)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 0.3 < peak / estimator.memory_estimate(n) < 1.5


def test_what_does_not_fit_is_refused_before_it_is_allocated(monkeypatch):
    calls = []
    monkeypatch.setattr(ShortestPathEmbedding, "_dissimilarity_rows", lambda *args: calls.append(args))
    monkeypatch.setattr("erlangen.validation.available_memory", lambda: 1e6)
    with pytest.raises(ResourceLimitError, match=r"distances of 300 points needs about .* limit") as refused:
        ShortestPathEmbedding(n_landmarks=None).fit(ROLL.X)
    assert "n_landmarks=500" in str(refused.value)
    assert calls == []


@pytest.mark.parametrize("n", [0, -3, 2.5])
def test_estimates_of_nothing(n):
    with pytest.raises(DomainError, match="n must be an integer"):
        HeatGeodesicEmbedding().memory_estimate(n)


# graphs in parts


@pytest.mark.parametrize("Class", ALL)
@pytest.mark.parametrize("landmarks", [None, 30])
def test_bridges(Class, landmarks):
    with pytest.warns(DomainWarning, match="2 components; they are joined by the shortest bridges") as caught:
        fitted = Class(n_neighbors=5, n_landmarks=landmarks).fit(PARTS)
    assert len(caught) == 1
    assert (fitted.connected_, fitted.n_connected_components_) == (False, 2)
    assert np.isfinite(fitted.embedding_).all()
    assert np.isfinite(fitted.landmark_distances_).all()
    between = cdist(fitted.embedding_[:70], fitted.embedding_[70:])
    inside = cdist(fitted.embedding_[:70], fitted.embedding_[:70])
    assert between.min() > 2 * np.median(inside)
    assert np.array_equal(fitted.transform(PARTS), fitted.embedding_)


def test_bridges_are_the_shortest_gaps():
    with pytest.warns(DomainWarning):
        fitted = ShortestPathEmbedding(n_neighbors=5).fit(PARTS)
    D = cdist(PARTS[:70], PARTS[70:])
    i, j = np.unravel_index(D.argmin(), D.shape)
    assert fitted.dissimilarity_[i, 70 + j] == pytest.approx(D.min())
    with pytest.warns(DomainWarning):
        apart = ShortestPathEmbedding(n_neighbors=5, bridge=False).fit(PARTS)
    label = apart.graph_.components()
    assert np.allclose(fitted.dissimilarity_, bridge_components(apart.dissimilarity_, PARTS, label, scale=1.0))


@pytest.mark.parametrize("Class", ALL)
@pytest.mark.parametrize("landmarks", [None, 30])
def test_without_bridges_components_lie_apart(Class, landmarks):
    with pytest.warns(DomainWarning, match="laid side by side"):
        fitted = Class(n_neighbors=5, n_landmarks=landmarks, bridge=False).fit(PARTS)
    Z = fitted.embedding_
    assert np.isfinite(Z).all()
    assert Z[:70, 0].max() < Z[70:, 0].min()
    D = fitted.landmark_distances_
    other = (np.arange(120)[:, None] < 70) != ((np.arange(120) if landmarks is None else fitted.landmarks_) < 70)
    assert np.array_equal(np.isinf(D), other)
    new = fitted.transform(np.r_[PARTS[:5] + 0.05, PARTS[-5:] + 0.05])
    assert np.isfinite(new).all()
    assert (new[:5, 0] < Z[70:, 0].min()).all()
    assert (new[5:, 0] > Z[:70, 0].max()).all()


@pytest.mark.parametrize("parameters", [{"weights": "heat"}, {"rho": 1.0}, {"rho": 0.4, "n_landmarks": 40}])
def test_corrections_and_weights_in_parts(parameters):
    for bridge in (True, False):
        with pytest.warns(DomainWarning):
            fitted = HeatGeodesicEmbedding(n_neighbors=5, bridge=bridge, **parameters).fit(PARTS)
        assert np.isfinite(fitted.embedding_).all()


@pytest.mark.parametrize("Class", ALL)
def test_an_isolated_vertex_and_a_graph_without_edges(Class):
    ring = np.roll(np.eye(9), 1, axis=1)
    W = np.zeros((11, 11))
    W[:9, :9] = ring + ring.T
    with pytest.warns(DomainWarning, match="3 components"):
        Z = Class(metric="precomputed").fit_transform(W)
    assert np.isfinite(Z).all()
    assert len(np.unique(Z.round(9), axis=0)) == 11
    with pytest.warns(DomainWarning, match="6 components"):
        assert np.isfinite(Class(metric="precomputed").fit_transform(np.zeros((6, 6)))).all()


# corrections and lengths


def test_denoised_distances():
    options = {"t": 20.0, "power": 1.0, "smoothing": 0.0}
    plain = HeatGeodesicEmbedding(**options).fit(ROLL.X)
    for rho in (0.25, 1.0):
        fitted = HeatGeodesicEmbedding(rho=rho, **options).fit(ROLL.X)
        expected = denoise(plain.dissimilarity_ / plain.scale_, rho)
        assert np.allclose(fitted.dissimilarity_ / fitted.scale_, expected, rtol=1e-9, atol=1e-9 * expected.max())


def test_denoised_landmark_distances_are_scaled_to_all_points():
    """Rows over a random tenth of the columns, times sqrt(10), are near the rows over all of them."""
    options = {"t": 20.0, "power": 1.0, "smoothing": 0.0, "rho": 1.0, "sigma": 0.0}
    full = HeatGeodesicEmbedding(**options).fit(ROLL.X)
    some = HeatGeodesicEmbedding(n_landmarks=60, **options).fit(ROLL.X)
    D, G = some.landmark_distances_ / some.scale_, (full.dissimilarity_ / full.scale_)[:, some.landmarks_]
    assert np.median(np.abs(D - G)) < 0.2 * np.median(G)
    assert (D[some.landmarks_, np.arange(60)] == 0).all()


def test_lengths_are_in_the_unit_of_the_points():
    fitted = HeatGeodesicEmbedding().fit(ROLL.X)
    paths = ShortestPathEmbedding(smoothing="auto").fit(ROLL.X).dissimilarity_
    off = paths > 0
    assert np.median(fitted.dissimilarity_[off] / paths[off]) == pytest.approx(1.0, abs=0.02)


# new points


@pytest.mark.parametrize("Class", ALL)
@pytest.mark.parametrize("parameters", [{}, {"n_landmarks": 60}])
def test_training_points_keep_their_places(Class, parameters):
    fitted = Class(**parameters).fit(np.r_[ROLL.X, ROLL.X[:3]])
    order = np.random.default_rng(1).permutation(300)
    assert np.array_equal(fitted.transform(ROLL.X[order]), fitted.embedding_[order])
    assert fitted.transform(ROLL.X[:1]).shape == (1, 2)


@pytest.mark.parametrize("Class", ALL)
@pytest.mark.parametrize("parameters", [{}, {"n_landmarks": 80}])
def test_new_points_come_near_their_truth(Class, parameters):
    roll = swiss_roll(700, noise=0.1, rng=3)
    fitted = Class(n_neighbors=10, **parameters).fit(roll.X[:600])
    new = fitted.transform(roll.X[600:])
    whole = np.r_[fitted.embedding_, new]
    old = cdist(new, fitted.embedding_)
    nearest = cdist(roll.coordinates[600:], roll.coordinates[:600]).argmin(axis=1)
    step = np.linalg.norm(new - fitted.embedding_[nearest], axis=1)
    assert np.median(step) < 0.05 * np.ptp(whole)
    embedded = cdist(fitted.embedding_[nearest], fitted.embedding_)
    assert np.corrcoef(old.ravel(), embedded.ravel())[0, 1] > 0.99


def test_new_points_in_blocks(monkeypatch):
    fitted = ShortestPathEmbedding().fit(ROLL.X)
    new = ROLL.X + 0.05
    whole = fitted.transform(new)
    monkeypatch.setattr(neighbour_embedding, "_NEW_ENTRIES", 30_000)
    assert np.allclose(fitted.transform(new), whole, rtol=0, atol=1e-9)


def test_what_transform_refuses():
    fitted = ShortestPathEmbedding().fit(ROLL.X)
    with pytest.raises(ValueError, match="2 features"):
        fitted.transform(ROLL.X[:, :2])
    with pytest.raises(DomainError, match=r"X\[0, 1\] = nan"):
        fitted.transform([[0.0, np.nan, 1.0]])
    ring = np.roll(np.eye(9), 1, axis=1)
    fitted = ShortestPathEmbedding(metric="precomputed").fit(ring + ring.T)
    with pytest.raises(DomainError, match="precomputed graph: new points have no place"):
        fitted.transform(ring + ring.T)


# refusals before any work


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"n_components": 0}, "n_components=0"),
        ({"n_components": 2.0}, "n_components"),
        ({"n_neighbors": 0}, "n_neighbors=0"),
        ({"mds": "tsne"}, "mds .*'tsne'"),
        ({"weights": "flat"}, "weights .*'flat'"),
        ({"n_landmarks": "all"}, "n_landmarks .*'all'"),
        ({"rho": -0.1}, "rho=-0.1"),
        ({"rho": 1.1}, "rho=1.1"),
        ({"power": 0}, "power=0"),
        ({"power": "double"}, "power .*'double'"),
        ({"random_state": "seed"}, "rng"),
    ],
)
def test_parameters_are_refused_before_any_work(parameters, words, monkeypatch):
    monkeypatch.setattr(HeatGeodesicEmbedding, "_read", lambda *args: pytest.fail("work was done"))
    with pytest.raises(DomainError, match=words):
        HeatGeodesicEmbedding(**parameters).fit(ROLL.X)


def test_more_dimensions_than_points():
    with pytest.raises(DomainError, match="n_components = 12, but there are 12 distinct points"):
        HeatGeodesicEmbedding(12, n_neighbors=3).fit(ROLL.X[:12])


def test_nothing_is_said_about_good_data():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for Class in ALL:
            Class(n_neighbors=12).fit(ROLL.X)


def test_the_distance_of_two_points():
    fitted = HeatGeodesicEmbedding(n_landmarks=None).fit(ROLL.X)
    assert fitted.dissimilarity(3, 77) == fitted.dissimilarity_[3, 77] == fitted.dissimilarity(77, 3)
    assert fitted.dissimilarity(5, 5) == 0
    few = HeatGeodesicEmbedding(n_landmarks=20).fit(ROLL.X)
    landmark, other = int(few.landmarks_[4]), next(i for i in range(100) if i not in few.landmarks_)
    assert few.dissimilarity(landmark, other) == few.dissimilarity(other, landmark) == few.landmark_distances_[other, 4]
    stranger = next(i for i in range(other + 1, 200) if i not in few.landmarks_)
    with pytest.raises(DomainError, match=f"neither point {other} nor point {stranger} is a landmark"):
        few.dissimilarity(other, stranger)
    with pytest.raises(DomainError, match="i must be an integer in"):
        few.dissimilarity(-1, 0)
