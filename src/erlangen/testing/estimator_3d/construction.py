"""Laws of construction: parameters, clones, tags, printing.

Definition: the constructor stores its arguments under their names and does nothing else (scikit-learn, "Developing estimators").
Convention: laws take the estimator unfitted, as it was handed in, and leave it so.
"""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import numpy as np

from erlangen.testing.estimator_3d.case import EstimatorCase
from erlangen.testing.estimator_3d.compare import refused, same_outputs
from erlangen.testing.laws import Measurement, holds

__all__ = ["CONSTRUCTION"]


def _parameters(case: EstimatorCase) -> dict[str, inspect.Parameter]:
    if type(case.estimator).__init__ is object.__init__:
        return {}  # no constructor, no parameters
    signature = inspect.signature(type(case.estimator).__init__)
    return {name: p for name, p in signature.parameters.items() if name != "self"}


def _three_d(case: EstimatorCase) -> Measurement:
    tags = case.tags.input_tags
    return holds(tags.three_d_array and not tags.two_d_array, "input_tags must say three_d_array and not two_d_array")


def _named_parameters(case: EstimatorCase) -> Measurement:
    stars = [n for n, p in _parameters(case).items() if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return holds(not stars, f"the constructor takes *{stars}")


def _defaults(case: EstimatorCase) -> Measurement:
    plain = (str, int, float, bool, tuple, type(None), type)
    odd = [
        name
        for name, p in _parameters(case).items()
        if p.default is not p.empty and not (isinstance(p.default, plain) or callable(p.default))
    ]
    return holds(not odd, f"defaults that may be changed in place: {odd}")


def _only_stores(case: EstimatorCase) -> Measurement:
    given = case.estimator.get_params(deep=False)
    twin = type(case.estimator)(**given)
    extra = set(vars(twin)) - set(given)
    if extra:
        return holds(False, f"the constructor sets {sorted(extra)}")
    changed = [name for name, value in given.items() if getattr(twin, name) is not value]
    return holds(not changed, f"the constructor changes {changed}")


def _constructor_trusts(case: EstimatorCase) -> Measurement:
    marker = object()
    for name in case.estimator.get_params(deep=False):
        given = {**case.estimator.get_params(deep=False), name: marker}
        try:
            type(case.estimator)(**given)
        except Exception as error:
            return holds(False, f"the constructor checks {name}: {type(error).__name__}; check it in fit")
    return holds(True)


def _get_set(case: EstimatorCase) -> Measurement:
    twin = case.fresh()
    given = twin.get_params(deep=False)
    if set(given) != set(_parameters(case)):
        return holds(False, f"get_params gives {sorted(given)}, the constructor takes {sorted(_parameters(case))}")
    marker = object()
    for name in given:
        if twin.set_params(**{name: marker}) is not twin or twin.get_params(deep=False)[name] is not marker:
            return holds(False, f"set_params({name}=...) is not seen by get_params, or does not return self")
    return holds(True)


def _unknown_parameter(case: EstimatorCase) -> Measurement:
    return refused(lambda: case.fresh().set_params(no_such_parameter=1), "an unknown parameter")


def _clone_parameters(case: EstimatorCase) -> Measurement:
    twin = case.sklearn.base.clone(case.estimator)
    here, there = repr(case.estimator.get_params()), repr(twin.get_params())
    return holds(type(twin) is type(case.estimator) and here == there, f"the clone has {there}, the original {here}")


def _clone_unfitted(case: EstimatorCase) -> Measurement:
    fitted = case.fitted()
    left = set(vars(case.sklearn.base.clone(fitted))) - set(fitted.get_params(deep=False))
    return holds(not left, f"the clone of a fitted estimator keeps {sorted(left)}")


def _no_state_before_fit(case: EstimatorCase) -> Measurement:
    state = [name for name in vars(case.fresh()) if name.endswith("_") and not name.startswith("_")]
    found = [name for name in ("n_features_in_", "classes_") if hasattr(case.fresh(), name)]
    return holds(not state + found, f"before fit there are {sorted(set(state + found))}")


def _printable(case: EstimatorCase) -> Measurement:
    name = type(case.estimator).__name__
    return holds(name in repr(case.fresh()) and name in repr(case.fitted()), "repr does not name the class")


def _deepcopy(case: EstimatorCase) -> Measurement:
    fitted = case.fitted()
    return same_outputs(case.outputs(copy.deepcopy(fitted)), case.outputs(fitted), 0.0)


def _pickle(case: EstimatorCase) -> Measurement:
    pickle.loads(pickle.dumps(case.fresh()))  # noqa: S301 - our own bytes, made on this line
    fitted = case.fitted()
    twin = pickle.loads(pickle.dumps(fitted))  # noqa: S301 - our own bytes, made on this line
    return same_outputs(case.outputs(twin), case.outputs(fitted), 0.0)


def _routing(case: EstimatorCase) -> Measurement:
    routing = case.estimator.get_metadata_routing()
    return holds(routing is not None, "get_metadata_routing returns None")


def _documented_type(case: EstimatorCase) -> Measurement:
    wanted = {"classifier": "predict", "regressor": "predict", "transformer": "transform", "clusterer": "fit_predict"}
    method: Any = wanted.get(case.type)
    case.need(method, "the estimator has no type")
    return holds(hasattr(case.estimator, method), f"a {case.type} without {method}")


def _html(case: EstimatorCase) -> Measurement:
    case.need(hasattr(case.estimator, "_repr_html_"), "the estimator has no HTML form")
    text = np.str_(case.estimator._repr_html_())
    return holds(type(case.estimator).__name__ in str(text), "the HTML form does not name the class")


CONSTRUCTION = {
    "tags declare three axes": _three_d,
    "the constructor names its parameters": _named_parameters,
    "defaults are immutable": _defaults,
    "the constructor only stores": _only_stores,
    "the constructor checks nothing": _constructor_trusts,
    "get_params and set_params": _get_set,
    "set_params refuses unknown names": _unknown_parameter,
    "clone keeps parameters": _clone_parameters,
    "clone is unfitted": _clone_unfitted,
    "no fitted attributes before fit": _no_state_before_fit,
    "repr names the class": _printable,
    "HTML form": _html,
    "deepcopy is equal": _deepcopy,
    "pickle round trip": _pickle,
    "metadata routing": _routing,
    "the type has its method": _documented_type,
}
