"""The 3-D twin of check_estimator: right estimators of series and of SPD matrices pass; each law is broken once and caught."""

import copy
import threading
import warnings

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, ClusterMixin, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from erlangen.testing import check_estimator_3d, laws_of


def three_axes(tags):
    tags.input_tags.three_d_array, tags.input_tags.two_d_array = True, False
    return tags


class Series(ClassifierMixin, TransformerMixin, BaseEstimator):
    """Log variance of every channel; the class with the nearest weighted mean."""

    def __init__(self, scale=1.0, n_jobs=None, random_state=None):
        self.scale = scale
        self.n_jobs = n_jobs
        self.random_state = random_state

    def __sklearn_tags__(self):
        tags = three_axes(super().__sklearn_tags__())
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def checked(self, X, y=None, reset=False):
        given = {} if y is None else {"y": y}
        if reset and y is None:
            message = f"{type(self).__name__} requires y to be passed, but the target y is None"
            raise ValueError(message)
        found = validate_data(
            self, X, reset=reset, allow_nd=True, ensure_2d=False, dtype=[np.float64, np.float32], **given
        )
        X = found[0] if given else found
        if X.ndim != 3 or 0 in X.shape:
            message = f"X must have three axes (n, channels, time), none empty; got {X.shape}"
            raise ValueError(message)
        if not reset and X.shape[1] != self.n_features_in_:
            message = f"X has {X.shape[1]} channels, the fit had {self.n_features_in_}"
            raise ValueError(message)
        self.check_samples(X)
        if reset:
            self.n_features_in_ = X.shape[1]
        return found

    def check_samples(self, X):
        pass

    def features(self, X):
        return self.scale * np.log(np.mean(X * X, axis=-1))

    def fit(self, X, y=None, sample_weight=None):
        X, y = self.checked(X, y, reset=True)
        check_classification_targets(y)
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64)
        self.classes_, index = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            message = "y has one class, at least two are needed"
            raise ValueError(message)
        hot = weight[:, None] * (index[:, None] == np.arange(len(self.classes_)))
        self.means_ = (hot.T @ self.features(X)) / hot.sum(axis=0)[:, None]
        return self

    def transform(self, X):
        check_is_fitted(self)
        return self.features(self.checked(X))

    def scores(self, X):
        check_is_fitted(self)
        return -np.sum((self.features(self.checked(X))[:, None] - self.means_) ** 2, axis=-1)

    def decision_function(self, X):
        scores = self.scores(X)
        return scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores

    def predict_proba(self, X):
        scores = self.scores(X)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        return weights / weights.sum(axis=1, keepdims=True)

    def predict_log_proba(self, X):
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X):
        scores = self.scores(X)
        return self.classes_[np.argmax(scores, axis=1)]

    def get_feature_names_out(self, input_features=None):
        check_is_fitted(self)
        return np.array([f"power{i}" for i in range(self.n_features_in_)], dtype=object)


class Matrices(Series):
    """The same of SPD matrices, through their log-diagonal."""

    def check_samples(self, X):
        if X.shape[1] != X.shape[2] or not np.allclose(X, np.swapaxes(X, 1, 2)) or np.linalg.eigvalsh(X).min() <= 0:
            message = "X must hold symmetric positive definite matrices"
            raise ValueError(message)

    def features(self, X):
        return self.scale * np.log(np.diagonal(X, axis1=1, axis2=2))


class Halves(ClusterMixin, BaseEstimator):
    """Two clusters, split at the median of the first channel's power."""

    def __sklearn_tags__(self):
        return three_axes(super().__sklearn_tags__())

    def fit(self, X, y=None):
        X = Series.checked(self, X, np.zeros(len(X)), reset=True)[0]
        power = np.mean(X[:, 0] ** 2, axis=-1)
        self.labels_ = (power > np.median(power)).astype(int)
        return self

    def check_samples(self, X):
        pass


def test_right_estimators_pass():
    report = check_estimator_3d(Series()).raise_if_failed()
    assert set(report.skipped) == {"fit_predict gives labels_", "fit refuses matrices that are not SPD"}
    report = check_estimator_3d(Matrices(), kind="spd", n=18, channels=4).raise_if_failed()
    assert set(report.skipped) == {"fit_predict gives labels_"}


def test_a_clusterer_without_methods_is_compared_on_nothing_it_lacks():
    report = check_estimator_3d(Halves()).raise_if_failed()
    assert report["fit_predict gives labels_"].passed
    assert "no method" in report.skipped["fit is idempotent"]


def test_own_data_and_arguments():
    rng = np.random.default_rng(8)
    y = np.arange(14) % 2
    X = rng.standard_normal((14, 2, 9)) * np.where(y == 1, 5.0, 1.0)[:, None, None]
    check_estimator_3d(Series(), X=X, y=y, only=["classes are learnt", "fit is deterministic"]).raise_if_failed()
    assert "both or neither" in check_estimator_3d(Series(), X=X).results[0].detail
    assert "n must be an integer" in check_estimator_3d(Series(), n=11).results[0].detail
    assert "kind must be" in check_estimator_3d(Series(), kind="images").results[0].detail


def refit(change):
    """fit, followed by ``change(self, X, sample_weight)``."""

    def fit(self, X, y=None, sample_weight=None):
        Series.fit(self, X, y, sample_weight)
        change(self, np.asarray(X), sample_weight)
        return self

    return {"fit": fit}


def prefit(change):
    """fit of ``change(X, y, sample_weight)``."""

    def fit(self, X, y=None, sample_weight=None):
        return Series.fit(self, *change(X, y, sample_weight))

    return {"fit": fit}


def retransform(change):
    """transform, with ``change(values, X)`` applied."""
    return {"transform": lambda self, X: change(Series.transform(self, X), X)}


def lenient(self, X, y=None, sample_weight=None):
    try:
        return Series.fit(self, X, y, sample_weight)
    except (ValueError, TypeError, AttributeError):
        return Series.fit(self, np.random.default_rng(0).standard_normal((4, 3, 5)), [0, 1, 0, 1])


def lenient_transform(self, X):
    try:
        return Series.transform(self, X)
    except ValueError:
        return np.zeros((1, 3))


def shift(by):
    return refit(lambda self, X, w: vars(self).update(means_=self.means_ * (1 + by(self, X, w))))


def init(body):
    def __init__(self, scale=1.0, n_jobs=None, random_state=None):
        Series.__init__(self, scale, n_jobs, random_state)
        body(self)

    return {"__init__": __init__}


def init_stars(self, scale=1.0, n_jobs=None, random_state=None, **more):
    Series.__init__(self, scale, n_jobs, random_state)


def init_list(self, scale=1.0, n_jobs=[], random_state=None):  # noqa: B006
    Series.__init__(self, scale, n_jobs, random_state)


def set_anything(self, **params):
    vars(self).update(params)
    return self


def wrong_copy(self, memo):
    twin = type(self)()
    vars(twin).update(vars(self), **({"means_": self.means_ + 1} if hasattr(self, "means_") else {}))
    return twin


def set_state(self, state):
    vars(self).update(state, **({"means_": state["means_"] + 1} if "means_" in state else {}))


def no_predict(self):
    raise AttributeError


def counted(self, X, w):
    self.count_ = vars(self).get("count_", 0) + 1
    return 0.01 * self.count_


def remembered(self, X, w):
    old, self.seen_ = vars(self).get("seen_", 0), X.shape[1]
    return 0.1 * old


def writes(X, y, w):
    np.asanyarray(X)[0, 0] *= 1.0
    return X, y, w


def spoils(X, y, w):
    X[0] += 1.0
    return X, y, w


def remembers(values, X):
    warnings.warn("old", FutureWarning, stacklevel=2)
    return values


def keeps(self, X):
    self.cache_ = len(X)
    return Series.transform(self, X)


def in_place(self, X):
    values = Series.transform(self, X)
    if isinstance(X, np.ndarray):
        X *= 1.1
    return values


def ravelled(self, X):
    X = np.asarray(X)
    return Series.transform(self, X.ravel(order="K").reshape(X.shape))


def crash(error, when):
    def change(X, y, w):
        if when(X, y):
            raise error
        return X, y, w

    return prefit(change)


def noise(self, X, w):
    return np.random.default_rng().normal()


def clean(X):
    return np.nan_to_num(X, posinf=1.0, neginf=1.0)


INDEX = {"predict": lambda self, X: np.argmax(self.scores(X), axis=1)}
LENIENT = {"fit": lenient}
LENIENT_METHOD = {"transform": lenient_transform}

CONSTRUCTION = {
    "tags declare three axes": {"__sklearn_tags__": lambda self: super(Series, self).__sklearn_tags__()},
    "the constructor names its parameters": {"__init__": init_stars},
    "defaults are immutable": {"__init__": init_list},
    "the constructor only stores": init(lambda self: setattr(self, "cache", {})),
    "the constructor checks nothing": init(lambda self: float(self.scale)),
    "get_params and set_params": {"set_params": lambda self, **params: self},
    "set_params refuses unknown names": {"set_params": set_anything},
    "clone keeps parameters": {"__sklearn_clone__": lambda self: type(self)(scale=2.0)},
    "clone is unfitted": {"__sklearn_clone__": lambda self: copy.deepcopy(self)},
    "no fitted attributes before fit": init(lambda self: setattr(self, "classes_", None)),
    "repr names the class": {"__repr__": lambda self: "model"},
    "HTML form": {"_repr_html_": lambda self: "<b>model</b>"},
    "deepcopy is equal": {"__deepcopy__": wrong_copy},
    "pickle round trip": {"__setstate__": set_state},
    "metadata routing": {"get_metadata_routing": lambda self: None},
    "the type has its method": {"predict": property(no_predict)},
}
FITTING = {
    "methods before fit are refused": {"transform": lambda self, X: self.features(X)},
    "fit returns self": {"fit": lambda self, X, y=None, sample_weight=None: Series.fit(self, X, y) and None},
    "check_is_fitted": {"fit": lambda self, X, y=None, sample_weight=None: self},
    "fit keeps the parameters": refit(lambda self, X, w: setattr(self, "scale", 2.0)),
    "fit keeps the data": prefit(spoils),
    "fitted attributes end in an underscore": refit(lambda self, X, w: setattr(self, "trained", True)),
    "n_features_in_ counts axis 1": refit(lambda self, X, w: setattr(self, "n_features_in_", X.shape[2])),
    "fit is idempotent": shift(counted),
    "fit forgets the former fit": shift(remembered),
    "fit is deterministic": shift(noise),
    "random_state determines the fit": shift(noise),
    "the global random state is left alone": refit(lambda self, X, w: np.random.rand()),  # noqa: NPY002
    "n_jobs does not matter": shift(lambda self, X, w: 0.1 * (self.n_jobs or 0)),
    "threads agree": retransform(lambda t, X: t + (threading.current_thread() is not threading.main_thread())),
    "fit_transform is fit and transform": {"fit_transform": lambda self, X, y=None: self.fit(X, y).transform(X) + 1e-3},
    "methods keep the state": {"transform": keeps},
    "good data give no warnings": retransform(remembers),
}
INPUTS = {
    "read-only data": prefit(writes),
    "read-only memory map": prefit(writes),
    "Fortran order": {"transform": ravelled},
    "strided views": retransform(lambda t, X: t + (not np.asarray(X).flags.forc)),
    "float32 data": retransform(lambda t, X: t + (np.asarray(X).dtype == np.float32)),
    "nested lists": retransform(lambda t, X: t * X.ndim),
    "integer data": retransform(lambda t, X: t + (np.asarray(X).dtype.kind == "i")),
    "the order of samples does not matter": retransform(lambda t, X: t + 1e-3 * np.arange(len(t))[:, None]),
    "subsets give the same": retransform(lambda t, X: t - t.mean(axis=0)),
    "one sample at a time gives the same": retransform(lambda t, X: t + (len(t) == 1)),
    "methods keep the data": {"transform": in_place},
    "fit refuses NaN": prefit(lambda X, y, w: (clean(X), y, w)),
    "fit refuses infinity": prefit(lambda X, y, w: (clean(X), y, w)),
    "methods refuse NaN": {"transform": lambda self, X: Series.transform(self, clean(X))},
    "methods refuse infinity": {"transform": lambda self, X: Series.transform(self, clean(X))},
    "fit refuses complex numbers": prefit(lambda X, y, w: (np.real(X), y, w)),
    "fit refuses words": LENIENT,
    "fit refuses ragged lists": LENIENT,
    "fit refuses sparse input": LENIENT,
    "fit refuses one axis": LENIENT,
    "fit refuses two axes": LENIENT,
    "fit refuses four axes": prefit(lambda X, y, w: (np.reshape(X, (*np.shape(X)[:2], -1)), y, w)),
    "methods refuse two axes": LENIENT_METHOD,
    "fit refuses no samples": LENIENT,
    "fit refuses no channels": LENIENT,
    "one sample is fitted or refused": crash(IndexError("out of bounds"), lambda X, y: len(X) == 1),
    "methods refuse another number of channels": LENIENT_METHOD,
}
OUTPUTS = {
    "one row a sample": {"predict": lambda self, X: Series.predict(self, X)[:-1]},
    "finite outputs": retransform(lambda t, X: t * np.nan),
    "float32 is kept where promised": retransform(lambda t, X: t.astype(np.float64)),
    "get_feature_names_out": {"get_feature_names_out": lambda self, names=None: np.array(["power"] * 3, dtype=object)},
    "feature names need fit": {
        "get_feature_names_out": lambda self, names=None: np.array(["a", "b", "c"], dtype=object)
    },
    "set_output to pandas": {"set_output": lambda self, transform=None: self},
    "set_output to default": {"set_output": lambda self, transform=None: self.set_params(scale=2.0)},
    "pipelines give the same": shift(noise),
    "cross validation": {"score": lambda self, X, y: np.nan},
    "score is a number": {"score": lambda self, X, y: np.ones(2)},
    "classes are learnt": {"predict": lambda self, X: np.repeat(self.classes_[:1], len(X))},
}
TARGETS = {
    "classes_ are the labels": refit(lambda self, X, w: setattr(self, "classes_", np.array([0, 1]))),
    "predictions are labels": INDEX,
    "labels may be words": INDEX,
    "labels may be exchanged": {
        "predict": lambda self, X: self.classes_[np.argmax(self.scores(X) + 99 * np.eye(2)[1], axis=1)]
    },
    "probabilities sum to one": {"predict_proba": lambda self, X: 0.9 * Series.predict_proba(self, X)},
    "predict is the most probable class": {"predict_proba": lambda self, X: Series.predict_proba(self, X)[:, ::-1]},
    "predict is the sign of the decision": {"decision_function": lambda self, X: -Series.decision_function(self, X)},
    "three classes": {"decision_function": lambda self, X: self.scores(X)[:, 1] - self.scores(X)[:, 0]},
    "one class is fitted or refused": crash(IndexError("out of bounds"), lambda X, y: len(np.unique(y)) == 1),
    "fit refuses a continuous target": prefit(lambda X, y, w: (X, np.asarray(y) > 0.5, w)),
    "fit refuses a missing target": LENIENT,
    "fit refuses a target of another length": LENIENT,
    "fit refuses NaN in the target": LENIENT,
    "targets may be lists": prefit(lambda X, y, w: (X, y.astype(y.dtype), w)),
    "unit weights change nothing": shift(lambda self, X, w: 0.1 * (w is not None)),
    "weight zero removes": prefit(lambda X, y, w: (X, y, None if w is None else np.asarray(w) + 1)),
    "weight two repeats": prefit(lambda X, y, w: (X, y, None if w is None else np.asarray(w) ** 2)),
    "weights may be lists": prefit(lambda X, y, w: (X, y, None if w is None else w.astype(float))),
    "fit refuses weights of another length": LENIENT,
}
SABOTAGE = {**CONSTRUCTION, **FITTING, **INPUTS, **OUTPUTS, **TARGETS}
ELSEWHERE = {"fit_predict gives labels_", "fit refuses matrices that are not SPD"}


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) | ELSEWHERE == set(laws_of(check_estimator_3d))


@pytest.mark.parametrize("law", SABOTAGE)
@pytest.mark.filterwarnings("ignore")
def test_sabotage_is_caught(law):
    broken = type("Broken", (Series,), {"__module__": __name__, **SABOTAGE[law]})
    globals()["Broken"] = broken  # pickle finds classes by name
    report = check_estimator_3d(broken(), only=[law])
    assert not report.passed, report
    assert not report.skipped


def test_a_fit_predict_of_its_own_is_caught():
    broken = type("Broken", (Halves,), {"fit_predict": lambda self, X, y=None: 1 - self.fit(X).labels_})
    assert not check_estimator_3d(broken(), only="fit_predict gives labels_").passed


@pytest.mark.parametrize("blind", ["square", "symmetric", "positive"])
def test_matrices_that_are_not_spd_must_be_refused(blind):
    def check(self, X):
        square = X.shape[1] == X.shape[2]
        laws = {
            "square": square,
            "symmetric": not square or np.allclose(X, np.swapaxes(X, 1, 2)),
            "positive": not square or np.linalg.eigvalsh(X).min() > 0,
        }
        if not all(holds for law, holds in laws.items() if law != blind):
            message = "X must hold symmetric positive definite matrices"
            raise ValueError(message)

    broken = type("Broken", (Matrices,), {"check_samples": check})
    with np.errstate(invalid="ignore"):
        assert not check_estimator_3d(broken(), kind="spd", only="fit refuses matrices that are not SPD").passed


def test_state_that_changes_deep_inside_is_caught():
    def memo(self, X):
        self.memo_["calls"].append(len(X))
        return Series.transform(self, X)

    members = {"transform": memo, **refit(lambda self, X, w: setattr(self, "memo_", {"calls": []}))}
    report = check_estimator_3d(type("Broken", (Series,), members)(), only="methods keep the state")
    assert report.results[0].detail == "methods change ['memo_']"


def test_a_solver_that_crashes_has_not_refused():
    def fit(self, X, y=None, sample_weight=None):
        if not np.isfinite(X).all():
            np.linalg.eigvalsh(np.full((3, 3), np.nan))
        return Series.fit(self, X, y, sample_weight)

    report = check_estimator_3d(type("Broken", (Series,), {"fit": fit})(), only="fit refuses NaN")
    assert "crashed in a solver" in report.results[0].detail
