"""Comparisons that the laws of estimators share.

Definition: outputs are compared method by method; numbers relative to the largest of each output, labels exactly.
Convention: the detail names the method that differs.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from erlangen.testing.laws import Measurement, NotApplicable, agree, holds, refuses

__all__ = ["REFUSALS", "public_state", "refused", "same_outputs", "same_state", "same_value", "state_of"]

REFUSALS: tuple[type[Exception], ...] = (ValueError, TypeError)


def same_value(a: Any, b: Any, rtol: float, what: str) -> Measurement:
    """Measure whether two outputs agree; labels that are not numbers must be equal."""
    left, right = np.asarray(a), np.asarray(b)
    if left.dtype.kind not in "fiubc" or right.dtype.kind not in "fiubc":
        return holds(np.array_equal(left, right), f"{what} differs")
    if left.shape != right.shape or left.size == 0:
        return agree(left, right, rtol, what=what)
    alike = np.isinf(left) & (left == right)  # log-probabilities of zero
    left, right = np.where(alike, 0, left), np.where(alike, 0, right)
    scale = float(max(np.abs(left).max(), np.abs(right).max(), np.finfo(np.float64).tiny))
    return agree(left, right, rtol, scale=scale, what=what)


def same_outputs(found: Mapping[str, Any], expected: Mapping[str, Any], rtol: float) -> Measurement:
    """Measure whether the outputs of all methods agree; the worst is returned."""
    if not expected:
        reason = "the estimator has no method whose outputs could be compared"
        raise NotApplicable(reason)
    worst = Measurement(0.0, rtol)
    for name, value in expected.items():
        measured = same_value(found[name], value, rtol, name)
        if measured.residual > measured.tolerance:
            return measured
        if measured.residual > worst.residual:
            worst = measured
    return worst


def refused(call: Callable[[], object], what: str) -> Measurement:
    """Measure whether a call raises ValueError or TypeError with a message."""
    return refuses(call, what, REFUSALS)


def state_of(estimator: Any) -> dict[str, Any]:
    """Return a deep copy of the estimator's attributes."""
    return copy.deepcopy(vars(estimator))


def same_state(a: Any, b: Any) -> bool:
    """Return whether two attributes are equal, looked at as deep as they go."""
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and pickle.dumps(a) == pickle.dumps(b)
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same_state(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same_state, a, b))
    if isinstance(a, (np.random.Generator, np.random.RandomState)):
        return type(a) is type(b) and pickle.dumps(a) == pickle.dumps(b)
    if hasattr(a, "__dict__") and not isinstance(a, type) and not callable(a):
        return type(a) is type(b) and same_state(vars(a), vars(b))
    return a is b or bool(a == b)


def public_state(estimator: Any) -> set[str]:
    """Return the names of attributes that do not start with an underscore."""
    return {name for name in vars(estimator) if not name.startswith("_")}
