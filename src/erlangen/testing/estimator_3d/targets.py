"""Laws of targets: labels, probabilities, decisions, weights.

Definition: a classifier learns ``classes_`` (sorted, unique) and predicts among them; weight zero removes a sample, weight one changes nothing.
Convention: laws on labels apply to classifiers, laws on weights where ``fit`` takes ``sample_weight``.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from erlangen.testing.estimator_3d.case import EstimatorCase
from erlangen.testing.estimator_3d.compare import REFUSALS, refused, same_outputs
from erlangen.testing.laws import Measurement, agree, holds

__all__ = ["TARGETS"]


def _classes(case: EstimatorCase) -> Measurement:
    case.only_classifier()
    found = case.fitted(y=case.y() * 10 - 3).classes_
    return holds(np.array_equal(found, [-3, 7]), f"labels -3 and 7 give classes_ = {found}")


def _predicts_classes(case: EstimatorCase) -> Measurement:
    case.only_classifier()
    found = np.asarray(case.fitted(y=case.y() * 10 - 3).predict(case.X()))
    return holds(np.isin(found, [-3, 7]).all(), f"labels -3 and 7 give predictions {np.unique(found)[:4]}")


def _strings(case: EstimatorCase) -> Measurement:
    case.only_classifier()
    words = np.array(["left", "right"])
    for kind in (words.dtype, object):
        found = np.asarray(case.fitted(y=words.astype(kind)[case.y()]).predict(case.X()))
        expected = words[np.asarray(case.fitted().predict(case.X()))]
        if not np.array_equal(found.astype(str), expected):
            return holds(False, f"labels of dtype {np.dtype(kind)} are predicted differently")
    return holds(True)


def _label_order(case: EstimatorCase) -> Measurement:
    case.only_classifier()
    found = np.asarray(case.fitted(y=1 - case.y()).predict(case.X()))
    return holds(
        np.array_equal(1 - found, case.fitted().predict(case.X())), "exchanged labels do not exchange predictions"
    )


def _probabilities(case: EstimatorCase) -> Measurement:
    case.need(hasattr(case.estimator, "predict_proba"), "the estimator has no predict_proba")
    found = np.asarray(case.fitted().predict_proba(case.X()))
    if found.shape != (len(case.data), 2) or found.min() < 0:
        return holds(False, f"shape {found.shape}, smallest {found.min():.3g}")
    return agree(found.sum(axis=1), np.ones(len(found)), 1e-6, what="sum of a row")


def _probability_decides(case: EstimatorCase) -> Measurement:
    case.need(hasattr(case.estimator, "predict_proba"), "the estimator has no predict_proba")
    fitted = case.fitted()
    best = fitted.classes_[np.argmax(fitted.predict_proba(case.X()), axis=1)]
    return holds(np.array_equal(best, fitted.predict(case.X())), "predict is not the most probable class")


def _decision(case: EstimatorCase) -> Measurement:
    case.only_classifier()
    case.need(hasattr(case.estimator, "decision_function"), "the estimator has no decision_function")
    fitted = case.fitted()
    values = np.asarray(fitted.decision_function(case.X()))
    if values.shape != (len(case.data),):
        return holds(False, f"two classes give decision_function of shape {values.shape}")
    best = fitted.classes_[(values > 0).astype(int)]
    return holds(np.array_equal(best, fitted.predict(case.X())), "the sign of decision_function is not predict")


def _three_classes(case: EstimatorCase) -> Measurement:
    case.only_classifier()
    case.need(case.tags.classifier_tags.multi_class, "the estimator says it takes two classes only")
    y = np.arange(len(case.data)) % 3
    fitted = case.fitted(y=y)
    found = case.outputs(fitted)
    wide = [name for name in ("predict_proba", "decision_function") if name in found and found[name].shape[1:] != (3,)]
    return holds(np.array_equal(fitted.classes_, [0, 1, 2]) and not wide, f"three classes: shape of {wide}")


def _one_class(case: EstimatorCase) -> Measurement:
    case.only_classifier()
    try:
        found = case.fitted(y=np.zeros(len(case.data), dtype=int)).predict(case.X())
    except REFUSALS as error:
        return holds(str(error).strip(), "one class was refused without a message")
    return holds(not np.any(found), "one class is not predicted for all")


def _need_target(case: EstimatorCase) -> None:
    case.need(case.tags.target_tags.required, "the estimator needs no target")


def _continuous(case: EstimatorCase) -> Measurement:
    case.only_classifier()
    y = np.linspace(0.0, 1.0, len(case.data))
    return refused(lambda: case.fitted(y=y), "a continuous target")


def _missing(case: EstimatorCase) -> Measurement:
    _need_target(case)
    return refused(lambda: case.fresh().fit(case.X(), None), "a missing target")


def _target_length(case: EstimatorCase) -> Measurement:
    _need_target(case)
    return refused(lambda: case.fitted(y=case.y()[:-1]), "a target of another length")


def _target_nan(case: EstimatorCase) -> Measurement:
    _need_target(case)
    y = case.y().astype(float)
    y[1] = np.nan
    return refused(lambda: case.fitted(y=y), "NaN in the target")


def _target_list(case: EstimatorCase) -> Measurement:
    _need_target(case)
    return same_outputs(case.outputs(case.fitted(y=case.y().tolist())), case.outputs(case.fitted()), case.rtol)


def _weighted(case: EstimatorCase) -> None:
    takes = "sample_weight" in inspect.signature(case.estimator.fit).parameters
    case.need(takes, "fit takes no sample_weight")


def _fit_weighted(case: EstimatorCase, weight: Any, data: Any = None, y: Any = None) -> Any:
    return case.fitted(data, y, sample_weight=weight)


def _unit_weights(case: EstimatorCase) -> Measurement:
    _weighted(case)
    ones = _fit_weighted(case, np.ones(len(case.data)))
    return same_outputs(case.outputs(ones), case.outputs(case.fitted()), case.rtol)


def _zero_weights(case: EstimatorCase) -> Measurement:
    _weighted(case)
    kept = np.arange(len(case.data)) >= 4
    data = case.X()
    data[~kept] *= 3.0
    zero = _fit_weighted(case, kept.astype(float), data)
    less = _fit_weighted(case, np.ones(int(kept.sum())), case.X()[kept], case.y()[kept])
    return same_outputs(case.outputs(zero), case.outputs(less), case.rtol)


def _double_weights(case: EstimatorCase) -> Measurement:
    _weighted(case)
    weight = np.where(np.arange(len(case.data)) < 4, 2, 1)
    double = _fit_weighted(case, weight.astype(float))
    rows = np.repeat(np.arange(len(case.data)), weight)
    repeated = _fit_weighted(case, np.ones(len(rows)), case.X()[rows], case.y()[rows])
    return same_outputs(case.outputs(double), case.outputs(repeated), case.rtol)


def _weight_list(case: EstimatorCase) -> Measurement:
    _weighted(case)
    weight = np.linspace(1, 2, len(case.data))
    listed = _fit_weighted(case, weight.tolist())
    return same_outputs(case.outputs(listed), case.outputs(_fit_weighted(case, weight)), case.rtol)


def _weight_length(case: EstimatorCase) -> Measurement:
    _weighted(case)
    return refused(lambda: _fit_weighted(case, np.ones(len(case.data) - 1)), "weights of another length")


TARGETS = {
    "classes_ are the labels": _classes,
    "predictions are labels": _predicts_classes,
    "labels may be words": _strings,
    "labels may be exchanged": _label_order,
    "probabilities sum to one": _probabilities,
    "predict is the most probable class": _probability_decides,
    "predict is the sign of the decision": _decision,
    "three classes": _three_classes,
    "one class is fitted or refused": _one_class,
    "fit refuses a continuous target": _continuous,
    "fit refuses a missing target": _missing,
    "fit refuses a target of another length": _target_length,
    "fit refuses NaN in the target": _target_nan,
    "targets may be lists": _target_list,
    "unit weights change nothing": _unit_weights,
    "weight zero removes": _zero_weights,
    "weight two repeats": _double_weights,
    "weights may be lists": _weight_list,
    "fit refuses weights of another length": _weight_length,
}
