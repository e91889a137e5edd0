"""The heat geodesic embedding against its dense formula; its parameters, its symmetries, its refusals."""

import warnings

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.spatial.distance import cdist

from erlangen.datasets import swiss_roll, tree
from erlangen.errors import DomainError, DomainWarning, ErlangenError
from erlangen.estimators import HeatGeodesicEmbedding
from erlangen.estimators.scores import distance_correlation
from erlangen.operators import Graph, knn_graph, multiscale_weights

ROLL = swiss_roll(200, noise=0.1, width=15, rng=0)
X = ROLL.X
PLAIN = {"smoothing": 0.0, "power": 1.0}


def formula(H, t, sigma):
    h = H.diagonal()
    D = np.sqrt(np.maximum(-4 * t * np.log(H) + 4 * t * sigma * np.log((h[:, None] + h) / 2), 0.0))
    np.fill_diagonal(D, 0)
    return D


def euler(L, t, steps=6):
    return np.linalg.matrix_power(np.linalg.inv(np.eye(len(L)) + t / steps * L), steps)


def lengths(fitted):
    return fitted.dissimilarity_ / fitted.scale_


# definition 4.1


@pytest.mark.parametrize("laplacian", ["combinatorial", "symmetric", "random-walk", "mass"])
@pytest.mark.parametrize(("t", "sigma"), [(0.5, 0.0), (5.0, 1.0), (40.0, 0.5)])
def test_definition_by_implicit_steps(laplacian, t, sigma):
    fitted = HeatGeodesicEmbedding(t=t, sigma=sigma, laplacian=laplacian, **PLAIN).fit(X)
    L = knn_graph(X, 10).laplacian("symmetric" if laplacian == "random-walk" else laplacian).toarray()
    D = formula(euler(L, t), t, sigma)
    assert np.allclose(lengths(fitted), D, rtol=1e-6, atol=1e-6 * D.max())
    assert (fitted.t_, fitted.sigma_, fitted.power_) == (t, sigma, 1.0)


@pytest.mark.parametrize("method", ["squaring", "uniformisation"])
@pytest.mark.parametrize("sigma", [0.0, 1.0])
def test_definition_by_the_exact_semigroup(method, sigma):
    fitted = HeatGeodesicEmbedding(t=3.0, sigma=sigma, method=method, n_neighbors=40, **PLAIN).fit(X)
    D = formula(np.maximum(expm(-3.0 * knn_graph(X, 40).laplacian().toarray()), 1e-300), 3.0, sigma)
    assert np.allclose(lengths(fitted), D, rtol=1e-5, atol=1e-5 * D.max())


@pytest.mark.parametrize("steps", [1, 3, 12])
def test_the_number_of_steps(steps):
    fitted = HeatGeodesicEmbedding(t=10.0, steps=steps, **PLAIN).fit(X)
    D = formula(euler(knn_graph(X, 10).laplacian().toarray(), 10.0, steps), 10.0, 1.0)
    assert np.allclose(lengths(fitted), D, rtol=1e-6, atol=1e-6 * D.max())


def test_no_floor_under_the_logarithm():
    """On a long cycle the far side is 1e-150 away, and distances go on growing to it (defect D1 of toy versions)."""
    n = 160
    ring = np.arange(n)
    fitted = HeatGeodesicEmbedding(
        t=1.0, sigma=0.0, power=1.0, metric="precomputed", method="squaring", mds="classical"
    ).fit(np.stack([ring, (ring + 1) % n]))
    D = fitted.dissimilarity_[0]
    assert D[50] == pytest.approx(np.sqrt(4 * 150.458162804), rel=1e-9)
    assert (np.diff(D[: n // 2 + 1]) > 0).all()


@pytest.mark.parametrize("power", [1.3, 2.0])
def test_powers(power):
    one = HeatGeodesicEmbedding(t=10.0, **PLAIN).fit(X)
    other = HeatGeodesicEmbedding(t=10.0, smoothing=0.0, power=power).fit(X)
    assert np.allclose(lengths(other), lengths(one) ** power, rtol=1e-9)
    assert other.power_ == power


def test_several_times():
    times = [1.0, 5.0, 30.0]
    many = HeatGeodesicEmbedding(t=times, **PLAIN).fit(X)
    single = [lengths(HeatGeodesicEmbedding(t=t, **PLAIN).fit(X)) for t in times]
    D = sum(w * d for w, d in zip(multiscale_weights(times), single, strict=True))
    assert np.allclose(lengths(many), D, rtol=1e-9, atol=1e-9 * D.max())
    assert many.t_ == 30.0
    again = HeatGeodesicEmbedding(t=np.array(times), n_landmarks=40, **PLAIN).fit(X)
    assert np.corrcoef(again.landmark_distances_.ravel(), D[:, again.landmarks_].ravel())[0, 1] > 0.99


# parameters


@pytest.mark.parametrize(
    "parameters",
    [
        {"n_components": 3},
        {"n_neighbors": 15},
        {"t": 2.0},
        {"sigma": 0.3},
        {"rho": 0.5},
        {"smoothing": 0.5},
        {"power": 1.7},
        {"laplacian": "symmetric"},
        {"kernel": "self-tuning"},
        {"decay": 4.0},
        {"anisotropy": 0.5},
        {"metric": "cityblock"},
        {"n_pca": 2},
        {"method": "uniformisation"},
        {"steps": 2},
        {"n_landmarks": 50},
        {"mds": "smacof"},
        {"mds": "classical"},
        {"weights": "uniform"},
        {"weights": "inverse"},
        {"weights": "gaussian"},
        {"weights": "heat"},
        {"random_state": 5},
    ],
    ids=str,
)
def test_every_parameter_is_reachable(parameters):
    plain, fitted = HeatGeodesicEmbedding().fit(X), HeatGeodesicEmbedding(**parameters).fit(X)
    assert np.isfinite(fitted.embedding_).all()
    assert fitted.embedding_.shape == (200, parameters.get("n_components", 2))
    assert fitted.embedding_.shape != plain.embedding_.shape or not np.allclose(fitted.embedding_, plain.embedding_)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"t": 0}, "t=0"),
        ({"t": -1.5}, "t=-1.5"),
        ({"t": np.inf}, "t=inf"),
        ({"t": np.nan}, "t=nan"),
        ({"t": []}, "empty list"),
        ({"t": [1.0, -2.0]}, "t=-2"),
        ({"t": "knee"}, "t .*'knee'"),
        ({"t": True}, "t must be a real number"),
        ({"sigma": -0.1}, "sigma=-0.1"),
        ({"sigma": 2.5}, "sigma=2.5"),
        ({"sigma": "half"}, "sigma .*'half'"),
        ({"rho": -1}, "rho=-1"),
        ({"rho": 1.01}, "rho=1.01"),
        ({"smoothing": -1}, "smoothing=-1"),
        ({"smoothing": "much"}, "smoothing .*'much'"),
        ({"power": -1}, "power=-1"),
        ({"laplacian": "hodge"}, "laplacian .*'hodge'"),
        ({"kernel": "box"}, "kernel .*'box'"),
        ({"decay": 0}, "decay=0"),
        ({"anisotropy": 2}, "anisotropy=2"),
        ({"metric": "geodesic"}, "metric .*'geodesic'"),
        ({"n_pca": 0}, "n_pca=0"),
        ({"method": "chebyshev"}, "method .*'chebyshev'"),
        ({"steps": 0}, "steps=0"),
        ({"n_landmarks": 1}, "n_landmarks=1"),
        ({"n_landmarks": 201}, "n_landmarks=201"),
        ({"n_neighbors": 200}, "n_neighbors = 200"),
        ({"n_components": 200}, "n_components = 200"),
    ],
    ids=str,
)
def test_parameters_outside_their_range_are_named_with_their_number(parameters, words):
    with pytest.raises(DomainError, match=words) as refused:
        HeatGeodesicEmbedding(**parameters).fit(X)
    assert isinstance(refused.value, ErlangenError)
    assert isinstance(refused.value, ValueError)
    assert refused.value.hint


def test_remarks_on_times_and_sigmas():
    with pytest.warns(DomainWarning, match=r"t = 1e\+08 is too large") as caught:
        fitted = HeatGeodesicEmbedding(t=1e8).fit(X)
    assert caught[0].filename == __file__
    assert np.isfinite(fitted.embedding_).all()
    with pytest.warns(DomainWarning, match=r"sigma = 1.2 > 1: \d+ of") as caught:
        HeatGeodesicEmbedding(sigma=1.2, t=2.0, n_landmarks=150).fit(X)
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        HeatGeodesicEmbedding(sigma=1.0).fit(X)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_points(n):
    with pytest.raises(ValueError, match=r"0 sample|1 sample|2 distinct points"):
        HeatGeodesicEmbedding(1, n_neighbors=1).fit(X[:n])


def test_three_points_are_enough():
    Z = HeatGeodesicEmbedding(1, n_neighbors=1).fit_transform([[0.0], [1.0], [2.0]])
    assert Z[1, 0] == pytest.approx(Z[[0, 2], 0].mean(), abs=1e-3)


def test_all_points_the_same():
    with pytest.raises(DomainError, match="1 distinct points of 20"):
        HeatGeodesicEmbedding().fit(np.ones((20, 3)))


# determinism and symmetries


@pytest.mark.parametrize("parameters", [{}, {"n_landmarks": 60}, {"mds": "smacof"}, {"method": "squaring"}], ids=str)
def test_the_same_bits_in_every_run_and_for_every_number_of_threads(parameters):
    one, again, two = (HeatGeodesicEmbedding(n_jobs=jobs, **parameters).fit(X) for jobs in (1, 1, 2))
    assert np.array_equal(one.embedding_, again.embedding_)
    assert np.array_equal(one.embedding_, two.embedding_)
    assert np.array_equal(one.landmark_distances_, two.landmark_distances_)


def test_another_seed_moves_landmarks_and_a_generator_is_used_up():
    fits = [HeatGeodesicEmbedding(n_landmarks=30, random_state=s).fit(X).landmarks_ for s in (0, 1)]
    assert not np.array_equal(*fits)
    generator = np.random.default_rng(0)
    estimator = HeatGeodesicEmbedding(n_landmarks=30, random_state=generator)
    first, second = estimator.fit(X).landmarks_, estimator.fit(X).landmarks_
    assert np.array_equal(first, fits[0])
    assert not np.array_equal(first, second)


def test_rows_in_another_order_give_the_distances_in_that_order():
    order = np.random.default_rng(4).permutation(200)
    one, other = HeatGeodesicEmbedding().fit(X), HeatGeodesicEmbedding().fit(X[order])
    assert other.t_ == pytest.approx(one.t_, rel=0.1)
    D = one.dissimilarity_[np.ix_(order, order)]
    assert distance_correlation(other.dissimilarity_, D) > 0.999
    assert other.dissimilarity_.max() == pytest.approx(D.max(), rel=0.03)
    options = {"t": 20.0, "power": 1.2}
    one, other = HeatGeodesicEmbedding(**options).fit(X), HeatGeodesicEmbedding(**options).fit(X[order])
    assert np.allclose(lengths(other), lengths(one)[np.ix_(order, order)], rtol=0, atol=1e-7 * lengths(one).max())


@pytest.mark.parametrize("scale", [1e-12, 1e14])
@pytest.mark.parametrize("noise", [0.1, 1.5])
def test_units_of_the_points_are_units_of_the_embedding(scale, noise):
    points = swiss_roll(300, noise=noise, dim=10, rng=0).X
    one, other = HeatGeodesicEmbedding().fit(points), HeatGeodesicEmbedding().fit(scale * points)
    assert np.allclose(other.dissimilarity_, scale * one.dissimilarity_, rtol=1e-5, atol=1e-6 * scale)
    assert np.abs(other.embedding_ - scale * one.embedding_).max() < 1e-4 * scale * np.abs(one.embedding_).max()


def test_translations_rotations_and_constant_features_do_not_matter():
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    one = HeatGeodesicEmbedding().fit(X).dissimilarity_
    for moved in (X + 1e4, X @ rotation.T, np.c_[X, np.full(200, 7.0)], np.c_[np.zeros((200, 2)), X]):
        other = HeatGeodesicEmbedding().fit(moved).dissimilarity_
        assert np.allclose(other, one, rtol=0, atol=1e-6 * one.max())


def test_kinds_of_numbers():
    counts = np.round(20 * X).astype(int)
    expected = HeatGeodesicEmbedding().fit_transform(counts.astype(float))
    for dtype in (int, np.int16, np.float32):
        Z = HeatGeodesicEmbedding().fit_transform(counts.astype(dtype))
        assert Z.dtype == np.float64
        assert np.array_equal(Z, expected)
    single = HeatGeodesicEmbedding().fit(X.astype(np.float32))
    assert distance_correlation(single.dissimilarity_, HeatGeodesicEmbedding().fit(X).dissimilarity_) > 0.9999


def test_large_numbers_in_single_precision_do_not_overflow():
    assert np.isfinite(HeatGeodesicEmbedding().fit_transform((1e37 * X / np.abs(X).max()).astype(np.float32))).all()


@pytest.mark.parametrize("arrange", [np.asfortranarray, lambda a: np.repeat(a, 2, axis=0)[::2], lambda a: a.tolist()])
def test_points_in_other_arrangements_and_read_only(arrange):
    given = arrange(X)
    if isinstance(given, np.ndarray):
        given.flags.writeable = False
    assert np.array_equal(HeatGeodesicEmbedding().fit_transform(given), HeatGeodesicEmbedding().fit_transform(X))


def test_duplicates_lie_on_each_other_and_keep_their_order():
    doubled = np.r_[X, X[:30], X[5:6], X[5:6]]
    fitted = HeatGeodesicEmbedding().fit(doubled)
    Z = fitted.embedding_
    assert np.array_equal(Z[:200], HeatGeodesicEmbedding().fit_transform(X))
    assert np.array_equal(Z[200:230], Z[:30])
    assert (Z[230:] == Z[5]).all()
    assert fitted.dissimilarity_.shape == (232, 232)
    assert (fitted.dissimilarity_[5, [205, 230, 231]] == 0).all()


def test_many_duplicates_do_not_make_bandwidths_zero():
    points = np.repeat(X[:40], 25, axis=0)
    assert np.isfinite(HeatGeodesicEmbedding(n_neighbors=6).fit_transform(points)).all()


# graphs that are given


def test_the_graph_of_the_points_gives_what_the_points_give():
    options = {"t": 10.0, "power": 1.0}
    by_points = HeatGeodesicEmbedding(smoothing=0.0, **options).fit(X)
    graph = knn_graph(X, 10)
    by_graph = HeatGeodesicEmbedding(metric="precomputed", **options).fit(graph)
    assert by_graph.scale_ == 1.0
    assert np.allclose(by_graph.dissimilarity_, lengths(by_points), rtol=1e-9, atol=1e-9)
    assert by_graph.graph_ == graph == by_points.graph_


def test_masses_of_a_given_graph_count():
    graph = knn_graph(X, 10)
    heavy = Graph(graph.weights, mass=np.where(np.arange(200) < 100, 5.0, 1.0))
    options = {"t": 10.0, "metric": "precomputed", "laplacian": "mass"}
    one, other = (HeatGeodesicEmbedding(**options).fit(g).dissimilarity_ for g in (graph, heavy))
    assert not np.allclose(one, other)


# landmarks


def test_landmarks_are_close_to_all_pairs():
    roll = swiss_roll(900, noise=0.1, rng=0)
    full = HeatGeodesicEmbedding(n_landmarks=None).fit(roll.X)
    some = HeatGeodesicEmbedding(n_landmarks=120).fit(roll.X)
    D = full.dissimilarity_[:, some.landmarks_]
    assert np.corrcoef(some.landmark_distances_.ravel(), D.ravel())[0, 1] > 0.995
    assert np.median(some.landmark_distances_[D > 0] / D[D > 0]) == pytest.approx(1.0, abs=0.05)
    assert np.corrcoef(cdist(some.embedding_, some.embedding_).ravel(), full.dissimilarity_.ravel())[0, 1] > 0.98
    zero = (some.landmark_distances_ == 0).sum()
    assert zero == 120, "no point falls onto a landmark"


def test_the_embedding_has_the_distances():
    sample = tree(3, 60, noise=0.1, rng=0)
    fitted = HeatGeodesicEmbedding().fit(sample.X)
    D = cdist(fitted.embedding_, fitted.embedding_)
    assert distance_correlation(D, fitted.dissimilarity_) > 0.95
    assert np.median(D[D > 0] / fitted.dissimilarity_[D > 0]) == pytest.approx(1.0, abs=0.2)
    assert fitted.stress_ < 0.1
