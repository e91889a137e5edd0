"""Comparisons that the laws of estimators share.

Definition: outputs are compared method by method; numbers relative to the largest of each output, labels exactly.
Convention: the detail names the method that differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from erlangen.testing.laws import Measurement, agree, holds, refuses

__all__ = ["REFUSALS", "public_state", "refused", "same_outputs", "same_value", "state_of"]

REFUSALS: tuple[type[Exception], ...] = (ValueError, TypeError)


def same_value(a: Any, b: Any, rtol: float, what: str) -> Measurement:
    """Measure whether two outputs agree; labels that are not numbers must be equal."""
    left, right = np.asarray(a), np.asarray(b)
    if left.dtype.kind not in "fiubc" or right.dtype.kind not in "fiubc":
        return holds(np.array_equal(left, right), f"{what} differs")
    if left.shape != right.shape or left.size == 0:
        return agree(left, right, rtol, what=what)
    scale = float(max(np.abs(left).max(), np.abs(right).max(), np.finfo(np.float64).tiny))
    return agree(left, right, rtol, scale=scale, what=what)


def same_outputs(found: Mapping[str, Any], expected: Mapping[str, Any], rtol: float) -> Measurement:
    """Measure whether the outputs of all methods agree; the worst is returned."""
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
    """Return a copy of the estimator's attributes, arrays copied."""
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in vars(estimator).items()}


def public_state(estimator: Any) -> set[str]:
    """Return the names of attributes that do not start with an underscore."""
    return {name for name in vars(estimator) if not name.startswith("_")}
