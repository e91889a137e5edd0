"""Laws of fitting: what ``fit`` returns, leaves alone, and determines.

Definition: the result of ``fit`` is a function of parameters, data and ``random_state`` (scikit-learn, "Developing estimators").
Convention: fitted attributes end in an underscore; nothing else that is public appears or changes.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from erlangen.testing.estimator_3d.case import EstimatorCase, make_data
from erlangen.testing.estimator_3d.compare import public_state, same_outputs, same_state, state_of
from erlangen.testing.laws import Measurement, agree, holds

__all__ = ["FITTING"]


def _not_fitted(case: EstimatorCase) -> Measurement:
    case.need(case.tags.requires_fit, "the estimator needs no fit")
    for name in case.need_methods():
        try:
            getattr(case.fresh(), name)(case.X())
        except case.sklearn.exceptions.NotFittedError:
            continue
        except Exception as error:
            return holds(False, f"{name} before fit raised {type(error).__name__}, not NotFittedError")
        return holds(False, f"{name} before fit was accepted")
    return holds(True)


def _returns_self(case: EstimatorCase) -> Measurement:
    estimator = case.fresh()
    return holds(case.fit(estimator) is estimator, "fit does not return self")


def _is_fitted(case: EstimatorCase) -> Measurement:
    case.sklearn.utils.validation.check_is_fitted(case.fitted())
    return holds(True)


def _parameters_kept(case: EstimatorCase) -> Measurement:
    estimator = case.fresh()
    before = estimator.get_params(deep=False)
    case.fit(estimator)
    changed = [name for name, value in estimator.get_params(deep=False).items() if value is not before[name]]
    return holds(not changed, f"fit changes the parameters {changed}")


def _data_kept(case: EstimatorCase) -> Measurement:
    data, y = case.X(), case.y()
    case.fit(case.fresh(), data, y)
    if not np.array_equal(data, case.X()):
        return holds(False, "fit changes X")
    return holds(np.array_equal(y, case.y()), "fit changes y")


def _trailing_underscore(case: EstimatorCase) -> Measurement:
    fitted = case.fitted()
    odd = [n for n in public_state(fitted) - set(fitted.get_params(deep=False)) if not n.endswith("_")]
    return holds(not odd, f"fit sets {sorted(odd)} without a trailing underscore")


def _n_features(case: EstimatorCase) -> Measurement:
    found = getattr(case.fitted(), "n_features_in_", None)
    return holds(found == case.data.shape[1], f"n_features_in_ is {found}, axis 1 has length {case.data.shape[1]}")


def _idempotent(case: EstimatorCase) -> Measurement:
    estimator = case.fitted()
    before = case.outputs(estimator)
    case.fit(estimator)
    return same_outputs(case.outputs(estimator), before, 0.0)


def _forgets(case: EstimatorCase) -> Measurement:
    channels = case.data.shape[1] + 1
    other, _ = make_data(case.kind, len(case.data), channels, np.random.default_rng(case.seed))
    estimator = case.fresh()
    case.fit(estimator, other)
    case.fit(estimator)
    return same_outputs(case.outputs(estimator), case.outputs(case.fitted()), case.rtol)


def _deterministic(case: EstimatorCase) -> Measurement:
    case.need(not case.tags.non_deterministic, "the estimator says it is not deterministic")
    return same_outputs(case.outputs(case.fitted()), case.outputs(case.fitted()), 0.0)


def _random_state(case: EstimatorCase) -> Measurement:
    case.need("random_state" in case.estimator.get_params(deep=False), "the estimator has no random_state")
    kinds: tuple[Any, ...] = (3, lambda: np.random.RandomState(3))
    for kind in kinds:
        twins = [case.fresh().set_params(random_state=kind() if callable(kind) else kind) for _ in range(2)]
        for twin in twins:
            case.fit(twin)
        found = same_outputs(case.outputs(twins[0]), case.outputs(twins[1]), 0.0)
        if found.residual > 0:
            return found
    return holds(True)


def _global_random(case: EstimatorCase) -> Measurement:
    before: Any = np.random.get_state()  # noqa: NPY002 - the global state is what is watched
    case.outputs(case.fitted())
    after: Any = np.random.get_state()  # noqa: NPY002
    same = np.array_equal(before[1], after[1]) and before[2] == after[2]
    return holds(same, "the global random state was used")


def _jobs(case: EstimatorCase) -> Measurement:
    case.need("n_jobs" in case.estimator.get_params(deep=False), "the estimator has no n_jobs")
    twin = case.fresh().set_params(n_jobs=2)
    case.fit(twin)
    return same_outputs(case.outputs(twin), case.outputs(case.fitted()), case.rtol)


def _threads(case: EstimatorCase) -> Measurement:
    joblib, fitted = case.sklearn.utils.parallel.joblib, case.fitted()
    expected = case.outputs(fitted)
    runs = joblib.Parallel(n_jobs=2, backend="threading")(joblib.delayed(case.outputs)(fitted) for _ in range(4))
    for found in runs:
        measured = same_outputs(found, expected, 0.0)
        if measured.residual > 0:
            return measured
    return holds(True)


def _fit_transform(case: EstimatorCase) -> Measurement:
    case.need(hasattr(case.estimator, "fit_transform"), "the estimator has no fit_transform")
    y = case.y() if case.tags.target_tags.required else None
    together = case.fresh().fit_transform(case.X(), y)
    return agree(
        np.asarray(together), case.fitted().transform(case.X()), case.rtol, scale=float(np.abs(together).max())
    )


def _fit_predict(case: EstimatorCase) -> Measurement:
    case.need(hasattr(case.estimator, "fit_predict"), "the estimator has no fit_predict")
    labels = case.fresh().fit_predict(case.X())
    return holds(np.array_equal(labels, case.fitted().labels_), "fit_predict and labels_ differ")


def _methods_keep_state(case: EstimatorCase) -> Measurement:
    fitted = case.fitted()
    before = state_of(fitted)
    case.outputs(fitted)
    after = state_of(fitted)
    if set(before) != set(after):
        return holds(False, f"methods add or remove {sorted(set(before) ^ set(after))}")
    changed = [name for name, value in before.items() if not same_state(value, after[name])]
    return holds(not changed, f"methods change {changed}")


def _no_warnings(case: EstimatorCase) -> Measurement:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        case.outputs(case.fitted())
    kinds = [w for w in caught if issubclass(w.category, (RuntimeWarning, DeprecationWarning, FutureWarning))]
    return holds(not kinds, f"good data give {kinds[0].category.__name__}: {kinds[0].message}" if kinds else "")


FITTING = {
    "methods before fit are refused": _not_fitted,
    "fit returns self": _returns_self,
    "check_is_fitted": _is_fitted,
    "fit keeps the parameters": _parameters_kept,
    "fit keeps the data": _data_kept,
    "fitted attributes end in an underscore": _trailing_underscore,
    "n_features_in_ counts axis 1": _n_features,
    "fit is idempotent": _idempotent,
    "fit forgets the former fit": _forgets,
    "fit is deterministic": _deterministic,
    "random_state determines the fit": _random_state,
    "the global random state is left alone": _global_random,
    "n_jobs does not matter": _jobs,
    "threads agree": _threads,
    "fit_transform is fit and transform": _fit_transform,
    "fit_predict gives labels_": _fit_predict,
    "methods keep the state": _methods_keep_state,
    "good data give no warnings": _no_warnings,
}
