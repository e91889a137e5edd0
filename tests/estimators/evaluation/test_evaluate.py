"""The table of scores: no leak, MOABB's columns, grouped inner folds, the same scores for any number of jobs."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, GroupKFold, LeaveOneGroupOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.covariances import MDM, Covariances
from erlangen.estimators.evaluation import CrossSession, CrossSubject, ResultTable, WithinSession, evaluate

COLUMNS = ["score", "time", "samples", "subject", "session", "channels", "n_sessions", "dataset", "pipeline"]
RNG = np.random.default_rng(0)
SUBJECT = np.repeat([1, 2], 60)
SESSION = np.tile(np.repeat(["0", "1", "2"], 20), 2)
METADATA = {"subject": SUBJECT, "session": SESSION}
Y = np.tile([0, 1], 60)
X = RNG.standard_normal((120, 3, 30)) * np.where(Y, 2.0, 1.0)[:, None, None]
PROTOCOLS = [WithinSession(4), CrossSession(), CrossSubject()]


class Memory(ClassifierMixin, BaseEstimator):
    """Knows every trial that it was shown, and guesses the first class for the others."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.known_ = {row.tobytes(): label for row, label in zip(X, y, strict=True)}
        return self

    def predict(self, X):
        return np.array([self.known_.get(row.tobytes(), self.classes_[0]) for row in X])


class Sessions(ClassifierMixin, BaseEstimator):
    """Predicts well on the sessions that it was trained on only, read off a channel that betrays them."""

    def __init__(self, alpha=1):
        self.alpha = alpha

    def fit(self, X, y):
        self.classes_, self.seen_ = np.unique(y), set(X[:, 0])
        return self

    def predict(self, X):
        guess = np.array([session in self.seen_ for session in X[:, 0]])
        return np.where(guess & (self.alpha == 1), X[:, 1], self.classes_[0]).astype(int)


@pytest.mark.parametrize("splitter", PROTOCOLS, ids=repr)
def test_who_memorises_scores_chance(splitter):
    table = evaluate({"memory": Memory()}, X, Y, METADATA, splitter, scoring="accuracy")
    assert len(table) == 6
    np.testing.assert_array_equal(table["score"], 0.5)
    doubled = {name: np.concatenate([column, column]) for name, column in METADATA.items()}
    leaky = evaluate(
        {"memory": Memory()}, np.concatenate([X, X]), np.tile(Y, 2), doubled, WithinSession(4), scoring="accuracy"
    )
    assert leaky["score"].mean() > 0.7  # the memory does find what leaks


def test_rows_and_columns_are_moabbs():
    table = evaluate({"MDM": make_pipeline(Covariances(), MDM())}, X, Y, METADATA, CrossSession(), dataset="toy")
    assert all(list(row) == COLUMNS for row in table)
    assert list(table["subject"]) == ["1"] * 3 + ["2"] * 3
    assert list(table["session"]) == ["0", "1", "2"] * 2
    assert set(table["samples"]) == {40}
    assert set(table["channels"]) == {3}
    assert set(table["n_sessions"]) == {3}
    assert set(table["dataset"]) == {"toy"}
    assert (table["score"] > 0.9).all()
    assert (table["time"] > 0).all()


def test_the_score_is_that_of_a_fit_by_hand():
    flat = X[:, :, :2].reshape(120, -1)
    table = evaluate({"LDA": LinearDiscriminantAnalysis()}, flat, Y, METADATA, CrossSubject())
    model = LinearDiscriminantAnalysis().fit(flat[SUBJECT == 2], Y[SUBJECT == 2])
    test = (SUBJECT == 1) & (SESSION == "1")
    assert table["score"][1] == roc_auc_score(Y[test], model.decision_function(flat[test]))
    three = evaluate({"LDA": LinearDiscriminantAnalysis()}, flat, np.arange(120) % 3, METADATA, CrossSubject())
    assert set(np.round(three["score"] * 20, 9) % 1) == {0.0}  # accuracies, of twenty trials


def test_jobs_and_pipelines_do_not_touch_each_other():
    pipelines = {"MDM": make_pipeline(Covariances(), MDM()), "euclid": make_pipeline(Covariances("oas"), MDM("euclid"))}
    one = evaluate(pipelines, X, Y, METADATA, WithinSession(3))
    two = evaluate(pipelines, X, Y, METADATA, WithinSession(3), n_jobs=2)
    np.testing.assert_array_equal(one["score"], two["score"])
    assert list(one["pipeline"]) == ["MDM"] * 6 + ["euclid"] * 6
    assert not hasattr(pipelines["MDM"][0], "n_features_in_")


@pytest.mark.parametrize("cv", [3, None, GroupKFold(2), LeaveOneGroupOut()])
@pytest.mark.parametrize("nested", [False, True])
def test_inner_folds_do_not_mix_sessions(cv, nested):
    betrayed = np.stack([np.unique(SESSION, return_inverse=True)[1] + 10 * SUBJECT, Y], axis=1).astype(float)
    search = GridSearchCV(Sessions(), {"alpha": [1, 2]}, cv=cv, scoring="accuracy", refit=True)
    pipeline = make_pipeline(StandardScaler(with_mean=False, with_std=False), search) if nested else search
    chosen = {}

    def judge(estimator, X, y):
        inner = estimator[-1] if nested else estimator
        chosen.setdefault("scores", []).append(inner.cv_results_["mean_test_score"])
        return 0.0

    evaluate({"search": pipeline}, betrayed, Y, METADATA, CrossSession(), scoring=judge)
    np.testing.assert_array_equal(chosen["scores"], 0.5)  # no fold has seen its session: nothing to exploit
    if cv in (3, None):
        chosen.clear()
        evaluate({"search": pipeline}, betrayed, Y, METADATA, CrossSession(), scoring=judge, inner_groups=None)
        assert np.min(np.max(chosen["scores"], axis=1)) == 1.0  # mixed sessions leak into the choice


def test_lists_of_unequal_trials():
    trials = [trial[:, : 20 + i % 10] for i, trial in enumerate(X)]
    table = evaluate({"MDM": make_pipeline(Covariances("oas"), MDM())}, trials, Y, METADATA, CrossSession())
    assert (table["score"] > 0.85).all()


def test_the_table_is_written_and_read(tmp_path):
    table = evaluate({"MDM": make_pipeline(Covariances(), MDM())}, X, Y, METADATA, CrossSubject())
    text = table.to_csv(tmp_path / "scores.csv")
    assert (tmp_path / "scores.csv").read_text(encoding="utf-8") == text
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert [path.name for path in tmp_path.iterdir()] == ["scores.csv"]
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(tmp_path / "scores.csv", dtype={"subject": str, "session": str})
    pandas.testing.assert_frame_equal(frame, table.to_pandas())
    assert len(table + ResultTable(table.rows)) == 12
    with pytest.raises(DomainError, match="no column 'auc'"):
        table["auc"]


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"y": Y[:-1]}, ShapeError, "X has 120 trials, y has 119"),
        ({"pipelines": {}}, DomainError, "at least one"),
        ({"domains": "run"}, DomainError, "domains"),
        ({"inner_groups": "run"}, DomainError, "inner_groups"),
        ({"metadata": {"subject": SUBJECT}}, DomainError, "session"),
    ],
)
def test_refusals(change, error, match):
    given = {"pipelines": {"memory": Memory()}, "X": X, "y": Y, "metadata": METADATA, "splitter": CrossSession()}
    with pytest.raises(error, match=match):
        evaluate(**{**given, **change})
