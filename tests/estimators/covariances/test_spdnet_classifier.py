"""The network as an estimator: it learns, is determined by its seed, stops early, reports, is saved and read back."""

import json

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from sklearn.base import clone

from erlangen.errors import DomainError, NotSPDError, ParseError
from erlangen.estimators.covariances import SPDNetClassifier
from erlangen.estimators.embeddings.progress import reporting
from erlangen.testing import check_estimator_3d

RNG = np.random.default_rng(9)
Y = np.arange(48) % 3
SERIES = RNG.standard_normal((48, 4, 40))
SERIES[Y == 1, 0] *= 2.5
SERIES[Y == 2, 1] *= 2.5
X = 1e-12 * SERIES @ SERIES.transpose(0, 2, 1) / 40  # volts
QUICK = {"max_epochs": 15, "lr": 0.05, "random_state": 3}


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["bures-wasserstein", None])
def test_scikit_learns_contract(metric):
    model = SPDNetClassifier(metric=metric, max_epochs=12, lr=0.1, validation_fraction=0.0, random_state=0)
    report = check_estimator_3d(model, kind="spd")
    assert report.passed, report.failed


def test_the_contract_in_short():
    model = SPDNetClassifier(max_epochs=10, lr=0.1, validation_fraction=0.0, random_state=0)
    laws = [
        "clone keeps parameters",
        "pickle round trip",
        "methods keep the state",
        "classes are learnt",
        "labels may be words",
    ]
    report = check_estimator_3d(model, kind="spd", only=laws)
    assert report.passed, report.failed


def test_it_learns_in_volts_and_keeps_the_best_epoch():
    words = np.array(["left", "right", "feet"])[Y]
    model = SPDNetClassifier([4, 3], **QUICK).fit(X, words)
    assert model.score(X, words) > 0.9
    assert model.sizes_ == (4, 3)
    losses = [record["held_out_loss"] for record in model.history_]
    assert min(losses) < losses[0]
    np.testing.assert_allclose(model.predict_proba(X).sum(1), 1.0)
    assert model.scale_ == pytest.approx(np.trace(X, axis1=1, axis2=2).mean() / 4)


def test_the_seed_determines_the_fit_and_no_global_state_is_used():
    state = torch.get_rng_state()
    first, second = SPDNetClassifier(**QUICK).fit(X, Y), SPDNetClassifier(**QUICK).fit(X, Y)
    assert torch.equal(state, torch.get_rng_state())
    np.testing.assert_array_equal(first.predict_proba(X), second.predict_proba(X))
    other = clone(first).set_params(random_state=4).fit(X, Y)
    assert not np.array_equal(first.predict_proba(X), other.predict_proba(X))
    np.testing.assert_allclose(clone(first).fit(1e12 * X, Y).predict_proba(1e12 * X), first.predict_proba(X), atol=1e-6)


def test_it_stops_where_nothing_is_learnt_any_more():
    noise = RNG.permutation(Y)
    model = SPDNetClassifier(max_epochs=200, lr=0.1, patience=3, validation_fraction=0.3, random_state=0).fit(X, noise)
    losses = [record["held_out_loss"] for record in model.history_]
    assert len(losses) < 200
    assert np.argmin(losses) == len(losses) - 4


def test_every_epoch_is_reported():
    heard = []
    with reporting(lambda step, total, message: heard.append((step, total, message))):
        SPDNetClassifier(max_epochs=3, random_state=0).fit(X, Y)
    assert [(step, total) for step, total, _ in heard] == [(1, 3), (2, 3), (3, 3)]
    assert heard[0][2].startswith("epoch 1: loss ")


def test_saved_and_read_back(tmp_path):
    model = SPDNetClassifier([3], **QUICK).fit(X, np.array(["left", "right", "feet"])[Y])
    model.save(tmp_path / "net.safetensors")
    again = SPDNetClassifier.load(tmp_path / "net.safetensors")
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    assert [path.name for path in tmp_path.iterdir()] == ["net.safetensors"]
    save_file({"a": np.zeros(1)}, tmp_path / "other.safetensors", metadata={"format": json.dumps("else")})
    with pytest.raises(ParseError, match="not a saved SPDNetClassifier"):
        SPDNetClassifier.load(tmp_path / "other.safetensors")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"sizes": [5]}, r"sizes\[0\] = 5, but the matrices before it are of size 4"),
        ({"sizes": [2, 3]}, r"sizes\[1\] = 3"),
        ({"sizes": []}, "sizes is empty"),
        ({"max_epochs": 0}, "max_epochs"),
        ({"lr": -1.0}, "lr"),
        ({"batch_size": 1}, "batch_size"),
        ({"validation_fraction": 1.5}, "validation_fraction"),
        ({"eps": 0.0}, "eps"),
    ],
)
def test_bad_parameters_are_refused(change, match):
    with pytest.raises(DomainError, match=match):
        SPDNetClassifier(**change).fit(X, Y)


def test_singular_matrices_are_refused():
    data = X.copy()
    data[7] = np.ones((4, 4)) * 1e-12
    with pytest.raises(NotSPDError, match=r"X\[7\]"):
        SPDNetClassifier().fit(data, Y)


def test_with_filters_it_learns_from_trials_and_is_read_back(tmp_path):
    rng = np.random.default_rng(0)
    y = np.arange(60) % 2
    t = np.arange(100) / 100
    X = rng.normal(size=(60, 3, 100))
    X[:, 0] += np.sin(2 * np.pi * np.where(y, 8.0, 20.0)[:, None] * t)
    model = SPDNetClassifier((3,), filters=(6, 4, 15), max_epochs=25, random_state=0).fit(X, y)
    assert model.score(X, y) >= 0.9
    model.save(tmp_path / "model.safetensors")
    again = SPDNetClassifier.load(tmp_path / "model.safetensors")
    assert np.array_equal(again.predict_proba(X), model.predict_proba(X))


@pytest.mark.parametrize("filters", [(6, 4), (0, 4, 15)])
def test_filters_out_of_range_are_refused(filters):
    X = np.random.default_rng(0).normal(size=(8, 3, 40))
    with pytest.raises(DomainError, match="filters"):
        SPDNetClassifier(filters=filters).fit(X, np.arange(8) % 2)
