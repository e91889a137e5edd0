"""Laws of outputs: shapes, names, containers, pipelines.

Definition: every method returns one row a sample; a transformer with a table as output names its columns (scikit-learn, SLEP 007 and 018).
Convention: laws on column names apply where the output of ``transform`` has two axes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from erlangen.errors import MissingDependencyError
from erlangen.testing.estimator_3d.case import EstimatorCase
from erlangen.testing.estimator_3d.compare import same_outputs, same_value
from erlangen.testing.laws import Measurement, NotApplicable, holds
from erlangen.validation import require

__all__ = ["OUTPUTS"]


def _length(case: EstimatorCase) -> Measurement:
    fitted = case.fitted()
    case.need_methods()
    for count in (len(case.data), 5):
        for name, value in case.outputs(fitted, case.X()[:count]).items():
            if value.shape[:1] != (count,):
                return holds(False, f"{name} of {count} samples has shape {value.shape}")
    return holds(True)


def _finite(case: EstimatorCase) -> Measurement:
    out = case.outputs(case.fitted())
    bad = [name for name, value in out.items() if value.dtype.kind == "f" and not np.isfinite(value).all()]
    return holds(not [name for name in bad if name != "predict_log_proba"], f"{bad} are not finite")


def _table(case: EstimatorCase) -> Any:
    case.need(hasattr(case.estimator, "transform"), "the estimator has no transform")
    out = np.asarray(case.fitted().transform(case.X()))
    case.need(out.ndim == 2, f"transform returns {out.ndim} axes")
    return out


def _preserves_dtype(case: EstimatorCase) -> Measurement:
    case.need(hasattr(case.estimator, "transform") and case.tags.transformer_tags, "the estimator is not a transformer")
    kept = case.tags.transformer_tags.preserves_dtype
    case.need("float32" in kept, "the tags do not promise float32")
    single = case.X().astype(np.float32)
    found = np.asarray(case.fitted(single).transform(single)).dtype
    return holds(found == np.float32, f"transform of float32 gives {found}, the tags promise {kept}")


def _names(case: EstimatorCase) -> Measurement:
    out = _table(case)
    names = case.fitted().get_feature_names_out()
    if len(names) != out.shape[1]:
        return holds(False, f"{len(names)} names for {out.shape[1]} columns")
    return holds(
        len(set(names)) == len(names) and all(isinstance(name, str) for name in names), "names repeat or are no text"
    )


def _names_before(case: EstimatorCase) -> Measurement:
    case.need(hasattr(case.estimator, "get_feature_names_out"), "the estimator has no get_feature_names_out")
    case.need(case.tags.requires_fit, "the estimator needs no fit")
    try:
        case.fresh().get_feature_names_out()
    except case.sklearn.exceptions.NotFittedError:
        return holds(True)
    return holds(False, "get_feature_names_out before fit was accepted")


def _pandas(case: EstimatorCase) -> Measurement:
    out = _table(case)
    try:
        pandas = require("pandas", extra="cells", purpose="set_output")
    except MissingDependencyError as error:
        raise NotApplicable(str(error)) from error
    fitted = case.fitted()
    table = fitted.set_output(transform="pandas").transform(case.X())
    if not isinstance(table, pandas.DataFrame):
        return holds(False, f"set_output gives {type(table).__name__}")
    if list(table.columns) != list(fitted.get_feature_names_out()):
        return holds(False, "the columns are not get_feature_names_out")
    return same_value(table.to_numpy(), out, case.rtol, "transform")


def _default_output(case: EstimatorCase) -> Measurement:
    out = _table(case)
    found = case.fitted().set_output(transform="default").transform(case.X())
    return same_value(found, out, 0.0, "transform") if isinstance(found, np.ndarray) else holds(False, "not an array")


def _pipeline(case: EstimatorCase) -> Measurement:
    pipe = case.sklearn.pipeline.make_pipeline(case.fresh())
    case.fit(pipe)
    return same_outputs(case.outputs(pipe), case.outputs(case.fitted()), case.rtol)


def _cross_validation(case: EstimatorCase) -> Measurement:
    case.need(
        hasattr(case.estimator, "score") and case.type in ("classifier", "regressor"), "the estimator has no score"
    )
    scores = case.sklearn.model_selection.cross_val_score(case.fresh(), case.X(), case.y(), cv=3, error_score="raise")
    return holds(np.isfinite(scores).all() and len(scores) == 3, f"cross validation gives {scores}")


def _score(case: EstimatorCase) -> Measurement:
    case.need(hasattr(case.estimator, "score"), "the estimator has no score")
    value = case.fitted().score(case.X(), case.y())
    return holds(np.ndim(value) == 0 and np.isfinite(float(value)), f"score gives {value!r}")


def _learns(case: EstimatorCase) -> Measurement:
    case.need(case.type == "classifier", "the estimator is not a classifier")
    case.need(not case.tags.classifier_tags.poor_score, "the tags say poor_score")
    value = float(case.fitted().score(case.X(), case.y()))
    return Measurement(max(0.0, 0.8 - value), 0.0, f"accuracy {value:.2f} on two classes of sixteenfold variance")


OUTPUTS = {
    "one row a sample": _length,
    "finite outputs": _finite,
    "float32 is kept where promised": _preserves_dtype,
    "get_feature_names_out": _names,
    "feature names need fit": _names_before,
    "set_output to pandas": _pandas,
    "set_output to default": _default_output,
    "pipelines give the same": _pipeline,
    "cross validation": _cross_validation,
    "score is a number": _score,
    "classes are learnt": _learns,
}
