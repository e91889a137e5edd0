"""Recentring of domains: centres and dispersions afterwards, invariance, the three modes, routing, a shift undone."""

import numpy as np
import pytest
from scipy.linalg import sqrtm
from sklearn import config_context
from sklearn.pipeline import make_pipeline

from erlangen.errors import DomainError, DomainWarning, ShapeError
from erlangen.estimators.covariances import MDM, DomainRecentre
from erlangen.estimators.covariances.geometries import geometry_of
from erlangen.estimators.evaluation import CrossSession, evaluate
from erlangen.testing import check_estimator_3d

RNG = np.random.default_rng(3)
DOMAINS = np.repeat(["a", "b"], 25)


def wishart(count, n=4, times=60):
    S = RNG.standard_normal((count, n, times))
    return S @ S.transpose(0, 2, 1) / times


def shifted():
    A = RNG.standard_normal((4, 4)) + 2 * np.eye(4)
    return np.concatenate([wishart(25), A @ wishart(25) @ A.T])


X = shifted()
MILD = np.concatenate([wishart(25), 3.0 * wishart(25)])


@pytest.mark.parametrize(
    ("name", "dispersion"),
    [
        ("riemann", False),
        ("riemann", True),
        ("logeuclid", True),
        ("logchol", False),
        ("logchol", True),
        ("wasserstein", False),
    ],
)
def test_every_domain_ends_at_the_identity(name, dispersion):
    geometry, data = geometry_of(name), MILD if name == "wasserstein" else X
    found = DomainRecentre(name, dispersion=dispersion).fit_transform(data, domains=DOMAINS)
    for domain in "ab":
        own, before = found[domain == DOMAINS], data[domain == DOMAINS]
        np.testing.assert_allclose(geometry.mean(own), np.eye(4), atol=1e-8)
        spread = np.sqrt(np.mean(geometry.distances(own, np.eye(4)[None]) ** 2))
        old = np.sqrt(np.mean(geometry.distances(before, geometry.mean(before)[None]) ** 2))
        assert spread == pytest.approx(1.0 if dispersion else old, rel=1e-8)


def test_beyond_the_domain_of_the_exponential_vectors_are_shortened_and_it_is_said():
    with pytest.warns(DomainWarning, match="of 25 tangent vectors leave the domain") as caught:
        found = DomainRecentre("wasserstein", dispersion=True).fit_transform(X, domains=DOMAINS)
    assert caught[0].filename == __file__
    assert np.linalg.eigvalsh(found).min() > 0


def test_whitening_by_the_root_of_the_mean():
    mean = geometry_of("riemann").mean(X)
    W = np.linalg.inv(np.real(sqrtm(mean)))
    np.testing.assert_allclose(DomainRecentre().fit_transform(X), W @ X @ W, rtol=1e-9, atol=1e-12)


def test_any_mixing_of_channels_is_undone_up_to_a_rotation():
    A = RNG.standard_normal((4, 4)) + 2 * np.eye(4)
    here, there = DomainRecentre().fit_transform(X), DomainRecentre().fit_transform(A @ X @ A.T)
    gram = np.einsum("aij,bij->ab", here, here)
    np.testing.assert_allclose(np.einsum("aij,bij->ab", there, there), gram, rtol=1e-9)


def test_fitted_means_serve_the_domains_of_the_fit_only():
    model = DomainRecentre(mode="fitted").fit(X, domains=DOMAINS)
    np.testing.assert_allclose(
        model.transform(X[[0, 30]], domains=["a", "b"]), DomainRecentre().fit_transform(X, domains=DOMAINS)[[0, 30]]
    )
    with pytest.raises(DomainError, match="domain 'c' was not there in the fit, which had 'a', 'b'"):
        model.transform(X[:1], domains=["c"])


def test_running_means_look_back_only():
    model = DomainRecentre(mode="running").fit(X, domains=DOMAINS)
    whole = model.transform(X, domains=["c"] * 50)
    np.testing.assert_array_equal(model.transform(X[:20], domains=["c"] * 20), whole[:20])
    np.testing.assert_allclose(whole[0], np.eye(4), atol=1e-12)  # the first matrix is its own mean
    scalars = np.array([1.0, 4.0, 64.0])
    found = (
        DomainRecentre(mode="running")
        .fit(np.eye(1) * scalars[:, None, None])
        .transform(np.eye(1) * 8.0 * np.ones((1, 1, 1)))
    )
    geometric = np.prod(scalars) ** (1 / 3)
    expected = 8.0 / (geometric * (8.0 / geometric) ** (1 / 4))  # the mean of four logarithms
    np.testing.assert_allclose(found, [[[expected]]])


@pytest.mark.parametrize(("mode", "dispersion"), [("fitted", False), ("fitted", True), ("transductive", False)])
def test_scikit_learns_contract(mode, dispersion):
    report = check_estimator_3d(DomainRecentre(dispersion=dispersion, mode=mode), kind="spd")
    expected = {"subsets give the same", "one sample at a time gives the same"} if mode == "transductive" else set()
    assert {failure.law for failure in report.failed} == expected


def test_one_matrix_alone_is_remarked():
    with pytest.warns(DomainWarning, match="domain 'z' has one matrix"):
        DomainRecentre().fit(X).transform(X[:1], domains=["z"])


def test_domains_of_another_length_are_refused():
    with pytest.raises(ShapeError, match=r"domains must have shape \(50,\)"):
        DomainRecentre().fit(X, domains=["a"])


def test_domains_are_routed_through_a_pipeline():
    y = np.arange(50) % 2
    pipeline = make_pipeline(DomainRecentre(), MDM())
    with config_context(enable_metadata_routing=True):
        found = pipeline.fit(X, y, domains=DOMAINS).predict(X, domains=DOMAINS)
    centred = DomainRecentre().fit_transform(X, domains=DOMAINS)
    np.testing.assert_array_equal(found, MDM().fit(centred, y).predict(centred))


def test_a_shift_between_sessions_is_undone_in_an_evaluation():
    y = np.tile([0, 1], 60)
    session = np.repeat(["0", "1", "2"], 40)
    S = RNG.standard_normal((120, 4, 50))
    S[y == 1, 0] *= 1.5
    S[:, 0] *= np.repeat([1 / 3, 1.0, 3.0], 40)[:, None]  # the gain of the telling channel
    C = S @ S.transpose(0, 2, 1) / 50
    pipelines = {"plain": make_pipeline(MDM()), "centred": make_pipeline(DomainRecentre(), MDM())}
    metadata = {"subject": np.ones(120), "session": session}
    scores = evaluate(pipelines, C, y, metadata, CrossSession(), scoring="accuracy").mean()
    assert scores["plain"] < 0.8
    assert scores["centred"] > 0.9
