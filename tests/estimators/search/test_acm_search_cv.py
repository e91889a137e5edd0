"""Oracle: scikit-learn's GridSearchCV over the pipeline of MOABB and pyriemann, written here in NumPy and SciPy."""

import numpy as np
import pytest
from joblib import parallel_config
from scipy.linalg import eigvalsh
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, LeaveOneGroupOut, StratifiedGroupKFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from erlangen.datasets import reversed_var_pair, simulated_motor_imagery
from erlangen.errors import DomainError, DomainWarning
from erlangen.estimators.embeddings.progress import reporting
from erlangen.estimators.evaluation import CrossSession, evaluate
from erlangen.estimators.search import ACMSearchCV, AugmentedCovarianceClassifier
from erlangen.estimators.search.covariance_pipeline import answer, fit_domains
from erlangen.estimators.timeseries import AugmentedCovariance

FOLDS = StratifiedKFold(3, shuffle=True, random_state=42)
SVM = {"C": [0.5, 1.0, 1.5], "kernel": ["linear", "rbf"]}


def power(A, f):
    values, vectors = np.linalg.eigh(A)
    return (vectors * f(values)[..., None, :]) @ vectors.swapaxes(-1, -2)


def karcher_mean(C):
    """Fixed-point iteration from the arithmetic mean."""
    M = C.mean(0)
    for _ in range(200):
        root, inverse = power(M, np.sqrt), power(M, lambda x: 1 / np.sqrt(x))
        J = power(inverse @ C @ inverse, np.log).mean(0)
        M = root @ power(J, np.exp) @ root
        if np.linalg.norm(J) < 1e-9:
            return M
    raise AssertionError


class AugmentedDataset(TransformerMixin, BaseEstimator):
    """Rows x(t + q lag), all of length T - order * lag, as the release cuts them."""

    def __init__(self, order=1, lag=1):
        self.order, self.lag = order, lag

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        p, step, T = self.order, self.lag, X.shape[2]
        stacked = X if p == 1 else np.concatenate([X[:, :, q * step : T - (p - q) * step] for q in range(p)], axis=1)
        return np.stack([np.cov(trial) for trial in stacked])


class Tangent(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        self.inverse_ = power(karcher_mean(X), lambda x: 1 / np.sqrt(x))
        return self

    def transform(self, X):
        rows, columns = np.triu_indices(X.shape[1])
        S = power(self.inverse_ @ X @ self.inverse_, np.log)
        return S[:, rows, columns] * np.where(rows == columns, 1, np.sqrt(2))


class MinimumDistance(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.means_ = [karcher_mean(X[y == c]) for c in self.classes_]
        return self

    def predict_proba(self, X):
        squares = np.array([[np.sum(np.log(eigvalsh(C, M)) ** 2) for M in self.means_] for C in X])
        return np.exp(-squares) / np.exp(-squares).sum(1, keepdims=True)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(1)]


PIPELINES = {
    "ts-svm": (lambda: make_pipeline(AugmentedDataset(), Tangent(), SVC()), "svc"),
    "ts-lr": (lambda: make_pipeline(AugmentedDataset(), Tangent(), LogisticRegression()), "logisticregression"),
    "mdm": (lambda: make_pipeline(AugmentedDataset(), MinimumDistance()), "minimumdistance"),
}


def grid_search(classifier, orders, lags, settings, **options):
    pipeline, last = PIPELINES[classifier]
    grid = {"augmenteddataset__order": orders, "augmenteddataset__lag": lags}
    grid |= {f"{last}__{name}": values for name, values in settings.items()}
    return GridSearchCV(pipeline(), grid, **options)


def plain(parameters):
    return {name.partition("__")[2]: value for name, value in parameters.items()}


@pytest.fixture(scope="module")
def imagery():
    trials = simulated_motor_imagery(48, 4, sessions=2, duration=1.5, snr=-12, rng=3)
    return trials.X, np.array(["left", "right"])[trials.y], trials.session


CASES = {
    "svm": ("ts-svm", SVM, {"cv": FOLDS}),
    "svm, other kernels": ("ts-svm", {"kernel": ["poly", "sigmoid", "rbf"], "gamma": ["auto", 0.02]}, {"cv": 2}),
    "svm, area under the curve": ("ts-svm", {"C": [1.0], "kernel": ["rbf"]}, {"cv": FOLDS, "scoring": "roc_auc"}),
    "regression": ("ts-lr", {"C": [0.1, 1.0]}, {"cv": FOLDS, "scoring": "neg_log_loss"}),
    "distance": ("mdm", {}, {"cv": FOLDS}),
    "distance, log loss": ("mdm", {}, {"cv": FOLDS, "scoring": "neg_log_loss"}),
}


@pytest.mark.parametrize("case", CASES)
def test_scores_ranks_and_choice_are_those_of_grid_search(imagery, case):
    X, y, _ = imagery
    classifier, settings, options = CASES[case]
    orders, lags = [1, 2, 4], [1, 3]
    ours = ACMSearchCV(orders, lags, settings, classifier=classifier, **options).fit(X, y)
    theirs = grid_search(classifier, orders, lags, settings, **options).fit(X, y)
    a, b = ours.cv_results_, theirs.cv_results_
    assert a["params"] == [plain(p) for p in b["params"]]
    tolerance = 1e-6 if "neg_log_loss" in options.values() else 1e-9
    for name in ("mean_test_score", "std_test_score", *(f"split{s}_test_score" for s in range(ours.n_splits_))):
        assert np.abs(a[name] - b[name]).max() <= tolerance, name
    if tolerance == 1e-9:
        assert np.array_equal(a["rank_test_score"], b["rank_test_score"])
        assert ours.best_index_ == theirs.best_index_
    assert ours.best_params_ == plain(theirs.best_params_)
    assert ours.best_score_ == pytest.approx(theirs.best_score_, abs=tolerance)
    assert np.array_equal(ours.predict(X), theirs.predict(X))
    assert {*b} - {k for k in b if k.startswith("param_")} == {*a} - {k for k in a if k.startswith("param_")}
    assert ours.score(X, y) == pytest.approx(theirs.score(X, y), abs=1e-6)


@pytest.mark.parametrize("cv", [LeaveOneGroupOut(), GroupKFold(2), StratifiedGroupKFold(2)])
def test_groups_reach_the_splitter(imagery, cv):
    X, y, session = imagery
    ours = ACMSearchCV([1, 2], [2], SVM, cv=cv).fit(X, y, groups=session)
    theirs = grid_search("ts-svm", [1, 2], [2], SVM, cv=cv).fit(X, y, groups=session)
    assert np.array_equal(ours.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"])
    assert ours.n_splits_ == theirs.n_splits_


def test_a_number_of_folds_keeps_groups_together(imagery):
    X, y, session = imagery
    ours = ACMSearchCV([1], [1], cv=2).fit(X, y, groups=session)
    theirs = grid_search("ts-svm", [1], [1], SVM, cv=LeaveOneGroupOut()).fit(X, y, groups=session)
    assert np.allclose(np.sort(ours.cv_results_["mean_test_score"]), np.sort(theirs.cv_results_["mean_test_score"]))
    with pytest.raises(DomainError, match=r"cv = 3 folds, but groups holds 2 groups"):
        ACMSearchCV([1], [1], cv=3).fit(X, y, groups=session)


def test_time_reversed_autoregressions_are_told_apart_by_lags_alone():
    pair = reversed_var_pair(60, 8, 400, rng=0)
    spatial = ACMSearchCV([1], [1], SVM, cv=FOLDS).fit(pair.X, pair.y)
    augmented = ACMSearchCV([2], [1], SVM, cv=FOLDS).fit(pair.X, pair.y)
    assert spatial.cv_results_["mean_test_score"].min() >= 0.35
    assert spatial.best_score_ <= 0.65
    assert augmented.best_score_ >= 0.98


@pytest.mark.parametrize("classifier", ["ts-svm", "ts-lr", "mdm", "fgmdm"])
@pytest.mark.parametrize("metric", ["logeuclid", "wasserstein"])
def test_other_geometries_score_as_the_refitted_estimator_does_on_the_splits(imagery, classifier, metric):
    X, y, _ = imagery
    search = ACMSearchCV([2], [2], {}, cv=FOLDS, classifier=classifier, metric=metric).fit(X, y)
    scores = [
        clone(search.best_estimator_).fit(X[train], y[train]).score(X[test], y[test])
        for train, test in FOLDS.split(X, y)
    ]
    assert np.allclose([search.cv_results_[f"split{s}_test_score"][0] for s in range(3)], scores, atol=1e-12)


@pytest.mark.parametrize("covariance", ["cov", "oas", "block_toeplitz"])
def test_every_covariance_and_trim_scores_as_the_refitted_estimator_does(imagery, covariance):
    X, y, _ = imagery
    search = ACMSearchCV([3], [2], {}, cv=FOLDS, covariance=covariance, trim="exact").fit(X, y)
    scores = [
        clone(search.best_estimator_).fit(X[train], y[train]).score(X[test], y[test])
        for train, test in FOLDS.split(X, y)
    ]
    assert np.allclose([search.cv_results_[f"split{s}_test_score"][0] for s in range(3)], scores, atol=1e-12)


def test_the_unit_of_the_data_does_not_matter(imagery):
    X, y, _ = imagery
    tables = [
        ACMSearchCV([1, 3], [2], SVM, cv=FOLDS, refit=False).fit(scale * X, y).cv_results_["mean_test_score"]
        for scale in (1.0, 1e-12, 1e14)
    ]
    assert np.array_equal(tables[0], tables[1])
    assert np.array_equal(tables[0], tables[2])


def test_order_one_is_scored_once_and_listed_at_every_lag(imagery):
    X, y, _ = imagery
    steps = []
    with reporting(lambda step, total, message: steps.append((step, total, message))):
        search = ACMSearchCV([1, 2], [1, 2, 3], {}, cv=2, refit=False).fit(X, y)
    assert [step[2] for step in steps] == ["order 1, lag 1", "order 2, lag 1", "order 2, lag 2", "order 2, lag 3"]
    assert steps[-1][:2] == (4, 4)
    assert len(search.cv_results_["params"]) == 6
    assert len(set(search.landscape_[0])) == 1


def test_parallel_cells_give_the_same_table(imagery):
    X, y, _ = imagery
    with parallel_config(backend="threading"):
        one, two = (ACMSearchCV([1, 2], [1, 2], SVM, cv=2, n_jobs=n, refit=False).fit(X, y) for n in (1, 2))
    assert np.array_equal(one.cv_results_["mean_test_score"], two.cv_results_["mean_test_score"])


def test_hits_of_the_border_are_told():
    pair = reversed_var_pair(40, 3, 200, rng=0)
    search = ACMSearchCV([1, 2], [1, 2, 3], {}, cv=2, classifier="mdm").fit(pair.X, pair.y)
    assert search.best_params_ == {"lag": 1, "order": 2}
    assert search.at_border_ == ("order",)
    assert ACMSearchCV([1, 2, 3], [2, 3], {}, cv=2).fit(pair.X, pair.y).at_border_ in (("lag",), ("order", "lag"))


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"orders": [1, 50], "lags": [4]}, r"order 50 at lag 4 .* 192.*order <= 47 at this lag"),
        (
            {"orders": [40], "lags": [1], "trim": "exact"},
            r"160 x 160 covariance.*rank 152.*order <= 38 at this lag, or covariance='oas'",
        ),
        ({"orders": [2], "lags": [0]}, "lag must be an integer"),
        ({"orders": [0], "lags": [1]}, "orders must be an integer"),
        ({"orders": [2, 2], "lags": [1]}, "lists 2 twice"),
        ({"orders": [], "lags": [1]}, "orders is empty"),
        ({"orders": [1], "lags": [1], "estimator_grid": {"order": [1]}}, "estimator_grid has the key 'order'"),
        ({"orders": [1], "lags": [1], "scoring": ["accuracy", "roc_auc"]}, "scoring names several scores"),
        ({"orders": [1], "lags": [1], "classifier": "svm"}, "classifier must be one of"),
        ({"orders": [1], "lags": [1], "estimator_grid": {"C": [-1.0]}}, "estimator_grid has .*'C' parameter of SVC"),
        ({"orders": [1], "lags": [1], "estimator_grid": {"D": [1.0]}}, "Invalid parameter 'D'.*parameters of SVC"),
    ],
)
def test_bad_grids_are_refused(imagery, arguments, match):
    X, y, _ = imagery
    with pytest.raises(DomainError, match=match):
        ACMSearchCV(**arguments).fit(X, y)


def test_singular_covariances_are_given_the_error_score(imagery):
    X, y, _ = imagery
    twin = np.concatenate([X, X[:, :1]], axis=1)
    with pytest.raises(DomainError):
        ACMSearchCV([1], [1], cv=2, error_score="raise").fit(twin, y)
    with (
        pytest.warns(DomainWarning, match="order 1 at lag 1 was given the score"),
        pytest.raises(DomainError, match=r"no candidate could be scored; the first was refused because .* rank"),
    ):
        ACMSearchCV([1], [1], cv=2).fit(twin, y)
    with pytest.warns(DomainWarning, match="order 1"):
        table = ACMSearchCV([1], [1], cv=2, error_score=0.0, refit=False).fit(twin, y).cv_results_
    assert np.array_equal(table["mean_test_score"], np.zeros(6))


def test_without_refit_there_is_nothing_to_predict_with(imagery):
    X, y, _ = imagery
    search = ACMSearchCV([1], [1], cv=2, refit=False).fit(X, y)
    assert not hasattr(search, "best_estimator_")
    with pytest.raises(DomainError, match="refit=False"):
        search.predict(X)


@pytest.mark.parametrize("classifier", ["ts-svm", "ts-lr", "mdm", "fgmdm"])
@pytest.mark.parametrize("mode", ["transductive", "fitted"])
def test_recentring_scores_as_the_refitted_estimator_does_on_the_splits(imagery, classifier, mode):
    X, y, session = imagery
    X = X * np.where(session == "1", 1.0, 30.0)[:, None, None]
    search = ACMSearchCV([2], [2], {}, cv=FOLDS, classifier=classifier, recentre=mode).fit(X, y, domains=session)
    scores = []
    for train, test in FOLDS.split(X, y):
        model = fit_domains(clone(search.best_estimator_), X[train], y[train], session[train])
        scores.append(np.mean(answer(model, "predict", X[test], session[test]) == y[test]))
    assert np.allclose([search.cv_results_[f"split{s}_test_score"][0] for s in range(3)], scores, atol=1e-12)
    again = answer(search.best_estimator_, "predict", X, session)
    assert np.array_equal(search.predict(X, domains=session), again)
    assert search.cv_results_["mean_fit_time"].min() > 0


def test_an_evaluation_tells_a_recentred_search_the_sessions(imagery):
    X, y, session = imagery
    X = X * np.where(session == "1", 1.0, 30.0)[:, None, None]
    columns = {"subject": np.ones(len(y)), "session": session}
    models = {
        "search": ACMSearchCV([1, 2], [2], classifier="mdm", cv=2, recentre="transductive"),
        "classifier": AugmentedCovarianceClassifier("mdm", orders=(1, 2), lags=(2,), cv=2, recentre="transductive"),
        "plain": AugmentedCovarianceClassifier("mdm", orders=(1, 2), lags=(2,), cv=2),
    }
    table = evaluate(models, X, y, columns, CrossSession(), scoring="accuracy")
    one = session == np.unique(session)[0]
    for name in ("search", "classifier"):
        model = clone(models[name]).fit(X[~one], y[~one], domains=session[~one])
        by_hand = np.mean(model.predict(X[one], domains=session[one]) == y[one])
        assert next(row["score"] for row in table if row["pipeline"] == name) == pytest.approx(by_hand)
    means = table.mean()
    assert means["classifier"] > means["plain"] + 0.1


@pytest.mark.parametrize("covariance", ["cov", "oas"])
def test_trials_of_unequal_length_are_estimated_one_by_one(imagery, covariance):
    X, y, _ = imagery
    trials = [trial[:, : 150 + 3 * (i % 7)] for i, trial in enumerate(X)]
    search = ACMSearchCV([1, 3], [2], {}, cv=FOLDS, covariance=covariance).fit(trials, y)
    for k, candidate in enumerate(search.cv_results_["params"]):
        scores = []
        for train, test in FOLDS.split(y, y):
            model = search.pipeline(candidate).fit([trials[i] for i in train], y[train])
            scores.append(model.score([trials[i] for i in test], y[test]))
        assert search.cv_results_["mean_test_score"][k] == pytest.approx(np.mean(scores), abs=1e-12)
    with pytest.raises(DomainError, match="order <="):
        ACMSearchCV([40], [5], {}, cv=FOLDS).fit([trials[0][:, :90], *trials[1:]], y)


def test_an_estimator_of_covariances_carries_its_own_options(imagery):
    X, y, _ = imagery
    named = ACMSearchCV([1, 3], [2], {}, cv=FOLDS, covariance="oas").fit(X, y)
    given = AugmentedCovariance(estimator="oas", trim="moabb")
    same = ACMSearchCV([1, 3], [2], {}, cv=FOLDS, covariance=given).fit(X, y)
    assert np.array_equal(named.cv_results_["mean_test_score"], same.cv_results_["mean_test_score"])
    counted = AugmentedCovariance(estimator="lwf", effective_samples="auto")
    search = ACMSearchCV([3], [2], {}, cv=FOLDS, covariance=counted).fit(X, y)
    first = search.best_estimator_.steps[0][1]
    assert (first.order, first.lag, first.effective_samples) == (3, 2, "auto")
    assert counted.order == AugmentedCovariance().order
    with pytest.raises(DomainError, match="covariance must be one of"):
        ACMSearchCV([1], [1], covariance=3).fit(X, y)
