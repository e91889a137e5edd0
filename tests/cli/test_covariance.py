"""The command ``covariance``: what it prints is what the library computes, and what cannot be done is refused in the words of the command."""

import csv
import json
import os
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from erlangen import estimators
from erlangen.cli.app import cli
from erlangen.cli.commands import covariance_embedding
from erlangen.cli.recipe import CLASSIFIERS, ESTIMATORS, METRICS
from erlangen.datasets import reversed_var_pair, simulated_motor_imagery
from erlangen.estimators.embeddings.progress import reporting
from erlangen.estimators.evaluation import CrossSession, WithinSession, evaluate
from erlangen.estimators.search import AugmentedCovarianceClassifier
from erlangen.estimators.search.covariance_pipeline import covariance_pipeline
from erlangen.estimators.timeseries import AugmentedCovariance, select_embedding
from erlangen.manifolds import metric_named

IMAGERY = simulated_motor_imagery(24, 4, duration=1.5, rng=0)
PAIR = reversed_var_pair(36, 2, 120, rng=0)
COLUMNS = {"subject": np.full(48, "1"), "session": IMAGERY.session}


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    """An archive of two sessions, and an array with its labels beside it."""
    monkeypatch.chdir(tmp_path)
    np.savez("mi.npz", X=IMAGERY.X, y=IMAGERY.y, session=IMAGERY.session, run=np.arange(48) // 4, sfreq=128.0)
    np.save("pair.npy", PAIR.X)
    words = [("forward", "backward")[k] for k in PAIR.y]
    Path("pair.csv").write_text("\n".join(["label", *words]))
    rows = [f"{i},{word},s{i % 3}" for i, word in enumerate(words)]
    Path("meta.csv").write_text("\n".join(["trial,label,session", *rows]))


def library(model, splitter, X=IMAGERY.X, y=IMAGERY.y, columns=COLUMNS):
    """Scores of the library's own evaluation."""
    return evaluate({"model": model}, X, y, columns, splitter)["score"].tolist()


def covariances(order=1, lag=1):
    return AugmentedCovariance(order, lag).fit_transform(IMAGERY.X)


# classify


def test_the_table_and_its_summary(call):
    result = call("covariance", "classify", "mi.npz", "--sessions", "session", "--cv", 2)
    lines = result.stdout.splitlines()
    assert lines[0] == ("48 trials of 4 channels and 192 samples at 128 Hz; mdm (riemann), 2 classes: 0 (24), 1 (24)")
    assert lines[1].split() == ["session", "fold", "train", "test", "roc", "auc", "time"]
    assert [line.split()[:4] for line in lines[2:6]] == [
        ["1", "1", "12", "12"], ["1", "2", "12", "12"], ["2", "1", "12", "12"], ["2", "2", "12", "12"],
    ]  # fmt: skip
    scores = [float(line.split()[4]) for line in lines[2:6]]
    found = re.match(r"roc auc (\S+) ± (\S+) \(chance 0\.5; guessing stays below 0\.6", lines[6])
    assert [float(part) for part in found.groups()] == pytest.approx(
        [np.mean(scores), np.std(scores, ddof=1)], abs=2e-3
    )
    assert len(lines) == 7
    assert "trials from the array 'X'" in result.stderr


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_scores_within_sessions_are_the_library_s(document, classifier):
    found = document("covariance", "classify", "mi.npz", "--sessions", "session", "--cv", 3, "-c", classifier)
    means = [np.mean([row["score"] for row in found["rows"] if row["session"] == s]) for s in "12"]
    pipeline = covariance_pipeline(classifier)
    pipeline.steps.insert(0, ("covariances", estimators.Covariances("cov")))
    assert np.allclose(means, library(pipeline, WithinSession(3)), rtol=0, atol=1e-12)
    assert found["mean"] == pytest.approx(np.mean([row["score"] for row in found["rows"]]))
    assert (found["scoring"], found["chance"], found["classes"]) == ("roc_auc", 0.5, {"0": 24, "1": 24})


@pytest.mark.filterwarnings(
    "ignore::erlangen.errors.DomainWarning"
)  # of Bures-Wasserstein, at the border of its domain
@pytest.mark.parametrize("metric", METRICS)
def test_scores_across_recentred_sessions_are_the_library_s(document, metric):
    arguments = ("--sessions", "session", "--across", "sessions", "--recentre", "--metric", metric, "-c", "ts-svm")
    found = document("covariance", "classify", "mi.npz", *arguments, "--order", 2, "--lag", 3)
    expected = library(
        covariance_pipeline("ts-svm", metric, recentre="transductive"), CrossSession(), covariances(2, 3)
    )
    assert [row["score"] for row in found["rows"]] == pytest.approx(expected, abs=1e-12)
    assert [(row["trained"], row["tested"]) for row in found["rows"]] == [(24, 24)] * 2


def test_within_a_session_recentring_knows_the_training_trials_only(document):
    found = document("covariance", "classify", "mi.npz", "--sessions", "session", "--recentre", "--cv", 2)
    means = [np.mean([row["score"] for row in found["rows"] if row["session"] == s]) for s in "12"]
    expected = library(covariance_pipeline("mdm", recentre="fitted"), WithinSession(2), covariances())
    assert means == pytest.approx(expected, abs=1e-12)


def test_a_search_finds_the_order_inside_the_folds(document):
    arguments = ("--labels", "pair.csv", "--order", "auto", "--orders", "1-2", "--lags", "1,2", "--cv", 2)
    found = document("covariance", "classify", "pair.npy", *arguments)
    assert [(row["order"], row["lag"]) for row in found["rows"]] == [(2, 1)] * 2
    model = AugmentedCovarianceClassifier("mdm", orders=(1, 2), lags=(1, 2), scoring="roc_auc")
    words = np.array([("forward", "backward")[k] for k in PAIR.y])
    one = {"subject": np.full(36, "1"), "session": np.full(36, "1")}
    assert found["mean"] == pytest.approx(library(model, WithinSession(2), PAIR.X, words, one)[0], abs=1e-12)
    assert found["mean"] > 0.9


def test_a_search_is_recentred_by_the_sessions_inside_its_folds(call, document):
    search = ("--order", "auto", "--orders", "1-2", "--lags", "2", "--recentre", "--sessions", "session")
    found = document("covariance", "classify", "mi.npz", *search, "--across", "sessions")
    model = AugmentedCovarianceClassifier("mdm", orders=(1, 2), lags=(2,), scoring="roc_auc", recentre="transductive")
    assert [row["score"] for row in found["rows"]] == pytest.approx(library(model, CrossSession()), abs=1e-12)
    within = document("covariance", "classify", "mi.npz", *search, "--cv", 2)
    means = [np.mean([row["score"] for row in within["rows"] if row["session"] == s]) for s in "12"]
    fitted = AugmentedCovarianceClassifier("mdm", orders=(1, 2), lags=(2,), scoring="roc_auc", recentre="fitted")
    assert means == pytest.approx(library(fitted, WithinSession(2)), abs=1e-12)
    np.save("far.npy", 50 * IMAGERY.X[:10])
    np.save("near.npy", IMAGERY.X[:10])
    for name in ("far", "near"):
        call("covariance", "classify", "mi.npz", *search, "--predict", f"{name}.npy", "-o", f"{name}.csv")
    assert Path("far.csv").read_text() == Path("near.csv").read_text()


def test_lags_in_milliseconds_and_counted_samples(document):
    timed = document("covariance", "classify", "mi.npz", "--cv", 2, "--order", 2, "--lag", "16ms")
    plain = document("covariance", "classify", "mi.npz", "--cv", 2, "--order", 2, "--lag", 2)  # 128 samples a second
    assert timed["mean"] == plain["mean"]
    assert timed["recipe"]["lag"] == 2
    grid = ("--order", "auto", "--orders", "2", "--lags", "8ms,0.016s", "--cv", 2)
    assert {row["lag"] for row in document("covariance", "classify", "mi.npz", *grid)["rows"]} <= {1, 2}
    counted = ("--order", 2, "--lag", 2, "--estimator", "oas", "--effective-samples", "auto", "--cv", 2)
    found = document("covariance", "classify", "mi.npz", *counted)
    S = AugmentedCovariance(2, 2, estimator="oas", effective_samples="auto").fit_transform(IMAGERY.X)
    one = {"subject": np.full(48, "1"), "session": np.full(48, "1")}
    assert found["mean"] == pytest.approx(library(covariance_pipeline(), WithinSession(2), S, columns=one)[0])


def test_what_the_signals_choose(document):
    found = document("covariance", "classify", "mi.npz", "--order", "ami+fnn", "--cv", 2)
    assert all(row["order"] > 1 and row["lag"] >= 1 for row in found["rows"])


def test_groups_stay_together_in_the_folds_and_inside_them(document, monkeypatch):
    seen = []
    fit = AugmentedCovarianceClassifier.fit

    def watched(self, X, y, **keywords):
        seen.append((len(y), self.cv))
        return fit(self, X, y, **keywords)

    monkeypatch.setattr(AugmentedCovarianceClassifier, "fit", watched)
    arguments = ("--order", "auto", "--orders", "1,2", "--lags", "1", "--cv", 3)
    document("covariance", "classify", "mi.npz", "--groups", "run", *arguments)
    runs = np.arange(48) // 4
    splits = WithinSession(3, together="group").split(
        None, IMAGERY.y, {"subject": np.ones(48), "session": np.ones(48), "group": runs}
    )
    for (count, inner), (train, _) in zip(seen, splits, strict=True):
        assert count == len(train)
        for fit_rows, test_rows in inner:
            assert not set(runs[train][fit_rows]) & set(runs[train][test_rows])


def test_prediction_of_another_file(call, document):
    np.savez("new.npz", X=IMAGERY.X[30:])
    call(
        "covariance",
        "classify",
        "mi.npz",
        "--predict",
        "new.npz",
        "-o",
        "out.csv",
        "--report",
        "all.json",
        "--order",
        2,
        "--lag",
        2,
    )
    C = covariances(2, 2)
    expected = covariance_pipeline().fit(C, IMAGERY.y).predict(C[30:])
    with open("out.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["label"]) for row in rows] == expected.tolist()
    assert [int(row["trial"]) for row in rows] == list(range(18))
    report = json.loads(Path("all.json").read_text())
    assert report["prediction"]["counts"] == {"0": int((expected == 0).sum()), "1": int((expected == 1).sum())}
    found = document("covariance", "classify", "pair.npy", "-l", "meta.csv:label", "--order", "auto", "--orders", "2", "--lags", "1",
                     "--cv", 2, "--predict", "pair.npy", "-o", "out.npy")  # fmt: skip
    assert (found["prediction"]["order"], found["prediction"]["lag"]) == (2, 1)
    assert set(np.load("out.npy")) == {"forward", "backward"}


def test_recentred_prediction_takes_the_file_as_one_session(call):
    np.save("new.npy", 37.0 * IMAGERY.X[24:])
    np.save("same.npy", IMAGERY.X[24:])
    for name in ("new", "same"):
        arguments = ("--sessions", "session", "--recentre", "--cv", 2, "--predict", f"{name}.npy", "-o", f"{name}.csv")
        call("covariance", "classify", "mi.npz", *arguments)
    assert Path("new.csv").read_text() == Path("same.csv").read_text(), "an unknown gain is taken out"


def test_matrices_are_taken_as_they_are(document):
    np.savez("C.npz", C=covariances(), y=IMAGERY.y)
    matrices = document("covariance", "classify", "C.npz", "--matrices", "--cv", 2)
    trials = document("covariance", "classify", "mi.npz", "--cv", 2)
    assert [r["score"] for r in matrices["rows"]] == pytest.approx([r["score"] for r in trials["rows"]], abs=1e-12)


def test_more_classes_are_scored_by_accuracy_against_the_commonest(document):
    np.savez("three.npz", X=IMAGERY.X, y=np.minimum(np.arange(48) % 4, 2))
    found = document("covariance", "classify", "three.npz", "--cv", 2)
    assert (found["scoring"], found["chance"]) == ("accuracy", 0.5)
    assert 0.5 < found["chance_95"] < 0.7


USAGE = [
    ["--across", "sessions"],
    ["--across", "sessions", "--sessions", "session", "--cv", "3"],
    ["--predict", "mi.npz"],
    ["-o", "out.csv"],
    ["--order", "0"],
    ["--order", "two"],
    ["--lag", "0"],
    ["--orders", "1-3"],
    ["--orders", "3-x", "--order", "auto"],
    ["--lags", "1,2"],
    ["--order", "mdop", "--lags", "1,2"],
    ["--lag", "0ms"],
    ["--lag", "12min"],
    ["--effective-samples", "auto"],
    ["--effective-samples", "0", "--estimator", "oas"],
    ["--matrices", "--order", "2"],
    ["--matrices", "--estimator", "oas"],
    ["--classifier", "csp"],
    ["--cv", "1"],
    ["--band", "8"],
]


@pytest.mark.parametrize("arguments", USAGE)
def test_wrong_uses(call, arguments):
    result = call("covariance", "classify", "mi.npz", *arguments, code=2)
    assert result.stderr.rstrip("\n").splitlines()[-1].startswith("error: ")


def bad(name, **arrays):
    np.savez(name, **arrays)


def broken_trial():
    X = IMAGERY.X.copy()
    X[3, 1, 7] = np.nan
    bad("bad.npz", X=X, y=IMAGERY.y)


REFUSALS = {
    "NaN": (broken_trial, [], "X[3, 1, 7] = nan is not finite"),
    "referenced": (lambda: bad("bad.npz", X=IMAGERY.X - IMAGERY.X.mean(1, keepdims=True), y=IMAGERY.y), [], "--estimator oas"),
    "referenced, searched": (
        lambda: bad("bad.npz", X=IMAGERY.X - IMAGERY.X.mean(1, keepdims=True), y=IMAGERY.y),
        ["--order", "auto"],
        "X[0] is not positive definite",
    ),
    "few": (lambda: bad("bad.npz", X=IMAGERY.X[:6], y=IMAGERY.y[:6]), [], "fewer than --cv = 5 (use --cv <= 3)"),
    "one class": (lambda: bad("bad.npz", X=IMAGERY.X, y=0 * IMAGERY.y), [], "all 48 trials are of class 0"),
    "no labels": (lambda: bad("bad.npz", X=IMAGERY.X, z=IMAGERY.y), [], "--labels is needed"),
    "real labels": (lambda: bad("bad.npz", X=IMAGERY.X, y=IMAGERY.y + 0.5), [], "labels are words or integers"),
    "one label each": (lambda: bad("bad.npz", X=IMAGERY.X, y=np.arange(48)), [], "fewer than two trials a class"),
    "too short": (lambda: bad("bad.npz", X=IMAGERY.X[..., :9], y=IMAGERY.y), ["--order", "4", "--lag", "2"], "--order <= 1"),
    "embedding too long": (lambda: bad("bad.npz", X=IMAGERY.X[..., :9], y=IMAGERY.y), ["--order", "auto"], "--estimator='oas'"),
    "test of one class": (
        lambda: bad("bad.npz", X=IMAGERY.X, y=np.sort(IMAGERY.y), s=np.repeat([0, 1, 2, 3], 12)),
        ["--sessions", "s", "--across", "sessions"],
        "use --scoring accuracy",
    ),
    "groups": (lambda: bad("bad.npz", X=IMAGERY.X, y=IMAGERY.y, g=np.arange(48) // 24), ["--groups", "g"], "--groups has 2 values"),
    "one session": (
        lambda: bad("bad.npz", X=IMAGERY.X, y=IMAGERY.y, s=np.zeros(48)), ["--sessions", "s", "--across", "sessions"], "no subject has two sessions",
    ),
    "singular": (lambda: bad("bad.npz", X=np.stack([np.eye(2), np.zeros((2, 2))] * 24), y=IMAGERY.y), ["--matrices"], "X[1] is not positive"),
    "not square": (lambda: bad("bad.npz", X=IMAGERY.X, y=IMAGERY.y), ["--matrices"], "leave --matrices out"),
    "other channels": (
        lambda: (bad("bad.npz", X=IMAGERY.X, y=IMAGERY.y), np.save("new.npy", IMAGERY.X[:, :3])),
        ["--predict", "new.npy", "-o", "o.csv"],
        "has 3 channels",
    ),
    "no rate": (lambda: bad("bad.npz", X=IMAGERY.X, y=IMAGERY.y), ["--order", "2", "--lag", "20ms"], "says no sampling rate (keep it"),
    "no sample": (lambda: bad("bad.npz", X=IMAGERY.X, y=IMAGERY.y, fs=64), ["--order", "2", "--lag", "2ms"], "0.13 of a sample at 64 Hz"),
    "target": (lambda: bad("bad.npz", X=IMAGERY.X, y=IMAGERY.y), ["--report", "o.txt"], "known are .json"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_speak_of_options(call, name):
    make, arguments, words = REFUSALS[name]
    make()
    result = call("covariance", "classify", "bad.npz", *arguments, code=3)
    last = result.stderr.rstrip("\n").splitlines()[-1]
    assert last.startswith("error: ")
    assert words in last
    assert result.stdout == ""
    assert not os.path.exists("o.csv")


def test_subjects_are_left_out_with_all_their_sessions(document):
    arguments = ("--subjects", "session", "--sessions", "run", "--across", "subjects", "--scoring", "balanced-accuracy")
    found = document("covariance", "classify", "mi.npz", *arguments)
    assert [(row["subject"], row["trained"], row["tested"]) for row in found["rows"]] == [
        *[("1", 24, 4)] * 6,
        *[("2", 24, 4)] * 6,
    ]
    assert (found["chance"], found["chance_95"]) == (0.5, None)


# mean


@pytest.mark.parametrize("metric", METRICS)
def test_the_mean_is_the_library_s_with_its_certificate(document, metric):
    np.save("C.npy", covariances())
    found = document("covariance", "mean", "C.npy", "--matrices", "-o", "mean.npy", "--metric", metric)
    expected, certificate = metric_named(metric).mean(covariances(), certificate=True)
    assert np.array_equal(np.load("mean.npy"), expected)
    (only,) = found["means"]
    assert (only["count"], only["iterations"], only["converged"]) == (48, certificate.iterations, True)
    assert only["residual"] == pytest.approx(certificate.residual)
    away = metric_named(metric).dist(covariances(), expected)
    assert (only["distances"]["of"], only["distances"]["largest"]) == (int(np.argmax(away)), pytest.approx(away.max()))
    assert found["condition"]["advice"].startswith("all positive definite")


def test_one_mean_a_class_and_the_distance_between_them(call):
    np.savez("C.npz", C=np.eye(2) * np.array([1.0, 4.0, 16.0, 64.0])[:, None, None], y=["low", "low", "high", "high"])
    text = call("covariance", "mean", "C.npz", "--matrices", "-o", "m.npz", "--by", "y").stdout
    with np.load("m.npz") as written:
        assert written["classes"].tolist() == ["high", "low"]
        assert np.allclose(written["mean"], np.eye(2) * np.array([32.0, 2.0])[:, None, None])
    assert f"distance between means: {np.sqrt(2) * np.log(16):.3g} (high, low)" in text
    assert "written to m.npz" in text


def test_weights_of_a_mean(call):
    np.savez("C.npz", C=np.ones((3, 1, 1)) * np.array([1.0, 8.0, 1e9])[:, None, None], w=[2, 1, 0])
    call("covariance", "mean", "C.npz", "--matrices", "-o", "m.npy", "--weights", "w")
    assert np.load("m.npy").item() == pytest.approx(2.0)
    np.savez("C.npz", C=np.ones((3, 1, 1)), w=[2, -1, 0])
    assert (
        "--weights[1]"
        in call("covariance", "mean", "C.npz", "--matrices", "-o", "m.npy", "--weights", "w", code=3).stderr
    )


def test_a_mean_of_trials_is_that_of_their_covariances(call):
    call("covariance", "mean", "mi.npz", "-o", "m.npy", "--estimator", "oas")
    expected = metric_named("riemann").mean(estimators.Covariances("oas").fit_transform(IMAGERY.X))
    assert np.allclose(np.load("m.npy"), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("last", "advice"), [(0.0, "an average reference takes 1"), (-1.0, "erlangen.linalg.nearest_spd gives the closest")]
)
def test_a_mean_of_what_is_not_definite_is_refused_with_advice(call, last, advice):
    np.save("C.npy", np.stack([np.eye(3), np.diag([1.0, 1.0, last])]))
    error = call("covariance", "mean", "C.npy", "--matrices", "-o", "m.npy", code=3).stderr
    assert "C.npy[1] is not positive definite" in error
    assert advice in error
    assert not os.path.exists("m.npy")


# embedding


@pytest.mark.parametrize("method", ["ami+cao", "ami+fnn", "mdop"])
def test_the_choice_is_the_library_s(document, method):
    np.save("few.npy", PAIR.X[:3])
    found = document("covariance", "embedding", "few.npy", "--method", method, "--max-delay", 8)
    expected = select_embedding(PAIR.X[:3], method, max_delay=8)
    assert (found["order"], found["lag"], found["delays"]) == (expected.order, expected.lag, list(expected.delays))
    assert [one["order"] for one in found["epochs"]] == [one.order for one in expected.epochs]
    assert len(found["statistic"]["values"]) == len(found["statistic"]["at"]) > 0


def test_pairs_of_a_table_are_named_by_its_columns(call, document):
    t = np.arange(400)
    table = np.c_[
        np.sin(0.2 * t) + np.sin(0.0731 * t), np.cos(0.2 * t) + 0.01 * np.random.default_rng(0).normal(size=400)
    ]
    np.savetxt("one.csv", table, delimiter=",", header="left,right", comments="")
    text = call("covariance", "embedding", "one.csv", "--pairs", "--max-delay", 20, "--plot", "a.svg").stdout
    expected = select_embedding(table.T[None], "mdop", max_delay=20, uniform=False)
    rows = [line.split() for line in text.splitlines()[3:]]
    assert rows == [
        [str(i), ("left", "right")[c], str(d)]
        for i, (c, d) in enumerate(zip(expected.channels, expected.delays, strict=True))
    ]
    assert "<svg" in Path("a.svg").read_text()


def test_a_choice_tells_how_far_it_has_come():
    told = []
    with reporting(lambda step, total, message: told.append((step, total))):
        select_embedding(PAIR.X[:3], "ami+fnn", max_delay=8)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_an_embedding_that_does_not_fit(call):
    np.save("short.npy", PAIR.X[:, :, :40])
    error = call("covariance", "embedding", "short.npy", code=3).stderr
    assert "--max-delay = 50" in error
    assert "--max-delay <= 13" in error
    pairs = call("covariance", "embedding", "short.npy", "--max-delay", 5, "--pairs", code=3).stderr
    assert "use --per pooled or leave --pairs out" in pairs


def test_the_names_are_the_library_s():
    from_search = estimators.search.covariance_pipeline.CLASSIFIERS
    assert from_search == CLASSIFIERS
    assert covariance_embedding.METHODS == estimators.timeseries.selection.METHODS
    for name in ESTIMATORS:
        assert AugmentedCovariance(2, 1, estimator=name).fit_transform(PAIR.X[:2]).shape == (2, 4, 4)


GUIDE = Path(__file__).parents[2] / "docs" / "howto" / "covariance.md"


@pytest.mark.skipif(not GUIDE.exists(), reason="needs the documentation's source")
def test_the_lines_of_the_guide_are_understood():
    lines = re.findall(r"^\$ erlangen covariance (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    group = cli.get_command(None, "covariance")
    for line in lines:
        name, *arguments = shlex.split(line)
        context = group.get_command(None, name).make_context(name, arguments)
        assert context.params
    assert len(lines) >= 10
